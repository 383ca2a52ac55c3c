package mw

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/fault"
)

// StatusOf returns the status that tells an error. An error without a kind is our own
// mistake.
func StatusOf(err error) int {
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(err) {
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.Conflict:
		return http.StatusConflict
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.RateLimited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Unknown:
	}
	return http.StatusInternalServerError
}

// HTML writes a page that must not be stored: it may hold what somebody typed. A request
// whose time is over, because the database did not answer, gets its page all the same.
func HTML(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	var body bytes.Buffer
	if err := page.Render(context.WithoutCancel(r.Context()), &body); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the reader went away: nobody is left to tell
	return nil
}

// RetryAfter tells a client how long to wait, and returns it in whole seconds: rounded up, so
// that nobody comes back too early.
func RetryAfter(w http.ResponseWriter, wait time.Duration) int {
	seconds := int((wait + time.Second - 1) / time.Second)
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	return seconds
}

// Allowed returns the methods by which a mux would take a request that none of its routes
// but the catch-all took.
func Allowed(mux *http.ServeMux, catchAll string, r *http.Request) []string {
	var methods []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := mux.Handler(probe); pattern != "" && pattern != catchAll {
			methods = append(methods, method)
		}
	}
	return methods
}
