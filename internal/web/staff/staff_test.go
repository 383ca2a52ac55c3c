package staff_test

import (
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
	"github.com/franklin-letters/franklin/internal/web/staff"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

var noon = time.Date(2026, time.November, 30, 17, 0, 0, 0, time.UTC)

const (
	home   = "https://act.example.org"
	secret = "a secret of the tests, long enough"
)

const campaignFile = `---
title: Close the loophole
slug: loophole
status: published
topics: [Crime and Law Enforcement]
goal: 3000
summary: Ask your Representative to support the bill.
letter:
  subject: Please support H.R. 2172
  text: |
    Please support this bill.

    It matters at home.
opt_in: Yes, write to me with updates.
---
The page.
`

// asked is a link that somebody asked for, as the job gets it.
type asked struct {
	mailbox, browser string
	lang             locale.Lang
}

// office is the staff site over a real database, with a letter's desk behind it.
type office struct {
	*testing.T

	site    *staff.Site
	handler http.Handler
	db      *db.DB
	members *account.Store
	desk    *letter.Desk
	store   *campaign.Store

	mailings *mailing.Store
	segments *segment.People
	sent     []mail.Message
	unfit    error // why no mailing may leave
	refuses  error // why the relay takes nothing

	now   time.Time
	asked []asked
	wrote int
}

func newOffice(t *testing.T, d *db.DB) *office {
	t.Helper()
	o := &office{T: t, db: d, now: noon}
	clock := func() time.Time { return o.now }
	log := slog.New(slog.DiscardHandler)
	o.store = campaign.NewStore(d, clock)
	if _, _, err := o.store.Apply(t.Context(), []byte(campaignFile), "test"); err != nil {
		t.Fatal(err)
	}
	o.desk = letter.NewDesk(letter.Options{
		DB: d, Campaigns: o.store, Keys: letter.NewKeys([]byte(secret)), Clock: clock, Log: log,
		Taken:    func(context.Context, *db.Tx, []string) error { return nil },
		Channels: map[string]letter.Channel{letter.ChannelHouse: &letter.House{DB: d, Clock: clock}},
	})
	t.Cleanup(o.desk.Close)
	o.members = &account.Store{DB: d, Clock: clock, BaseURL: home}
	o.newMailings(clock)
	o.site = &staff.Site{
		Frame: ui.Site{OrgName: "Lantern Alliance", PrivacyURL: "/privacy"}, BaseURL: home, Members: o.members, Letters: o.desk, Mailings: o.mailings, Segments: o.segments,
		Guard: guard.New(guard.Config{Secret: []byte(secret), Log: log}), Clock: clock, Log: log,
		Ask: func(_ context.Context, mailbox, browser string, lang locale.Lang) error {
			o.asked = append(o.asked, asked{mailbox, browser, lang})
			return nil
		},
		Send: func(_ context.Context, m mail.Message) error {
			o.sent = append(o.sent, m)
			return o.refuses
		},
	}
	o.handler = o.site.Handler()
	return o
}

// each runs a test on both engines.
func each(t *testing.T, test func(*office)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newOffice(t, d)) })
}

// browser keeps cookies, as browsers do.
type browser struct {
	*office

	cookies map[string]string
	during  context.Context // of the requests; nil for that of the test
}

func (o *office) open() *browser { return &browser{office: o, cookies: map[string]string{}} }

// do sends a request; form is nil for one without a body.
func (b *browser) do(method, path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	b.Helper()
	r := httptest.NewRequest(method, home+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if b.during != nil {
		r = r.WithContext(b.during)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w
}

// want fails unless the answer has the status and its page all the texts.
func (b *browser) want(w *httptest.ResponseRecorder, status int, texts ...string) string {
	b.Helper()
	body := html.UnescapeString(w.Body.String())
	if w.Code != status {
		b.Fatalf("status %d, want %d\n%s", w.Code, status, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			b.Errorf("the page does not hold %q\n%s", text, body)
		}
	}
	return body
}

func (b *browser) get(path string, texts ...string) string {
	b.Helper()
	return b.want(b.do("GET", path, nil), http.StatusOK, texts...)
}

func (b *browser) post(path string, form url.Values, texts ...string) string {
	b.Helper()
	return b.want(b.do("POST", path, form), http.StatusOK, texts...)
}

// leads fails unless the answer leads to the path.
func (b *browser) leads(w *httptest.ResponseRecorder, path string) {
	b.Helper()
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != path {
		b.Fatalf("status %d to %q, want 303 to %q", w.Code, w.Header().Get("Location"), path)
	}
}

// member invites somebody and signs them in.
func (o *office) member(role account.Role) *browser {
	o.Helper()
	_, link, err := o.members.Invite(o.Context(), string(role)+"@example.org", "", role, "ada")
	if err != nil {
		o.Fatal(err)
	}
	b := o.open()
	b.leads(b.do("POST", pathOf(link), url.Values{}), "/staff/")
	return b
}

func pathOf(link account.Link) string { return strings.TrimPrefix(link.URL, home) }

// write takes in a letter; a suspicion puts it aside.
func (o *office) write(message, suspicion string) string {
	o.Helper()
	o.wrote++
	c, err := o.store.Live(o.Context(), "loophole")
	if err != nil {
		o.Fatal(err)
	}
	form := letter.Form{
		Key: fmt.Sprintf("%032x", o.wrote), Prefix: "Ms.", FirstName: "Ana", LastName: fmt.Sprint("Muñoz", o.wrote), Email: fmt.Sprintf("ana%d@example.org", o.wrote),
		Address1: "2101 O'Neil Ave", City: "Cheyenne", State: "WY", ZIP: "82001", Subject: "Please support H.R. 2172", Message: message, Lang: "en", Join: true,
	}
	seat := congress.Seat{State: "WY"}
	s, err := o.desk.Submit(o.Context(), letter.Submission{
		Form: form, Campaign: c.Campaign, Suspicion: suspicion,
		Recipient: letter.Recipient{Found: district.Result{
			Seat: seat, Candidates: []congress.Seat{seat}, Basis: district.BasisZIP, Plan: district.Plan{State: "WY", Congress: 119},
		}},
	})
	if err != nil {
		o.Fatal(err)
	}
	letters, err := o.db.Read().ListLettersOfSubmission(o.Context(), s.SubmissionID)
	if err != nil || len(letters) != 1 {
		o.Fatalf("%d letters, %v", len(letters), err)
	}
	return letters[0].ID
}

// acts returns what the log says of an action: who and what it was done to.
func (o *office) acts(action audit.Action) []string {
	o.Helper()
	all, err := audit.List(o.Context(), o.db, audit.Page{Limit: 1000})
	if err != nil {
		o.Fatal(err)
	}
	var found []string
	for _, e := range all {
		if e.Action == action {
			found = append(found, e.Who+" "+e.Subject)
		}
	}
	return found
}
