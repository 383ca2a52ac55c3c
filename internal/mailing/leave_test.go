package mailing_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// gate is a relay that lets so many messages pass and then holds the others until it opens.
type gate struct {
	passed atomic.Int32
	after  int32
	open   chan struct{}
}

func newGate(after int32) *gate { return &gate{after: after, open: make(chan struct{})} }

func (g *gate) answer(s mailtest.Step) mailtest.Reply {
	if s.Command == "rcpt" && g.passed.Add(1) > g.after {
		<-g.open
	}
	return mailtest.Reply{}
}

// TestMAIL_U_5_LeavingInMidSend: whoever leaves one list or everything, is suppressed or is
// erased while a mailing leaves, gets nothing but what was on the wire.
func TestMAIL_U_5_LeavingInMidSend(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newGate(5)
			w := worldOn(t, engine, mailtest.Options{Answer: g.answer})
			ids := w.people(60, nil)
			w.run(func(o *mailing.Options) { o.Connections = 2 })
			m := w.start(news)
			w.until("two messages are on the wire", func() bool { return g.passed.Load() == 7 })
			left := map[string]bool{}
			for i := 20; i < 60; i++ {
				email := fmt.Sprintf("p%d@example.org", i)
				left[email] = true
				link, token := w.store.People.LeaveMailing(ids[i], email, supporter.Updates, m.ID)
				if !strings.HasSuffix(link, token) {
					t.Fatal(link)
				}
				who, _ := w.store.People.ToLeave(token)
				var err error
				switch i % 3 {
				case 0:
					err = w.store.People.LeaveByToken(t.Context(), token, supporter.ByOneClick)
				case 1:
					err = w.store.People.Leave(t.Context(), who, supporter.Everything, supporter.ByPage)
				case 2:
					err = w.store.People.Suppress(t.Context(), email, supporter.Everything, supporter.Manual, "test")
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			close(g.open)
			w.state(m, mailing.Done)
			got := w.got()
			for email := range left {
				if got[email] > 0 {
					t.Errorf("%s left and got it", email)
				}
			}
			if len(got) != 20 {
				t.Errorf("%d people got it, want 20", len(got))
			}
			if n := w.numbers(m); n.Skipped != 40 || n.Unsubscribed != 26 || n.InLine != 0 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestMAIL_S_1_SuppressedAreNeverPutInLine: at the enqueue, whatever the reason, in every
// spelling of the address, also where the subscription is still there.
func TestMAIL_S_1_SuppressedAreNeverPutInLine(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(8, nil)
		hash := w.store.People.Keys.Mailbox("P3+x@Example.org")
		w.tx(inserts("suppressions", []string{"address", "list", "reason", "created_at"}, []any{hash, "", "hard-bounce", 1},
			[]any{w.store.People.Keys.Mailbox("p4@example.org"), "updates", "unsubscribe", 1},
			[]any{w.store.People.Keys.Mailbox("p5@example.org"), "partner-x", "unsubscribe", 1}))
		m := w.draft(news)
		n, err := w.store.Count(w.Context(), m)
		if err != nil || n.People != 6 || n.LeftOut["must not be mailed"] != 2 {
			w.Fatalf("%+v, %v", n, err)
		}
		w.run(nil)
		if err := w.store.Start(w.Context(), m, "ada"); err != nil {
			w.Fatal(err)
		}
		w.state(m, mailing.Done)
		if got := w.got(); len(got) != 6 || got["p3@example.org"]+got["p4@example.org"] > 0 {
			w.Errorf("%v got it", got)
		}
		if n := w.numbers(m); n.Queued != 6 || n.Skipped != 0 {
			w.Errorf("%+v: the suppressed should not have been in line", n)
		}
	})
}

// TestMAIL_S_1_NoTrialToTheSuppressed: staff who try a mailing send none to who must get no mail.
func TestMAIL_S_1_NoTrialToTheSuppressed(t *testing.T) {
	onBoth(t, func(w *world) {
		m := w.draft(news)
		for address, list := range map[string]supporter.List{"never@example.org": supporter.Everything, "author@example.org": supporter.Updates} {
			if err := w.store.People.Suppress(w.Context(), address, list, supporter.Manual, "ada"); err != nil {
				w.Fatal(err)
			}
		}
		for address, want := range map[string]bool{"Never+x@example.org": false, "author@example.org": true, "other@example.org": true} {
			if _, err := w.store.Trial(w.Context(), m, address, false, "bob"); (err == nil) != want {
				w.Errorf("%s: %v", address, err)
			}
		}
		log, err := audit.List(w.Context(), w.db, audit.Page{Subject: m.ID, Limit: 2})
		if err != nil || len(log) != 2 || log[0].Action != audit.MailingTest || log[1].Action != audit.MailingTest || log[0].Who != "bob" {
			w.Errorf("the log says %+v, %v", log, err)
		}
	})
}

// TestMAIL_S_1_SlowConnection: who leaves while a connection is being made, after the look at
// the database, gets nothing.
func TestMAIL_S_1_SlowConnection(t *testing.T) {
	onBoth(t, func(w *world) {
		ids := w.people(1, nil)
		line := newSlowLine(w.TB, w.relay.Port)
		w.relay.Port = line.port
		w.run(func(o *mailing.Options) { o.Connections = 1 })
		m := w.start(news)
		<-line.asked // the row is marked, the connection is not there
		who, _ := w.store.People.ToLeave(w.store.People.LeaveToken(ids[0], "p0@example.org", supporter.Updates))
		if err := w.store.People.Leave(w.Context(), who, supporter.Updates, supporter.ByPage); err != nil {
			w.Fatal(err)
		}
		w.clock.turn(2e9)
		close(line.open)
		w.state(m, mailing.Done)
		if got := w.got(); len(got) != 0 {
			w.Errorf("%v", got)
		}
		if n := w.numbers(m); n.Skipped != 1 || n.Sent != 0 {
			w.Errorf("%+v", n)
		}
	})
}
