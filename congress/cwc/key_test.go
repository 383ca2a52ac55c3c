package cwc_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

// shown prints a value in every way that a program might.
func shown(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&b, verb+"\n", v)
	}
	for _, h := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		slog.New(h).Info("sent", "value", v)
	}
	if text, err := json.Marshal(v); err == nil {
		b.Write(text)
	}
	if text, err := xml.Marshal(v); err == nil {
		b.Write(text)
	}
	return b.String()
}

func hidesKey(t *testing.T, what string, v any) {
	t.Helper()
	text := shown(t, v)
	for _, secret := range []string{testKey, url.QueryEscape(testKey), url.PathEscape(testKey), fmt.Sprintf("%x", testKey), strings.ToUpper(fmt.Sprintf("%x", testKey))} {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows the key as %q:\n%s", what, secret, text)
		}
	}
}

// TestKeyIsNeverShown sends a key through every failure there is and looks for it in all
// that comes back.
func TestKeyIsNeverShown(t *testing.T) {
	key := cwc.NewKey(" " + testKey + "\n")
	if !key.Equal(testKey) || key.Equal("") || (cwc.Key{}).Equal("") {
		t.Error("the key is not what it was made of")
	}
	type settings struct {
		Key    cwc.Key
		hidden cwc.Key
	}
	hidesKey(t, "a key", key)
	hidesKey(t, "settings", settings{key, key})
	hidesKey(t, "a pointer to settings", &settings{key, key})
	hidesKey(t, "a list", []cwc.Key{key})

	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := 400
		if _, err := fmt.Sscan(r.Header.Get("User-Agent"), &status); err != nil {
			status = 400
		}
		w.Header().Set("Location", r.URL.String())
		w.WriteHeader(status)
		fmt.Fprintf(w, "invalid: %s and %s", r.URL.Query().Get("apikey"), r.URL)
	}))
	defer echo.Close()
	for status := 200; status < 600; status++ {
		client := &cwc.HouseClient{BaseURL: echo.URL, Key: key, HTTP: &http.Client{Transport: asking{status}}}
		hidesKey(t, fmt.Sprintf("an outcome of %d", status), client.Send(t.Context(), []byte("x")))
		if status%50 == 0 {
			hidesKey(t, "a validation", client.Validate(t.Context(), []byte("x")))
			_, err := client.Offices(t.Context())
			hidesKey(t, "an error of the offices", err)
		}
	}

	capitol := startCapitol(t)
	for _, act := range []cwctest.Misbehaviour{
		cwctest.TimeoutBefore, cwctest.Reset, cwctest.Truncated, cwctest.Garbage, cwctest.Redirect, cwctest.Huge,
	} {
		for _, call := range []string{"message", "validate", "offices"} {
			if err := capitol.Script(cwctest.Act{Do: act, Call: call}); err != nil {
				t.Fatal(err)
			}
		}
		client := &cwc.HouseClient{BaseURL: capitol.URL, Key: key, Timeout: 100 * time.Millisecond}
		_, err := client.Offices(t.Context())
		hidesKey(t, "an error of the offices", err)
		hidesKey(t, "an outcome", client.Send(t.Context(), []byte("x")))
		hidesKey(t, "a validation", client.Validate(t.Context(), []byte("x")))
		hidesKey(t, "a client", client)
		hidesKey(t, "the client's address", client.String())
	}
	for _, base := range []string{
		"", "http://127.0.0.1:1", "https://127.0.0.1:1", "http://[::1", "http://x.example/?apikey=" + testKey, "https://" + url.QueryEscape(testKey) + "@127.0.0.1",
		"://" + testKey, "https://%zz" + testKey,
	} {
		client := &cwc.HouseClient{BaseURL: base, Key: key}
		hidesKey(t, "an outcome", client.Send(t.Context(), []byte("x")))
		_, err := client.Offices(t.Context())
		hidesKey(t, "an error of the offices", err)
		hidesKey(t, "the client's address", client.String())
	}
	leaky := &cwc.HouseClient{BaseURL: "https://cwc.example.org", Key: key, HTTP: &http.Client{Transport: failing{
		&url.Error{Op: "Post", URL: "https://x?apikey=" + testKey, Err: fmt.Errorf("proxy says %s: %w", testKey, io.ErrClosedPipe)},
	}}}
	hidesKey(t, "an outcome", leaky.Send(t.Context(), []byte("x")))
}

// asking tells the echo which status to answer.
type asking struct{ status int }

func (a asking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", strconv.Itoa(a.status))
	return http.DefaultTransport.RoundTrip(r)
}
