package main

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/journey"
)

// TestJourneyCommands: an operator sees which mails that follow by themselves wait and why,
// stops those about a campaign, and lets them go on.
func TestJourneyCommands(t *testing.T) {
	d := newDesk(t)
	d.write(1, "", "")
	d.says(0, d.line("journey", "status"), "No mail that follows by itself waits.")
	d.says(2, d.line("journey", "pause", "outcome", "close-the-loophole"), "--why")
	d.says(2, d.line("journey", "pause", "welcome", "close-the-loophole", "--why=x"), "goal")
	d.says(2, d.line("journey", "pause", "outcome", "close-the-loophole", "--why=x"), "nothing has happened yet in close-the-loophole")
	d.does("INSERT INTO journey_runs (campaign_id, journey, since, queued, sent, complained) SELECT id, 'outcome', 1, 30, 20, 1 FROM campaigns")
	d.does("INSERT INTO journey_steps (id, journey, supporter_id, about, state, since, due_at) SELECT 'late', 'outcome', s.id, c.id, 'waiting', 1, 1763913600000 FROM supporters s, campaigns c")
	d.does("INSERT INTO journey_steps (id, journey, supporter_id, about, state, reason, since, due_at) SELECT 'off', 'welcome', id, 'updates', 'waiting', 'the relay is away', 1, 4102444800000 FROM supporters")
	d.says(0, d.line("journey", "pause", "outcome", "close-the-loophole", "--why=a wrong date"), "The mails about the outcome of close-the-loophole are paused.")
	d.says(0, d.line("journey", "status"),
		"outcome close-the-loophole: 1 waiting\n  PAUSED since 2026-11-23 17:00 UTC by", ": a wrong date\n  the first is due since 2025-11-23 16:00 UTC: their turn has not come yet",
		"20 of 30 have left; 0 came back, 1 were called spam",
		"welcome: 1 waiting\n  put off, the first until 2100-01-01 00:00 UTC: the relay is away")
	if lines := answer[[]journey.Line](t, 0, d.line("journey", "status")...); len(lines) != 2 || lines[0].PausedWhy != "a wrong date" || lines[0].Waiting != 1 {
		t.Errorf("%+v", lines)
	}
	// The desk of the tests is no place from which mail in bulk may leave.
	d.says(2, d.line("journey", "resume", "outcome", "close-the-loophole"), "not fit to mail in bulk")
	if out := strings.Join(wordsOf(journey.Line{Journey: journey.Share, Campaign: "x"}, noon), "\n"); out != "share x: 0 waiting" {
		t.Error(out)
	}
}

// does changes the desk's database.
func (d *desk) does(statement string) {
	d.Helper()
	if _, err := d.office.DB.SQL().ExecContext(d.Context(), statement); err != nil {
		d.Fatal(err)
	}
}
