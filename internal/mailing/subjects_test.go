package mailing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	lang "github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
)

type locale = lang.Lang

// TestBetterSubjectWins: a part of the people gets one of two subjects, and when the time is
// over the others get the one on which more acted.
func TestBetterSubjectWins(t *testing.T) {
	onBoth(t, func(w *world) {
		ids := w.people(400, nil)
		stop := w.run(nil)
		file := strings.Replace(news, "subject: News for {{first_name|you}}", "subject: First\nsecond_subject: Second\ntest: {share: 40, after: 2h}", 1)
		m := w.start(file)
		w.until("the test is sent", func() bool {
			return w.numbers(m).Queued == 400 && w.count("mailing_recipients", "variant <> '' AND state = 'queued'") == 0
		})
		bySubject := w.bySubject()
		tried := len(w.got())
		if tried < 110 || tried > 210 || bySubject["First"] < 30 || bySubject["Second"] < 30 || len(bySubject) != 2 {
			w.Errorf("%d of 400 got %v", tried, bySubject)
		}
		stop() // a restart makes no difference
		acted := 0
		for i, id := range ids {
			for _, got := range w.mails.Messages() {
				if got.To[0] == fmt.Sprintf("p%d@example.org", i) && got.Subject == "Second" && acted < 3 {
					acted++
					w.tx(func(ctx context.Context, tx *db.Tx) error { return w.store.Acted(ctx, tx, actsOf(m, id)) })
				}
			}
		}
		w.run(nil)
		w.clock.turn(119 * time.Minute)
		w.clock.turn(2 * time.Minute)
		m = w.state(m, mailing.Done)
		if m.Winner != "b" {
			w.Errorf("the winner is %q", m.Winner)
		}
		after := w.bySubject()
		if after["Second"] != 400-bySubject["First"] || after["First"] != bySubject["First"] {
			w.Errorf("%v", after)
		}
		once(w, 400)
	})
}

func (w *world) bySubject() map[string]int {
	n := map[string]int{}
	for _, m := range w.mails.Messages() {
		n[m.Subject]++
	}
	return n
}

// TestLocalTime: each gets it at the same time of day, where they live.
func TestLocalTime(t *testing.T) {
	onBoth(t, func(w *world) {
		w.tx(inserts("campaigns", []string{"id", "slug", "version", "created_at", "updated_at"}, []any{"else", "else", 1, 1, 1}))
		ids := w.people(4, nil)
		for i, seat := range []string{"NY-12", "TX-01", "CA-12", "HI-01"} {
			w.acts(ids[i], "else", seat)
		}
		w.run(nil)
		m := w.draft(strings.Replace(news, "subject: News", "local_time: yes\nsubject: News", 1))
		if err := w.store.Schedule(w.Context(), m, noon.Add(time.Hour), "ada"); err != nil { // 1 p.m. in Washington
			w.Fatal(err)
		}
		w.clock.turn(time.Hour + time.Minute)
		w.until("New York", func() bool { return w.got()["p0@example.org"] == 1 })
		for hours, who := range []string{"p1@example.org", "", "p2@example.org", "", "p3@example.org"} {
			if n := len(w.got()); n != []int{1, 2, 2, 3, 3}[hours] {
				w.Errorf("after %d hours %d have got it", hours, n)
			}
			w.clock.turn(time.Hour)
			if who != "" {
				w.until(who, func() bool { return w.got()[who] == 1 })
			}
		}
		w.state(m, mailing.Done)
	})
}

// TestPauseAndCancel: no message begins after the pause, a mailing goes on where it stopped,
// and after it is cancelled nobody gets it any more.
func TestPauseAndCancel(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newGate(10)
			w := worldOn(t, engine, mailtest.Options{Answer: g.answer})
			w.people(100, nil)
			w.run(func(o *mailing.Options) { o.Connections = 2 })
			m := w.start(news)
			w.until("two are on the wire", func() bool { return g.passed.Load() == 12 })
			m = w.state(m, mailing.Sending)
			if err := w.store.Pause(t.Context(), m, "ada", "a mistake"); err != nil {
				t.Fatal(err)
			}
			close(g.open)
			w.until("what was on the wire is recorded", func() bool { return w.numbers(m).Sent == 12 })
			time.Sleep(50 * time.Millisecond)
			if n := len(w.got()); n != 12 {
				t.Errorf("%d got it", n)
			}
			m = w.state(m, mailing.Paused)
			if err := w.store.Resume(t.Context(), m, "ada", "mended"); err != nil {
				t.Fatal(err)
			}
			w.until("more got it", func() bool { return len(w.got()) > 12 })
			m, _ = w.store.Find(t.Context(), "news")
			if m.State == string(mailing.Sending) {
				if err := w.store.Cancel(t.Context(), m, "ada", "enough"); err != nil {
					t.Log(err) // it was done first
				}
			}
			for who, n := range w.got() {
				if n != 1 {
					t.Errorf("%s got it %d times", who, n)
				}
			}
			if _, _, err := w.store.Apply(t.Context(), []byte(news), "ada"); err == nil {
				t.Error("a mailing that has begun got a new text")
			}
		})
	}
}
