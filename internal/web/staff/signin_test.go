package staff_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

func email(address string) url.Values { return url.Values{"email": {address}} }

// mailed does what the job does, and returns the path of the link.
func (o *office) mailed() string {
	o.Helper()
	last := o.asked[len(o.asked)-1]
	_, link, err := o.members.AskedLink(o.Context(), last.mailbox, last.browser)
	if err != nil {
		o.Fatal(err)
	}
	return pathOf(link)
}

func TestSigningInByAMailedLink(t *testing.T) {
	each(t, func(o *office) {
		o.member(account.Moderator)
		b := o.open()
		b.leads(b.do("GET", "/staff/", nil), "/staff/sign-in")
		b.get("/staff/sign-in", "Send me a link")
		b.post("/staff/sign-in", email(" Moderator@Example.org "), "Look at your mailbox")
		link := o.mailed()

		other := o.open()
		other.want(other.do("GET", link, nil), http.StatusForbidden, "Open the link where you asked for it")
		other.want(other.do("POST", link, url.Values{}), http.StatusForbidden, "Open the link where you asked for it")
		scanner := b.get(link, "Welcome, moderator")
		if strings.Contains(scanner, "Sign out") {
			t.Error("looking at the link signed in")
		}
		b.leads(b.do("POST", link, url.Values{}), "/staff/")
		b.get("/staff/", "What waits for a person", "moderator", "Moderator")
		b.want(b.do("POST", link, url.Values{}), http.StatusNotFound, "This link works no more")
		if got := o.acts(audit.StaffSignIn); len(got) != 2 || !strings.HasPrefix(got[0], "moderator (staff) ") {
			t.Errorf("the log says %q", got)
		}
	})
}

// TestBackToThePageAskedFor: who had to sign in first comes to the page that they wanted, once.
func TestBackToThePageAskedFor(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.member(account.Owner)
	b := o.open()
	b.leads(b.do("GET", "/staff/aside?reason=looks+odd&lang=en", nil), "/staff/sign-in?lang=en")
	b.post("/staff/sign-in", email("owner@example.org"))
	b.leads(b.do("POST", o.mailed(), url.Values{"lang": {"es"}}), "/staff/aside?reason=looks+odd&lang=es")
	b.leads(b.do("GET", "/staff/sign-in", nil), "/staff/")

	b = o.open()
	b.leads(b.do("GET", "/staff/letters/..%2F%2Fevil.example", nil), "/staff/sign-in")
	tab := o.as(account.Owner) // signs in elsewhere, with the same cookies
	b.cookies["__Host-staff"] = tab.cookies["__Host-staff"]
	b.leads(b.do("GET", "/staff/sign-in", nil), "/staff/letters/..%2F%2Fevil.example")
	if len(b.cookies) != 1 {
		t.Errorf("cookies are left: %v", b.cookies)
	}
}

// TestSEC_RED_1_BackStaysHere: whatever stands in the cookie leads to no other site.
func TestSEC_RED_1_BackStaysHere(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Owner)
	for _, cookie := range []string{
		"https://evil.example/staff/", "//evil.example/staff/", `/\evil.example`, "/staff/..//evil.example", "/staff//evil.example", "/staffx", "javascript:alert(1)", "", "/staff/\r\nX: y",
	} {
		b.cookies["__Host-staff-back"] = url.QueryEscape(cookie)
		to := b.do("GET", "/staff/sign-in", nil).Header().Get("Location")
		if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
			t.Errorf("%q leads to %q", cookie, to)
		}
	}
	nobody := o.open()
	nobody.do("POST", "/staff/move", url.Values{})
	nobody.do("GET", "/staff/queue", nil, "Sec-Fetch-Dest", "empty")
	nobody.do("GET", "/staff/aside?reason="+strings.Repeat("x", 4000), nil)
	if len(nobody.cookies) != 0 {
		t.Errorf("what is no page that can be opened again is remembered: %v", nobody.cookies)
	}
}

func TestALinkEnds(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.member(account.Owner)
	b := o.open()
	b.post("/staff/sign-in", email("owner@example.org"))
	link := o.mailed()
	o.now = noon.Add(account.AskedFor)
	b.want(b.do("GET", link, nil), http.StatusNotFound, "This link works no more")
	b.want(b.do("POST", link, url.Values{}), http.StatusNotFound, "This link works no more")
}

// TestSEC_AUTH_3_EveryAddressAlike: nothing in the answer, and no work before it, depends on
// whether somebody has the address.
func TestSEC_AUTH_3_EveryAddressAlike(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	o.member(account.Owner)
	var pages []string
	for _, address := range []string{"owner@example.org", "nobod@example.org"} {
		w := o.open().do("POST", "/staff/sign-in", email(address))
		if len(w.Result().Cookies()) != 1 || w.Code != http.StatusOK {
			t.Errorf("%s: status %d, cookies %v", address, w.Code, w.Result().Cookies())
		}
		pages = append(pages, w.Body.String())
	}
	if pages[0] != pages[1] || len(o.asked) != 2 {
		t.Errorf("the answers differ, or %d jobs are not two:\n%s\n%s", len(o.asked), pages[0], pages[1])
	}
	if a, b := o.asked[0], o.asked[1]; strings.Contains(a.mailbox+b.mailbox, "@") || len(a.mailbox) != len(b.mailbox) || a.browser == b.browser {
		t.Errorf("the jobs are %+v and %+v", a, b)
	}
}

// TestSEC_AUTH_2_AskingOften: a mailbox gets four links an hour that one network asks for, and
// a network may ask ten times a minute. Only the network is told.
func TestSEC_AUTH_2_AskingOften(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.open()
	for i := range 9 {
		b.post("/staff/sign-in", email("owner@example.org"), "Look at your mailbox")
		if want := min(i+1, 4); len(o.asked) != want {
			t.Fatalf("after %d times, %d mails, want %d", i+1, len(o.asked), want)
		}
	}
	o.now = noon.Add(time.Hour)
	b.post("/staff/sign-in", email("owner@example.org"))
	if len(o.asked) != 5 {
		t.Errorf("an hour later no mail goes")
	}
	strangers := func(n int) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", home+"/staff/sign-in", strings.NewReader(email(fmt.Sprintf("p%d@example.org", n)).Encode()))
		r.RemoteAddr = "203.0.113.7:4711"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		o.handler.ServeHTTP(w, r)
		return w
	}
	for i := range 10 {
		b.want(strangers(i), http.StatusOK)
	}
	if w := strangers(10); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("the eleventh in a minute: status %d", w.Code)
	}
}

func TestSigningInWrongly(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.open()
	b.want(b.do("POST", "/staff/sign-in", email("ana<b>@")), http.StatusUnprocessableEntity, "Error: Sign in", "Type a whole e-mail address", `value="ana<b>@"`)
	b.want(b.do("POST", "/staff/sign-in", url.Values{"email": {"x"}, "lang": {"es"}}), http.StatusUnprocessableEntity, "Escriba una dirección completa")
	o.site.Ask = nil
	b.get("/staff/sign-in", "No mail leaves from this site")
	b.want(b.do("POST", "/staff/sign-in", email("owner@example.org")), http.StatusUnprocessableEntity, "No mail leaves from this site")
}

// TestSEC_SES_Cookies: bound to the host, unreadable, and new with each sign-in.
func TestSEC_SES_Cookies(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	b := o.member(account.Owner)
	first := b.cookies["__Host-staff"]
	link, err := o.members.ConsoleLink(t.Context(), "owner@example.org", "ada")
	if err != nil {
		t.Fatal(err)
	}
	w := b.do("POST", pathOf(link), url.Values{})
	c := w.Result().Cookies()[0]
	if c.Name != "__Host-staff" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Value == first {
		t.Errorf("the cookie is %+v", c)
	}
	old := o.open()
	old.cookies["__Host-staff"] = first
	old.leads(old.do("GET", "/staff/", nil), "/staff/sign-in") // the first session ended
	b.leads(b.do("GET", "/staff/sign-in", nil), "/staff/")

	copied := o.open()
	copied.cookies["__Host-staff"] = c.Value
	b.leads(b.do("POST", "/staff/sign-out", url.Values{}), "/staff/sign-in")
	if len(b.cookies) != 0 {
		t.Errorf("cookies are left: %v", b.cookies)
	}
	copied.leads(copied.do("GET", "/staff/", nil), "/staff/sign-in")
}

func TestSEC_SES_3_ADisabledMembersNextClick(t *testing.T) {
	each(t, func(o *office) {
		b := o.member(account.Owner)
		if err := o.members.SetRole(o.Context(), "owner@example.org", account.Viewer, "ada"); err != nil {
			o.Fatal(err)
		}
		b.get("/staff/", "Viewer")
		if err := o.members.Disable(o.Context(), "owner@example.org", "ada"); err != nil {
			o.Fatal(err)
		}
		b.leads(b.do("GET", "/staff/", nil), "/staff/sign-in")
	})
}
