package public

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/web/mw"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// fail answers an error with its page. An error without a kind is our own mistake: it is
// logged under a reference that the page shows.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := mw.StatusOf(err)
	reference := ""
	if status >= http.StatusInternalServerError {
		reference = strings.ToUpper(uuid.NewString()[:8])
		s.Log.Error("page failed", "route", r.Pattern, "reference", reference, "error", err.Error())
	}
	var wait time.Duration
	if f := fault.Of(err); f != nil {
		wait = f.RetryAfter
	}
	s.errorPage(w, r, status, reference, wait)
}

// status returns a handler that answers with the page of a status.
func (s *Site) status(status int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.errorPage(w, r, status, "", 0) })
}

func (s *Site) errorPage(w http.ResponseWriter, r *http.Request, status int, reference string, wait time.Duration) {
	p := ErrorPage{s.frame(r, r.URL.Path), ui.Fault{Status: status, Reference: reference, RetryAfter: int(wait.Seconds())}}
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.RetryAfter))
	}
	if err := s.render(w, r, status, errorPage(p)); err != nil {
		s.Log.Error("error page failed", "error", err.Error())
		http.Error(w, http.StatusText(status), status)
	}
}

// noSuchRoute answers what no route takes: 405 where another method would do, else 404.
func (s *Site) noSuchRoute(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) error {
	allowed := mw.Allowed(mux, "/", r)
	if len(allowed) == 0 {
		return fault.New(fault.NotFound, "")
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	s.errorPage(w, r, http.StatusMethodNotAllowed, "", 0)
	return nil
}
