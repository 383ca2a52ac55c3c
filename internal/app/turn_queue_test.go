package app

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// TestEachTurnHasAMailOfItsOwn: while a mail waits, what else happens to the letters of its
// form is told in it. The next one is another mail by its name, of which its Message-ID is made,
// and one that is tried again keeps it: the name stands with the job.
func TestEachTurnHasAMailOfItsOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clock := func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
		a := &App{settings: config.Settings{Mail: config.Mail{Host: "relay"}}, db: d, options: Options{Clock: clock, Backoff: time.Minute, Log: slog.New(slog.DiscardHandler)}}
		if err := a.turnsOnly(t.Context()); err != nil {
			t.Fatal(err)
		}
		turn := func(submission string) {
			t.Helper()
			if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return a.enqueueTurn(ctx, tx, submission) }); err != nil {
				t.Fatal(err)
			}
		}
		args := "json(args)" // SQLite keeps it in a form of its own
		if d.Engine() == db.Postgres {
			args = "CAST(args AS text)"
		}
		names := func(submission string) (all []string) {
			t.Helper()
			rows, err := d.SQL().QueryContext(t.Context(), "SELECT "+args+" FROM river_job WHERE kind = 'mail_turns' ORDER BY id")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				var text string
				var job turnMailJob
				if err := rows.Scan(&text); err != nil {
					t.Fatal(err)
				}
				if err := json.Unmarshal([]byte(text), &job); err != nil || job.Mail == "" {
					t.Errorf("%s: %v", text, err)
				}
				if job.Submission == submission {
					all = append(all, job.Mail)
				}
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			return all
		}
		turn("one")
		turn("one")
		turn("other")
		if one, other := names("one"), names("other"); len(one) != 1 || len(other) != 1 || one[0] == other[0] {
			t.Fatalf("mails wait: %v, %v", one, other)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE river_job SET state = 'completed', finalized_at = created_at"); err != nil {
			t.Fatal(err)
		}
		turn("one")
		if all := names("one"); len(all) != 2 || all[0] == all[1] {
			t.Errorf("the second mail about a form has the name of the first: %v", all)
		}
	})
}
