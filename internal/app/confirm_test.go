package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// guarded is a town with the guard as it is by default, behind a proxy on this machine.
func guarded(t *testing.T, database string) *town {
	t.Helper()
	w := build(t, database)
	w.settings.TrustedProxies = []string{"127.0.0.1"}
	w.settings.Guard.SignedForm, w.settings.Guard.MinTime, w.settings.Guard.MaxAge = true, 3*time.Second, 24*time.Hour
	w.settings.Guard.NetworkPeople, w.settings.Guard.Confirmations = 3, 1000
	return w
}

var formKey = regexp.MustCompile(`name="key" value="([^"]*)"`)

// filledIn opens the campaign's page and fills its form in, in the time that takes.
func (p *program) filledIn(slug string, change ...string) url.Values {
	p.Helper()
	key := formKey.FindStringSubmatch(p.read(p.URL() + "/c/" + slug))
	if key == nil {
		p.Fatal("the page has no key")
	}
	p.clock.forward(10 * time.Second)
	return typed(append([]string{"key", key[1]}, change...)...)
}

func (p *program) applyChecked() {
	p.Helper()
	file := strings.NewReplacer("slug: loophole", "slug: checked", "goal: 3000", "goal: 3000\nconfirm: email").Replace(campaignFile)
	if _, _, err := p.Campaigns().Apply(p.Context(), []byte(file), "test"); err != nil {
		p.Fatal(err)
	}
}

// TestSEC_TOK_2_ConfirmingTheWholeWay goes from the form over the mail to the House.
func TestSEC_TOK_2_ConfirmingTheWholeWay(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := guarded(t, database).start()
		p.applyChecked()
		a := p.do(http.MethodPost, p.URL()+"/c/checked/send", p.filledIn("checked"))
		if a.status != http.StatusOK || !strings.Contains(a.body, "ana@example.org") || strings.Contains(a.body, "/receipt/") {
			t.Fatalf("sending is answered %d:\n%s", a.status, a.body)
		}
		mail, err := p.mails.WaitFor(t.Context(), "ana@example.org")
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"Ana", "Muñoz", "Neil", "Cheyenne", "It matters at home"} {
			if strings.Contains(mail.Text+mail.HTML+mail.Subject, word) {
				t.Errorf("the mail repeats %s from the form", word)
			}
		}
		link := regexp.MustCompile(`http://\S+/confirm/\S+`).FindString(mail.Text)
		for range 3 { // programs that open every link
			p.read(link)
		}
		if n := len(p.capitol.Messages()); n != 0 {
			t.Fatalf("%d letters reached the House before anybody confirmed", n)
		}
		confirmed := p.do(http.MethodPost, link, url.Values{"lang": {"en"}})
		if confirmed.status != http.StatusSeeOther {
			t.Fatalf("confirming is answered %d", confirmed.status)
		}
		p.until(p.URL()+confirmed.location, "Accepted by the House mail system")
	})
}

// TestSEC_BOMB_3_ACrowdWaits: one network writes under many names; others are served.
func TestSEC_BOMB_3_ACrowdWaits(t *testing.T) {
	t.Parallel()
	p := guarded(t, dbtest.SQLiteURL(t)).start()
	send := func(n int, from string) answer {
		form := p.filledIn("loophole", "first_name", fmt.Sprint("Person", n), "email", fmt.Sprintf("p%d@example.org", n))
		return p.do(http.MethodPost, p.URL()+"/c/loophole/send", form, "X-Forwarded-For", from)
	}
	for n := range 12 {
		a := send(n, fmt.Sprintf("2001:db8::%d", n+1)) // one /64
		if waits := a.status == http.StatusOK && strings.Contains(a.body, "One more step"); waits != (n >= 3) {
			t.Errorf("person %d is answered %d", n, a.status)
		}
	}
	if a := send(100, "198.51.100.7"); a.status != http.StatusSeeOther {
		t.Errorf("somebody elsewhere is answered %d", a.status)
	}
	p.until(p.OpsURL(), "1 networks sent letters under very many names")
	if log := p.log.String(); !strings.Contains(log, "very many people write from one network") || strings.Contains(log, "2001:db8") {
		t.Errorf("the log should tell of the crowd, without its address:\n%s", log)
	}
}

// TestSEC_BOMB_3_ASpreadCrowdIsSlowed: addresses from everywhere on a campaign that asks
// everybody to confirm. Who stands in for somebody else a second time takes no place.
func TestSEC_BOMB_3_ASpreadCrowdIsSlowed(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := guarded(t, database)
		w.settings.Guard.Confirmations = 2
		p := w.start()
		p.applyChecked()
		for n := range 5 {
			form := p.filledIn("checked", "first_name", fmt.Sprint("Person", n), "email", fmt.Sprintf("p%d@example.org", n))
			for range 2 { // pressed twice
				if a := p.do(http.MethodPost, p.URL()+"/c/checked/send", form, "X-Forwarded-For", fmt.Sprint("198.51.100.", n+1)); a.status != http.StatusOK {
					t.Errorf("person %d is answered %d", n, a.status)
				}
			}
		}
		p.until(p.OpsURL()+"/metrics", `franklin_job_seconds_count{failed="false",kind="mail_confirmations"} 2`+"\n")
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		d := dbtest.Open(t, database)
		var waiting int
		err := d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM river_job WHERE kind = 'mail_confirmations' AND state = 'scheduled'").Scan(&waiting)
		if err != nil || waiting != 3 {
			t.Errorf("%d mails wait, want 3; %v", waiting, err)
		}
		if got := caught(p.mails); len(got) != 2 {
			t.Errorf("mails went to %v", got)
		}
	})
}

// TestConfirmingNeedsARelay: nobody would ever send the mails.
func TestConfirmingNeedsARelay(t *testing.T) {
	t.Parallel()
	w := guarded(t, dbtest.SQLiteURL(t))
	p := w.start()
	p.applyChecked()
	if err := p.stop(); err != nil {
		t.Fatal(err)
	}
	w.settings.Mail.Host = ""
	if _, err := app.New(t.Context(), w.settings, w.options); err == nil || !strings.Contains(err.Error(), "--mail-host") {
		t.Errorf("it starts, or says no more than %v", err)
	}
	w.mailThrough(w.mails)
	w.settings.TrustedProxies = []string{"everybody"}
	if _, err := app.New(t.Context(), w.settings, w.options); err == nil || !strings.Contains(err.Error(), "everybody") {
		t.Errorf("it starts, or says no more than %v", err)
	}
}
