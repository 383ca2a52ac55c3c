package app_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// TestALowRateIsNoFailure sends two letters where the second one's turn comes only in a
// quarter of an hour, longer than any job may take.
func TestALowRateIsNoFailure(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.CWC.Rate = 0.001
	p := w.start()
	p.until(p.send(typed()), "accepted")
	p.send(typed("email", "second@mail.example", "last_name", "Second", "key", "secondsecondsecond"))
	metrics := p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="false",kind="deliver_letters"} 2`)
	if strings.Contains(metrics, `failed="true",kind="deliver_letters"`) {
		t.Error("waiting for a turn counts as a failure")
	}
}
