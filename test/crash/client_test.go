package crash

import (
	"context"
	"encoding/hex"
	"errors"
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

// attempt is a client's own note of one form: what was in it, and what it was answered.
type attempt struct {
	key, email, office, words string
	joined                    bool
	posts                     int
	acknowledged              bool   // a 303 was seen
	receipt                   string // where it led
	fault                     string // an answer that must not be
}

// crowd are the people who send letters.
type crowd struct {
	node    *node
	text    string // the campaign's own text, which many send as it is
	clients int
	pace    *rate.Limiter

	mu    sync.Mutex
	notes []*attempt
}

// run lets all clients send until ctx ends, and returns when each has its last answer.
func (c *crowd) run(ctx context.Context, seed uint64) {
	var wait sync.WaitGroup
	for i := range c.clients {
		wait.Go(func() {
			p := &poster{crowd: c, rng: rand.New(rand.NewPCG(seed, uint64(i))), http: &http.Client{
				Transport:     &http.Transport{MaxIdleConnsPerHost: 2},
				Timeout:       30 * time.Second,
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}}
			for number := 0; c.pace.Wait(ctx) == nil; number++ {
				p.person(fmt.Sprintf("%d-%d", i, number))
			}
		})
	}
	wait.Wait()
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

// poster is one client.
type poster struct {
	crowd *crowd
	rng   *rand.Rand
	http  *http.Client
}

// person fills in one form and sends it until it is acknowledged. One in twenty gives up
// at the first broken connection; one in ten clicks twice; one in twenty comes back later
// with a fresh form, which must not make a second letter.
func (p *poster) person(number string) {
	at := places[p.rng.IntN(len(places))]
	a := &attempt{
		key: p.key(), email: "ada." + number + "@mail.example", office: at.office,
		words: p.crowd.text, joined: p.rng.IntN(2) == 0,
	}
	if p.rng.IntN(3) == 0 {
		a.words = "I live in " + at.city + " and this matters to me.\n\nI am number " + number + " & I ask you to support <H.R. 2172>."
	}
	form := a.form(number, at)
	patient, twice, again := p.rng.IntN(20) > 0, p.rng.IntN(10) == 0, p.rng.IntN(20) == 0
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
	if again && a.acknowledged {
		form.Set("key", p.key())
		comeback := &attempt{}
		p.post(form, comeback, true)
		if comeback.acknowledged {
			a.fault = "a second form of the same person was acknowledged as a new letter"
		}
	}
	p.crowd.mu.Lock()
	defer p.crowd.mu.Unlock()
	p.crowd.notes = append(p.crowd.notes, a)
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
	_, err = io.Copy(io.Discard, answer.Body)
	switch {
	case answer.StatusCode == http.StatusSeeOther:
		a.acknowledged, a.receipt = true, answer.Header.Get("Location")
		return true
	case errors.Is(err, io.ErrUnexpectedEOF), answer.StatusCode == http.StatusServiceUnavailable:
		return false
	case answer.StatusCode == http.StatusOK: // "you have written already"
		return true
	default:
		a.fault = "answered with status " + answer.Status
		return true
	}
}
