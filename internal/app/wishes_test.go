package app_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// TestPRIV_MIN_1_ForgottenOnceDelivered: who asked for it is gone as soon as the letter has arrived; who
// did not, or is on the list, stays for as long as promised.
func TestPRIV_MIN_1_ForgottenOnceDelivered(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		p := w.start()
		receipt := p.send(typed("first_name", "Quetzalcoatl", "forget", "yes"))
		p.until(p.send(typed("first_name", "Eve", "email", "eve@example.org")), "Accepted by the House mail system")
		p.until(receipt, "erased")
		if body := p.read(receipt); !strings.Contains(body, "Accepted by the House mail system") || strings.Contains(body, "Quetzalcoatl") {
			t.Errorf("the receipt shows:\n%s", body)
		}
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		d := dbtest.Open(t, database)
		defer func() { _ = d.Close() }()
		people, err := d.Read().ListSupportersAfter(t.Context(), query.ListSupportersAfterParams{MaxRows: 10})
		if err != nil {
			t.Fatal(err)
		}
		var known []string
		for _, s := range people {
			if s.Email != "" || s.FirstName != "" || s.Zip != "" {
				known = append(known, string(s.FirstName))
			}
		}
		if len(known) != 1 || known[0] != "Eve" {
			t.Errorf("the database knows %v", known)
		}
		s, err := d.Read().SubmissionByID(t.Context(), submission(receipt))
		if err != nil || s.Address1 != "" || s.Email != "" || s.Zip != "" || s.ScrubbedAt.IsZero() || s.Seat != "WY-00" {
			t.Errorf("of the submission is kept %+v; %v", s, err)
		}
		letters, err := d.Read().ListLettersOfSubmission(t.Context(), s.ID)
		if err != nil || len(letters) != 1 || letters[0].Subject != "" || letters[0].State != "accepted" {
			t.Errorf("of the letter is kept %+v; %v", letters, db.Fault(err))
		}
	})
}

// TestPRIV_SAFE_1_ACopyOnlyWhenAsked: no mail holds the letter, unless its writer asked for a copy; and
// words that anybody could have typed go only to a mailbox that has answered.
func TestPRIV_SAFE_1_ACopyOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	const own = "My very own words about this bill."
	p.send(typed("email", "ana@example.org", "message", own))
	p.send(typed("email", "bob@example.org", "copy", "yes"))                 // the campaign's own words
	p.send(typed("email", "cyd@example.org", "copy", "yes", "message", own)) // nobody has confirmed this mailbox
	p.ran(3)
	p.publish("confirm: email")
	p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed("email", "dan@example.org", "copy", "yes", "message", own))
	if a := p.do(http.MethodPost, p.here(p.link("dan@example.org", "confirm")), nil); a.status != http.StatusSeeOther {
		t.Fatalf("confirming is answered %d", a.status)
	}
	p.mailed("dan@example.org", own)
	for who, want := range map[string][2]bool{"ana": {false, false}, "bob": {true, false}, "cyd": {false, true}} {
		m := p.mailed(who+"@example.org", "/receipt/")
		copied := strings.Contains(m.Text, own) || strings.Contains(m.Text, "It matters at home.")
		if copied != want[0] || strings.Contains(m.Text, "has not been confirmed") != want[1] || strings.Contains(m.HTML, own) {
			t.Errorf("%s reads:\n%s", who, m.Text)
		}
	}
}

// TestPRIV_SAFE_1_NeutralCampaign: no subject and no first line of a mail about a campaign that wants it
// tells what it is about, also the mails of the list that somebody joined on it.
func TestPRIV_SAFE_1_NeutralCampaign(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	p.publish("neutral_subject: on")
	p.onList("Ana")
	p.mailed("ana@example.org", welcomed)
	p.publish("neutral_subject: on\nconfirm: email")
	p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed("email", "bob@example.org"))
	p.link("bob@example.org", "confirm")
	p.clock.forward(49 * time.Hour)
	p.mailed("bob@example.org", "This is the only reminder")
	telling := regexp.MustCompile(`(?i)letter|congress|campaign|loophole|receipt|list|welcome|lantern`)
	if n := len(p.mails.Messages()); n != 4 {
		t.Errorf("%d mails", n)
	}
	for _, m := range p.mails.Messages() {
		if found := telling.FindString(m.Subject + " " + m.Text[:100]); found != "" {
			t.Errorf("%s: %q and %q say %s", m.To[0], m.Subject, m.Text[:100], found)
		}
	}
	p.publish("confirm: email") // the control
	p.do(http.MethodPost, p.URL()+"/c/loophole/send", typed("email", "cyd@example.org"))
	p.link("cyd@example.org", "confirm")
	if m := p.mailed("cyd@example.org", "/confirm/"); !telling.MatchString(m.Subject) {
		t.Errorf("neutral without being asked: %q", m.Subject)
	}
}

// TestPRIV_SAFE_1_PublicPages: no page loads anything from elsewhere, lists who signed, or tells one
// browser from another.
func TestPRIV_SAFE_1_PublicPages(t *testing.T) {
	t.Parallel()
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.Org.QuickExit = "https://www.weather.gov/"
	p := w.start()
	receipt := p.send(typed("first_name", "Quetzalcoatl", "last_name", "Ibáñez"))
	loads := regexp.MustCompile(`(?i)<(?:script|link rel="(?:stylesheet|icon|preload|preconnect|dns-prefetch)|img|iframe|source|object|embed|video|audio)[^>]*(?:src|href|data)="?(https?:)?//[^"]*"|@import|url\(\s*['"]?(?:https?:)?//`)
	for _, page := range []string{"/", "/c/loophole", "/c/loophole/offices", "/privacy", "/my-data", "/c/loophole?lang=es", strings.TrimPrefix(receipt, p.URL())} {
		response, err := client.Get(p.URL() + page)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if cookies := response.Header.Values("Set-Cookie"); len(cookies) > 0 {
			t.Errorf("%s sets %v", page, cookies)
		}
		if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") && !strings.Contains(policy, "default-src 'self'") {
			t.Errorf("%s: %q", page, policy)
		}
		body := p.read(p.URL() + page)
		if found := loads.FindString(body); found != "" {
			t.Errorf("%s loads %s", page, found)
		}
		if !strings.HasPrefix(page, "/receipt/") && strings.Contains(body, "Quetzalcoatl") {
			t.Errorf("%s names who signed", page)
		}
		if !strings.Contains(body, `href="https://www.weather.gov/"`) {
			t.Errorf("%s has no quick way out", page)
		}
	}
	title := func() string { return regexp.MustCompile(`<title>[^<]*`).FindString(p.read(receipt)) }
	telling := regexp.MustCompile(`(?i)loophole|congress|letter|lantern`)
	if said := title(); !telling.MatchString(said) {
		t.Errorf("neutral without being asked: %s", said)
	}
	p.publish("neutral_subject: on")
	p.until(receipt, "<title>Your receipt")
	if said := title(); telling.MatchString(said) {
		t.Errorf("the browser's history says %s", said)
	}
}

// TestToldHowItEnds: whoever asks for it by the mailed link, and is on no list, hears of the end, and can
// change their mind. By the link on the screen nobody can ask in another's name.
func TestToldHowItEnds(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		var receipts []string
		for _, name := range []string{"Ana", "Bob", "Cyd"} {
			shown := p.send(typed("first_name", name, "email", strings.ToLower(name)+"@example.org"))
			if strings.Contains(p.read(shown), "How will it end?") {
				t.Error("it is offered to whoever typed the address")
			}
			path, _, _ := strings.Cut(shown, "?")
			if a := p.do(http.MethodPost, path+"/tell", nil); a.status != http.StatusNotFound {
				t.Errorf("by the link on the screen: %d", a.status)
			}
			receipts = append(receipts, p.here(p.link(strings.ToLower(name)+"@example.org", "receipt")))
		}
		for _, receipt := range receipts[:2] {
			if a := p.do(http.MethodPost, receipt+"/tell", nil); a.status != http.StatusSeeOther {
				t.Fatalf("asking is answered %d", a.status)
			}
			p.until(receipt, "We will send you one mail that tells how the campaign ended")
		}
		if a := p.do(http.MethodPost, receipts[1]+"/do-not-tell", nil); a.status != http.StatusSeeOther {
			t.Fatalf("taking it back is answered %d", a.status)
		}
		p.until(receipts[1], "Yes, tell me")
		p.publish("outcome: {date: 2026-11-20, summary: The House passed the bill.}")
		p.looked()
		p.clock.forward(61 * time.Minute)
		m := p.mailed("ana@example.org", over)
		for _, words := range []string{"because you asked Lantern Alliance to tell you", "Do not tell me", "/leave/"} {
			if !strings.Contains(m.Text, words) {
				t.Errorf("no %q in:\n%s", words, m.Text)
			}
		}
		if on := p.read(p.here(leaving.FindString(m.Text))); strings.Contains(on, "other lists") {
			t.Errorf("she is on lists:\n%s", on)
		}
		b, err := app.OpenBackOffice(t.Context(), p.settings, p.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := b.Desk.People.Prove(t.Context(), b.Campaigns, "ana@example.org", "test")
		if err != nil || len(proof.Lists) != 0 || len(proof.Consents) != 1 || !proof.Consents[0].Proved || proof.Consents[0].Way != supporter.ByTold || len(proof.Suppressions) != 0 {
			t.Errorf("%+v, %v", proof, err)
		}
		who, _, err := b.Desk.People.ByAddress(t.Context(), "ana@example.org")
		if err != nil {
			t.Fatal(err)
		}
		record, err := b.Desk.Record(t.Context(), who)
		if err != nil || len(record.Mails) != 1 || record.Mails[0].Kind != "outcome" || record.Mails[0].State != "sent" {
			t.Errorf("her data say of mails: %+v, %v", record.Mails, err)
		}
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
		p.looked()
		if len(p.got("bob@example.org", over))+len(p.got("cyd@example.org", over)) != 0 {
			t.Error("somebody is told who did not ask")
		}
	})
}
