package cwc_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/franklin-letters/franklin/congress/cwc"
)

// TestLastCheckIsAskedOnTheOpenConnection: not before the connection stands, and what it
// stops does not arrive, not even in part.
func TestLastCheckIsAskedOnTheOpenConnection(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := make([]byte, 16)
		if n, _ := r.Body.Read(body); n > 0 {
			arrived.Add(1)
		}
		_, _ = w.Write([]byte("Message Accepted"))
	}))
	s.Start()
	defer s.Close()
	client := &cwc.HouseClient{BaseURL: s.URL, Key: cwc.NewKey("k")}
	asked := 0
	ctx := cwc.WithLastCheck(t.Context(), func() error { asked++; return nil })
	if o := client.Send(ctx, []byte("<CWC/>")); o.Result != cwc.Accepted || asked != 1 || arrived.Load() != 1 {
		t.Fatalf("%+v, asked %d times, arrived %d times", o, asked, arrived.Load())
	}
	ctx = cwc.WithLastCheck(t.Context(), func() error { return errors.New("too late") })
	o := client.Send(ctx, []byte(strings.Repeat("x", 100_000)))
	if o.Result != cwc.NotSent || !strings.Contains(o.Detail, "too late") {
		t.Errorf("%+v", o)
	}
	if n := arrived.Load(); n != 1 {
		t.Errorf("%d messages arrived", n)
	}
	s.Close()
	none := cwc.WithLastCheck(context.WithoutCancel(t.Context()), func() error { t.Error("asked without a connection"); return nil })
	if o := client.Send(none, []byte("<CWC/>")); o.Result != cwc.NotSent {
		t.Errorf("%+v", o)
	}
}
