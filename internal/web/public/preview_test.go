package public

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/web/asset"
)

var previewAddr = flag.String("preview", "", "serve every fixture at this address until interrupted")

// TestPreview lets a designer look at every page in every state:
//
//	go test ./internal/web/public -run TestPreview -timeout 0 -preview 127.0.0.1:8090
//
// The list is at /, a page at /NAME?lang=es.
func TestPreview(t *testing.T) {
	if *previewAddr == "" {
		t.Skip("start it with -preview ADDR")
	}
	all := fixtures()
	mux := http.NewServeMux()
	mux.Handle(asset.Prefix, asset.Handler())
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		f, ok := all[r.PathValue("name")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		lang, _ := locale.Choose("", r.FormValue("lang"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'")
		_ = f(locale.In(lang)).Render(r.Context(), w)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			_, _ = fmt.Fprintln(w, name)
		}
	})
	listener, err := net.Listen("tcp", *previewAddr)
	if err != nil {
		t.Fatal(err)
	}
	stop, cancel := signal.NotifyContext(t.Context(), os.Interrupt)
	defer cancel()
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	context.AfterFunc(stop, func() { _ = server.Close() })
	t.Logf("http://%s/", listener.Addr())
	_ = server.Serve(listener)
}
