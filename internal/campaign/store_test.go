package campaign_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// clock is a clock that tests turn. It counts how often it is read.
type clock struct{ ms, reads atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(now.UnixMilli())
	return c
}

func (c *clock) now() time.Time {
	c.reads.Add(1)
	return time.UnixMilli(c.ms.Load())
}

func (c *clock) turn(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func named(slug string, more ...string) string {
	return strings.Replace(small, "slug: a-slug\n", "slug: "+slug+"\n"+strings.Join(more, ""), 1)
}

func apply(t *testing.T, s *campaign.Store, source string) (*campaign.Campaign, campaign.Change) {
	t.Helper()
	c, change, err := s.Apply(t.Context(), []byte(source), "ada")
	if err != nil {
		t.Fatal(err)
	}
	return c, change
}

func TestApply(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clock := newClock()
		s := campaign.NewStore(d, clock.now)
		first, change := apply(t, s, small)
		if change != campaign.Created || first.Version != 1 || first.ID == "" {
			t.Fatalf("%s: version %d of %q", change, first.Version, first.ID)
		}
		clock.turn(time.Minute)
		if again, change := apply(t, s, small); change != campaign.Unchanged || again.ID != first.ID || again.Version != 1 {
			t.Errorf("the same file: %s, version %d", change, again.Version)
		}
		other := strings.Replace(small, "goal: 10", "goal: 20", 1)
		if second, change := apply(t, s, other); change != campaign.Updated || second.ID != first.ID || second.Version != 2 || second.Goal != 20 {
			t.Errorf("a changed file: %s, version %d", change, second.Version)
		}
		if back, change := apply(t, s, small); change != campaign.Updated || back.Version != 3 {
			t.Errorf("the first file again: %s, version %d", change, back.Version)
		}
		versions, err := s.Versions(t.Context(), first.ID)
		if err != nil || len(versions) != 3 {
			t.Fatalf("%d versions, %v", len(versions), err)
		}
		for i, want := range []string{small, other, small} {
			v := versions[i]
			if v.Version != int64(3-i) || v.Source != want || v.Author != "ada" || v.At.Before(now) {
				t.Errorf("version %d: %+v", 3-i, v)
			}
		}
		if !versions[2].At.Equal(now) {
			t.Errorf("the first version is of %s, not of %s", versions[2].At, now)
		}
		for version, goal := range map[int64]int{1: 10, 2: 20, 3: 10} {
			c, err := s.Version(t.Context(), first.ID, version)
			if err != nil || c.Goal != goal || c.Version != version || c.ID != first.ID {
				t.Errorf("version %d: %+v, %v", version, c, err)
			}
		}
		for _, id := range []string{first.ID, "nobody"} {
			if _, err := s.Version(t.Context(), id, 9); !fault.Is(err, fault.NotFound) {
				t.Errorf("a version that is not there: %v", err)
			}
		}
	})
}

func TestApplyABadFileChangesNothing(t *testing.T) {
	s := campaign.NewStore(dbtest.New(t), newClock().now)
	_, _, err := s.Apply(t.Context(), []byte("# no head"), "ada")
	if _, ok := errors.AsType[campaign.Problems](err); !ok {
		t.Errorf("got %v", err)
	}
	if all, err := s.List(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
}

// TestSlugs walks one campaign through its names while others want them.
func TestSlugs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := campaign.NewStore(d, newClock().now)
		water, _ := apply(t, s, named("water"))
		apply(t, s, named("air"))
		refused := func(source, want string) {
			t.Helper()
			_, _, err := s.Apply(t.Context(), []byte(source), "ada")
			if !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), want) {
				t.Errorf("got %v, want a conflict about %s", err, want)
			}
		}
		leads := func(from, to string) {
			t.Helper()
			if live, err := s.Live(t.Context(), from); err != nil || live.Slug != to {
				t.Errorf("%s leads to %v, %v; want %s", from, live.Campaign, err, to)
			}
		}
		// A file with another slug and no "formerly" is another campaign.
		if other, change := apply(t, s, named("clean-water")); change != campaign.Created || other.ID == water.ID {
			t.Errorf("%s", change)
		}
		refused(named("clean-water", "formerly: [water]\n"), `"water" belongs to another campaign`)
		refused(named("air", "formerly: [water]\n"), `"water" belongs to another campaign`)

		renamed, change := apply(t, s, named("pure-water", "formerly: [water]\n"))
		if change != campaign.Updated || renamed.ID != water.ID || renamed.Version != 2 {
			t.Fatalf("renamed: %s, version %d", change, renamed.Version)
		}
		leads("water", "pure-water")
		leads("pure-water", "pure-water")
		refused(named("water"), `once the address of the campaign "pure-water"`)

		// The old slug stays, also when the next file no longer names it.
		apply(t, s, named("pure-water"))
		leads("water", "pure-water")
		refused(named("air", "formerly: [pure-water]\n"), `"pure-water" belongs to another campaign`)
		leads("air", "air")

		// And the campaign may take its old name back.
		if back, _ := apply(t, s, named("water", "formerly: [pure-water]\n")); back.ID != water.ID {
			t.Error("taking the old name back made another campaign")
		}
		leads("pure-water", "water")
		leads("water", "water")
		if _, err := s.Live(t.Context(), "nobody"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a slug nobody had: %v", err)
		}
	})
}

// TestApplyAtTheSameMoment: of many who change one campaign together, each either makes a
// version or hears of a conflict, and the versions have no gap.
func TestApplyAtTheSameMoment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const writers = 8
		s := campaign.NewStore(d, newClock().now)
		for round := range 3 { // the first round makes the campaign
			var wait sync.WaitGroup
			errs := make([]error, writers)
			for i := range writers {
				wait.Go(func() {
					source := strings.Replace(small, "goal: 10", fmt.Sprintf("goal: %d", 1000*round+i+1), 1)
					_, _, errs[i] = s.Apply(t.Context(), []byte(source), "ada")
				})
			}
			wait.Wait()
			for _, err := range errs {
				if err != nil && (!fault.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), "at the same moment")) {
					t.Errorf("round %d: %v", round, err)
				}
			}
			if !slices.Contains(errs, nil) {
				t.Errorf("round %d: nobody won", round)
			}
		}
		all, err := s.List(t.Context())
		if err != nil || len(all) != 1 {
			t.Fatalf("%d campaigns, %v", len(all), err)
		}
		versions, err := s.Versions(t.Context(), all[0].ID)
		if err != nil || int64(len(versions)) != all[0].Version {
			t.Errorf("%d versions, the current one is %d, %v", len(versions), all[0].Version, err)
		}
	})
}

// TestOneWinner makes the race sure: the file is read, somebody else changes the campaign,
// and then the file is written.
func TestOneWinner(t *testing.T) {
	url := dbtest.PostgresURL(t) // SQLite has one writer, so there this cannot happen
	s := campaign.NewStore(dbtest.Open(t, url), newClock().now)
	c, _ := apply(t, s, small)
	other := dbtest.Open(t, url)
	tx, err := other.SQL().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	q := query.New(tx)
	n, err := q.SetCampaignVersion(t.Context(), query.SetCampaignVersionParams{ID: c.ID, Slug: c.Slug, Version: 2, FromVersion: 1})
	if err != nil || n != 1 {
		t.Fatalf("%d rows: %v", n, err)
	}
	errs := make(chan error, 1)
	go func() {
		_, _, err := s.Apply(t.Context(), []byte(strings.Replace(small, "goal: 10", "goal: 20", 1)), "ada")
		errs <- err
	}()
	waitBlocked(t, other)
	err = q.InsertCampaignVersion(t.Context(), query.InsertCampaignVersionParams{CampaignID: c.ID, Version: 2, Source: small, Hash: "other"})
	if err := errors.Join(err, tx.Commit()); err != nil {
		t.Fatal(err)
	}
	if err := <-errs; !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), "at the same moment") {
		t.Errorf("got %v", err)
	}
}

// waitBlocked returns when somebody on the server waits for a lock.
func waitBlocked(t *testing.T, d *db.DB) {
	t.Helper()
	late, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for blocked(t, d) == 0 {
		if late.Err() != nil {
			t.Fatal("nobody waits for the lock")
		}
	}
}

// blocked returns how many sessions of the database wait for a lock.
func blocked(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	const ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
	if err := d.SQL().QueryRowContext(t.Context(), ask).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestListWithCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clock := newClock()
		s := campaign.NewStore(d, clock.now)
		old, _ := apply(t, s, named("old"))
		clock.turn(time.Hour)
		apply(t, s, named("new"))
		clock.turn(time.Hour)
		apply(t, s, strings.Replace(named("old"), "goal: 10", "goal: 11", 1)) // a change does not move it up
		addCounts(t, d, old.ID, 0, query.AddCampaignCountsParams{Submitted: 5, Delivered: 3, Joined: 2})
		addCounts(t, d, old.ID, 7, query.AddCampaignCountsParams{Submitted: 1, Delivered: 1})
		all, err := s.List(t.Context())
		if err != nil || len(all) != 2 || all[0].Slug != "new" || all[1].Slug != "old" {
			t.Fatalf("%v, %v", all, err)
		}
		if all[0].Counts != (campaign.Counts{}) || all[1].Counts != (campaign.Counts{Submitted: 6, Delivered: 4, Joined: 2}) || all[1].Goal != 11 {
			t.Errorf("%+v and %+v of %d", all[0].Counts, all[1].Counts, all[1].Goal)
		}
	})
}

func addCounts(t *testing.T, d *db.DB, id string, shard int64, n query.AddCampaignCountsParams) {
	t.Helper()
	n.CampaignID, n.Shard = id, shard
	if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.AddCampaignCounts(ctx, n) }); err != nil {
		t.Fatal(err)
	}
}

// TestStoredVersionUnderNewerRules: a file that was good when it was applied is shown as it
// is, even if today's rules would refuse it; one that cannot be read at all is an error.
func TestStoredVersionUnderNewerRules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := campaign.NewStore(d, newClock().now)
		c, _ := apply(t, s, small)
		store := func(version int64, source string) {
			t.Helper()
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.SetCampaignVersion(ctx, query.SetCampaignVersionParams{ID: c.ID, Slug: c.Slug, Version: version, FromVersion: version - 1, UpdatedAt: stamp.Of(now)})
				if err != nil {
					return err
				}
				return tx.InsertCampaignVersion(ctx, query.InsertCampaignVersionParams{CampaignID: c.ID, Version: version, Source: source, Hash: "h", CreatedAt: stamp.Of(now)})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		store(2, strings.Replace(strings.Replace(small, "goal:", "gone_field: 1\ngoal:", 1), "A title", strings.Repeat("long ", 50), 1))
		fresh := campaign.NewStore(d, newClock().now)
		if live, err := fresh.Live(t.Context(), c.Slug); err != nil || live.Version != 2 || live.Goal != 10 || !strings.HasPrefix(live.Words("en").Title, "long long") {
			t.Errorf("%+v, %v", live, err)
		}
		if all, err := fresh.List(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("%v, %v", all, err)
		}
		store(3, "# no head")
		fresh = campaign.NewStore(d, newClock().now)
		_, errLive := fresh.Live(t.Context(), c.Slug)
		_, errList := fresh.List(t.Context())
		_, errVersion := fresh.Version(t.Context(), c.ID, 3)
		for _, err := range []error{errLive, errList, errVersion} {
			if err == nil || !strings.Contains(err.Error(), "stored version 3 of campaign "+c.ID) || fault.KindOf(err) != fault.Unknown {
				t.Errorf("got %v", err)
			}
		}
	})
}
