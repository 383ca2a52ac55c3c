package app_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// noon is when the clocks of these tests start.
var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const (
	apiKey = "k3y-0f-the-h0use"
	agent  = "Franklin Test Agent"
)

const campaignFile = `---
title: Close the loophole
slug: loophole
status: published
bill: H.R. 2172
bill_title: Closing the Law Enforcement Consent Loophole Act
stance: pro
topics: [Crime and Law Enforcement]
goal: 3000
summary: Ask your Representative to support the bill.
letter:
  subject: Please support H.R. 2172
  text: |
    Please support this bill.

    It matters at home.
opt_in: Yes, write to me with updates.
---
The page.
`

// town is the world around the program: the Capitol, a mail relay, a clock, and somebody
// who reads the log.
type town struct {
	*testing.T

	settings config.Settings
	options  app.Options
	capitol  *capitol
	mails    *mailtest.Catcher
	clock    *clock
	log      *journal
}

// build makes a town whose program keeps its letters in the given database.
func build(t *testing.T, database string) *town {
	t.Helper()
	w := &town{T: t, clock: &clock{start: time.Now(), at: noon}, log: &journal{}}
	w.capitol = openCapitol(t, w.clock.now)
	w.mails = openMails(t, mailtest.Options{Clock: w.clock.now})
	w.options = app.Options{
		Clock: w.clock.now, Version: "1.2.3", Backoff: 10 * time.Millisecond,
		Log: slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	w.settings = config.Settings{
		DB: database, Addr: "127.0.0.1:0", OpsAddr: "127.0.0.1:0",
		Secret: config.Secret{File: filepath.Join(t.TempDir(), "keys", "secret.key")}, Keyring: dbtest.Keyring(t),
		Org: config.Organization{Name: "Lantern Alliance", ContactEmail: "office@lantern.example", Postal: "100 Example Street, Springfield, IL 62701"},
		CWC: config.CWC{
			URL: w.capitol.URL, Key: apiKey, Agent: agent, AckEmail: "acks@lantern.example",
			ContactName: "Robin Sample", ContactEmail: "letters@lantern.example", ContactPhone: "202-555-0142",
			Rate: 200, Timeout: 10 * time.Second, ResendUnknown: true,
		},
	}
	if err := w.settings.Load(); err != nil {
		t.Fatal(err)
	}
	w.mailThrough(w.mails)
	return w
}

func (w *town) mailThrough(relay *mailtest.Catcher) {
	addr := netip.MustParseAddrPort(relay.Addr())
	w.settings.Mail = config.Mail{Host: addr.Addr().String(), Port: int(addr.Port()), TLS: "none", From: "letters@lantern.example"}
	w.settings.Mailing.Catcher = true
}

func openMails(t *testing.T, o mailtest.Options) *mailtest.Catcher {
	t.Helper()
	mails, err := mailtest.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := mails.Close(); err != nil {
			t.Error(err)
		}
	})
	return mails
}

// program is one running program of the town.
type program struct {
	*town
	*app.App

	// stop ends the program as a signal would, and returns what Run returned.
	stop func() error
	// ended gives what Run returned, once, to whoever is first.
	ended <-chan error
}

// start runs the program with the town's campaign until stop or the end of the test.
func (w *town) start() *program {
	w.Helper()
	a, err := app.New(w.Context(), w.settings, w.options)
	if err != nil {
		w.Fatal(err)
	}
	if _, _, err := a.Campaigns().Apply(w.Context(), []byte(campaignFile), "test"); err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan error, 1)
	go func() {
		defer close(ended)
		ended <- a.Run(ctx)
	}()
	p := &program{town: w, App: a, ended: ended, stop: sync.OnceValue(func() error {
		cancel()
		return <-ended
	})}
	w.Cleanup(func() {
		if err := p.stop(); err != nil {
			w.Errorf("the program ended with %v", err)
		}
	})
	return p
}

var client = &http.Client{
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// answer is what a page was answered with.
type answer struct {
	status   int
	location string // where a redirect leads
	body     string // with HTML's escapes undone
}

// do makes one request.
func (w *town) do(method, target string, form url.Values, headers ...string) answer {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, target, strings.NewReader(form.Encode()))
	if err != nil {
		w.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it has been read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Location"), html.UnescapeString(string(body))}
}

// read returns a page that must be there.
func (w *town) read(target string) string {
	w.Helper()
	a := w.do(http.MethodGet, target, nil)
	if a.status != http.StatusOK {
		w.Fatalf("GET %s: %d\n%s", target, a.status, a.body)
	}
	return a.body
}

// until asks a running server for a page until it holds the text. The server gives no
// signal to wait for.
func (w *town) until(target, want string) string {
	w.Helper()
	for deadline := time.Now().Add(time.Minute); ; {
		body := w.do(http.MethodGet, target, nil).body
		if strings.Contains(body, want) {
			return body
		}
		if time.Now().After(deadline) {
			w.Fatalf("%s did not come to hold %q:\n%s\nlog:\n%s", target, want, body, w.log)
		}
	}
}

// typed is the form as somebody in Cheyenne fills it in, but for the named changes.
func typed(change ...string) url.Values {
	form := url.Values{
		"prefix": {"Ms."}, "first_name": {"Ana"}, "last_name": {"Muñoz"}, "email": {"ana@example.org"}, "address1": {"2101 O'Neil Ave"},
		"city": {"Cheyenne"}, "state": {"WY"}, "zip": {"82001"}, "subject": {"Please support H.R. 2172"},
		"message": {"Please support this bill.\n\nIt matters at home."}, "key": {letter.NewKey()},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

// send sends the form and returns the address of the receipt.
func (p *program) send(form url.Values) (receipt string) {
	p.Helper()
	a := p.do(http.MethodPost, p.URL()+"/c/loophole/send", form)
	if a.status != http.StatusSeeOther {
		p.Fatalf("sending is answered %d:\n%s", a.status, a.body)
	}
	return p.URL() + a.location
}

// submission returns the id of the submission that a receipt belongs to.
func submission(receipt string) string {
	return regexp.MustCompile(`/receipt/([^.]+)`).FindStringSubmatch(receipt)[1]
}

// clock runs like any other, from another start, and can be turned forward.
type clock struct {
	mu        sync.Mutex
	start, at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(time.Since(c.start))
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// journal is a log that can be read while it is written.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// capitol is a simulated Capitol that can hold messages at its door.
type capitol struct {
	*cwctest.Capitol

	URL string

	mu      sync.Mutex
	arrived chan struct{} // told of each message at a closed door; nil while it is open
	release chan struct{}
}

func openCapitol(t *testing.T, now func() time.Time) *capitol {
	t.Helper()
	inner, err := cwctest.New(cwctest.Options{Key: apiKey, Agent: agent, Clock: now})
	if err != nil {
		t.Fatal(err)
	}
	c := &capitol{Capitol: inner}
	server := httptest.NewServer(c)
	c.URL = server.URL
	t.Cleanup(func() {
		server.Close()
		_ = inner.Close() // it keeps no file
	})
	return c
}

func (c *capitol) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	arrived, release := c.arrived, c.release
	c.mu.Unlock()
	if arrived != nil && r.Method == http.MethodPost {
		arrived <- struct{}{}
		<-release
	}
	c.Capitol.ServeHTTP(w, r)
}

// shut closes the door: messages tell of their arrival, and wait until it is opened.
func (c *capitol) shut() (arrived <-chan struct{}, open func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrived, c.release = make(chan struct{}, 100), make(chan struct{})
	return c.arrived, sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		close(c.release)
		c.arrived = nil
	})
}
