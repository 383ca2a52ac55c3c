package public

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/letter"
)

// From where a visitor came goes along with the form, whatever pages come between, and into
// the ledger; what somebody makes up in its place stays short and clean.
func TestTheSourceGoesAlong(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	page := s.do(http.MethodGet, "/c/loophole?utm_source=Facebook&utm_campaign=Spring+Ad&ref=x", nil).Body.String()
	if !strings.Contains(page, `~facebook/spring-ad"`) {
		t.Fatalf("the form does not carry the source:\n%s", page)
	}
	if plain := s.do(http.MethodGet, "/c/loophole", nil).Body.String(); strings.Contains(plain, "~facebook") {
		t.Error("a form of somebody else carries the source")
	}
	if odd := s.do(http.MethodGet, "/c/loophole?ref=%22%3E%3Cscript%3E", nil).Body.String(); strings.Contains(odd, `"><script>`) || !strings.Contains(odd, "~ref:script") {
		t.Error("what stands in an address comes into the page as it is")
	}
	form := typed("join", "yes")
	form.Set("key", form.Get("key")+"~facebook/Spring-Ad\"<")
	review := s.do(http.MethodPost, "/c/loophole/review", form)
	if !strings.Contains(review.Body.String(), `~facebook/spring-ad"`) {
		t.Errorf("the review loses the source:\n%s", review.Body)
	}
	if w := s.do(http.MethodPost, "/c/loophole/send", form); w.Code != http.StatusSeeOther {
		t.Fatalf("%d:\n%s", w.Code, w.Body)
	}
	sources, err := s.desk.People.Sources(t.Context(), "")
	if err != nil || len(sources) != 1 || sources[0].Source != "facebook/spring-ad" || sources[0].Letters != 1 || sources[0].Joined != 1 {
		t.Errorf("%+v, %v", sources, err)
	}
	who, ok, err := s.desk.People.ByAddress(t.Context(), form.Get("email"))
	if err != nil || !ok {
		t.Fatal(err)
	}
	consents, err := s.desk.People.Consents(t.Context(), s.store, who.ID)
	if err != nil || len(consents) != 1 || consents[0].Source != "facebook/spring-ad" || consents[0].Agent != "unknown" {
		t.Errorf("%+v, %v", consents, err)
	}
}

// TestViewsAreCounted: each look at the form of an open campaign counts for its source, and
// nothing else does.
func TestViewsAreCounted(t *testing.T) {
	t.Parallel()
	var seen []string
	s := newSiteWith(t, func(site *Site, _ *letter.Options) {
		site.Viewed = func(campaignID, source string) { seen = append(seen, source) }
	})
	s.apply("later", "opens: 2026-12-24\n")
	s.apply("over", "closes: 2026-11-01\n")
	s.do(http.MethodGet, "/c/loophole", nil)
	s.do(http.MethodGet, "/c/loophole?lang=es&utm_source=Facebook&utm_campaign=Spring", nil)
	for _, target := range []string{"/c/later", "/c/over", "/c/loophole/count", "/c/loophole/offices", "/c/nothing", "/", "/privacy"} {
		s.do(http.MethodGet, target+"?ref=x", nil)
	}
	s.do(http.MethodHead, "/c/loophole?ref=x", nil)
	s.do(http.MethodPost, "/c/loophole", typed())
	s.do(http.MethodPost, "/c/loophole/review", typed())
	if want := []string{"", "facebook/spring"}; !slices.Equal(seen, want) {
		t.Errorf("counted were %q, want %q", seen, want)
	}
}
