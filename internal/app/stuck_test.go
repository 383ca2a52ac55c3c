package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestStuckLettersAreTold: a letter that waits for a reason that people know is only in
// line; one that nobody will ever send is told by /readyz, which stays ready, by a metric
// and by the log.
func TestStuckLettersAreTold(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		p := w.start()
		if _, text := p.health(); !strings.Contains(text, "\nok    line            no letter is in line\n") {
			t.Errorf("an empty line: %s", text)
		}
		settings := p.settings
		settings.BaseURL = p.URL()
		office, err := app.OpenBackOffice(t.Context(), settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		if err := office.Desk.Pause(t.Context(), letter.ChannelHouse, "ada", "for a moment"); err != nil {
			t.Fatal(err)
		}
		if err := office.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.send(typed())
		p.clock.forward(3 * time.Hour)
		status, text := p.health()
		if status != http.StatusOK || !strings.Contains(text, "warn  line            cwc-house is paused by ada; 1 letters in line on cwc-house, the first due for 3h0m") || strings.Contains(text, "overdue") {
			t.Errorf("a paused line: %d %s", status, text)
		}
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		if log := w.log.String(); strings.Contains(log, "letters are stuck") {
			t.Errorf("the log calls a paused letter stuck:\n%s", log)
		}
		w.settings.CWC.Key = ""
		p = w.start()
		p.until(p.OpsURL()+"/readyz", "1 letters on cwc-house are overdue, the first for 3h0m")
		if status, text := p.health(); status != http.StatusOK || !strings.HasPrefix(text, "ready\n") || !strings.Contains(text, "a key was taken away") {
			t.Errorf("a stuck line: %d %s", status, text)
		}
		p.until(p.OpsURL()+"/metrics", `franklin_line_stuck_letters{channel="cwc-house"} 1`)
		p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="false",kind="report_stuck_letters"} 1`)
		log := w.log.String()
		if strings.Count(log, "letters are stuck") != 1 || !strings.Contains(log, `"channel":"cwc-house","letters":1,"oldest":"2026-11-23T17:00:`) {
			t.Errorf("the log does not tell once of the letter:\n%s", log)
		}
	})
}
