package db_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

func put(ctx context.Context, tx *db.Tx, name, value string) error {
	return tx.PutSetting(ctx, query.PutSettingParams{Name: name, Value: value})
}

// must writes a setting in a transaction of its own.
func must(t *testing.T, d *db.DB, name, value string) {
	t.Helper()
	if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return put(ctx, tx, name, value) }); err != nil {
		t.Fatal(err)
	}
}

func settings(t *testing.T, d *db.DB) int {
	t.Helper()
	return len(strs(t, d, "SELECT name FROM settings"))
}

func TestRollBackLeavesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := put(ctx, tx, "a", "1"); err != nil {
				return err
			}
			return io.ErrNoProgress
		})
		if !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("got %v, want the function's error", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				if err := put(ctx, tx, "b", "1"); err != nil {
					return err
				}
				panic("boom")
			})
		}()
		if n := settings(t, d); n != 0 {
			t.Errorf("%d settings are left", n)
		}
		must(t, d, "c", "1") // the connection was given back both times
	})
}

func TestATransactionOfAnEndedContextIsRolledBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			err := put(ctx, tx, "a", "1")
			cancel()
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		// A roll-back after the end of the context goes on alone on PostgreSQL; the next
		// write waits for its locks.
		must(t, d, "b", "1")
		if n := settings(t, d); n != 1 {
			t.Errorf("%d settings, want only the second", n)
		}
	})
}

func TestATransactionInsideATransactionIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Tx(t.Context(), func(ctx context.Context, _ *db.Tx) error {
			return d.Tx(ctx, func(context.Context, *db.Tx) error { return nil })
		})
		if err == nil {
			t.Error("it was allowed; on SQLite it would hang for ever")
		}
	})
}

func TestFaultsOfTheDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		_, err := d.Read().CampaignBySlug(t.Context(), "no-such")
		if got := fault.KindOf(db.Fault(err)); got != fault.NotFound {
			t.Errorf("no rows: %q", got)
		}
		err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return tx.InsertCampaign(ctx, query.InsertCampaignParams{ID: "new", Slug: old})
		})
		if got := fault.KindOf(err); got != fault.Conflict {
			t.Errorf("second slug: %q (%v)", got, err)
		}
		err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return add(ctx, tx, "consents", row{"id": "new", "supporter_id": "missing", "campaign_id": old})
		})
		if err == nil {
			t.Error("a consent of nobody was stored")
		}
	})
}

// TestMoveLettersHasOneWinner lets many movers race for one letter.
func TestMoveLettersHasOneWinner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		const movers = 12
		wins := make(chan int, movers)
		var wg sync.WaitGroup
		for range movers {
			wg.Go(func() {
				err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					moved, err := tx.MoveLetters(ctx, query.MoveLettersParams{Letters: keys.List{old, "nobody's"}, FromState: old, ToState: "accepted", Since: late})
					wins <- len(moved)
					if err != nil || len(moved) == 0 {
						return err
					}
					return tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{LetterID: old, At: late, FromState: old, ToState: "accepted"})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		close(wins)
		won := 0
		for n := range wins {
			won += n
		}
		history, err := d.Read().ListLetterHistory(t.Context(), old)
		if err != nil || won != 1 || len(history) != 2 || history[1].Seq != 2 {
			t.Errorf("%d movers won, history %v, %v", won, history, err)
		}
	})
}

// TestDeadlocksAreRetried makes two transactions on PostgreSQL take two rows crosswise.
func TestDeadlocksAreRetried(t *testing.T) {
	d := dbtest.Postgres(t)
	must(t, d, "a", "0")
	must(t, d, "b", "0")
	var both sync.WaitGroup
	both.Add(2)
	cross := func(first, second string) (runs int, err error) {
		err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			runs++
			if err := put(ctx, tx, first, second); err != nil {
				return err
			}
			if runs == 1 { // the first time wait until both hold their first row
				both.Done()
				both.Wait()
			}
			return put(ctx, tx, second, first)
		})
		return runs, err
	}
	type result struct {
		runs int
		err  error
	}
	results := make(chan result, 2)
	for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
		go func() {
			runs, err := cross(names[0], names[1])
			results <- result{runs, err}
		}()
	}
	one, two := <-results, <-results
	if one.err != nil || two.err != nil || one.runs+two.runs != 3 {
		t.Errorf("%+v %+v, want no error and one retry", one, two)
	}
}

// TestAfterARestartOfTheServer fills the pool, has the server drop all connections, as a
// restart does, and writes on.
func TestAfterARestartOfTheServer(t *testing.T) {
	url := dbtest.PostgresURL(t)
	d, admin := dbtest.Open(t, url, db.MaxConns(8)), dbtest.Open(t, url)
	var open, wg sync.WaitGroup
	open.Add(8)
	for range 8 {
		wg.Go(func() {
			err := d.Tx(t.Context(), func(context.Context, *db.Tx) error {
				open.Done()
				open.Wait()
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var dropped int
	err := admin.SQL().QueryRowContext(t.Context(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&dropped)
	if err != nil || dropped < 8 {
		t.Fatalf("%d connections dropped, %v", dropped, err)
	}
	wait(t, admin, "SELECT count(*) = 1 FROM pg_stat_activity WHERE datname = $1", database(t, admin))
	for range 8 {
		must(t, d, "a", "1")
	}
}

func database(t *testing.T, d *db.DB) string {
	t.Helper()
	return strs(t, d, "SELECT current_database()")[0]
}

// TestMixedLoad has writers and readers at work at the same time: no one may see an error,
// above all not SQLITE_BUSY.
func TestMixedLoad(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		const writers, readers, each = 16, 4, 25
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var writing, reading sync.WaitGroup
		done := make(chan struct{})
		for range writers {
			writing.Go(func() {
				for range each {
					err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
						return tx.AddCampaignCounts(ctx, query.AddCampaignCountsParams{CampaignID: old, Shard: tx.Shard(), Submitted: 1})
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range readers {
			reading.Go(func() {
				for last := int64(0); ; {
					counts, err := d.Read().CampaignCounts(ctx, old)
					if err != nil || counts.Submitted < last {
						t.Errorf("read %d after %d, %v", counts.Submitted, last, err)
						return
					}
					last = counts.Submitted
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		writing.Wait()
		close(done)
		reading.Wait()
		if counts, err := d.Read().CampaignCounts(ctx, old); err != nil || counts.Submitted != writers*each+1 {
			t.Errorf("counted %d, %v; want %d", counts.Submitted, err, writers*each+1)
		}
	})
}
