package staff_test

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// may says who gets through to each route: o for owners, c campaigners, m moderators, v
// viewers, n who is not signed in. A route that is not here fails the test.
var may = map[string]string{
	"GET /staff/sign-in":        "ocmvn",
	"POST /staff/sign-in":       "ocmvn",
	"GET /staff/enter/{token}":  "ocmvn",
	"POST /staff/enter/{token}": "ocmvn",
	"POST /staff/sign-out":      "ocmvn",

	"GET /staff/{$}":                     "ocmv",
	"GET /staff/aside":                   "ocmv",
	"GET /staff/unknown":                 "ocmv",
	"POST /staff/move/preview":           "om",
	"POST /staff/move":                   "om",
	"GET /staff/letters":                 "ocm",
	"GET /staff/letters/{id}":            "ocm",
	"GET /staff/queue":                   "ocmv",
	"POST /staff/queue/{channel}/pause":  "o",
	"POST /staff/queue/{channel}/resume": "o",

	"GET /staff/mailings/{$}":                   "ocm",
	"GET /staff/mailings/new":                   "oc",
	"POST /staff/mailings/new":                  "oc",
	"GET /staff/mailings/{mailing}":             "ocm",
	"GET /staff/mailings/{mailing}/change":      "oc",
	"POST /staff/mailings/{mailing}/change":     "oc",
	"GET /staff/mailings/{mailing}/preview":     "ocm",
	"POST /staff/mailings/{mailing}/preview":    "oc",
	"POST /staff/mailings/{mailing}/test":       "oc",
	"GET /staff/mailings/{mailing}/send":        "oc",
	"POST /staff/mailings/{mailing}/start":      "oc",
	"POST /staff/mailings/{mailing}/schedule":   "oc",
	"POST /staff/mailings/{mailing}/unschedule": "oc",
	"POST /staff/mailings/{mailing}/pause":      "oc",
	"POST /staff/mailings/{mailing}/resume":     "oc",
	"POST /staff/mailings/{mailing}/cancel":     "oc",

	"GET /staff/jobs/":   "ocm",
	"POST /staff/jobs/":  "o",
	"PUT /staff/jobs/":   "o",
	"PATCH /staff/jobs/": "o",
}

// paths stand for patterns whose wildcards must name something.
func (o *office) path(pattern string) string {
	_, path, _ := strings.Cut(pattern, " ")
	return strings.NewReplacer("{$}", "", "{token}", "t0ken", "{id}", "no-letter", "{channel}", "cwc-house", "{mailing}", "no-mailing").Replace(path)
}

// TestSEC_AZ_1_Matrix walks every route as everybody.
func TestSEC_AZ_1_Matrix(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	routes := o.site.Routes()
	if got, want := slices.Sorted(maps.Keys(routes)), slices.Sorted(maps.Keys(may)); !slices.Equal(got, want) {
		t.Fatalf("the routes are\n%s\nand the matrix knows\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, role := range account.Roles() {
		for pattern, allowed := range may {
			if pattern == "POST /staff/sign-out" {
				continue
			}
			b := o.as(role)
			method, _, _ := strings.Cut(pattern, " ")
			w := b.do(method, o.path(pattern), formOf(method))
			if through := !strings.Contains(w.Body.String(), "This is not for your role"); through != strings.Contains(allowed, string(role)[:1]) {
				t.Errorf("%s as %s: through is %t, status %d", pattern, role, through, w.Code)
			}
		}
	}
	for pattern, allowed := range may {
		method, _, _ := strings.Cut(pattern, " ")
		w := o.open().do(method, o.path(pattern), formOf(method))
		refused := w.Code == http.StatusForbidden && strings.Contains(w.Body.String(), "You are not signed in") ||
			w.Code == http.StatusSeeOther && w.Header().Get("Location") == "/staff/sign-in" && pattern != "POST /staff/sign-out"
		if refused == strings.Contains(allowed, "n") {
			t.Errorf("%s as nobody: refused is %t, status %d", pattern, refused, w.Code)
		}
	}
}

func formOf(method string) url.Values {
	if method == http.MethodGet {
		return nil
	}
	return url.Values{}
}

// as opens a browser in which somebody with the role is signed in.
func (o *office) as(role account.Role) *browser {
	o.Helper()
	address := string(role) + "@example.org"
	if _, err := o.members.ByAddress(o.Context(), address); err != nil {
		return o.member(role)
	}
	link, err := o.members.ConsoleLink(o.Context(), address, "ada")
	if err != nil {
		o.Fatal(err)
	}
	b := o.open()
	b.leads(b.do("POST", pathOf(link), url.Values{}), "/staff/")
	return b
}

// TestSEC_CSRF_1_PostsOfOtherSites: what changes something is refused when another site asks
// for it, and by GET.
func TestSEC_CSRF_1_PostsOfOtherSites(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	owner := o.member(account.Owner)
	for pattern := range may {
		method, _, _ := strings.Cut(pattern, " ")
		if method == http.MethodGet {
			continue
		}
		for name, headers := range map[string][]string{
			"another site":          {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a neighbour":           {"Sec-Fetch-Site", "same-site", "Origin", "https://www.example.org"},
			"an older browser":      {"Origin", "https://evil.example"},
			"an origin without one": {"Origin", "null"},
		} {
			if w := owner.do(method, o.path(pattern), url.Values{}, headers...); w.Code != http.StatusForbidden {
				t.Errorf("%s from %s: status %d", pattern, name, w.Code)
			}
		}
	}
	owner.get("/staff/", "What waits for a person") // still signed in
}

// TestEveryAnswerIsGuarded: no answer is kept by anybody, and all have the headers that
// protect the reader.
func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	o := newOffice(t, dbtest.New(t))
	owner := o.member(account.Owner)
	paths := []string{"/staff/nowhere", "/staff/enter/t0ken"}
	for pattern := range may {
		if method, _, _ := strings.Cut(pattern, " "); method == http.MethodGet {
			paths = append(paths, o.path(pattern))
		}
	}
	for _, b := range []*browser{owner, o.open()} {
		for _, path := range paths {
			h := b.do("GET", path, nil).Header()
			for name, want := range map[string]string{
				"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
			} {
				if h.Get(name) != want {
					t.Errorf("%s: %s is %q", path, name, h.Get(name))
				}
			}
			policy := h.Get("Content-Security-Policy")
			if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") || strings.Contains(policy, "script-src 'unsafe") {
				t.Errorf("%s: the policy is %q", path, policy)
			}
		}
	}
}
