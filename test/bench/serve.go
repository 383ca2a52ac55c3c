package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/letter"
)

// slug is the sample campaign's.
const slug = "close-the-loophole"

// clock begins on a day on which the compiled-in lines and roster hold.
func clock() func() time.Time {
	begin := time.Now()
	first := time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC)
	return func() time.Time { return first.Add(time.Since(begin)) }
}

// serve runs one of the servers until the parent has enough.
func serve(ctx context.Context, t task) error {
	ctx = untilClosed(ctx)
	switch t.Do {
	case "franklin":
		return serveFranklin(ctx, t)
	case "capitol":
		return serveCapitol(ctx)
	case "nothing":
		h, err := nothing()
		if err != nil {
			return err
		}
		return serveHandler(ctx, h)
	case "page":
		body, err := os.ReadFile(t.Body)
		if err != nil {
			return err
		}
		return serveHandler(ctx, samePage(body))
	}
	return errors.New("no such part of the bench: " + t.Do)
}

// serveFranklin runs the whole program. Its letters go to a simulated Capitol in this
// process at the usual five a second, so that their jobs are written and wait.
func serveFranklin(ctx context.Context, t task) error {
	now := clock()
	capitol, err := cwctest.Start(ctx, "127.0.0.1:0", cwctest.Options{Key: "bench", Agent: "Bench Agent", Clock: now})
	if err != nil {
		return err
	}
	defer capitol.Close()
	folder, err := os.MkdirTemp("", "franklin-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	a, err := app.New(ctx, settings(t.Database, folder, capitol.URL), app.Options{
		Clock: now, Log: slog.New(slog.DiscardHandler), Version: "bench",
	})
	if err != nil {
		return err
	}
	source, err := os.ReadFile(t.Campaign)
	if err != nil {
		return err
	}
	if _, _, err := a.Campaigns().Apply(ctx, source, "bench"); err != nil {
		return err
	}
	if err := say(serving{a.URL()}); err != nil {
		return err
	}
	return a.Run(ctx)
}

// serveCapitol runs a simulated Capitol in a process of its own.
func serveCapitol(ctx context.Context) error {
	capitol, err := cwctest.Start(ctx, "127.0.0.1:0", cwctest.Options{Key: "bench", Agent: "Bench Agent", Clock: clock()})
	if err != nil {
		return err
	}
	if err := say(serving{capitol.URL}); err != nil {
		return err
	}
	<-ctx.Done()
	return capitol.Close()
}

func settings(database, folder, capitol string) config.Settings {
	return config.Settings{
		DB: database, Addr: "127.0.0.1:0", OpsAddr: "127.0.0.1:0",
		Secret: config.Secret{File: filepath.Join(folder, "secret.key")}, Keyring: filepath.Join(folder, "keyring"),
		Org: config.Organization{Name: "Bench Alliance", ContactName: "Robin Sample", ContactEmail: "robin@bench.example", ContactPhone: "202-555-0142"},
		CWC: config.CWC{
			URL: capitol, Key: "bench", Agent: "Bench Agent", AckEmail: "acks@bench.example",
			ContactName: "Robin Sample", ContactEmail: "robin@bench.example", ContactPhone: "202-555-0142",
			Rate: 5, Timeout: 30 * time.Second,
		},
	}
}

// serveHandler serves a handler with net/http and nothing else.
func serveHandler(ctx context.Context, h http.Handler) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	if err := say(serving{"http://" + listener.Addr().String()}); err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// nothing does with a posted form all that the real handler does before and after the
// desk: read, clean, check, find the office, answer with the way to a receipt.
func nothing() (http.Handler, error) {
	districts, err := district.Embedded()
	if err != nil {
		return nil, err
	}
	people, err := roster.Embedded()
	if err != nil {
		return nil, err
	}
	guide := letter.Guide{Districts: districts, Roster: people}
	keys := letter.NewKeys(make([]byte, 32))
	now := clock()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /c/{slug}/send", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		f := decode(r.PostForm)
		recipient, err := guide.Recipient(f, nil, now())
		if err != nil || !f.KeyValid() || len(f.Problems()) > 0 || !recipient.Clear() {
			http.Error(w, "not a form to be sent", http.StatusUnprocessableEntity)
			return
		}
		http.Redirect(w, r, "/receipt/"+keys.ReceiptToken(newID())+"?lang=en", http.StatusSeeOther)
	})
	return mux, nil
}

// samePage serves fixed bytes, as the action page's handler would if it were nothing else.
func samePage(body []byte) http.Handler {
	length := strconv.Itoa(len(body))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /c/{slug}", func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", length)
		_, _ = w.Write(body)
	})
	return mux
}
