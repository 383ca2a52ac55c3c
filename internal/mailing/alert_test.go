package mailing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter"
)

const alert = `---
name: alert
kind: alert
campaign: water
subject: Write to {{member|your Representative}} now
---
{{district|Your district}} needs you.

[Write]({{link}})
`

// acts writes a letter of somebody into the database.
func (w *world) acts(supporterID, campaignID, seat string) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.SQL().ExecContext(ctx, "UPDATE supporters SET seat = $1 WHERE id = $2", seat, supporterID)
		return err
	})
	w.tx(inserts("submissions", []string{"id", "key", "campaign_id", "campaign_version", "supporter_id", "person", "seat", "created_at"},
		[]any{"s" + supporterID, "k" + supporterID, campaignID, 1, supporterID, "f" + supporterID, seat, 1}))
}

// TestLongNames: a subject that becomes too long by somebody's name is cut, and they get the mail.
func TestLongNames(t *testing.T) {
	t.Parallel()
	w := worldOn(t, "sqlite", mailtest.Options{})
	w.people(1, func(_ int, p *person) { p.first = strings.Repeat("ñ", 100) })
	w.run(nil)
	file := strings.Replace(news, "News for {{first_name|you}}", "For {{first_name|you}}, {{first_name|you}} and {{first_name|you}}", 1)
	m := w.state(w.start(file), mailing.Done)
	if n := w.numbers(m); n.Sent != 1 || n.Failed != 0 {
		t.Errorf("%+v", n)
	}
	if subject := w.mails.Messages()[0].Subject; !strings.HasSuffix(subject, "and "+strings.Repeat("ñ", 38)+"…") {
		t.Errorf("the subject is %q", subject)
	}
}

// TestAlertGoesToWhoCanAct and has not: people who wrote, or whose seat nobody holds, are left
// out, at the count, when people are put in line, and right before a message leaves.
func TestAlertGoesToWhoCanAct(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			g := newGate(0)
			w := worldOn(t, engine, mailtest.Options{Answer: g.answer})
			w.store.Held = func(s congress.Seat) bool { return s.String() != "AZ-07" }
			w.store.Member = func(s congress.Seat, _ locale) string { return "Rep. Ann Doe of " + s.String() }
			w.tx(inserts("campaigns", []string{"id", "slug", "version", "created_at", "updated_at"}, []any{"else", "else", 1, 1, 1}))
			ids := w.people(10, nil)
			w.acts(ids[0], w.water.ID, "AZ-01") // has acted
			w.acts(ids[1], "else", "AZ-07")     // nobody holds the seat
			w.acts(ids[2], "else", "AZ-04")
			m := w.draft(alert)
			n, err := w.store.Count(t.Context(), m)
			if err != nil || n.People != 8 || n.LeftOut["has acted"] != 1 || n.LeftOut["nobody to write to"] != 1 {
				t.Fatalf("%+v, %v", n, err)
			}
			w.run(func(o *mailing.Options) { o.Connections = 1 })
			if err := w.store.Start(t.Context(), m, "ada"); err != nil {
				t.Fatal(err)
			}
			w.until("the first is on the wire", func() bool { return g.passed.Load() == 1 })
			w.acts(ids[9], w.water.ID, "AZ-01") // acts while it leaves
			close(g.open)
			w.state(m, mailing.Done)
			got := w.got()
			if len(got) != 7 || got["p0@example.org"]+got["p1@example.org"]+got["p9@example.org"] > 0 {
				t.Errorf("%v", got)
			}
			mail, err := w.mails.WaitFor(t.Context(), "p2@example.org")
			if err != nil || mail.Subject != "Write to Rep. Ann Doe of AZ-04 now" || !strings.Contains(mail.Text, "Arizona’s 4th District needs you") {
				t.Errorf("%s, %v\n%s", mail.Subject, err, mail.Text)
			}
		})
	}
}

// TestAlertStopsWithItsCampaign, because nobody could act on it any more.
func TestAlertStopsWithItsCampaign(t *testing.T) {
	w := worldOn(t, "sqlite", mailtest.Options{})
	w.people(1, nil)
	m := w.draft(alert)
	closed := strings.Replace(water, "status: published", "status: draft", 1)
	if _, _, err := w.store.Campaigns.Apply(t.Context(), []byte(closed), "test"); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Start(t.Context(), m, "ada"); err == nil || !strings.Contains(err.Error(), "not open") {
		t.Errorf("started: %v", err)
	}
}

// TestInvitation: the link knows first name and ZIP code, counts for the mailing, opens one
// campaign, and ends.
func TestInvitation(t *testing.T) {
	onBoth(t, func(w *world) {
		ids := w.people(2, nil)
		m := w.draft(alert)
		token := w.store.People.ActToken(ids[0], m.ID)
		i, ok, err := w.store.Invited(w.Context(), token, w.water.ID)
		if err != nil || !ok || i != (mailing.Invite{Mailing: m.ID, FirstName: "Ann"}) {
			w.Errorf("%+v, %t, %v", i, ok, err)
		}
		if _, ok, _ := w.store.Invited(w.Context(), token, "another campaign"); ok {
			w.Error("it opens another campaign")
		}
		leave := w.store.People.LeaveToken(ids[0], "p0@example.org", supporter.Updates)
		for name, bad := range map[string]string{"forged": token[:len(token)-2] + "xx", "of another purpose": leave, "empty": ""} {
			if _, ok, err := w.store.Invited(w.Context(), bad, w.water.ID); ok || err != nil {
				w.Errorf("%s: %t, %v", name, ok, err)
			}
		}
		if _, ok := w.store.People.ToLeave(token); ok {
			w.Error("the link to act lets somebody leave")
		}
		// A forwarded link: somebody else writes. It counts for the mailing, and not for the first person.
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, db.Insert{Table: "mailing_recipients", Columns: []string{"mailing_id", "supporter_id", "state"}},
				[][]any{{m.ID, ids[0], "sent"}})
			if err != nil {
				return err
			}
			return w.store.Acted(ctx, tx, []letter.FromMailing{{Mailing: m.ID, Supporter: ids[1], Joined: true}})
		})
		if n := w.numbers(m); n.Acted != 1 || n.Joined != 1 {
			w.Errorf("%+v", n)
		}
		w.clock.turn(61 * 24 * time.Hour)
		if _, ok, _ := w.store.Invited(w.Context(), token, w.water.ID); ok {
			w.Error("it does not end")
		}
	})
}

// actsOf is one letter written by a mailing's link.
func actsOf(m mailing.Mailing, supporterID string) []letter.FromMailing {
	return []letter.FromMailing{{Mailing: m.ID, Supporter: supporterID}}
}
