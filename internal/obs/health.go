package obs

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Level is how grave a finding is.
type Level string

// The levels.
const (
	OK   Level = "ok"   // as it should be
	Warn Level = "warn" // a person should look, but letters can be taken in and sent
	Fail Level = "fail" // letters cannot be taken in or sent, or would be wrong
)

// Finding is what one check found.
type Finding struct {
	Check  string `json:"check"` // what was looked at, in one or two words
	Level  Level  `json:"level"`
	Detail string `json:"detail"`       // what was found, in a sentence
	Do     string `json:"do,omitempty"` // what mends it
}

// Words returns what was found and what mends it.
func (f Finding) Words() string {
	if f.Do == "" {
		return f.Detail
	}
	return f.Detail + ". " + f.Do
}

// line is a finding as a line of text.
func (f Finding) line() string {
	return fmt.Sprintf("%-4s  %-14s  %s", f.Level, f.Check, strings.ReplaceAll(f.Words(), "\n", " "))
}

// Alive answers as long as the process can answer at all.
func Alive() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
}

// readyTimeout bounds all checks of one look together.
const readyTimeout = 5 * time.Second

// Ready answers 200 while no check fails, and else 503. The first line says so, with the
// first failure; the lines behind it are all findings.
func Ready(checks ...func(context.Context) []Finding) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		first, lines := "ready", []string{}
		status := http.StatusOK
		for _, check := range checks {
			for _, f := range check(ctx) {
				lines = append(lines, f.line())
				if f.Level == Fail && status == http.StatusOK {
					first, status = "not ready: "+f.Check+": "+f.Detail, http.StatusServiceUnavailable
				}
			}
		}
		h := w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(strings.Join(append([]string{first}, lines...), "\n") + "\n"))
	})
}
