package app_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

const alertFile = `---
name: alert
kind: alert
campaign: loophole
audience: language = en
subject: They vote, {{first_name|friend}}
---
[Write now]({{link}})
`

// alerted is a program whose mailings leave, and the desk of its staff.
func alerted(t *testing.T, database string) (*program, *app.BackOffice) {
	t.Helper()
	w := build(t, database)
	w.settings.Mailing = config.Mailing{Connections: 4, PerDomain: 4, Catcher: true}
	p := w.start()
	office, err := app.OpenBackOffice(t.Context(), w.settings, w.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = office.Close(context.WithoutCancel(t.Context())) })
	return p, office
}

// reader adds somebody who is on the list.
func reader(t *testing.T, d *db.DB, email, first, lang string) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		id, at := uuid.Must(uuid.NewV7()).String(), stamp.Of(noon)
		_, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "first_name", "last_name", "lang", "zip", "created_at", "updated_at"}},
			[][]any{{id, d.Blind(mail.Mailbox(email)), email, first, "Doe", lang, "82001", at, at}})
		if err != nil {
			return err
		}
		_, err = tx.InsertRows(ctx, db.Insert{Table: "subscriptions", Columns: []string{"supporter_id", "list", "since", "confirmed_at"}}, [][]any{{id, "updates", at, at}})
		if err != nil {
			return err
		}
		return segment.Changed(ctx, tx, id)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAlertFromMailToLetter: an alert goes to a segment; its link opens the form with first
// name and ZIP code and nothing else; whoever writes by it does so in their own name, and the
// letter counts for the mailing.
func TestAlertFromMailToLetter(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p, office := alerted(t, database)
		reader(t, office.DB, "reader@example.org", "Zelda", "en")
		reader(t, office.DB, "lectora@example.org", "Pilar", "es")
		m, _, err := office.Mailings.Apply(t.Context(), []byte(alertFile), "ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := office.Mailings.Start(t.Context(), m, "ada"); err != nil {
			t.Fatal(err)
		}
		got := awaited(t, p.mails)
		link := regexp.MustCompile(`http://\S+/c/loophole\?via=\S+`).FindString(got.Text)
		page := p.read(link)
		for _, want := range []string{`value="Zelda"`, `value="82001"`, `name="via"`} {
			if !strings.Contains(page, want) {
				t.Errorf("the form has no %s", want)
			}
		}
		for _, secret := range []string{"reader@example.org", "Doe"} {
			if strings.Contains(page, secret) {
				t.Errorf("the form shows %s", secret)
			}
		}
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		// The link was passed on: somebody else writes.
		form := typed("email", "friend@example.org", "via", u.Query().Get("via"))
		if review := p.do(http.MethodPost, p.URL()+"/c/loophole/review", form); !strings.Contains(review.body, u.Query().Get("via")) {
			t.Error("the review loses the mailing")
		}
		p.send(form)
		p.send(typed("first_name", "Eve", "email", "eve@example.org", "via", "forged")) // no harm, no count
		n, err := office.Mailings.Numbers(t.Context(), m)
		if err != nil || n.Acted != 1 || n.Sent > 1 {
			t.Errorf("%+v, %v", n, err)
		}
		who, _, err := office.Desk.People.ByAddress(t.Context(), "friend@example.org")
		if err != nil || who.Email != "friend@example.org" {
			t.Errorf("who wrote is %+v, %v", who, err)
		}
		if caught(p.mails)["lectora@example.org"] > 0 {
			t.Error("somebody outside of the segment got it")
		}
	})
}

// vacantSeat is one of the House that nobody holds.
func vacantSeat(t *testing.T) string {
	t.Helper()
	data, err := inuse.Open("")
	if err != nil {
		t.Fatal(err)
	}
	all, err := data.Roster.All(noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if !a.Seated() && a.Seat.Voting() {
			return a.Seat.String()
		}
	}
	t.Skip("every seat is held")
	return ""
}

// TestStaffSeeWhatIsSent: the preview of a mailing is what leaves, with the member of Congress, and
// the count leaves out whose seat nobody holds.
func TestStaffSeeWhatIsSent(t *testing.T) {
	t.Parallel()
	p, office := alerted(t, dbtest.SQLiteURL(t))
	seat := func(email, seat string) {
		reader(t, office.DB, email, "Zelda", "en")
		if _, err := office.DB.SQL().ExecContext(t.Context(), "UPDATE supporters SET seat = $1 WHERE email_key = $2", seat, office.DB.Blind(email)); err != nil {
			t.Fatal(err)
		}
	}
	seat("reader@example.org", "WY-00")
	seat("nobody@example.org", vacantSeat(t))
	file := strings.Replace(alertFile, "subject: They vote", "subject: Ask {{member|your Representative}}", 1)
	m, _, err := office.Mailings.Apply(t.Context(), []byte(file), "ada")
	if err != nil {
		t.Fatal(err)
	}
	n, err := office.Mailings.Count(t.Context(), m)
	if err != nil || n.People != 1 || n.LeftOut["nobody to write to"] != 1 {
		t.Errorf("the count says %+v, %v", n, err)
	}
	seen, err := office.Mailings.Preview(t.Context(), m, mailing.Look{As: "reader@example.org"}, "ada")
	if err != nil {
		t.Fatal(err)
	}
	if err := office.Mailings.Start(t.Context(), m, "ada"); err != nil {
		t.Fatal(err)
	}
	if sent := awaited(t, p.mails); sent.Subject != seen.Subject || !strings.HasPrefix(sent.Subject, "Ask Rep. ") {
		t.Errorf("the preview has the subject %q, the mail %q", seen.Subject, sent.Subject)
	}
}

// TestMAIL_U_1_WaysOutOfAMailing: one https address that takes the one click and one to write
// to; pressing it works and counts for the mailing.
func TestMAIL_U_1_WaysOutOfAMailing(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		w.settings.Mailing = config.Mailing{Connections: 4, PerDomain: 4, Catcher: true}
		w.settings.BaseURL, w.settings.Mail.BounceDomain = "https://act.example.org", "bounce.example.org"
		p := w.start()
		office, err := app.OpenBackOffice(t.Context(), w.settings, w.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = office.Close(context.WithoutCancel(t.Context())) }()
		reader(t, office.DB, "reader@example.org", "Zelda", "en")
		m, _, err := office.Mailings.Apply(t.Context(), []byte(strings.Replace(alertFile, "kind: alert", "kind: newsletter", 1)), "ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := office.Mailings.Start(t.Context(), m, "ada"); err != nil {
			t.Fatal(err)
		}
		got := awaited(t, p.mails)
		wayOut(t, got, m)
		link := regexp.MustCompile(`<https://act\.example\.org(/leave/[^>]+)>`).FindStringSubmatch(got.Header("List-Unsubscribe"))
		if link == nil {
			t.Fatalf("no way out in %q", got.Header("List-Unsubscribe"))
		}
		for range 2 { // a second time is as good
			if a := p.do(http.MethodPost, p.URL()+link[1], url.Values{"List-Unsubscribe": {"One-Click"}}); a.status != http.StatusOK {
				t.Errorf("leaving is answered %d", a.status)
			}
		}
		if n, err := office.Mailings.Numbers(t.Context(), m); err != nil || n.Unsubscribed != 1 {
			t.Errorf("%+v, %v", n, err)
		}
	})
}

// awaited is the reader's mail.
func awaited(t *testing.T, mails *mailtest.Catcher) mailtest.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got, err := mails.WaitFor(ctx, "reader@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// wayOut looks at the headers of a mailing.
func wayOut(t *testing.T, got mailtest.Message, m mailing.Mailing) {
	t.Helper()
	ways := got.Header("List-Unsubscribe")
	if strings.Count(ways, "<https://") != 1 || strings.Count(ways, "<mailto:unsubscribe@bounce.example.org?subject=") != 1 || strings.Count(ways, "<") != 2 {
		t.Errorf("List-Unsubscribe: %s", ways)
	}
	for name, want := range map[string]string{
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "List-ID": "<updates.act.example.org>", "Precedence": "bulk", "Auto-Submitted": "auto-generated",
	} {
		if got.Header(name) != want {
			t.Errorf("%s: %s", name, got.Header(name))
		}
	}
	if !strings.HasPrefix(got.From, "bounces+") || !strings.HasPrefix(got.Header("Message-ID"), "<mailing-1-") || m.Number != 1 {
		t.Errorf("from %s with the id %s", got.From, got.Header("Message-ID"))
	}
}

// TestAPausedMailingIsSeen: a mailing that paused itself stands on the operator's page with
// the reason, and in the metrics without it, until somebody decides.
func TestAPausedMailingIsSeen(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p, office := alerted(t, database)
		p.until(p.OpsURL()+"/", "None is on its way.")
		m, _, err := office.Mailings.Apply(t.Context(), []byte(alertFile), "ada")
		if err != nil {
			t.Fatal(err)
		}
		if err := office.Mailings.Schedule(t.Context(), m, p.clock.now().Add(time.Hour), "ada"); err != nil {
			t.Fatal(err)
		}
		p.until(p.OpsURL()+"/metrics", `franklin_mailings{state="scheduled"} 1`)
		p.publish("outcome: {date: 2026-11-20, summary: The House passed the bill.}")
		p.clock.forward(61 * time.Minute)
		p.until(p.OpsURL()+"/", "Attention: the mailing alert is paused by brake since")
		page := p.read(p.OpsURL() + "/")
		for _, want := range []string{"is not open, so nobody could act on the alert. 0 people have not got it.", "<code>franklin mailing resume 1</code>"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q:\n%s", want, page)
			}
		}
		metrics := p.read(p.OpsURL() + "/metrics")
		if !strings.Contains(metrics, `franklin_mailings{state="paused"} 1`) || !strings.Contains(metrics, `franklin_mailings{state="scheduled"} 0`) || strings.Contains(metrics, "act on the alert") {
			t.Errorf("the metrics:\n%s", metrics)
		}
		if m, err = office.Mailings.Find(t.Context(), "alert"); err != nil {
			t.Fatal(err)
		}
		if err := office.Mailings.Cancel(t.Context(), m, "ada", "the vote is over"); err != nil {
			t.Fatal(err)
		}
		p.until(p.OpsURL()+"/", "None is on its way.")
	})
}
