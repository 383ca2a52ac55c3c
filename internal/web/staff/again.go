package staff

import (
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// AgainPage stands in for the answer to a form whose sender has to sign in first. It holds all
// that was sent, so that one button goes on where they were.
type AgainPage struct {
	ui.Staff

	Member account.Member // zero for whose session ended
	CanAsk bool           // mail leaves from here
	Action string         // where the form goes
	Kept   []kept
}

// kept is one value of a form.
type kept struct{ name, value string }

func keptOf(form url.Values) []kept {
	var all []kept
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			all = append(all, kept{name, value})
		}
	}
	return all
}

// fresh serves what needs a sign-in that is not older than account.FreshFor.
func (s *Site) fresh(serve handler) handler {
	return func(w http.ResponseWriter, r *http.Request, m account.Member) error {
		if m.Fresh(s.Clock()) {
			return serve(w, r, m)
		}
		return s.again(w, r, m)
	}
}

// again asks for a sign-in and keeps what was sent: only on this page, which nothing stores.
func (s *Site) again(w http.ResponseWriter, r *http.Request, m account.Member) error {
	if err := r.ParseForm(); err != nil {
		return fault.Wrap(fault.Invalid, err, "")
	}
	p := AgainPage{Staff: s.frame(r, m, "/staff/"), Member: m, CanAsk: s.Ask != nil, Action: r.URL.EscapedPath()}
	p.Title = p.L.StaffAgainTitle()
	p.Kept = keptOf(r.PostForm)
	return mw.HTML(w, r, http.StatusForbidden, againPage(p))
}
