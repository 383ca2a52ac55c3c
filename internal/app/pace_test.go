package app_test

import (
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// TestALowRateIsNoFailure sends two letters where the second one's turn comes only in a
// quarter of an hour. It stays in line, and keeps nobody from stopping.
func TestALowRateIsNoFailure(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.CWC.Rate = 0.001
	p := w.start()
	p.until(p.send(typed()), "Accepted by the House mail system")
	p.send(typed("email", "second@mail.example", "last_name", "Second", "key", "secondsecondsecond"))
	p.until(p.OpsURL(), ">ready<")
	begin := time.Now()
	if err := p.stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if n := len(w.capitol.Receptions()); n != 1 {
		t.Errorf("%d letters left", n)
	}
}
