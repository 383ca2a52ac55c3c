package ui_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/web/ui"
)

// answers are faults on a page of a word or two, with what is logged.
func answers(log io.Writer) ui.Faults {
	return ui.Faults{Log: slog.New(slog.NewTextHandler(log, nil)), Page: func(_ *http.Request, f ui.Fault) templ.Component {
		return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, err := io.WriteString(w, f.Reference+" "+strconv.Itoa(f.RetryAfter))
			return err
		})
	}}
}

// TestNobodyComesBackTooEarly: a time to wait is told in whole seconds, the same in the header
// and on the page, and never shorter than it is.
func TestNobodyComesBackTooEarly(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{time.Millisecond: "1", time.Second: "1", 1500 * time.Millisecond: "2", 10 * time.Second: "10"} {
		w := httptest.NewRecorder()
		answers(io.Discard).Fail(w, httptest.NewRequest(http.MethodGet, "/", nil), fault.Limited(wait, ""))
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != want || w.Body.String() != " "+want {
			t.Errorf("%s: status %d, Retry-After %q, page %q", wait, w.Code, w.Header().Get("Retry-After"), w.Body)
		}
	}
}

// TestOwnMistakesHaveAReference, by which those who run the site find them in the log; others'
// are not logged.
func TestOwnMistakesHaveAReference(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	w := httptest.NewRecorder()
	answers(&log).Fail(w, httptest.NewRequest(http.MethodGet, "/", nil), fault.New(fault.NotFound, ""))
	if w.Code != http.StatusNotFound || log.Len() > 0 {
		t.Errorf("status %d, logged %q", w.Code, log.String())
	}
	w = httptest.NewRecorder()
	answers(&log).Fail(w, httptest.NewRequest(http.MethodGet, "/", nil), errors.New("broken"))
	reference, _, _ := strings.Cut(w.Body.String(), " ")
	if w.Code != http.StatusInternalServerError || len(reference) != 8 || !strings.Contains(log.String(), reference) || w.Header().Get("Retry-After") != "" {
		t.Errorf("status %d, page %q, logged %q", w.Code, w.Body, log.String())
	}
}
