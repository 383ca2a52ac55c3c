package obs_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/obs"
)

// ticking is a clock on which every look takes a quarter of a second.
func ticking() func() time.Time {
	at := time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)
	return func() time.Time {
		at = at.Add(250 * time.Millisecond)
		return at
	}
}

func get(h http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

func TestRequestsAreLabelledByRoute(t *testing.T) {
	t.Parallel()
	m := obs.New()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /receipt/{token}", func(w http.ResponseWriter, _ *http.Request) {
		if n := m.Waiting(); n != 1 {
			t.Errorf("%d wait for their answer while one does", n)
		}
		_, _ = w.Write([]byte("here"))
	})
	mux.HandleFunc("GET /c/{slug}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	h := m.Requests(ticking(), mux)
	for _, target := range []string{"/receipt/s3cret.t0ken", "/receipt/other?lang=es", "/c/close-the-loophole", "/nothing/here?email=ana@example.org"} {
		get(h, target)
	}
	page := get(m.Handler(), "/metrics").Body.String()
	for _, want := range []string{
		`franklin_http_request_seconds_count{route="GET /receipt/{token}",status="200"} 2`,
		`franklin_http_request_seconds_sum{route="GET /receipt/{token}",status="200"} 0.5`,
		`franklin_http_request_seconds_bucket{route="GET /receipt/{token}",status="200",le="0.1"} 0`,
		`franklin_http_request_seconds_bucket{route="GET /receipt/{token}",status="200",le="0.5"} 2`,
		`franklin_http_request_seconds_count{route="GET /c/{slug}",status="503"} 1`,
		`franklin_http_request_seconds_count{route="none",status="404"} 1`,
		"franklin_http_requests_waiting 0",
		"go_goroutines", "process_start_time_seconds",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	for _, personal := range []string{"t0ken", "close-the-loophole", "ana@", "nothing"} {
		if strings.Contains(page, personal) {
			t.Errorf("the metrics hold %s", personal)
		}
	}
}

func TestRequestsLeaveTheConnectionInReach(t *testing.T) {
	t.Parallel()
	h := obs.New().Requests(ticking(), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Errorf("flush: %v", err)
		}
	}))
	if w := get(h, "/"); !w.Flushed {
		t.Error("the answer was not flushed")
	}
}

func TestJobs(t *testing.T) {
	t.Parallel()
	m := obs.New()
	m.Job("deliver_letters", 2*time.Second, false)
	m.Job("deliver_letters", 4*time.Second, false)
	m.Job("deliver_letters", time.Second, true)
	page := get(m.Handler(), "/metrics").Body.String()
	for _, want := range []string{
		`franklin_job_seconds_count{failed="false",kind="deliver_letters"} 2`,
		`franklin_job_seconds_sum{failed="false",kind="deliver_letters"} 6`,
		`franklin_job_seconds_count{failed="true",kind="deliver_letters"} 1`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if again := get(obs.New().Handler(), "/metrics").Body.String(); strings.Contains(again, "deliver_letters") {
		t.Error("two processes in one program share their numbers")
	}
}
