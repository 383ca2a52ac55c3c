package campaign_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// viewsOf reads what is written down, and how much that is together.
func viewsOf(t *testing.T, d *db.DB, campaignID string) (of map[string]int64, sum int64) {
	t.Helper()
	rows, err := d.Read().CountViews(t.Context(), campaignID)
	if err != nil {
		t.Fatal(err)
	}
	of = map[string]int64{}
	for _, r := range rows {
		of[r.Source] = r.Views
		sum += r.Views
	}
	return of, sum
}

func flush(t *testing.T, views *campaign.Views) {
	t.Helper()
	if err := views.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// TestViewsOfNodesAddUp: whatever several nodes count at once is written down once, by
// campaign and source.
func TestViewsOfNodesAddUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := campaign.NewStore(d, newClock().now)
		one, _ := apply(t, store, named("one"))
		two, _ := apply(t, store, named("two"))
		var nodes sync.WaitGroup
		for range 2 {
			views := campaign.NewViews(d)
			for range 4 {
				nodes.Go(func() {
					for range 500 {
						views.Count(one.ID, "")
						views.Count(one.ID, "facebook/spring")
						views.Count(two.ID, "facebook/spring")
					}
					if err := views.Flush(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
		}
		nodes.Wait()
		if of, sum := viewsOf(t, d, one.ID); of[""] != 4000 || of["facebook/spring"] != 4000 || sum != 8000 {
			t.Errorf("%v", of)
		}
		if of, sum := viewsOf(t, d, ""); of["facebook/spring"] != 8000 || sum != 12_000 {
			t.Errorf("of all campaigns: %v", of)
		}
	})
}

// TestStrangersCannotFillTheSources: made-up sources find a place only while there is room;
// one from which a letter came always does, and no view is lost.
func TestStrangersCannotFillTheSources(t *testing.T) {
	const room = 200
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, _ := apply(t, campaign.NewStore(d, newClock().now), named("one"))
		views := campaign.NewViews(d)
		views.Count(c.ID, "newsletter")
		flush(t, views)
		for i := range 1000 {
			views.Count(c.ID, fmt.Sprintf("ref:junk-%d", i))
		}
		flush(t, views)
		of, sum := viewsOf(t, d, c.ID)
		if len(of) > room+1 || sum != 1001 || of[campaign.OtherSource] < 1000-room {
			t.Fatalf("%d sources, %d views, %d of others", len(of), sum, of[campaign.OtherSource])
		}
		writes(t, d, c.ID, "radio")
		for _, source := range []string{"newsletter", "radio", "ref:junk-of-tomorrow"} {
			views.Count(c.ID, source)
		}
		flush(t, views)
		after, _ := viewsOf(t, d, c.ID)
		if after["newsletter"] != 2 || after["radio"] != 1 || after[campaign.OtherSource] != of[campaign.OtherSource]+1 || len(after) != len(of)+1 {
			t.Errorf("newsletter %d, radio %d, others %d instead of %d", after["newsletter"], after["radio"], after[campaign.OtherSource], of[campaign.OtherSource]+1)
		}
	})
}

// writes puts a letter from a source into the database.
func writes(t *testing.T, d *db.DB, campaignID, source string) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "created_at", "updated_at"}}, [][]any{{"ann", "ann", "", 1, 1}})
		if err != nil {
			return err
		}
		_, err = tx.InsertRows(ctx, db.Insert{
			Table: "submissions", Columns: []string{"id", "key", "campaign_id", "campaign_version", "supporter_id", "person", "created_at", "source"},
		}, [][]any{{"letter", "letter", campaignID, 1, "ann", "ann", 1, source}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestViewsWaitForTheDatabase: what cannot be written down is written the next time, with
// what came meanwhile.
func TestViewsWaitForTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c, _ := apply(t, campaign.NewStore(d, newClock().now), named("one"))
		views := campaign.NewViews(d)
		views.Count(c.ID, "")
		away, cancel := context.WithCancel(t.Context())
		cancel()
		if err := views.Flush(away); err == nil {
			t.Fatal("it is written down without a database")
		}
		views.Count(c.ID, "")
		flush(t, views)
		flush(t, views) // nothing is left to write
		if of, sum := viewsOf(t, d, c.ID); of[""] != 2 || sum != 2 {
			t.Errorf("%v", of)
		}
	})
}

func BenchmarkCountViews(b *testing.B) {
	views := campaign.NewViews(nil)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			views.Count("0199f5a1-7f2c-7d56-a9c4-7f0d5a3b1c2e", "facebook/spring")
		}
	})
}
