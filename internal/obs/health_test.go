package obs_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/obs"
)

func found(level obs.Level, check, detail string) func(context.Context) []obs.Finding {
	return func(context.Context) []obs.Finding {
		return []obs.Finding{{Check: check, Level: level, Detail: detail, Do: "Look at it"}}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	fine, worrying, broken := found(obs.OK, "disk", "9 GB"), found(obs.Warn, "queue", "late"), found(obs.Fail, "database", "it is away")
	deadline := func(ctx context.Context) []obs.Finding {
		if _, bounded := ctx.Deadline(); !bounded {
			return []obs.Finding{{Level: obs.Fail, Detail: "the check may take for ever"}}
		}
		return nil
	}
	for _, c := range []struct {
		name   string
		h      http.Handler
		status int
		says   string
	}{
		{"alive", obs.Alive(), http.StatusOK, "ok\n"},
		{"ready without checks", obs.Ready(), http.StatusOK, "ready\n"},
		{"ready", obs.Ready(fine, fine), http.StatusOK, "ready\nok    disk            9 GB. Look at it\n"},
		{"a warning", obs.Ready(fine, worrying), http.StatusOK, "\nwarn  queue           late. Look at it\n"},
		{"one check fails", obs.Ready(fine, broken, worrying), http.StatusServiceUnavailable, "not ready: database: it is away\nok    disk"},
		{"the others are told", obs.Ready(broken, worrying), http.StatusServiceUnavailable, "warn  queue"},
		{"checks are bounded", obs.Ready(deadline), http.StatusOK, "ready"},
	} {
		if w := get(c.h, "/"); w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s: %d %q", c.name, w.Code, w.Body)
		}
	}
}

func TestReadyEndsWithItsRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	check := func(ctx context.Context) []obs.Finding {
		return []obs.Finding{{Check: "database", Level: obs.Fail, Detail: ctx.Err().Error()}}
	}
	obs.Ready(check).ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("a request that went away is answered %d", w.Code)
	}
}

func TestDisk(t *testing.T) {
	t.Parallel()
	if f := obs.Disk(t.TempDir()); f.Level == obs.Fail || !strings.Contains(f.Detail, "B free under ") {
		t.Errorf("%+v", f)
	}
	if f := obs.Disk(t.TempDir() + "/none"); f.Level != obs.Fail {
		t.Errorf("a folder that is not there: %+v", f)
	}
}

func TestSkew(t *testing.T) {
	t.Parallel()
	there := time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/none":
			w.Header()["Date"] = nil
		case "/moved":
			w.Header().Set("Date", there.Format(http.TimeFormat))
			http.Redirect(w, r, "/none", http.StatusFound)
		default:
			w.Header().Set("Date", there.Format(http.TimeFormat))
			w.WriteHeader(http.StatusForbidden)
		}
	}))
	defer server.Close()
	for _, c := range []struct {
		path  string
		ahead time.Duration
		level obs.Level
		says  string
	}{
		{"/", 0, obs.OK, "agrees with the House"},
		{"/", -30 * time.Second, obs.OK, "agrees"},
		{"/moved", 31 * time.Second, obs.Warn, "31s ahead of the House"},
		{"/", -4 * time.Minute, obs.Warn, "4m0s behind the House"},
		{"/", 6 * time.Minute, obs.Fail, "6m0s ahead"},
		{"/", -400 * 24 * time.Hour, obs.Fail, "9600h0m0s behind"},
	} {
		clock := func() time.Time { return there.Add(c.ahead + time.Second/2) }
		ahead, err := obs.Skew(t.Context(), server.Client(), server.URL+c.path, clock)
		if err != nil || ahead != c.ahead {
			t.Fatalf("%s: %s, %v", c.says, ahead, err)
		}
		if f := obs.Clock(ahead, "the House"); f.Level != c.level || !strings.Contains(f.Detail, c.says) {
			t.Errorf("%s: %+v", c.ahead, f)
		}
	}
	for _, address := range []string{server.URL + "/none", "http://127.0.0.1:1/s3cret", ":"} {
		if _, err := obs.Skew(t.Context(), nil, address, time.Now); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
