package mailing_test

import (
	"context"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// TestMAIL_8_WhomAKillLeftInDoubt: who was being sent to when the sender died gets nothing more,
// everybody else gets it once. So it is of mailings, too, that were stopped or given up since.
func TestMAIL_8_WhomAKillLeftInDoubt(t *testing.T) {
	onBoth(t, func(w *world) {
		ids := w.people(12, nil)
		m := w.start(news)
		given := w.draft(strings.Replace(news, "name: news", "name: given-up", 1))
		if err := w.store.Cancel(w.Context(), given, "ada", "a mistake"); err != nil {
			w.Fatal(err)
		}
		w.tx(inserts("mailing_recipients", []string{"mailing_id", "supporter_id", "state"}, []any{given.ID, ids[0], "queued"}, []any{given.ID, ids[1], "queued"}))
		w.tx(inserts("mailing_recipients", []string{"mailing_id", "supporter_id", "state"}, []any{m.ID, ids[0], "queued"}, []any{m.ID, ids[1], "queued"}, []any{m.ID, ids[2], "queued"}))
		w.tx(inserts("mailing_counts", []string{"mailing_id", "queued"}, []any{given.ID, 2}, []any{m.ID, 3}))
		w.tx(inserts("mailing_flights", []string{"mailing_id", "fence", "people"}, []any{given.ID, 0, ids[1]}, []any{m.ID, 0, ids[0] + " " + ids[2]}))
		if _, err := w.db.SQL().ExecContext(w.Context(), "UPDATE mailings SET filled_to = $1 WHERE id = $2", ids[2], m.ID); err != nil {
			w.Fatal(err)
		}
		w.run(nil)
		w.state(m, mailing.Done)
		once(w, 10)
		if got := w.got(); got["p0@example.org"]+got["p2@example.org"] != 0 {
			w.Errorf("%v", got)
		}
		if n := w.numbers(m); n.Unknown != 2 || n.Sent != 10 || n.InLine != 0 {
			w.Errorf("%+v", n)
		}
		if n := w.numbers(given); n.Unknown != 1 || n.InLine != 1 {
			w.Errorf("of the one that was given up: %+v", n)
		}
		if !strings.Contains(w.log.String(), "in the middle of messages") {
			w.Error("nobody is told")
		}
	})
}

// TestMAIL_8_OvertakenBeginsNothing: a sender that another one has overtaken, without knowing it,
// begins no message. What came of those that it had under way is still believed.
func TestMAIL_8_OvertakenBeginsNothing(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newGate(0)
			w := worldOn(t, engine, mailtest.Options{Answer: g.answer})
			w.people(20, nil)
			w.run(func(o *mailing.Options) { o.Connections = 2 })
			m := w.start(news)
			w.until("two messages are on the wire", func() bool { return g.passed.Load() == 2 })
			w.overtake(m)
			close(g.open)
			w.until("both are known to have arrived", func() bool { return w.numbers(m).Sent == 2 })
			w.state(w.start(strings.Replace(news, "name: news", "name: its-own", 1)), mailing.Done)
			if n := len(w.mails.Messages()); n != 2+20 {
				t.Errorf("%d messages left", n)
			}
			if n := w.numbers(m); n.Sent != 2 || n.Unknown != 0 || n.InLine != 18 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// overtake does what another sender does when it takes a mailing over.
func (w *world) overtake(m mailing.Mailing) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		for _, statement := range []string{
			"UPDATE mailing_recipients SET state = 'unknown' WHERE mailing_id = $1 AND state = 'queued' AND (SELECT people FROM mailing_flights WHERE mailing_id = $1) LIKE '%' || supporter_id || '%'",
			"UPDATE mailing_flights SET fence = fence + 1, people = '' WHERE mailing_id = $1",
			"UPDATE mailing_counts SET unknown = unknown + 2 WHERE mailing_id = $1 AND shard = (SELECT min(shard) FROM mailing_counts WHERE mailing_id = $1)",
		} {
			if _, err := tx.SQL().ExecContext(ctx, statement, m.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
