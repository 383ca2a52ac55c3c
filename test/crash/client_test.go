package crash

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// place is a real city whose ZIP code lies in one district, with the code of the office.
type place struct{ city, state, zip, office string }

var places = []place{
	{"New York", "NY", "10001", "HNY12"},
	{"San Francisco", "CA", "94110", "HCA11"},
	{"Seattle", "WA", "98101", "HWA07"},
	{"Minneapolis", "MN", "55401", "HMN05"},
	{"Denver", "CO", "80202", "HCO01"},
	{"Miami", "FL", "33130", "HFL27"},
	{"Philadelphia", "PA", "19103", "HPA03"},
	{"Saint Louis", "MO", "63101", "HMO01"},
	{"Madison", "WI", "53703", "HWI02"},
	{"Raleigh", "NC", "27601", "HNC02"},
	{"Burlington", "VT", "05401", "HVT00"},
	{"Cheyenne", "WY", "82001", "HWY00"},
}

const (
	slug    = "close-the-loophole"
	subject = "Please support H.R. 2172"
)

// victim begins the address of somebody whose address another person has used.
const victim = "victim."

// attempt is a client's own note of one form: what was in it, what it was answered, and
// what its writer wanted afterwards.
type attempt struct {
	key, email, office, words string
	joined                    bool
	trap                      bool // the field that people do not see was filled in
	barred                    bool // the address is that of somebody who has stopped everything
	posts                     int
	acknowledged              bool      // a 303 was seen
	receipt                   string    // where it led
	backAsked, back           bool      // its writer asked for it back, and was answered
	stopAsked                 bool      // the owner of the address said that it was not them
	stopped                   time.Time // when that was answered
	fault                     string    // an answer that must not be
}

// crowd are the people who send letters.
type crowd struct {
	node    *node
	text    string // the campaign's own text, which many send as it is
	clients int
	pace    *rate.Limiter

	mu    sync.Mutex
	notes []*attempt
	saw   map[int]int         // answers by status
	byTo  map[string]*attempt // acknowledged letters of victims
}

func newCrowd(n *node, text string, clients int, perSecond float64) *crowd {
	return &crowd{node: n, text: text, clients: clients, pace: rate.NewLimiter(rate.Limit(perSecond), clients), saw: map[int]int{}, byTo: map[string]*attempt{}}
}

// run lets all clients send until ctx ends, and returns when each has its last answer.
func (c *crowd) run(ctx context.Context, seed uint64, sink *mailSink) {
	var wait sync.WaitGroup
	for i := range c.clients {
		wait.Go(func() {
			p := c.poster(seed, uint64(i))
			for number := 0; c.pace.Wait(ctx) == nil; number++ {
				p.person(fmt.Sprintf("%d-%d", i, number))
			}
		})
	}
	wait.Go(func() { c.readMail(ctx, sink) })
	wait.Wait()
}

func (c *crowd) poster(seed, stream uint64) *poster {
	return &poster{crowd: c, rng: rand.New(rand.NewPCG(seed, stream)), http: &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 2},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// note writes down what became of a form.
func (c *crowd) note(a *attempt) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.notes = append(c.notes, a)
	if strings.HasPrefix(a.email, victim) && !a.barred {
		c.byTo[a.email] = a
	}
}

// noteOf returns the note of the form that used an address, if it is finished.
func (c *crowd) noteOf(email string) *attempt {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byTo[email]
}

// acknowledged counts the letters whose senders were told so, and all posts.
func (c *crowd) acknowledged() (all, posts int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.notes {
		if a.acknowledged {
			all++
		}
		posts += a.posts
	}
	return all, posts
}

// answered counts the posts that were answered with a status.
func (c *crowd) answered(status int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.saw[status]
}

// poster is one client.
type poster struct {
	crowd *crowd
	rng   *rand.Rand
	http  *http.Client
}

// person fills in one form and sends it until it is acknowledged. One in twenty gives up
// at the first broken connection; one in ten clicks twice; one in twenty comes back later
// with a fresh form, which must not make a second letter; one in eight wants it back at
// once; one in thirty is a program that fills in every field; one in forty uses somebody
// else's address.
func (p *poster) person(number string) {
	at := places[p.rng.IntN(len(places))]
	a := &attempt{
		key: p.key(), email: "ada." + number + "@mail.example", office: at.office,
		words: p.crowd.text, joined: p.rng.IntN(2) == 0, trap: p.rng.IntN(30) == 0,
	}
	if p.rng.IntN(40) == 0 {
		a.email = victim + number + "@mail.example"
	}
	if p.rng.IntN(3) == 0 {
		a.words = "I live in " + at.city + " and this matters to me.\n\nI am number " + number + " & I ask you to support <H.R. 2172>."
	}
	form := a.form(number, at)
	patient, twice := p.rng.IntN(20) > 0, p.rng.IntN(10) == 0
	again, back := p.rng.IntN(20) == 0, p.rng.IntN(8) == 0
	var second sync.WaitGroup
	var other *attempt
	if twice {
		copied := *a
		other = &copied
		second.Go(func() { p.post(form, other, false) })
	}
	p.post(form, a, patient)
	second.Wait()
	a.merge(other)
	if back && a.acknowledged {
		path, _, _ := strings.Cut(a.receipt, "?")
		a.backAsked, a.fault = true, cmp.Or(a.fault, p.insist(path+"/take-back"))
		a.back = a.fault == ""
	}
	if again && a.acknowledged {
		form.Set("key", p.key())
		comeback := &attempt{}
		p.post(form, comeback, true)
		if comeback.acknowledged {
			a.fault = "a second form of the same person was acknowledged as a new letter"
		}
	}
	p.crowd.note(a)
}

// merge adds what the second click saw.
func (a *attempt) merge(other *attempt) {
	if other == nil {
		return
	}
	a.posts += other.posts
	switch {
	case other.fault != "":
		a.fault = other.fault
	case a.acknowledged && other.acknowledged && a.receipt != other.receipt:
		a.fault = "two clicks led to two receipts"
	case other.acknowledged:
		a.acknowledged, a.receipt = true, other.receipt
	}
}

func (p *poster) key() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(p.rng.Uint32())
	}
	return hex.EncodeToString(b[:])
}

func (a *attempt) form(number string, at place) url.Values {
	form := url.Values{
		"lang": {"en"}, "key": {a.key}, "prefix": {"Dr."}, "first_name": {"Ada"}, "last_name": {"Sample " + number}, "email": {a.email},
		"address1": {"100 Main St"}, "city": {at.city}, "state": {at.state}, "zip": {at.zip}, "subject": {subject}, "message": {a.words},
	}
	if a.joined {
		form.Set("join", "yes")
	}
	if a.trap {
		form.Set("reference_code", "4711")
	}
	return form
}

// post sends the form until an answer comes, or only once.
func (p *poster) post(form url.Values, a *attempt, untilAnswered bool) {
	body := form.Encode()
	for {
		address, moved := p.crowd.node.where()
		if address == "" {
			<-moved // the server is down; the test starts it again
			continue
		}
		a.posts++
		answered := p.try(address, body, a)
		if answered || !untilAnswered {
			return
		}
		select { // most broken connections mean that the server was killed
		case <-moved:
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// try makes one request and reports whether it was answered for good.
func (p *poster) try(address, body string, a *attempt) bool {
	answer, err := p.http.Post(address+"/c/"+slug+"/send", "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	page, err := io.ReadAll(answer.Body)
	p.crowd.mu.Lock()
	p.crowd.saw[answer.StatusCode]++
	p.crowd.mu.Unlock()
	switch {
	case answer.StatusCode == http.StatusSeeOther:
		a.acknowledged, a.receipt = true, answer.Header.Get("Location")
		return true
	case err != nil:
		return false
	case answer.StatusCode == http.StatusServiceUnavailable:
		if answer.Header.Get("Retry-After") == "" || a.email != "" && !strings.Contains(string(page), a.email) {
			a.fault = "503 without Retry-After, or without what was typed"
			return true
		}
		return false
	case answer.StatusCode == http.StatusUnprocessableEntity && (a.barred || strings.HasPrefix(a.email, victim)):
		return true // the owner of the address wants no letter in their name
	case answer.StatusCode == http.StatusOK: // "you have written already"
		return true
	default:
		a.fault = "answered with status " + answer.Status
		return true
	}
}
