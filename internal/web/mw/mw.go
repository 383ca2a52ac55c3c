// Package mw holds what every answer of the public site shares: its headers, a bound on
// what a request may carry, the refusal of posts from other sites, and the end of a
// panic.
package mw

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// Chain puts the outermost middleware first.
func Chain(h http.Handler, around ...func(http.Handler) http.Handler) http.Handler {
	for _, wrap := range slices.Backward(around) {
		h = wrap(h)
	}
	return h
}

// policy lets a page load its own style, script and pictures, post to this site, and
// nothing else. There is no inline style or script on any page.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// Headers sets the headers that protect the reader. With https it also asks browsers to
// stay with https for a year.
func Headers(https bool) func(http.Handler) http.Handler {
	fixed := http.Header{
		"Content-Security-Policy":    {policy},
		"X-Content-Type-Options":     {"nosniff"},
		"Referrer-Policy":            {"same-origin"}, // without any, old browsers do not say whose form it is
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Permissions-Policy":         {"geolocation=(self), camera=(), microphone=(), payment=(), usb=()"},
	}
	if https {
		fixed["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), fixed)
			next.ServeHTTP(w, r)
		})
	}
}

// MaxBody bounds the body of a request. A letter of 10,000 characters of four bytes each,
// percent-encoded, has 120 kB.
func MaxBody(bytes int64) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Body != nil && r.Body != http.NoBody {
				r.Body = http.MaxBytesReader(w, r.Body, bytes)
			}
			next.ServeHTTP(w, r)
		})
	}
}

// Secret is for paths that begin like this and go on with a secret, as those behind mailed links.
// No page tells where a link on them was followed. Old browsers, which know no Sec-Fetch-Site, then
// say of their own forms that they come from nowhere; such posts pass, because whoever makes
// them knows the secret. It stands outside SameSite.
func Secret(prefixes ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) }) {
				w.Header().Set("Referrer-Policy", "no-referrer")
				if r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == "null" {
					r = r.Clone(r.Context())
					r.Header.Del("Origin")
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// SameSite refuses posts that a browser sends on behalf of another site, but at the
// patterns that are open to all. Requests that are not a browser's pass.
func SameSite(refuse http.Handler, open ...string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		protection := http.NewCrossOriginProtection()
		protection.SetDenyHandler(refuse)
		for _, pattern := range open {
			protection.AddInsecureBypassPattern(pattern)
		}
		return protection.Handler(next)
	}
}

// Recover answers a panic with the given page and logs it. Nothing of the request but its
// method and the route goes into the log: of a value that our own code panicked with only
// the type, because its text may repeat what somebody typed.
func Recover(log *slog.Logger, answer http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				cause := recover()
				if cause == nil {
					return
				}
				if cause == http.ErrAbortHandler { //nolint:errorlint // the one value net/http compares with
					panic(cause)
				}
				log.Error("panic", "method", r.Method, "route", r.Pattern, "cause", causeOf(cause), "stack", strings.TrimSpace(string(debug.Stack())))
				answer.ServeHTTP(w, r)
			}()
			next.ServeHTTP(w, r)
		})
	}
}

// causeOf names a panic. Those of the Go runtime speak of indexes and types only.
func causeOf(cause any) string {
	if err, ok := cause.(runtime.Error); ok {
		return err.Error()
	}
	return fmt.Sprintf("%T", cause)
}
