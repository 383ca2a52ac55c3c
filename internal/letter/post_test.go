package letter_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// start is a day of the 119th Congress, at noon in Washington.
var start = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

const (
	agent = "Franklin Letters"
	key   = "the-secret-key"
	day   = 24 * time.Hour
)

// clock is a clock that tests turn. It counts how often it is read.
type clock struct{ ms, reads atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(start.UnixMilli())
	return c
}

func (c *clock) now() time.Time {
	c.reads.Add(1)
	return time.UnixMilli(c.ms.Load())
}

func (c *clock) turn(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// tester is what a post office needs of a test, whether rapid or Go runs it.
type tester interface {
	Helper()
	Context() context.Context
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// post is a whole post office: a desk on a real database and a
// Capitol that answers over HTTP.
type post struct {
	t        tester
	db       *db.DB
	clock    *clock
	store    *campaign.Store
	source   string // of the campaign's file
	campaign *campaign.Campaign
	capitol  *cwctest.Server
	house    *letter.House
	wire     *wire // only of a post office that is wired
	desk     *letter.Desk
	options  letter.Options
	taken    *queue
}

// queue remembers what was asked for.
type queue struct {
	mu  sync.Mutex
	ids []string
}

func (q *queue) add(ids []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ids = append(q.ids, ids...)
}

// drain returns what was asked for since the last call.
func (q *queue) drain() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	ids := q.ids
	q.ids = nil
	return ids
}

const water = `---
title: Clean water
slug: water
status: published
bill: H.R. 77
bill_title: Water Act
stance: pro
topics: [Environmental Protection, Health]
goal: 100
summary: Ask for clean water.
letter:
  subject: Please support H.R. 77
  text: |
    Our water is brown.

    Please vote yes.
opt_in: Yes, send me news.
es:
  opt_in: Sí, quiero noticias.
---
The page.
`

// option changes a post office before it opens.
type option func(*post)

// noHouse is an installation without a key.
func noHouse(p *post) { p.house = nil }

func resendUnknown(p *post) { p.house.ResendUnknown = true }

// named is a campaign of its own, for posts that share a database.
func named(name string) option {
	slug := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name)), "-")
	return func(p *post) { p.source = strings.Replace(water, "slug: water", "slug: "+slug, 1) }
}

// impatient is a sender who soon gives up waiting for an answer to a message.
func impatient(p *post) {
	wired(p)
	p.wire.hurry(200 * time.Millisecond)
}

func at(c *cwctest.Server) option { return func(p *post) { p.capitol = c } }

func capitol(t *testing.T, change func(*cwctest.Options)) *cwctest.Server {
	t.Helper()
	o := cwctest.Options{Key: key, Agent: agent, Clock: func() time.Time { return start }}
	if change != nil {
		change(&o)
	}
	s, err := cwctest.Start(t.Context(), "127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func newPost(t *testing.T, d *db.DB, options ...option) *post {
	t.Helper()
	p := &post{t: t, db: d, clock: newClock(), taken: &queue{}, source: water}
	p.house = &letter.House{
		Client: &cwc.HouseClient{Key: cwc.NewKey(key)},
		Sender: letter.Sender{
			Agent: agent, AckEmail: "ack@example.org", Contact: cwc.Contact{Name: "Ada Operator", Email: "ada@example.org", Phone: "202-224-3121"},
			Organization: "Water League", About: "We care for water.", OrgContact: cwc.Contact{Name: "Wes Waters", Email: "wes@example.org"},
			SiteURL: "https://act.example.org",
		},
		DB: d, Clock: p.clock.now,
	}
	for _, change := range options {
		change(p)
	}
	if p.capitol == nil && p.house != nil {
		p.capitol = capitol(t, nil)
	}
	if p.house != nil {
		p.house.Client.BaseURL = p.capitol.URL
	}
	p.store = campaign.NewStore(d, p.clock.now)
	p.campaign = p.apply(p.source)
	p.options = letter.Options{
		DB: d, Campaigns: p.store, Keys: keys(), Clock: p.clock.now, Log: slog.New(slog.DiscardHandler), Node: "test/1",
		Taken:    func(_ context.Context, _ *db.Tx, ids []string) error { p.taken.add(ids); return nil },
		Channels: p.channels(), Backoff: 30 * time.Second, SendTimeout: 10 * time.Second,
	}
	p.open()
	t.Cleanup(func() { p.desk.Close() })
	return p
}

// channels are those that the post office has.
func (p *post) channels() map[string]letter.Channel {
	if p.house == nil {
		return nil
	}
	return map[string]letter.Channel{letter.ChannelHouse: p.house}
}

func (p *post) open() { p.desk = letter.NewDesk(p.options) }

// restart closes the desk and opens another one, which knows only what the database knows.
func (p *post) restart(options ...option) {
	p.t.Helper()
	p.desk.Close()
	if h := p.house; h != nil {
		p.house = &letter.House{Client: h.Client, Sender: h.Sender, DB: h.DB, Clock: h.Clock, ResendUnknown: h.ResendUnknown}
	}
	for _, change := range options {
		change(p)
	}
	p.options.Channels = p.channels()
	p.open()
}

func (p *post) apply(source string) *campaign.Campaign {
	p.t.Helper()
	c, _, err := p.store.Apply(p.t.Context(), []byte(source), "ada")
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// script tells the Capitol how to misbehave.
func (p *post) script(acts ...cwctest.Act) {
	p.t.Helper()
	if err := p.capitol.Script(acts...); err != nil {
		p.t.Fatal(err)
	}
}

// person returns the form of the n-th supporter.
func person(n int) letter.Form {
	f := jane()
	f.Key = fmt.Sprintf("%032x", n+1)
	f.LastName, f.Email = fmt.Sprintf("Doe%d", n), fmt.Sprintf("doe%d@example.org", n)
	f.Subject, f.Message = "Please support H.R. 77", "Our water is brown.\n\nPlease vote yes."
	return f.Clean()
}

var arizona4 = congress.Seat{State: "AZ", District: 4}

func recipientOf(seat congress.Seat) letter.Recipient {
	return letter.Recipient{Found: district.Result{
		Seat: seat, Candidates: []congress.Seat{seat}, Basis: district.BasisZIP,
		Plan: district.Plan{State: seat.State, Congress: 119},
	}}
}

func (p *post) submission(f letter.Form) letter.Submission {
	return letter.Submission{Form: f, Campaign: p.campaign, Recipient: recipientOf(arizona4)}
}

func (p *post) submit(s letter.Submission) letter.Receipt {
	p.t.Helper()
	r, err := p.desk.Submit(p.t.Context(), s)
	if err != nil {
		p.t.Error(err)
	}
	return r
}

// take submits a form that must be new and returns its one letter.
func (p *post) take(f letter.Form) query.Letter {
	p.t.Helper()
	r := p.submit(p.submission(f))
	if r.Standing != letter.Taken {
		p.t.Fatalf("the form is %s", r.Standing)
	}
	letters, err := p.db.Read().ListLettersOfSubmission(p.t.Context(), r.SubmissionID)
	if err != nil || len(letters) != 1 {
		p.t.Fatalf("%d letters, %v", len(letters), err)
	}
	return letters[0]
}

func (p *post) letter(id string) query.Letter {
	p.t.Helper()
	l, err := p.db.Read().LetterByID(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return l
}

func (p *post) submissionRow(id string) query.Submission {
	p.t.Helper()
	s, err := p.db.Read().SubmissionByID(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *post) deliver(id string) {
	p.t.Helper()
	if err := p.desk.DeliverOne(p.t.Context(), id); err != nil {
		p.t.Fatal(err)
	}
}

// due returns the letters that delivery would send now.
func (p *post) due() []string {
	p.t.Helper()
	ids, err := p.desk.DueNow(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return ids
}

func (p *post) reconcile(alone bool) {
	p.t.Helper()
	if err := p.desk.Reconcile(p.t.Context(), alone); err != nil {
		p.t.Fatal(err)
	}
}

// path is the letter's history in one line: "ready sending accepted".
func (p *post) path(id string) string {
	p.t.Helper()
	moves, err := p.desk.History(p.t.Context(), id)
	if err != nil {
		p.t.Fatal(err)
	}
	states := make([]string, len(moves))
	for i, m := range moves {
		states[i] = m.ToState
	}
	return strings.Join(states, " ")
}

// expect checks where a letter stands and how it came there.
func (p *post) expect(id string, state letter.State, channel, path string) query.Letter {
	p.t.Helper()
	l := p.letter(id)
	if l.State != string(state) || l.Channel != channel {
		p.t.Errorf("the letter is %s on %s (%s), want %s on %s", l.State, l.Channel, l.Reason, state, channel)
	}
	if got := p.path(id); got != path {
		p.t.Errorf("it went %s, want %s", got, path)
	}
	return l
}

// counts reads the campaign's counters and checks them against the rows.
func (p *post) counts() campaign.Counts {
	p.t.Helper()
	n, err := p.db.Read().CampaignCounts(p.t.Context(), p.campaign.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	var want campaign.Counts
	err = p.db.SQL().QueryRowContext(p.t.Context(), `
		SELECT count(*), count(*) FILTER (WHERE joined), count(*) FILTER (WHERE disowned_at > 0),
		       (SELECT count(*) FROM letters l WHERE l.campaign_id = $1 AND l.state IN ('accepted', 'handed-over'))
		FROM submissions s WHERE s.campaign_id = $1`, p.campaign.ID).Scan(&want.Submitted, &want.Joined, &want.Disowned, &want.Delivered)
	if err != nil {
		p.t.Fatal(err)
	}
	got := campaign.Counts{Submitted: int(n.Submitted), Delivered: int(n.Delivered), Joined: int(n.Joined), Disowned: int(n.Disowned)}
	if got != want {
		p.t.Errorf("the counters say %+v, the rows %+v", got, want)
	}
	return got
}
