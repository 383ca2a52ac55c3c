package mw_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/web/mw"
)

func serve(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// say answers with a status and a word.
func say(status int, word string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, word)
	})
}

func TestChainPutsTheFirstOutermost(t *testing.T) {
	t.Parallel()
	mark := func(word string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, word+"(")
				next.ServeHTTP(w, r)
				_, _ = io.WriteString(w, ")")
			})
		}
	}
	if got := serve(mw.Chain(say(200, "x"), mark("a"), mark("b")), "GET", "/", "").Body.String(); got != "a(b(x))" {
		t.Errorf("got %s", got)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, https := range []bool{false, true} {
		// Also an error has them, because it is a page too.
		h := serve(mw.Chain(say(404, "no"), mw.Headers(https)), "GET", "/", "").Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options":     "nosniff",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("the policy lacks %s: %s", part, policy)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
			t.Errorf("the policy allows too much: %s", policy)
		}
		if !strings.Contains(h.Get("Permissions-Policy"), "camera=()") {
			t.Errorf("Permissions-Policy is %q", h.Get("Permissions-Policy"))
		}
		if got := h.Get("Strict-Transport-Security"); (got != "") != https {
			t.Errorf("with https %t, Strict-Transport-Security is %q", https, got)
		}
	}
}

func TestHeadersOfOneAnswerAreNotThoseOfTheNext(t *testing.T) {
	t.Parallel()
	h := mw.Chain(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", r.URL.Query().Get("policy"))
	}), mw.Headers(false))
	serve(h, "GET", "/?policy=mine", "")
	other := mw.Chain(say(200, ""), mw.Headers(false))
	if got := serve(other, "GET", "/", "").Header().Get("Content-Security-Policy"); got == "mine" {
		t.Error("one page's header leaked into another")
	}
}

func TestMaxBody(t *testing.T) {
	t.Parallel()
	var got string
	var failed error
	h := mw.Chain(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		got, failed = string(body), err
	}), mw.MaxBody(8))
	if serve(h, "POST", "/", "12345678"); failed != nil || got != "12345678" {
		t.Errorf("a body as long as allowed: %q, %v", got, failed)
	}
	serve(h, "POST", "/", "123456789")
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](failed); !ok || tooLarge.Limit != 8 || len(got) > 8 {
		t.Errorf("a longer one: %q, %v", got, failed)
	}
	if serve(h, "GET", "/", ""); failed != nil {
		t.Errorf("no body: %v", failed)
	}
}

func TestSameSite(t *testing.T) {
	t.Parallel()
	h := mw.Chain(say(200, "taken"), mw.SameSite(say(http.StatusForbidden, "refused")))
	for _, c := range []struct {
		name    string
		method  string
		headers []string
		want    string
	}{
		{"own form", "POST", []string{"Sec-Fetch-Site", "same-origin"}, "taken"},
		{"typed by hand", "POST", []string{"Sec-Fetch-Site", "none"}, "taken"},
		{"another site's form", "POST", []string{"Sec-Fetch-Site", "cross-site"}, "refused"},
		{"a neighbour's form", "POST", []string{"Sec-Fetch-Site", "same-site"}, "refused"},
		{"older browser, own form", "POST", []string{"Origin", "http://example.com"}, "taken"},
		{"older browser, another site's", "POST", []string{"Origin", "https://evil.example"}, "refused"},
		{"no origin to name", "POST", []string{"Origin", "null"}, "refused"},
		{"not a browser", "POST", nil, "taken"},
		{"a link on another site", "GET", []string{"Sec-Fetch-Site", "cross-site"}, "taken"},
	} {
		if got := serve(h, c.method, "http://example.com/c/a/send", "x=y", c.headers...).Body.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestSecret: no page behind a mailed link tells where it stands, and old browsers, which then name
// no site with its forms, get through with those; nobody else's forms do.
func TestSecret(t *testing.T) {
	t.Parallel()
	h := mw.Chain(say(200, "taken"), mw.Headers(true), mw.Secret("/receipt/"), mw.SameSite(say(http.StatusForbidden, "refused")))
	for _, c := range []struct {
		path    string
		headers []string
		want    string
		policy  string
	}{
		{"/receipt/t0k3n/ask", []string{"Origin", "null"}, "taken", "no-referrer"},
		{"/receipt/t0k3n/ask", []string{"Origin", "null", "Sec-Fetch-Site", "same-origin"}, "taken", "no-referrer"},
		{"/receipt/t0k3n/ask", []string{"Origin", "null", "Sec-Fetch-Site", "cross-site"}, "refused", "no-referrer"},
		{"/receipt/t0k3n/ask", []string{"Origin", "https://evil.example"}, "refused", "no-referrer"},
		{"/c/a/send", []string{"Origin", "http://example.com"}, "taken", "same-origin"},
		{"/c/a/send", []string{"Origin", "null"}, "refused", "same-origin"},
	} {
		w := serve(h, "POST", "http://example.com"+c.path, "x=y", c.headers...)
		if got := w.Body.String(); got != c.want || w.Header().Get("Referrer-Policy") != c.policy {
			t.Errorf("%s with %v: %s under %q, want %s under %s", c.path, c.headers, got, w.Header().Get("Referrer-Policy"), c.want, c.policy)
		}
	}
}

// TestMAIL_U_2_OpenToAllSites: where a link's bearer may post from anywhere, and only there.
func TestMAIL_U_2_OpenToAllSites(t *testing.T) {
	t.Parallel()
	h := mw.Chain(say(200, "taken"), mw.SameSite(say(http.StatusForbidden, "refused"), "POST /leave/{token}"))
	for path, want := range map[string]string{"/leave/t0k3n": "taken", "/leave/t0k3n/more": "refused", "/c/a/send": "refused"} {
		if got := serve(h, "POST", "http://example.com"+path, "x=y", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").Body.String(); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// recovering puts a handler behind a route and Recover, and returns what it logs.
func recovering(h http.HandlerFunc) (http.Handler, *bytes.Buffer) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.Handle("POST /c/{slug}/send", h)
	return mw.Chain(mux, mw.Recover(slog.New(slog.NewJSONHandler(&log, nil)), say(http.StatusInternalServerError, "sorry"))), &log
}

func TestRecoverAnswersAndLogsNothingPersonal(t *testing.T) {
	t.Parallel()
	type secretive struct{ Email string }
	for name, boom := range map[string]struct {
		do   http.HandlerFunc
		says string
	}{
		"runtime": {func(_ http.ResponseWriter, r *http.Request) {
			_ = r.PostFormValue("email")[1000]
		}, "index out of range"},
		"text":  {func(_ http.ResponseWriter, r *http.Request) { panic("cannot take " + r.PostFormValue("email")) }, `"cause":"string"`},
		"error": {func(_ http.ResponseWriter, r *http.Request) { panic(fmt.Errorf("take %s", r.PostFormValue("email"))) }, `"cause":"*`},
		"value": {func(_ http.ResponseWriter, r *http.Request) { panic(secretive{r.PostFormValue("email")}) }, "secretive"},
	} {
		h, log := recovering(boom.do)
		w := serve(h, "POST", "/c/close-the-loophole/send?token=t0ken", "email=ana%40example.org", "Content-Type", "application/x-www-form-urlencoded")
		if w.Code != http.StatusInternalServerError || w.Body.String() != "sorry" {
			t.Errorf("%s: answered %d %q", name, w.Code, w.Body)
		}
		for _, want := range []string{boom.says, `"method":"POST"`, `"route":"POST /c/{slug}/send"`, "mw_test.go"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%s: the log lacks %s: %s", name, want, log)
			}
		}
		for _, personal := range []string{"ana@", "ana%40", "t0ken", "close-the-loophole"} {
			if strings.Contains(log.String(), personal) {
				t.Errorf("%s: the log holds %s: %s", name, personal, log)
			}
		}
	}
}

func TestRecoverLetsAbortPass(t *testing.T) {
	t.Parallel()
	h, log := recovering(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	defer func() {
		if cause := recover(); cause != http.ErrAbortHandler { //nolint:errorlint // the one value net/http compares with
			t.Errorf("the handler ended with %v", cause)
		}
		if log.Len() > 0 {
			t.Errorf("a connection cut on purpose is logged: %s", log)
		}
	}()
	serve(h, "POST", "/c/a/send", "")
	t.Error("the handler ended normally")
}

func TestRecoverLeavesGoodAnswersAlone(t *testing.T) {
	t.Parallel()
	h, log := recovering(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "fine") })
	if w := serve(h, "POST", "/c/a/send", ""); w.Code != http.StatusOK || w.Body.String() != "fine" || log.Len() > 0 {
		t.Errorf("answered %d %q, logged %s", w.Code, w.Body, log)
	}
}
