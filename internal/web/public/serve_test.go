package public

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"html"
	"image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

var today = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const sample = `---
title: Close the loophole
slug: SLUG
status: published
bill: H.R. 2172
bill_title: Closing the Law Enforcement Consent Loophole Act
stance: pro
topics: [Crime and Law Enforcement]
goal: 3000
summary: Ask your Representative to support the bill.
letter:
  subject: Please support H.R. 2172
  text: |
    Please support this bill.

    It matters at home.
opt_in: Yes, write to me with updates.
EXTRA---
The **page**.
`

// site is a whole public site over a real database, without delivery: letters wait for
// their writers.
type site struct {
	*testing.T

	handler http.Handler
	desk    *letter.Desk
	store   *campaign.Store
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteWith(t, func(*Site, *letter.Options) {})
}

// newSiteWith makes a site with a few things changed.
func newSiteWith(t *testing.T, change func(*Site, *letter.Options)) *site {
	t.Helper()
	d := dbtest.New(t)
	clock := func() time.Time { return today }
	store := campaign.NewStore(d, clock)
	lines, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	people, err := roster.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	options := letter.Options{
		DB: d, Campaigns: store, Keys: letter.NewKeys([]byte("a secret of the tests, long enough")), Clock: clock, Log: log,
		Taken: func(context.Context, *db.Tx, []string) error { return nil },
	}
	s := &Site{
		Frame: ui.Site{OrgName: "Lantern Alliance", PrivacyURL: "/privacy"}, BaseURL: "https://act.example.org",
		Campaigns: store, Guide: func() letter.Guide { return letter.Guide{Districts: lines, Roster: people} }, Clock: clock, Log: log, ScrubDays: 28,
		Guard: guard.New(guard.Config{Limits: guard.Limits{Unsigned: true}, Secret: []byte("a secret of the tests, long enough"), Log: log}),
	}
	change(s, &options)
	desk := letter.NewDesk(options)
	s.Desk = desk
	one := &site{T: t, handler: s.Handler(), desk: desk, store: store}
	one.apply("loophole", "")
	return one
}

func (s *site) apply(slug, extra string) {
	s.Helper()
	file := strings.NewReplacer("SLUG", slug, "EXTRA", extra).Replace(sample)
	if _, _, err := s.store.Apply(s.Context(), []byte(file), "test"); err != nil {
		s.Fatal(err)
	}
}

func (s *site) do(method, target string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	s.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// want fails unless the answer has the status and holds all the texts.
func (s *site) want(w *httptest.ResponseRecorder, status int, texts ...string) string {
	s.Helper()
	body := html.UnescapeString(w.Body.String())
	if w.Code != status {
		s.Fatalf("status %d, want %d\n%s", w.Code, status, body)
	}
	for _, text := range texts {
		if !strings.Contains(body, text) {
			s.Errorf("the page does not hold %q\n%s", text, body)
		}
	}
	return body
}

func typed(change ...string) url.Values {
	form := url.Values{}
	for name, value := range map[string]string{
		"prefix": "Ms.", "first_name": "Ana", "last_name": "Muñoz", "email": "ana@example.org", "address1": "2101 O'Neil Ave",
		"city": "Cheyenne", "state": "WY", "zip": "82001", "subject": "Please support H.R. 2172",
		"message": "Please support this bill.\n\nIt matters at home.", "key": "00112233445566778899aabbccddeeff",
	} {
		form.Set(name, value)
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func (s *site) letters() int {
	s.Helper()
	c, err := s.store.List(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	n := 0
	for _, one := range c {
		n += one.Counts.Submitted
	}
	return n
}

func TestEveryVisitorGetsAnotherKey(t *testing.T) {
	s := newSite(t)
	keys := map[string]bool{}
	field := regexp.MustCompile(`name="key" value="([A-Za-z0-9_-]{43})"`)
	for range 3 {
		w := s.do("GET", "/c/loophole", nil)
		m := field.FindStringSubmatch(s.want(w, 200, "Close the loophole", "0 of 3,000 letters", "H.R. 2172"))
		if m == nil || keys[m[1]] {
			t.Fatalf("key %v", m)
		}
		keys[m[1]] = true
		if cache := w.Header().Get("Cache-Control"); !strings.Contains(cache, "private") {
			t.Errorf("a page with a key of its own is cached as %q", cache)
		}
	}
	z, err := gzip.NewReader(s.do("GET", "/c/loophole", nil, "Accept-Encoding", "gzip").Body)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(z); err != nil || !field.Match(body) {
		t.Errorf("compressed: %v", err)
	}
}

func TestPageFollowsItsCampaign(t *testing.T) {
	s := newSite(t)
	s.want(s.do("GET", "/c/loophole", nil), 200, "Close the loophole")
	s.want(s.do("GET", "/c/loophole?lang=es", nil), 200, `lang="es"`)
	s.want(s.do("GET", "/c/loophole", nil, "Accept-Language", "es-MX,es;q=0.9"), 200, `<html lang="es"`)
	s.apply("loophole", "content_note: Take care.\n")
	s.want(s.do("GET", "/c/loophole", nil), 200, "Take care.")
}

func TestLivesOfCampaigns(t *testing.T) {
	s := newSite(t)
	s.apply("later", "opens: 2026-12-24\n")
	s.apply("over", "outcome: {date: 2026-10-01, summary: The House passed it., text: Thank *you*.}\n")
	s.apply("ended", "closes: 2026-11-01\n")
	s.apply("new-name", "formerly: [old-name]\n")
	if page := s.want(s.do("GET", "/c/later", nil), 200, "December 24, 2026"); strings.Contains(page, "<textarea") || !strings.HasSuffix(page, "</html><!---->") {
		t.Errorf("a scheduled campaign has a form, or its key: %s", page[len(page)-100:])
	}
	s.want(s.do("GET", "/c/over", nil), 200, "The House passed it.", "<em>you</em>", "October 1, 2026")
	s.want(s.do("GET", "/c/ended", nil), 200, "November 1, 2026")
	s.want(s.do("GET", "/", nil), 200, "/c/loophole", "/c/later", "/c/over", "The House passed it.")
	for _, closed := range []string{"later", "over", "ended"} {
		w := s.do("POST", "/c/"+closed+"/send", typed())
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/c/"+closed {
			t.Errorf("a letter to %s: %d to %s", closed, w.Code, w.Header().Get("Location"))
		}
	}
	for _, method := range []string{"GET", "POST"} {
		w := s.do(method, "/c/old-name?lang=es", nil)
		if w.Code != http.StatusPermanentRedirect || w.Header().Get("Location") != "/c/new-name?lang=es" {
			t.Errorf("%s of the old name: %d to %s", method, w.Code, w.Header().Get("Location"))
		}
	}
	if s.letters() != 0 {
		t.Error("a closed campaign took a letter")
	}
}

func TestDraftsAreNotFound(t *testing.T) {
	s := newSite(t)
	file := strings.NewReplacer("SLUG", "secret-plan", "EXTRA", "", "status: published", "status: draft").Replace(sample)
	if _, _, err := s.store.Apply(t.Context(), []byte(file), "test"); err != nil {
		t.Fatal(err)
	}
	s.want(s.do("GET", "/c/secret-plan", nil), 404)
	if strings.Contains(s.do("GET", "/", nil).Body.String(), "secret-plan") {
		t.Error("the list names a draft")
	}
}

func TestReviewShowsWhatWillBeSent(t *testing.T) {
	s := newSite(t)
	body := s.want(s.do("POST", "/c/loophole/review", typed("phone", "(307) 555 0134", "first_name", " Ana  Lucía ")), 200,
		"Rep. Harriet M. Hageman", "Ana Lucía Muñoz", "2101 O'Neil Ave", "307-555-0134", "It matters at home.", `formaction="/c/loophole"`)
	if strings.Contains(body, "our own words") {
		t.Error("unedited text is called edited")
	}
	s.want(s.do("POST", "/c/loophole/review", typed("message", "In my own words.")), 200, "In my own words.", "You changed the text")
	s.want(s.do("POST", "/c/loophole", typed("message", "In my own words.")), 200, "In my own words.", `value="Ana"`, `<textarea`)
	s.want(s.do("POST", "/c/loophole", typed("lang", "es")), 200, `<html lang="es"`, `value="Ana"`)
	if s.letters() != 0 {
		t.Error("looking counts as sending")
	}
}

func TestMistakesKeepWhatWasTyped(t *testing.T) {
	s := newSite(t)
	w := s.do("POST", "/c/loophole/review", url.Values{"first_name": {`"><b>Ana`}})
	if s.want(w, 422, "<title>Error: ", `role="alert"`, `href="#`); strings.Contains(w.Body.String(), "><b>Ana") {
		t.Error("typed markup came back as markup")
	}
	for _, c := range []struct{ field, value, words string }{
		{"email", "ana@example", "ana@example"},
		{"zip", "1234", "1234"},
		{"phone", "call me", "call me"},
		{"city", "LA", "LA"},
		{"state", "ZZ", "State"},
		{"message", "Hi", "Hi"},
		{"zip", "10001", "10001"},
	} {
		body := s.want(s.do("POST", "/c/loophole/send", typed(c.field, c.value)), 422, c.words, "Muñoz", `aria-invalid="true"`)
		if !strings.Contains(body, "00112233445566778899aabbccddeeff") {
			t.Errorf("%s: the key was lost", c.field)
		}
	}
	if s.letters() != 0 {
		t.Error("a mistake was sent")
	}
}

func TestChoice(t *testing.T) {
	s := newSite(t)
	tempe := func(change ...string) url.Values {
		return typed(append([]string{"city", "Tempe", "state", "AZ", "zip", "85281"}, change...)...)
	}
	s.want(s.do("POST", "/c/loophole/review", tempe()), 200, `value="AZ-01"`, `value="AZ-04"`, "<svg", `value="Muñoz"`)
	s.want(s.do("POST", "/c/loophole/review", tempe("district", "")), 422, "<title>Error: ")
	s.want(s.do("POST", "/c/loophole/review", tempe("district", "NY-12")), 422, `value="AZ-04"`)
	s.want(s.do("POST", "/c/loophole/review", tempe("district", "AZ-04")), 200, "Greg Stanton", `name="district" value="AZ-04"`)
	s.want(s.do("POST", "/c/loophole/review", tempe("lat", "33.4230", "lon", "-111.9300", "accuracy", "50")), 200, "Greg Stanton")
	s.want(s.do("POST", "/c/loophole/review", tempe("lat", "33.4230", "lon", "-111.9300", "accuracy", "40000")), 422, `value="AZ-04"`)
	s.want(s.do("POST", "/c/loophole/review", tempe("lat", "41.1", "lon", "-104.8", "accuracy", "5")), 422, `value="AZ-04"`)
	s.want(s.do("POST", "/c/loophole/send", tempe()), 200, `value="AZ-04"`) // nobody is guessed for
	w := s.do("POST", "/c/loophole/send", tempe("district", "AZ-04"))
	if s.want(w, 303); s.letters() != 1 {
		t.Error("the chosen letter was not taken")
	}
}

func TestPeopleWithoutAVoteGetAPage(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ state, zip, words string }{
		{"DC", "20001", "Eleanor Holmes Norton"},
		{"PR", "00901", "Resident Commissioner"},
		{"GU", "96910", "delegate"},
		{"VI", "00801", "delegate"},
		{"AS", "96799", "delegate"},
		{"MP", "96950", "delegate"},
		{"AE", "09021", "home address"},
		{"WY", "99999", "ZIP code"},
	} {
		form := typed("state", c.state, "zip", c.zip, "city", "Somewhere")
		for _, step := range []string{"/review", "/send"} {
			s.want(s.do("POST", "/c/loophole"+step, form), 200, c.words, `value="Muñoz"`, "Change my address")
		}
	}
	if s.letters() != 0 {
		t.Error("a letter was taken for somebody without a Representative")
	}
}

func TestSendOnce(t *testing.T) {
	s := newSite(t)
	first := s.do("POST", "/c/loophole/send", typed("join", "yes"))
	s.want(first, http.StatusSeeOther)
	again := s.do("POST", "/c/loophole/send", typed("join", "yes"))
	if first.Header().Get("Location") != again.Header().Get("Location") || s.letters() != 1 {
		t.Error("a double click made two letters or two receipts")
	}
	household := s.want(s.do("POST", "/c/loophole/send", typed("first_name", "Ben")), http.StatusConflict, "another person", `value="Ben"`)
	key := regexp.MustCompile(`name="key" value="([A-Za-z0-9_-]{43})"`).FindStringSubmatch(household)
	if key == nil || key[1] == typed().Get("key") {
		t.Fatal("the second person of a household got no key of their own")
	}
	s.want(s.do("POST", "/c/loophole/send", typed("first_name", "Ben", "key", key[1])), http.StatusSeeOther)
	other := s.do("POST", "/c/loophole/send", typed("key", "ffeeddccbbaa99887766554433221100", "message", "Something else entirely."))
	if body := s.want(other, 200, "once"); strings.Contains(body, "O'Neil") || strings.Contains(body, "/receipt/") {
		t.Error("the page for a repeated person shows something of the first letter")
	}
	if s.letters() != 2 {
		t.Errorf("%d letters, want 2", s.letters())
	}
}

func TestSendWithoutAKeyGetsOne(t *testing.T) {
	s := newSite(t)
	for _, key := range []string{"", "short", strings.Repeat("x", 100), "<script>alert(1)</script>"} {
		s.want(s.do("POST", "/c/loophole/review", typed("key", key)), 200, `name="key" value="`)
	}
}

func TestBusyKeepsTheLetter(t *testing.T) {
	s := newSite(t)
	s.desk.Close()
	w := s.do("POST", "/c/loophole/send", typed("message", "My own words about it."))
	s.want(w, http.StatusServiceUnavailable, "My own words about it.", "nothing was sent", "00112233445566778899aabbccddeeff")
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestUnknownCampaignKeepsTheLetter: the database is away before this node has seen the
// campaign, so nobody can tell whether it is open.
func TestUnknownCampaignKeepsTheLetter(t *testing.T) {
	line, address := dbtest.NewLine(t, dbtest.PostgresURL(t))
	away := dbtest.Open(t, address)
	s := newSiteWith(t, func(s *Site, _ *letter.Options) { s.Campaigns = campaign.NewStore(away, s.Clock) })
	line.Cut(true)
	w := s.do("POST", "/c/loophole/send", typed("message", "My own words about it."))
	s.want(w, http.StatusServiceUnavailable, "My own words about it.", "00112233445566778899aabbccddeeff", `action="/c/loophole/send"`)
	if w.Header().Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

// TestTooLongALineKeepsTheLetter lets a second pass with each look at the desk's clock, so
// that whoever stands in line has stood there for too long.
func TestTooLongALineKeepsTheLetter(t *testing.T) {
	s := newSiteWith(t, func(_ *Site, o *letter.Options) {
		var looks atomic.Int64
		o.Clock = func() time.Time { return today.Add(time.Duration(looks.Add(1)) * time.Second) }
	})
	w := s.do("POST", "/c/loophole/send", typed("message", "My own words about it.", "lang", "es"))
	s.want(w, http.StatusServiceUnavailable, "My own words about it.", "No pudimos guardar", "00112233445566778899aabbccddeeff", `action="/c/loophole/send"`)
	if w.Header().Get("Retry-After") == "" || s.letters() != 0 {
		t.Errorf("Retry-After %q, %d letters", w.Header().Get("Retry-After"), s.letters())
	}
}

// TestAnOldSafari: a browser that knows no Sec-Fetch-Site names the site with a form as the page's
// Referrer-Policy lets it, and gets from the form to the receipt and to what is pressed there.
func TestAnOldSafari(t *testing.T) {
	s := newSite(t)
	origin := func(page string) string {
		w := s.do("GET", page, nil)
		switch policy := w.Header().Get("Referrer-Policy"); policy {
		case "same-origin":
			return "http://example.com"
		case "no-referrer":
			return "null"
		default:
			t.Fatalf("%s has the policy %q", page, policy)
			return ""
		}
	}
	form := origin("/c/loophole")
	s.want(s.do("POST", "/c/loophole/review", typed(), "Origin", form), 200)
	w := s.do("POST", "/c/loophole/send", typed(), "Origin", form)
	s.want(w, http.StatusSeeOther)
	receipt := w.Header().Get("Location")
	s.want(s.do("POST", receipt+"/take-back", url.Values{}, "Origin", origin(receipt)), http.StatusSeeOther)
	s.want(s.do("POST", "/my-data", url.Values{"email": {"ana@example.org"}}, "Origin", origin("/my-data")), 200)
	s.want(s.do("POST", "/c/loophole/send", typed(), "Origin", "null"), http.StatusForbidden)
}

func TestReceipt(t *testing.T) {
	s := newSite(t)
	receipt := s.do("POST", "/c/loophole/send", typed("join", "yes", "lang", "es")).Header().Get("Location")
	path, query, _ := strings.Cut(receipt, "?")
	if query != "lang=es" {
		t.Errorf("the receipt forgot the language: %s", receipt)
	}
	w := s.do("GET", path, nil)
	body := s.want(w, 200, "I have sent it", "It matters at home.", "O'Neil", "202-225-2311", "noindex")
	for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	id := regexp.MustCompile(`name="letter" value="([^"]+)"`).FindStringSubmatch(body)
	if id == nil {
		t.Fatal("no button for the letter")
	}
	s.want(s.do("POST", path+"/sent", url.Values{"letter": {"another"}}), 404)
	for range 2 {
		s.want(s.do("POST", path+"/sent", url.Values{"letter": {id[1]}}), http.StatusSeeOther)
	}
	s.want(s.do("GET", path, nil), 200, "You delivered")
	s.want(s.do("GET", path+"/sent", nil), http.StatusSeeOther)
	for _, bad := range []string{path + "x", "/receipt/", "/receipt/nonsense", path[:len(path)-1] + "A", path + "/sent/more"} {
		if bad == path {
			continue
		}
		s.want(s.do("GET", bad, nil), 404)
	}
	s.want(s.do("POST", path+"x/sent", url.Values{"letter": {id[1]}}), 404)
}

func TestSmallAnswers(t *testing.T) {
	s := newSite(t)
	var p Preview
	if err := json.Unmarshal(s.do("GET", "/c/loophole/member?zip=82001&state=WY", nil).Body.Bytes(), &p); err != nil || p.Heading != "Rep. Harriet M. Hageman" {
		t.Errorf("preview: %+v, %v", p, err)
	}
	for _, nothing := range []string{"zip=85281&state=AZ", "zip=1", "", "zip=99999&state=WY"} {
		p = Preview{}
		if err := json.Unmarshal(s.do("GET", "/c/loophole/member?"+nothing, nil).Body.Bytes(), &p); err != nil || p != (Preview{}) {
			t.Errorf("preview of %q: %+v, %v", nothing, p, err)
		}
	}
	var n Count
	if err := json.Unmarshal(s.do("GET", "/c/loophole/count", nil).Body.Bytes(), &n); err != nil || n.Goal != 3000 {
		t.Errorf("count: %+v, %v", n, err)
	}
	w := s.do("GET", "/c/loophole/share.png", nil)
	if img, err := png.Decode(w.Body); err != nil || img.Bounds().Dx() != 1200 {
		t.Errorf("share picture: %v", err)
	}
	s.want(s.do("GET", "/privacy", nil), 200, "28 days", "Lantern Alliance")
	s.want(s.do("GET", "/robots.txt", nil), 200, "Disallow: /receipt/")
	s.want(s.do("GET", "/favicon.ico", nil), http.StatusFound)
	for _, path := range []string{"/c/loophole/review", "/c/loophole/send"} {
		if w := s.do("GET", path, nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/c/loophole" {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
}

func TestFailures(t *testing.T) {
	s := newSite(t)
	s.want(s.do("GET", "/nothing", nil), 404, "does not exist")
	s.want(s.do("GET", "/c/nothing", nil), 404)
	s.want(s.do("POST", "/c/nothing/send", typed()), 404)
	w := s.do("DELETE", "/c/loophole", nil)
	if s.want(w, 405); w.Header().Get("Allow") != "GET, POST" {
		t.Errorf("Allow: %s", w.Header().Get("Allow"))
	}
	s.want(s.do("POST", "/privacy", nil), 405)
	s.want(s.do("POST", "/c/loophole/send", typed(), "Sec-Fetch-Site", "cross-site"), 403)
	s.want(s.do("POST", "/c/loophole/send", typed("message", strings.Repeat("x", maxBody))), 413)
	s.want(s.do("POST", "/c/loophole/send", typed(trapName, "spam")), http.StatusSeeOther)
	for _, c := range []*httptest.ResponseRecorder{s.do("GET", "/<script>", nil), s.do("GET", "/c/loophole", nil), s.do("POST", "/c/loophole/review", url.Values{})} {
		if policy := c.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("policy %q", policy)
		}
		if c.Header().Get("Set-Cookie") != "" || c.Header().Get("Strict-Transport-Security") == "" {
			t.Error("a cookie, or no HSTS on an https site")
		}
	}
}
