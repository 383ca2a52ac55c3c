package app_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/locale"
)

// openOffice opens the commands' desk beside the program.
func (p *program) openOffice() *app.BackOffice {
	p.Helper()
	settings := p.settings
	settings.BaseURL = p.URL() // the port was found at the start
	office, err := app.OpenBackOffice(p.Context(), settings, p.clock.now)
	if err != nil {
		p.Fatal(err)
	}
	p.Cleanup(func() { _ = office.Close(p.Context()) })
	return office
}

// surf sends a form, or nothing by GET, and returns the page on which a browser ends.
func (p *program) surf(browser *http.Client, target string, form url.Values) string {
	p.Helper()
	method := http.MethodPost
	if form == nil {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(p.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		p.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w, err := browser.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer func() { _ = w.Body.Close() }()
	page, err := io.ReadAll(w.Body)
	if err != nil {
		p.Fatal(err)
	}
	return string(page)
}

// TestStaffComeInByMail: the console invites, the server mails the link that somebody asks
// for, and to nobody else.
func TestStaffComeInByMail(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		office := p.openOffice()
		m, link, err := office.Staff.Invite(t.Context(), "mo@example.org", "Mo", account.Moderator, "ada")
		if err != nil {
			t.Fatal(err)
		}
		if mailed, err := office.Invited(t.Context(), m, link, locale.Spanish); err != nil || !mailed {
			t.Fatalf("the invitation is mailed: %t, %v", mailed, err)
		}
		if got := p.link("mo@example.org", "enter"); got != link.URL {
			t.Errorf("the mail leads to %s, want %s", got, link.URL)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browser := &http.Client{Jar: jar}
		for _, address := range []string{"eve@example.org", "mo@example.org"} {
			if page := p.surf(browser, p.URL()+"/staff/sign-in", url.Values{"email": {address}}); !strings.Contains(page, "Look at your mailbox") {
				t.Fatalf("asking with %s shows %s", address, page)
			}
		}
		var asked string
		p.waitFor(func() bool {
			for _, mail := range p.mails.Messages() {
				if mail.To[0] == "eve@example.org" {
					t.Fatal("a mail went to who is no member")
				}
				if at := strings.Index(mail.Text, p.URL()+"/staff/enter/"); at >= 0 && !strings.Contains(mail.Text, link.URL) {
					asked, _, _ = strings.Cut(mail.Text[at:], "\n")
				}
			}
			return asked != ""
		})
		if page := p.surf(browser, strings.TrimSpace(asked), url.Values{}); !strings.Contains(page, "What waits for a person") || !strings.Contains(page, "cwc-house") {
			t.Errorf("behind the link is %s", page)
		}
		if strings.Contains(p.log.String(), "example.org") {
			t.Errorf("the log names addresses: %s", p.log)
		}
	})
}

// TestTheQueuesOwnPages answer on both engines, below the staff pages and to nobody else.
func TestTheQueuesOwnPages(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		_, link, err := p.openOffice().Staff.Invite(t.Context(), "ada@example.org", "Ada", account.Owner, "ada")
		if err != nil {
			t.Fatal(err)
		}
		if a := p.do(http.MethodGet, p.URL()+"/staff/jobs/api/jobs", nil); a.status != http.StatusSeeOther || a.location != "/staff/sign-in" {
			t.Errorf("nobody gets %d, %s", a.status, a.location)
		}
		if a := p.do(http.MethodGet, p.URL()+"/staff", nil); a.location != "/staff/" {
			t.Errorf("without its slash /staff leads to %q", a.location)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browser := &http.Client{Jar: jar}
		p.surf(browser, link.URL, url.Values{})
		for path, want := range map[string]string{
			"/":                                  "<title>River</title>",
			"/api/queues?limit=20":               `"name":"default"`,
			"/api/states":                        `"available"`,
			"/api/jobs?limit=20":                 `"data":[`,
			"/api/jobs?state=scheduled&limit=20": `"data":[`,
		} {
			if page := p.surf(browser, p.URL()+"/staff/jobs"+path, nil); !strings.Contains(page, want) {
				t.Errorf("%s lacks %s: %s", path, want, page)
			}
		}
	})
}
