package ui

import (
	"log/slog"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/web/mw"
)

// Faults answers what is no page: errors, refusals and routes that do not exist.
type Faults struct {
	Log *slog.Logger
	// Page frames what is said as the other pages of the site are.
	Page func(*http.Request, Fault) templ.Component
}

// Fail answers an error. One without a kind is our own mistake: it is logged under a
// reference that the page shows.
func (a Faults) Fail(w http.ResponseWriter, r *http.Request, err error) {
	f := Fault{Status: mw.StatusOf(err)}
	if f.Status >= http.StatusInternalServerError {
		f.Reference = strings.ToUpper(uuid.NewString()[:8])
		a.Log.Error("page failed", "route", r.Pattern, "reference", f.Reference, "error", err.Error())
	}
	if told := fault.Of(err); told != nil && told.RetryAfter > 0 {
		f.RetryAfter = mw.RetryAfter(w, told.RetryAfter)
	}
	a.answer(w, r, f)
}

// Status returns a handler that answers with the page of a status.
func (a Faults) Status(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.answer(w, r, Fault{Status: status}) })
}

// NoSuchRoute answers what only the catch-all of a mux took: 405 where another method would
// do, else 404.
func (a Faults) NoSuchRoute(mux *http.ServeMux, catchAll string, w http.ResponseWriter, r *http.Request) {
	f := Fault{Status: http.StatusNotFound}
	if allowed := mw.Allowed(mux, catchAll, r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		f.Status = http.StatusMethodNotAllowed
	}
	a.answer(w, r, f)
}

func (a Faults) answer(w http.ResponseWriter, r *http.Request, f Fault) {
	if err := mw.HTML(w, r, f.Status, a.Page(r, f)); err != nil {
		a.Log.Error("error page failed", "error", err.Error())
		http.Error(w, http.StatusText(f.Status), f.Status)
	}
}
