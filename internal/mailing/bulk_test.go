package mailing_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// TestMAIL_1_BulkRefusesWhileUnfit: nothing can be started, planned or resumed while the
// doctor fails, and what was planned pauses itself when its time comes.
func TestMAIL_1_BulkRefusesWhileUnfit(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(3, nil)
		m := w.draft(news)
		later := w.clock.now().Add(1 * hour)
		if err := w.store.Schedule(w.Context(), m, later, "ada"); err != nil {
			w.Fatal(err)
		}
		w.unfit = errors.New("SPF: nobody may send")
		m = w.state(m, mailing.Scheduled)
		for name, do := range map[string]func() error{
			"start":    func() error { return w.store.Start(w.Context(), m, "ada") },
			"schedule": func() error { return w.store.Schedule(w.Context(), m, later, "ada") },
		} {
			if err := do(); !fault.Is(err, fault.Conflict) || !strings.Contains(fault.Message(err), "SPF") {
				w.Errorf("%s: %v", name, err)
			}
		}
		w.run(nil)
		w.clock.turn(2 * hour)
		m = w.state(m, mailing.Paused)
		if !strings.Contains(m.Reason, "SPF") || m.MovedBy != "brake" || len(w.got()) != 0 {
			w.Errorf("%s by %s; %v", m.Reason, m.MovedBy, w.got())
		}
		if err := w.store.Resume(w.Context(), m, "ada", ""); err == nil {
			w.Error("resumed")
		}
		w.unfit = nil
		if err := w.store.Resume(w.Context(), m, "ada", ""); err != nil {
			w.Fatal(err)
		}
		w.state(m, mailing.Done)
		if len(w.got()) != 3 {
			w.Errorf("%v", w.got())
		}
	})
}

// report is a proven report about somebody's message.
func (w *world) report(m mailing.Mailing, supporterID string, kind inbox.Kind) {
	w.Helper()
	ref := returnpath.Ref{Kind: returnpath.Supporter, ID: uuid.MustParse(supporterID), Part: uint32(m.Number)}
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		return w.store.Counted(ctx, tx, inbox.Event{Ref: ref, Kind: kind})
	})
}

// TestMAIL_2_ComplaintBrake: at two complaints in a thousand delivered a mailing pauses
// itself, at once, says so, and does not go on by itself; with fewer, or before a thousand,
// it does not.
func TestMAIL_2_ComplaintBrake(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newGate(1000)
			w := worldOn(t, engine, mailtest.Options{Answer: g.answer})
			ids := w.people(1100, nil)
			w.run(nil)
			m := w.start(news)
			w.until("three complaints cannot stop it before a thousand are delivered", func() bool { return w.numbers(m).Sent == 1000 })
			w.report(m, ids[0], inbox.Soft) // 999 delivered
			for _, id := range ids[1:4] {
				w.report(m, id, inbox.Complaint)
				w.report(m, id, inbox.Complaint) // a second one of the same person counts nothing
			}
			if m = w.state(m, mailing.Sending); w.numbers(m).Complained != 3 {
				t.Fatalf("%+v", w.numbers(m))
			}
			close(g.open)
			m = w.state(m, mailing.Paused)
			if m.MovedBy != "brake" || !strings.Contains(m.Reason, "spam") || !strings.Contains(w.log.String(), "paused itself") {
				t.Errorf("%q by %s\n%s", m.Reason, m.MovedBy, w.log)
			}
			if err := w.store.Resume(t.Context(), m, "ada", "they were angry about the first one"); err != nil {
				t.Fatal(err)
			}
			if m = w.state(m, mailing.Done); w.numbers(m).Sent != 1100 {
				t.Errorf("a person let it go on: %+v", w.numbers(m))
			}
		})
	}
	t.Run("in the report's own transaction", func(t *testing.T) {
		t.Parallel()
		w := worldOn(t, "sqlite", mailtest.Options{})
		ids := w.people(2, nil)
		m := w.start(news)
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, db.Insert{Table: "mailing_recipients", Columns: []string{"mailing_id", "supporter_id", "state"}},
				[][]any{{m.ID, ids[0], "sent"}, {m.ID, ids[1], "sent"}})
			if err != nil {
				return err
			}
			_, err = tx.InsertRows(ctx, db.Insert{Table: "mailing_counts", Columns: []string{"mailing_id", "queued", "sent"}}, [][]any{{m.ID, 1000, 1000}})
			return err
		})
		w.report(m, ids[0], inbox.Complaint)
		if m = w.state(m, mailing.Sending); m.State != string(mailing.Sending) {
			t.Fatal(m.State)
		}
		w.report(m, ids[1], inbox.Complaint)
		if m, _ = w.store.Find(t.Context(), "news"); m.State != string(mailing.Paused) {
			t.Errorf("with two in a thousand it is %s", m.State)
		}
	})
}

var addresses = regexp.MustCompile(`https?://[^\s"<>)]+`)

// TestMAIL_9_NoPixelNoWrappedLink: a mail loads nothing, and each of its links leads where it
// says, within the site or as the author wrote it.
func TestMAIL_9_NoPixelNoWrappedLink(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(1, nil)
		w.run(nil)
		file := strings.Replace(news, "---\nHello", "---\n![a picture](https://elsewhere.example/p.gif)\n<img src=\"https://elsewhere.example/q.gif\">\n\nSee [the report](https://report.example/2026).\n\nHello", 1)
		w.state(w.start(file), mailing.Done)
		m := w.mails.Messages()[0]
		for _, bad := range []string{"<img", "src=", "url(", "<script", "<form", "@import", "elsewhere.example"} {
			if strings.Contains(m.HTML, bad) {
				w.Errorf("the mail has %s:\n%s", bad, m.HTML)
			}
		}
		seen := map[string]bool{}
		for _, part := range []string{m.HTML, m.Text} {
			for _, link := range addresses.FindAllString(part, -1) {
				u, err := url.Parse(strings.ReplaceAll(link, "&amp;", "&"))
				if err != nil {
					w.Fatal(err)
				}
				seen[u.Host] = true
				if u.Host == "report.example" && link != "https://report.example/2026" {
					w.Errorf("the author's link is %s", link)
				}
			}
		}
		if len(seen) != 2 || !seen["act.example.org"] || !seen["report.example"] {
			w.Errorf("links lead to %v", seen)
		}
	})
}

var wayOut = regexp.MustCompile(`/leave/[^\s"?#]+(?:\?lang=)?(\w*)`)

// TestMAIL_6_Footer: who sends, where they are, why it comes, and the ways out, in both parts
// and both languages.
func TestMAIL_6_Footer(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(2, func(i int, p *person) {
			if i == 1 {
				p.lang = "es"
			}
		})
		w.run(nil)
		w.state(w.start(news), mailing.Done)
		if len(w.mails.Messages()) != 2 {
			w.Fatal(len(w.mails.Messages()))
		}
		ways := 0
		for _, m := range w.mails.Messages() {
			why, lang := "You get this mail because", "en"
			if m.To[0] == "p1@example.org" {
				why, lang = "Recibe este correo porque", "es"
			}
			for _, part := range []string{m.Text, m.HTML} {
				flat := strings.Join(strings.Fields(strings.ReplaceAll(part, "<br>", " ")), " ")
				for _, want := range []string{"Lantern Alliance", "100 Example Street, Springfield, IL 62701", why} {
					if !strings.Contains(flat, want) {
						w.Errorf("the mail to %s has no %q:\n%s", m.To[0], want, part)
					}
				}
				for _, way := range wayOut.FindAllStringSubmatch(part, -1) {
					if ways++; way[1] != lang {
						w.Errorf("a way out of the mail to %s is %s", m.To[0], way[0])
					}
				}
			}
		}
		if ways != 2*2*2 {
			w.Errorf("the mails have %d ways out", ways)
		}
	})
}
