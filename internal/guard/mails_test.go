package guard_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/guard"
)

// TestSEC_BOMB_3_LinksToData: a quarter of the hour is for links to data, however busy it is, and
// not more, so that whoever asks for those of everybody keeps no letter from its confirmation.
func TestSEC_BOMB_3_LinksToData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ask := func(g *guard.Guard) (wait time.Duration) {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
				wait, err = g.DataMail(ctx, tx, noon)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return wait
		}
		g := newGuard(guard.Limits{Confirmations: 8}, true)
		mails(t, d, g, 20, noon) // the hour is used up
		for n, want := range []time.Duration{0, 0, 30 * time.Minute, time.Hour, 90 * time.Minute} {
			if wait := ask(g); wait != want {
				t.Errorf("link %d waits %v, want %v", n+1, wait, want)
			}
		}
		if waits := mails(t, d, g, 1, noon); waits[0] != 13*time.Hour/8 {
			t.Errorf("links that wait keep others back: %v", waits)
		}
		few := newGuard(guard.Limits{Confirmations: 2}, true)
		if wait := ask(few); wait == 0 || wait > 3*time.Hour {
			t.Errorf("with a small limit it waits %v", wait)
		}
		if wait := ask(newGuard(guard.Limits{}, true)); wait != 0 {
			t.Errorf("without a limit it waits %v", wait)
		}
	})
}

// mails counts some mails and returns how long they wait.
func mails(t *testing.T, d *db.DB, g *guard.Guard, n int, now time.Time) (waits []time.Duration) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
		waits, err = g.Mails(ctx, tx, n, now)
		return err
	})
	if err != nil || len(waits) != n {
		t.Errorf("%d mails: %d waits, %v", n, len(waits), err)
	}
	return waits
}

// TestSEC_BOMB_3_AllNodesShareOneHour: mails to mailboxes that have not answered, asked for on
// two nodes at the same moment, some at a time: exactly an hour's mails leave at once, exactly
// as many in each hour after, and all of them leave. What is rolled back does not count, and
// neither node knows of the other one but by the database.
func TestSEC_BOMB_3_AllNodesShareOneHour(t *testing.T) {
	const limit, total, few = 600, 4_000, 25
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var log bytes.Buffer
		node := func() *guard.Guard {
			return guard.New(guard.Config{
				Limits: guard.Limits{Confirmations: limit}, Secret: []byte("one secret of the installation"), Mail: true, Log: slog.New(slog.NewTextHandler(&log, nil)),
			})
		}
		nodes := []*guard.Guard{node(), node()}
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := nodes[0].Mails(ctx, tx, 500, noon); err != nil {
				t.Error(err)
			}
			return context.Canceled
		})
		if err == nil {
			t.Error("it was not rolled back")
		}
		all := make(chan time.Duration, total)
		var running sync.WaitGroup
		for i := range 4 {
			running.Go(func() {
				for range total / few / 4 {
					for _, wait := range mails(t, d, nodes[i%2], few, noon) {
						all <- wait
					}
				}
			})
		}
		running.Wait()
		close(all)
		atOnce, hours := 0, map[int]int{}
		for wait := range all {
			if wait == 0 {
				atOnce++
				continue
			}
			hours[int((wait-1)/time.Hour)]++
		}
		if atOnce != limit {
			t.Errorf("%d mails leave at once, want %d", atOnce, limit)
		}
		for hour, n := range hours {
			if want := min(limit, total-limit-hour*limit); n != want {
				t.Errorf("%d mails leave in hour %d, want %d", n, hour+1, want)
			}
		}
		if n := strings.Count(log.String(), "very many mails"); n < 1 || n > len(nodes) {
			t.Errorf("the log tells %d times", n)
		}
		if waits := mails(t, d, nodes[1], 3, noon.Add(total/limit*time.Hour)); waits[2] != 0 {
			t.Errorf("when all have left the next wait %v", waits)
		}
		off := newGuard(guard.Limits{}, true) // the control
		if waits := mails(t, d, off, 2*limit, noon); waits[2*limit-1] != 0 {
			t.Errorf("without a limit mails wait: %v", waits[2*limit-1])
		}
	})
}
