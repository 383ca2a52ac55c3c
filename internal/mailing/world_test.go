package mailing_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
)

var (
	noon   = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)
	secret = []byte(strings.Repeat("a", 32))
)

const water = `---
title: Clean water
slug: water
status: published
topics: [Health]
goal: 100
summary: Ask for clean water.
letter:
  subject: Please support H.R. 77
  text: |
    Our water is brown.
opt_in: Yes, send me news.
es:
  title: Agua limpia
---
The page.
`

const hour = time.Hour

const news = `---
name: news
kind: newsletter
campaign: water
subject: News for {{first_name|you}}
es:
  subject: Noticias para {{first_name|ti}}
  text: |
    Hola {{first_name|amiga}}.
---
Hello **{{first_name|friend}}** of {{district|your district}}.

[Write now]({{link}})
`

// faster is how much faster the clock of tests goes than that of the world: the sender looks
// around once a second, and tests wait for that often.
const faster = 10

// clock goes on by itself, and tests turn it forward.
type clock struct {
	mu     sync.Mutex
	at     time.Time
	began  time.Time
	speed  time.Duration
	turned chan struct{} // closed and replaced when it is turned
}

// newClock returns a fast clock; a benchmark's has the world's time.
func newClock(tb testing.TB) *clock {
	tb.Helper()
	c := &clock{at: noon, began: time.Now(), speed: faster, turned: make(chan struct{})}
	if _, measured := tb.(*testing.B); measured {
		c.speed = 1
	}
	return c
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at.Add(c.speed * time.Since(c.began))
}

// after rings when the time has passed, or the clock is turned.
func (c *clock) after(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	turned := c.turned
	c.mu.Unlock()
	ring := make(chan time.Time, 1)
	go func() {
		wait := time.NewTimer(d / c.speed)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-turned:
		}
		ring <- time.Time{}
	}()
	return ring
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	close(c.turned)
	c.turned = make(chan struct{})
}

// world is a database with people on the list, a relay, and a clock that tests turn.
type world struct {
	testing.TB

	db    *db.DB
	clock *clock
	store *mailing.Store
	mails *mailtest.Catcher
	relay mail.Config
	log   *journal
	water *campaign.Campaign
	unfit error
}

// journal keeps the log.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
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

func newWorld(tb testing.TB, d *db.DB, o mailtest.Options) *world {
	tb.Helper()
	w := &world{TB: tb, db: d, clock: newClock(tb), log: &journal{}}
	campaigns := campaign.NewStore(d, w.clock.now)
	var err error
	if w.water, _, err = campaigns.Apply(tb.Context(), []byte(water), "test"); err != nil {
		tb.Fatal(err)
	}
	o.Clock, o.Keep = w.clock.now, 10_000
	if w.mails, err = mailtest.Start(tb.Context(), o); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = w.mails.Close() })
	addr := netip.MustParseAddrPort(w.mails.Addr())
	w.relay = mail.Config{Host: addr.Addr().String(), Port: int(addr.Port()), TLS: mail.TLSNone, From: "letters@act.example.org"}
	people := &supporter.People{DB: d, Keys: supporter.NewKeys(secret), Clock: w.clock.now, BaseURL: "https://act.example.org"}
	w.store = &mailing.Store{
		DB: d, Clock: w.clock.now, Campaigns: campaigns, People: people, Paths: returnpath.New(secret, "bounce.example.org"),
		House: notice.House{Org: "Lantern Alliance", Postal: "100 Example Street, Springfield, IL 62701", BaseURL: "https://act.example.org"},
		Fit:   func(context.Context) error { return w.unfit },
	}
	people.Left = w.store.Left
	return w
}

// onBoth runs a test on both engines.
func onBoth(t *testing.T, test func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d, mailtest.Options{})) })
}

// forever is how long the lease of a sender lasts that is alone: turning the clock does not
// end it, which would hold mailings up until it is prolonged.
const forever = 10_000 * hour

// post returns a sender.
func (w *world) post(change func(*mailing.Options)) *mailing.Post {
	w.Helper()
	sender, err := mail.NewSender(w.relay, w.clock.now)
	if err != nil {
		w.Fatal(err)
	}
	o := mailing.Options{Log: slog.New(slog.NewTextHandler(w.log, nil)), Node: "test", Connections: 4, LeaseTime: forever, After: w.clock.after}
	if change != nil {
		change(&o)
	}
	o.Pool = sender.Pool(o.Connections)
	return mailing.NewPost(w.store, o)
}

// run runs a sender until the test ends, or stop is called.
func (w *world) run(change func(*mailing.Options)) (stop func()) {
	w.Helper()
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan error, 1)
	p := w.post(change)
	go func() { ended <- p.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; err != nil {
				w.Error(err)
			}
		})
	}
	w.Cleanup(stop)
	return stop
}

// people adds so many people who are on the list: p0@example.org and so on.
func (w *world) people(n int, change func(i int, p *person)) []string {
	w.Helper()
	var supporters, subscriptions [][]any
	ids := make([]string, n)
	for i := range n {
		p := person{id: uuid.Must(uuid.NewV7()).String(), email: fmt.Sprintf("p%d@example.org", i), first: "Ann", lang: "en"}
		if change != nil {
			change(i, &p)
		}
		ids[i] = p.id
		at := stamp.Of(w.clock.now())
		supporters = append(supporters, []any{p.id, w.db.Blind(mail.Mailbox(p.email)), p.email, p.first, p.lang, at, at})
		subscriptions = append(subscriptions, []any{p.id, "updates", at, at})
	}
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.InsertRows(ctx, db.Insert{Table: "supporters", Columns: []string{"id", "email_key", "email", "first_name", "lang", "created_at", "updated_at"}}, supporters); err != nil {
			return err
		}
		_, err := tx.InsertRows(ctx, db.Insert{Table: "subscriptions", Columns: []string{"supporter_id", "list", "since", "confirmed_at"}}, subscriptions)
		return err
	})
	return ids
}

type person struct{ id, email, first, lang string }

func (w *world) tx(change func(ctx context.Context, tx *db.Tx) error) {
	w.Helper()
	if err := w.db.Tx(w.Context(), change); err != nil {
		w.Fatal(err)
	}
}

// draft makes a file a mailing.
func (w *world) draft(file string) mailing.Mailing {
	w.Helper()
	m, _, err := w.store.Apply(w.Context(), []byte(file), "ada")
	if err != nil {
		w.Fatal(err)
	}
	return m
}

// start makes a file a mailing and starts it.
func (w *world) start(file string) mailing.Mailing {
	w.Helper()
	m := w.draft(file)
	if err := w.store.Start(w.Context(), m, "ada"); err != nil {
		w.Fatal(err)
	}
	return m
}

// patience is how long tests wait for what must come, on a machine that does much else.
const patience = 2 * time.Minute

// until waits until something is so.
func (w *world) until(what string, so func() bool) {
	w.Helper()
	deadline := time.Now().Add(patience)
	for !so() {
		if time.Now().After(deadline) {
			w.Fatalf("not within %s: %s\n%s", patience, what, w.log)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// state waits until a mailing stands so.
func (w *world) state(m mailing.Mailing, want mailing.State) mailing.Mailing {
	w.Helper()
	w.until(fmt.Sprintf("%s is %s", m.Name, want), func() bool {
		var err error
		if m, err = w.store.Find(w.Context(), m.Name); err != nil {
			w.Fatal(err)
		}
		return m.State == string(want)
	})
	return m
}

func (w *world) numbers(m mailing.Mailing) mailing.Numbers {
	w.Helper()
	n, err := w.store.Numbers(w.Context(), m)
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// got returns how many mails each address got.
func (w *world) got() map[string]int {
	n := map[string]int{}
	for _, m := range w.mails.Messages() {
		for _, to := range m.To {
			n[to]++
		}
	}
	return n
}
