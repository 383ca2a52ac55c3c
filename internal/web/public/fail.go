package public

import (
	"net/http"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/web/ui"
)

// faults answers what is no page.
func (s *Site) faults() ui.Faults {
	return ui.Faults{Log: s.Log, Page: func(r *http.Request, f ui.Fault) templ.Component {
		return errorPage(ErrorPage{s.frame(r, r.URL.Path), f})
	}}
}
