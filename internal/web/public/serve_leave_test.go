package public

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// member is somebody on the list, and the path by which they leave it.
func (s *site) member(email string) (who supporter.Person, path string) {
	s.Helper()
	s.sent("email", email, "join", "yes", "key", letter.NewKey(), "first_name", strings.ReplaceAll(email, "@", " "))
	people := s.desk.People
	who, ok, err := people.ByAddress(s.Context(), email)
	if err != nil || !ok {
		s.Fatalf("%s is not known: %v", email, err)
	}
	url := people.JoinURL(who.ID, who.Email, supporter.Updates)
	s.want(s.do("POST", url[strings.Index(url, "/join/"):], nil), 200, "You are on the list")
	return who, "/leave/" + people.LeaveToken(who.ID, who.Email, supporter.Updates)
}

func (s *site) on(who supporter.Person) bool {
	s.Helper()
	m, err := s.desk.People.Membership(s.Context(), who.ID)
	if err != nil {
		s.Fatal(err)
	}
	out, err := s.desk.People.Suppressed(s.Context(), who.Email, supporter.Updates)
	if err != nil || out == m.On(supporter.Updates) {
		s.Errorf("the list and what must not be mailed disagree about %s: %v", who.ID, err)
	}
	return m.On(supporter.Updates)
}

// oneClick is the body of RFC 8058 as a form of several parts.
func oneClick(t *testing.T) (contentType string, body *bytes.Buffer) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if err := w.WriteField("List-Unsubscribe", "One-Click"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), body
}

// TestMAIL_U_2_OneClick: both encodings, whatever headers come or are missing, no redirect,
// no cookie, in effect before the answer, and as often as one likes.
func TestMAIL_U_2_OneClick(t *testing.T) {
	s := newSite(t)
	for n, c := range []struct {
		name, body string
		headers    []string
	}{
		{"as the RFC has it", "List-Unsubscribe=One-Click", nil},
		{"in several parts", "multipart", nil},
		{"a mail program of another site", "List-Unsubscribe=One-Click", []string{"Origin", "https://mail.example", "Sec-Fetch-Site", "cross-site", "Referer", "https://mail.example/"}},
		{"no origin to name", "List-Unsubscribe=One-Click", []string{"Origin", "null"}},
		{"a strange program", "List-Unsubscribe=One-Click", []string{"User-Agent", "\x01", "Cookie", "a=b", "Accept", "nothing/at-all"}},
		{"nothing in it", "", nil},
		{"something else in it", "list=partner-nobody-knows", nil},
		{"not a form", "{", []string{"Content-Type", "application/json"}},
	} {
		who, path := s.member(fmt.Sprintf("ann%d@example.org", n))
		if !s.on(who) {
			t.Fatal("she is not on the list")
		}
		for range 2 {
			r := httptest.NewRequest("POST", path, strings.NewReader(c.body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.body == "multipart" {
				contentType, body := oneClick(t)
				r = httptest.NewRequest("POST", path, body)
				r.Header.Set("Content-Type", contentType)
			}
			for i := 0; i < len(c.headers); i += 2 {
				r.Header.Set(c.headers[i], c.headers[i+1])
			}
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK || w.Header().Get("Location") != "" || w.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %v", c.name, w.Code, w.Header())
			}
			if s.on(who) {
				t.Errorf("%s: she is still on the list", c.name)
			}
		}
	}
}

// TestMAIL_U_2_LimitsDoNotHold: a network that may not post or try links any more leaves all
// the same. Links that are none are limited.
func TestMAIL_U_2_LimitsDoNotHold(t *testing.T) {
	limits := guard.Limits{Unsigned: true, Posts: 5}
	g := newGuarded(t, limits)
	who, path := g.member("ann@example.org")
	limited := 0
	for n := range 500 {
		if g.do("POST", fmt.Sprintf("/leave/%d%s", n, path[7:]), url.Values{"List-Unsubscribe": {"One-Click"}}, "X-Forwarded-For", "198.51.100.7").Code == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited < 400 {
		t.Errorf("of 500 guesses %d were limited", limited)
	}
	g.want(g.do("GET", path, nil, "X-Forwarded-For", "198.51.100.7"), 200, "Leave the list?")
	g.want(g.do("POST", path, url.Values{"List-Unsubscribe": {"One-Click"}}, "X-Forwarded-For", "198.51.100.7"), 200)
	if g.on(who) {
		t.Error("she is still on the list")
	}
}

// TestMAIL_U_3_ThePage: opening it, by whatever program and however often, changes nothing;
// it holds one button for the list, the other lists, and "never again", without a script.
func TestMAIL_U_3_ThePage(t *testing.T) {
	s := newSite(t)
	who, path := s.member("ann@example.org")
	for _, method := range []string{"GET", "HEAD"} {
		for _, agent := range []string{"Mozilla/5.0 (Windows) SafeLinks", "Proofpoint", "GoogleImageProxy", ""} {
			for _, from := range []string{"198.51.100.1", "203.0.113.9"} {
				if w := s.do(method, path, nil, "User-Agent", agent, "X-Forwarded-For", from, "Purpose", "prefetch"); w.Code != 200 {
					t.Errorf("%s by %s: %d", method, agent, w.Code)
				}
			}
		}
	}
	if !s.on(who) {
		t.Fatal("a program that looked took her off the list")
	}
	body := s.want(s.do("GET", path, nil), 200, "Leave the list", "a***@example.org", "Lantern Alliance", "Never mail me again")
	if n := strings.Count(body, "button class=\"button\""); n != 1 {
		t.Errorf("%d main buttons", n)
	}
	if strings.Contains(body, "ann@") || strings.Contains(body, "required") {
		t.Error("the page names her to whom it was passed on, or asks for something")
	}
	s.want(s.do("GET", path+"?lang=es", nil), 200, "¿Quiere salir de la lista?", "No me escriban nunca más")
	s.want(s.do("POST", path, url.Values{"list": {"updates"}, "lang": {"es"}}), 200, "Ha salido de la lista", "No me escriban nunca más")
	if s.on(who) {
		t.Error("she is still on the list")
	}
	s.want(s.do("POST", path, url.Values{"list": {"everything"}, "lang": {"en"}}), 200, "We will not mail you again")
	all, err := s.desk.People.Suppressions(t.Context(), "ann@example.org")
	if err != nil || len(all) != 2 || all[0].Reason != supporter.Never || all[0].List != supporter.Everything || all[1].Reason != supporter.Unsubscribed {
		t.Errorf("%+v, %v", all, err)
	}
	robots := s.want(s.do("GET", "/robots.txt", nil), 200, "Disallow: /leave/", "Disallow: /join/", "Disallow: /my-data/")
	if !strings.Contains(robots, "/stop/") {
		t.Error(robots)
	}
}

// TestMAIL_U_2_LinksFromBeforeAMerge: the link in a mail to a mailbox whose owner was merged
// with another person shows what that one is on, and takes them off it.
func TestMAIL_U_2_LinksFromBeforeAMerge(t *testing.T) {
	s := newSite(t)
	gone, path := s.member("ann@example.org")
	kept, _ := s.member("bea@work.example")
	if err := s.desk.People.Merge(t.Context(), kept.ID, gone.ID, "ada"); err != nil {
		t.Fatal(err)
	}
	s.want(s.do("GET", path, nil), 200, "Leave the list", "b***@work.example")
	if !s.on(kept) {
		t.Fatal("looking changes something")
	}
	s.want(s.do("POST", path, url.Values{"List-Unsubscribe": {"One-Click"}}), 200)
	if s.on(kept) {
		t.Error("she is still on the list")
	}
}

// TestSEC_TOK_2_LookingConfirmsNothing: programs that open the links of mails neither join
// nor erase nor download.
func TestSEC_TOK_2_LookingConfirmsNothing(t *testing.T) {
	s := newSite(t)
	s.sent("join", "yes")
	who, _, err := s.desk.People.ByAddress(t.Context(), typed().Get("email"))
	if err != nil {
		t.Fatal(err)
	}
	path := func(url string) string { return strings.TrimPrefix(url, s.desk.People.BaseURL) }
	join, data := path(s.desk.People.JoinURL(who.ID, who.Email, supporter.Updates)), path(s.desk.People.DataURL(who))
	s.prefetch(join, data, data+"/erase")
	for _, method := range []string{"GET", "HEAD"} {
		if w := s.do(method, data+"/download", nil); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("a look downloads: %d", w.Code)
		}
	}
	if m, err := s.desk.People.Membership(t.Context(), who.ID); err != nil || len(m.Lists) != 0 || m.Masked == "" {
		t.Errorf("a look has changed something: %+v, %v", m, err)
	}
	s.want(s.do("GET", join, nil), 200, "Do you want our e-mail?", "Yes, write to me with updates.", "a***@")
	s.want(s.do("POST", join, nil), 200, "You are on the list")
	s.want(s.do("POST", "/join/"+"x"+join[6:], nil), 404)
}
