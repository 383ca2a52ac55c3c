package ops_test

import (
	"context"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/web/ops"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const file = `---
title: Close <i>the</i> loophole
slug: loophole
status: published
topics: [Crime and Law Enforcement]
goal: 3000
summary: Ask your Representative to support the bill.
letter:
  subject: Please support this bill
  text: Please support this bill.
opt_in: Yes, write to me.
---
The page.
`

// office is a database with a desk in front of it and the operator's page behind it.
type office struct {
	*testing.T

	db        *db.DB
	campaigns *campaign.Store
	desk      *letter.Desk
	page      http.Handler
}

func open(t *testing.T, d *db.DB, facts ...ops.Fact) *office {
	t.Helper()
	return openAt(t, d, func() time.Time { return noon }, nil, facts...)
}

// openAt opens an office with channels of its own and a clock.
func openAt(t *testing.T, d *db.DB, clock func() time.Time, channels map[string]letter.Channel, facts ...ops.Fact) *office {
	t.Helper()
	o := &office{T: t, db: d, campaigns: campaign.NewStore(d, clock)}
	o.desk = letter.NewDesk(letter.Options{
		DB: d, Campaigns: o.campaigns, Keys: letter.NewKeys([]byte("a secret of the tests, long enough")), Clock: clock,
		Log: slog.New(slog.DiscardHandler), Node: "test", Channels: channels, Pace: map[string]float64{letter.ChannelHouse: 5},
		Taken: func(context.Context, *db.Tx, []string) error { return nil },
	})
	t.Cleanup(o.desk.Close)
	var err error
	o.page, err = ops.Page{
		DB: d, Campaigns: o.campaigns, Desk: o.desk, Clock: clock, Facts: func(context.Context) []ops.Fact { return facts }, PublicURL: "https://act.example.org",
	}.Handler()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) apply() *campaign.Campaign {
	o.Helper()
	c, _, err := o.campaigns.Apply(o.Context(), []byte(file), "test")
	if err != nil {
		o.Fatal(err)
	}
	return c
}

// write takes in a letter from somebody; a suspicion puts it aside.
func (o *office) write(c *campaign.Campaign, first, suspicion string) string {
	o.Helper()
	receipt, err := o.desk.Submit(o.Context(), letter.Submission{
		Form: letter.Form{
			Key: letter.NewKey(), Prefix: "Ms.", FirstName: first, LastName: "Muñoz", Email: "ana@example.org", Address1: "2101 O'Neil Ave",
			City: "Cheyenne", State: "WY", ZIP: "82001", Subject: "Please support this bill", Message: "My own words.", Lang: "en",
		},
		Campaign:  c,
		Recipient: letter.Recipient{Found: district.Result{Seat: congress.Seat{State: "WY"}, Basis: district.BasisZIP}},
		Suspicion: suspicion,
	})
	if err != nil {
		o.Fatal(err)
	}
	return receipt.SubmissionID
}

func (o *office) get() (*httptest.ResponseRecorder, string) {
	w := httptest.NewRecorder()
	o.page.ServeHTTP(w, httptest.NewRequestWithContext(o.Context(), http.MethodGet, "/", nil))
	return w, w.Body.String()
}

// show returns the page as it stands, and fails when it lacks one of the texts.
func (o *office) show(texts ...string) string {
	o.Helper()
	w, body := o.get()
	if w.Code != http.StatusOK {
		o.Fatalf("the page is answered %d: %s", w.Code, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			o.Errorf("the page lacks %q:\n%s", text, body)
		}
	}
	return body
}

func TestMailThatCameIn(t *testing.T) {
	d := dbtest.New(t)
	o := open(t, d)
	o.show("None in the last 30 days.")
	keys := letter.NewKeys([]byte("a secret of the tests, long enough"))
	paths := returnpath.New([]byte("a secret of the tests, long enough"), "mail.lantern.us")
	box := inbox.New(inbox.Options{
		DB: d, Clock: func() time.Time { return noon }, Log: slog.New(slog.DiscardHandler), Secret: []byte("a secret of the tests, long enough"), Paths: paths, Mailbox: keys.Mailbox,
		Whose: func(context.Context, returnpath.Ref) (string, error) { return "ana@strict.example", nil },
	})
	token := paths.Token(returnpath.Ref{Kind: returnpath.Supporter}, noon)
	for _, raw := range []string{
		"From: ana@example.org\nSubject: A question\n\nHow are you?",
		"From: ana@example.org\nSubject: STOP\n\n",
		"To: bounces+" + token + "@mail.lantern.us\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; ana@strict.example\nAction: failed\nStatus: 5.7.1\n",
	} {
		if _, err := box.Take(t.Context(), []byte(raw), false); err != nil {
			t.Fatal(err)
		}
	}
	if err := box.Keep(t.Context(), []byte("Subject: x\n\nx")); err != nil {
		t.Fatal(err)
	}
	held, err := inbox.List(t.Context(), d, noon, 10)
	if err != nil || len(held) != 2 {
		t.Fatal(held, err)
	}
	body := o.show(`<td>leave</td><td class="number">1</td>`, `<td>policy</td><td class="number">1</td>`, "Mails that need a person: 2", "<code>"+held[0].ID+"</code>",
		`<td class="warn">strict.example</td><td>5.7.1</td>`, "1 are not worked on yet; the first came at 2026-11-23 17:00:00 UTC", "franklin mail show ID")
	for _, personal := range []string{"ana", "A question", "How are"} {
		if strings.Contains(body, personal) {
			t.Errorf("the page shows %s", personal)
		}
	}
}

func TestAnEmptyInstallation(t *testing.T) {
	o := open(t, dbtest.New(t))
	o.show("No campaign yet", "No letter has been written yet", "<p>None.</p>", "2026-11-23 17:00:00 UTC")
	w, _ := o.get()
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
		"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestLettersByStateAndThoseThatNeedAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		c := o.apply()
		o.write(c, "Ana", "")
		o.write(c, "Bob", "")
		held := o.write(c, "Eve", `a <script>alert(1)</script> that people do not see`)
		letters, err := d.Read().ListLettersOfSubmission(t.Context(), held)
		if err != nil {
			t.Fatal(err)
		}
		body := o.show(
			`<td>waiting</td><td>`+meaning(letter.Waiting)+`</td><td class="number">2</td>`,
			`<td>frozen</td><td>`+meaning(letter.Frozen)+`</td><td class="number">1</td>`,
			`<a href="https://act.example.org/c/loophole">`,
			`<td>2026-11-23 17:00:00 UTC</td><td>HWY00</td><td>frozen</td><td class="number">0</td>`,
			"<code>"+letters[0].ID+"</code>",
			html.EscapeString(`a <script>alert(1)</script> that people do not see`),
		)
		if strings.Count(body, "<td><code>0") != 1 {
			t.Errorf("more letters are held than the one put aside:\n%s", body)
		}
		if strings.Contains(body, "<td>accepted</td>") {
			t.Error("a state without letters is listed")
		}
		for _, personal := range []string{"ana@", "Ana", "Eve", "Muñoz", "Neil", "82001", "My own words", "Please support"} {
			if strings.Contains(body, personal) {
				t.Errorf("the page shows a supporter's %s", personal)
			}
		}
	})
}

func meaning(s letter.State) string {
	for _, rule := range letter.Rules() {
		if rule.State == s {
			return html.EscapeString(rule.Meaning)
		}
	}
	return "a state that is not in the table"
}

func TestCampaignsWithTheirCounts(t *testing.T) {
	o := open(t, dbtest.New(t))
	c := o.apply()
	o.write(c, "Ana", "")
	body := o.show("<td>open</td>", `<td class="number">1</td><td class="number">0</td><td class="number">3000</td><td class="number">0</td><td class="number">0</td>`,
		"Close &lt;i&gt;the&lt;/i&gt; loophole")
	if strings.Contains(body, "<i>the</i>") {
		t.Error("an author's title is taken for HTML")
	}
}

func TestFactsAreEscapedAndWarningsMarked(t *testing.T) {
	o := open(t, dbtest.New(t),
		ops.Fact{Name: "Version", Value: "1.0 <b>"},
		ops.Fact{Name: "Roster", Value: "40 days old", Warn: true})
	o.show(`<th scope="row">Version</th><td>1.0 &lt;b&gt;</td>`, `<th scope="row">Roster</th><td class="warn">Attention: 40 days old</td>`)
}

func TestADatabaseThatIsAway(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLiteURL(t))
	o := open(t, d)
	o.apply()
	if err := d.SQL().Close(); err != nil {
		t.Fatal(err)
	}
	o.show("loophole") // what reads still works without the writer
	gone, err := db.Open(t.Context(), dbtest.SQLiteURL(t))
	if err != nil {
		t.Fatal(err)
	}
	o = open(t, gone)
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	w, body := o.get()
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(body, "The database does not answer") {
		t.Errorf("answered %d: %s", w.Code, body)
	}
	if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/plain") {
		t.Errorf("the error is sent as %s", got)
	}
}

func TestReportedLetters(t *testing.T) {
	o := open(t, dbtest.New(t))
	id := o.write(o.apply(), "Ana", "")
	o.show("By the supporters’ own hands")
	if err := o.desk.Disown(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	o.show(`<td class="number">0</td><td class="number warn">1</td>`)
}

// An office system's reasons may quote the letter.
func TestReasonsQuoteNobody(t *testing.T) {
	o := open(t, dbtest.New(t))
	c := o.apply()
	tests := []struct{ reason, want string }{
		{
			"The 'Email' element is invalid - The value 'ana@example' is invalid according to its datatype 'email_type' - The Pattern constraint failed.",
			"The Email element is invalid - The value … is invalid according to its datatype email_type - The Pattern constraint failed.",
		},
		{"The element 'Constituent' has invalid child element 'Fax'.", "The element Constituent has invalid child element Fax."},
		{"The value '2101 O'Neil Ave' is too short", "The value … is too short"},
		{`Bad text "My own words" and "others" here`, "Bad text … here"},
		{"ana@example.org bounced", "… bounced"},
		{"Element Email failed to validate content", "Element Email failed to validate content"},
	}
	for _, test := range tests {
		o.write(c, "Eve"+letter.NewKey(), test.reason)
		o.show("<td>" + html.EscapeString(test.want) + "</td>")
	}
}
