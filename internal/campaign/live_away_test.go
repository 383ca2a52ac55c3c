package campaign_test

import (
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// TestLiveWithoutTheDatabase cuts the line to it: what was known stays for five minutes, at no
// cost to those who come while nothing has changed, and news come when the line is back.
func TestLiveWithoutTheDatabase(t *testing.T) {
	url := dbtest.PostgresURL(t) // SQLite has no line
	line, address := dbtest.NewLine(t, url)
	clock := newClock()
	s := campaign.NewStore(dbtest.Open(t, address), clock.now)
	other := dbtest.Open(t, url)
	c, _ := apply(t, s, small)
	live(t, s, c.Slug)
	addCounts(t, other, c.ID, 0, query.AddCampaignCountsParams{Submitted: 9})

	line.Cut(true)
	clock.turn(2 * time.Second)
	if l := live(t, s, c.Slug); l.ID != c.ID || l.Counts.Submitted != 0 { // waits for the time-out
		t.Errorf("while the database is away: %+v", l)
	}
	for range 100 {
		clock.turn(time.Second)
		begin := time.Now()
		live(t, s, c.Slug)
		if took := time.Since(begin); took > campaign.LiveTimeout/2 {
			t.Fatalf("somebody waited %s for a database that is known to be away", took)
		}
	}
	if _, err := s.Live(t.Context(), "never-seen"); !fault.Is(err, fault.Unavailable) { // the control
		t.Errorf("of a page that is not known: %v", err)
	}
	clock.turn(5*time.Minute - 102*time.Second)
	if l, err := s.Live(t.Context(), c.Slug); !fault.Is(err, fault.Unavailable) {
		t.Errorf("after five minutes: %+v, %v", l, err)
	}

	line.Cut(false)
	deadline := time.Now().Add(time.Minute)
	for l, err := s.Live(t.Context(), c.Slug); err != nil || l.Counts.Submitted != 9; l, err = s.Live(t.Context(), c.Slug) {
		if time.Now().After(deadline) {
			t.Fatalf("the line is back: %+v, %v", l, err)
		}
		clock.turn(time.Second)
	}
}
