package db_test

import (
	"context"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// TestASenderThoughtDeadCannotEndTheNextAttempt lets a worker sleep through the end of its
// attempt and the beginning of another one's.
func TestASenderThoughtDeadCannotEndTheNextAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		move := func(from string, attempts int64, to string, after int64) int {
			t.Helper()
			var moved []string
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
				moved, err = tx.MoveLetters(ctx, query.MoveLettersParams{
					Letters: keys.List{old}, FromState: from, FromAttempts: attempts, ToState: to, Attempts: after, Since: late,
				})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return len(moved)
		}
		steps := []struct {
			name, from string
			attempts   int64
			to         string
			after      int64
			want       int
		}{
			{"the first attempt begins", old, 0, "sending", 1, 1},
			{"its sender is thought dead", "sending", 1, "unknown", 1, 1},
			{"the second attempt begins", "unknown", 1, "sending", 2, 1},
			{"the first sender wakes up", "sending", 1, "unknown", 1, 0},
			{"the second attempt ends", "sending", 2, "accepted", 2, 1},
		}
		for _, s := range steps {
			if n := move(s.from, s.attempts, s.to, s.after); n != s.want {
				t.Fatalf("%s: %d rows moved, want %d", s.name, n, s.want)
			}
		}
	})
}
