package campaign_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

func live(t *testing.T, s *campaign.Store, slug string) campaign.Listed {
	t.Helper()
	l, err := s.Live(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLiveIsASecondOld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clock := newClock()
		s := campaign.NewStore(d, clock.now)
		c, _ := apply(t, s, small)
		if l := live(t, s, c.Slug); l.Counts.Submitted != 0 || l.ID != c.ID || l.Version != 1 {
			t.Fatalf("%+v", l)
		}
		addCounts(t, d, c.ID, 0, query.AddCampaignCountsParams{Submitted: 1})
		clock.turn(999 * time.Millisecond)
		if l := live(t, s, c.Slug); l.Counts.Submitted != 0 {
			t.Error("asked again within a second")
		}
		clock.turn(time.Millisecond)
		if l := live(t, s, c.Slug); l.Counts.Submitted != 1 {
			t.Error("older than a second")
		}
		// A change made here shows at once, one made on another node within a second.
		apply(t, s, strings.Replace(small, "goal: 10", "goal: 20", 1))
		if l := live(t, s, c.Slug); l.Goal != 20 || l.Version != 2 {
			t.Error("an older version after Apply")
		}
		apply(t, campaign.NewStore(d, clock.now), strings.Replace(small, "goal: 10", "goal: 30", 1))
		if l := live(t, s, c.Slug); l.Goal != 20 {
			t.Error("asked again within a second of the change elsewhere")
		}
		clock.turn(time.Second)
		if l := live(t, s, c.Slug); l.Goal != 30 {
			t.Error("the change elsewhere does not show")
		}
	})
}

// TestLiveRemembersNoMistakes: a slug that was not there is found as soon as it is.
func TestLiveRemembersNoMistakes(t *testing.T) {
	d := dbtest.New(t)
	s := campaign.NewStore(d, newClock().now)
	if _, err := s.Live(t.Context(), "a-slug"); !fault.Is(err, fault.NotFound) {
		t.Fatalf("got %v", err)
	}
	apply(t, campaign.NewStore(d, newClock().now), small) // elsewhere
	live(t, s, "a-slug")
}

// TestLiveOfManySlugs: made-up addresses do not fill the memory, and lose nobody else's page.
func TestLiveOfManySlugs(t *testing.T) {
	s := campaign.NewStore(dbtest.New(t), newClock().now)
	apply(t, s, small)
	for i := range 1100 {
		if _, err := s.Live(t.Context(), fmt.Sprintf("no-%d", i)); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	}
	live(t, s, "a-slug")
}

// TestLiveUnderARush holds up the database and lets many ask: one question goes out, those
// who have an older answer get it at once, and those who have none wait for that one.
func TestLiveUnderARush(t *testing.T) {
	url := dbtest.PostgresURL(t) // SQLite's readers cannot be held up
	clock := newClock()
	d, other := dbtest.Open(t, url), dbtest.Open(t, url)
	s := campaign.NewStore(d, clock.now)
	c, _ := apply(t, s, small)
	const readers = 20
	type answer struct {
		listed campaign.Listed
		err    error
	}
	answers := make(chan answer, readers+1)
	ask := func() {
		l, err := s.Live(t.Context(), c.Slug)
		answers <- answer{l, err}
	}

	t.Run("nobody has an answer", func(t *testing.T) {
		before := clock.reads.Load()
		var wait sync.WaitGroup
		release := hold(t, other)
		for range readers {
			wait.Go(ask)
		}
		for clock.reads.Load()-before < readers { // each reader reads the clock before anything else
			blocked(t, other)
		}
		waitBlocked(t, other)
		for range 20 {
			if n := blocked(t, other); n != 1 {
				t.Errorf("%d questions at the same time", n)
			}
		}
		release()
		wait.Wait()
		for range readers {
			if a := <-answers; a.err != nil || a.listed.ID != c.ID {
				t.Errorf("%+v, %v", a.listed, a.err)
			}
		}
	})

	t.Run("there is an older answer", func(t *testing.T) {
		addCounts(t, d, c.ID, 0, query.AddCampaignCountsParams{Submitted: 9})
		clock.turn(2 * time.Second)
		release := hold(t, other)
		go ask()
		waitBlocked(t, other)
		for range readers { // would wait for the lock if they asked
			if l := live(t, s, c.Slug); l.Counts.Submitted != 0 {
				t.Errorf("an answer that nobody can have: %+v", l.Counts)
			}
		}
		release()
		if a := <-answers; a.err != nil || a.listed.Counts.Submitted != 9 {
			t.Errorf("the one who asked: %+v, %v", a.listed.Counts, a.err)
		}
		if l := live(t, s, c.Slug); l.Counts.Submitted != 9 {
			t.Errorf("after the answer: %+v", l.Counts)
		}
	})
}

func TestLiveWhenReadersGoAway(t *testing.T) {
	url := dbtest.PostgresURL(t)
	clock := newClock()
	d, other := dbtest.Open(t, url), dbtest.Open(t, url)
	c, _ := apply(t, campaign.NewStore(d, clock.now), small)
	fresh := campaign.NewStore(d, clock.now)
	gone, leave := context.WithCancel(t.Context())
	errs := make(chan error, 2)
	release := hold(t, other)
	for range 2 {
		go func() {
			_, err := fresh.Live(gone, c.Slug)
			errs <- err
		}()
	}
	waitBlocked(t, other)
	leave()
	// The one that waits leaves at once; the one that asks stays, for whoever comes.
	if err := <-errs; !fault.Is(err, fault.Unavailable) {
		t.Errorf("a reader who went away: %v", err)
	}
	release()
	if err := <-errs; err != nil {
		t.Errorf("the one who asked: %v", err)
	}
	live(t, fresh, c.Slug)
}

// hold makes everybody who reads a campaign wait until it is released.
func hold(t *testing.T, d *db.DB) (release func()) {
	t.Helper()
	tx, err := d.SQL().BeginTx(t.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(t.Context(), "LOCK TABLE campaign_slugs IN ACCESS EXCLUSIVE MODE")
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := tx.Commit(); err != nil {
			t.Error(err)
		}
	}
}
