package staff

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

const (
	// backFor is how long a browser remembers which page it asked for: as long as it takes to
	// type an address, and to open the link that is mailed to it.
	backFor = 2 * account.AskedFor
	// longestBack is how long the address of such a page may be: a cookie has 4 kB.
	longestBack = 2000
)

// toSignIn leads to the sign-in, and has the browser remember the page that was asked for. No
// address and no mail names it, so nobody else can choose it.
func (s *Site) toSignIn(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	query.Del("lang") // that of the sign-in counts
	asked := url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: query.Encode()}
	if value := url.QueryEscape(asked.RequestURI()); len(value) <= longestBack {
		s.give(w, backCookie, value, backFor)
	}
	http.Redirect(w, r, s.frame(r, account.Member{}, "").Href("/staff/sign-in"), http.StatusSeeOther)
}

// goBack leads who is signed in to the page that they asked for before, or else to the desk.
func (s *Site) goBack(w http.ResponseWriter, r *http.Request, p ui.Staff) {
	s.give(w, backCookie, "", 0)
	http.Redirect(w, r, p.Href(s.asked(r)), http.StatusSeeOther) //nolint:gosec // asked names pages of this site alone
}

// asked is the page that the browser remembers: a path below ours, whatever the browser says.
func (s *Site) asked(r *http.Request) string {
	const desk = account.Base + "/"
	value, err := url.QueryUnescape(s.cookieOf(r, backCookie))
	if err != nil {
		return desk
	}
	page, err := url.ParseRequestURI(value)
	if err != nil || !strings.HasPrefix(page.Path, desk) {
		return desk
	}
	return page.RequestURI()
}
