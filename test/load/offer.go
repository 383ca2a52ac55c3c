package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// plan is a load. With a rate, requests begin by the clock, whether or not earlier ones are
// answered; without one each client posts as soon as it has an answer.
type plan struct {
	Rate    float64
	Clients int
	Readers int // the clients that read the action page; the others post letters
	Length  time.Duration
	Seed    int
}

// seen is what the clients saw. Latencies count from the moment at which a request was due.
type seen struct {
	Offered  float64 // a second
	Served   float64 // a second, in time
	Busy     int     // 503 with Retry-After and with what was typed
	Failed   int
	Fault    string
	P50, P99 time.Duration // of the served
	PageP99  time.Duration // of the pages among them
	PostP99  time.Duration // of the letters among them
	BusyP99  time.Duration

	own     float64 // the part of the time in which the server had its processor
	goodput float64 // of the peak, or of what was offered
}

// client is one connection with its notes.
type client struct {
	served, busy []time.Duration
	begun        int
	failed       int
	fault        string
}

// offer drives the clients until the time is over and every request has its answer.
func (p plan) offer(address string) seen {
	clients := make([]client, p.Clients)
	begin := time.Now()
	var wait sync.WaitGroup
	for i := range clients {
		wait.Go(func() { clients[i].work(p, address, i, begin) })
	}
	wait.Wait()
	took := max(p.Length, time.Since(begin)).Seconds()
	var s seen
	var pages, posts, busy []time.Duration
	begun := 0
	for i, c := range clients {
		if i < p.Readers {
			pages = append(pages, c.served...)
		} else {
			posts = append(posts, c.served...)
		}
		busy, begun = append(busy, c.busy...), begun+c.begun
		s.Failed += c.failed
		if c.fault != "" {
			s.Fault = c.fault
		}
	}
	served := slices.Concat(pages, posts)
	s.Offered, s.Served, s.Busy = float64(begun)/took, float64(len(served))/took, len(busy)
	s.P50, s.P99, s.BusyP99 = percentile(served, 50), percentile(served, 99), percentile(busy, 99)
	s.PageP99, s.PostP99 = percentile(pages, 99), percentile(posts, 99)
	return s
}

func percentile(all []time.Duration, percent int) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[min(len(all)-1, len(all)*percent/100)]
}

// work begins this client's share of the requests, each at its time.
func (c *client) work(p plan, address string, number int, begin time.Time) {
	conn, err := net.Dial("tcp", address) //nolint:noctx // the run ends by itself
	if err != nil {
		c.failed, c.fault = 1, err.Error()
		return
	}
	defer func() { _ = conn.Close() }()
	answers := bufio.NewReaderSize(conn, 16<<10)
	write := p.request(address, number)
	due := begin
	step := time.Duration(0)
	if p.Rate > 0 {
		step = time.Duration(float64(p.Clients) / p.Rate * float64(time.Second))
		due = begin.Add(step * time.Duration(number) / time.Duration(p.Clients))
	}
	for end := begin.Add(p.Length); due.Before(end); {
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		}
		request, typed := write(c.begun)
		c.begun++
		if _, err = conn.Write(request); err == nil {
			err = c.read(answers, typed, due)
		}
		if err != nil {
			c.failed, c.fault = c.failed+1, err.Error()
			return
		}
		if due = due.Add(step); step == 0 {
			due = time.Now()
		}
	}
}

// read takes one answer.
func (c *client) read(r *bufio.Reader, typed string, due time.Time) error {
	answer, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	switch answer.StatusCode {
	case http.StatusSeeOther, http.StatusOK:
		c.served = append(c.served, time.Since(due))
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	case http.StatusServiceUnavailable:
		c.busy = append(c.busy, time.Since(due))
		body, err := io.ReadAll(answer.Body)
		if answer.Header.Get("Retry-After") == "" || !bytes.Contains(body, []byte(typed)) {
			c.failed, c.fault = c.failed+1, "503 without Retry-After, or without what was typed"
		}
		return err
	}
	c.failed, c.fault = c.failed+1, "status "+answer.Status
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

// slug is the sample campaign's.
const slug = "close-the-loophole"

// words are of the length of the sample campaign's, and differ from it.
var words = strings.Repeat("I ask you to support this bill, because it matters to people at home. ", 14)

// request returns what a client sends as its n-th request, and what an answer that does not
// take it must bring back.
func (p plan) request(host string, number int) func(n int) (request []byte, typed string) {
	if number < p.Readers {
		all := []byte("GET /c/" + slug + " HTTP/1.1\r\nHost: " + host + "\r\nAccept-Encoding: gzip\r\n\r\n")
		return func(int) ([]byte, string) { return all, "" }
	}
	// Everything but the person's number is the same, so that the clients cost little.
	person := "00000000-000000-00000000"
	form := url.Values{
		"lang": {"en"}, "key": {strings.ReplaceAll(person, "-", "0") + "000000"}, "prefix": {"Ms."}, "first_name": {"Ada"}, "last_name": {"Sample"},
		"email": {"ada." + person + "@mail.example"}, "address1": {"100 State St"}, "city": {"Madison"}, "state": {"WI"}, "zip": {"53703"},
		"subject": {"Please support H.R. 2172"}, "message": {words}, "join": {"yes"},
	}
	body := form.Encode()
	head := fmt.Sprintf("POST /c/%s/send HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", slug, host, len(body))
	key, zero := strings.ReplaceAll(person, "-", "0")+"000000", []byte(person)
	all := []byte(head + body)
	keyAt, personAt := bytes.Index(all, []byte("key="+key))+len("key="), bytes.Index(all, zero)
	return func(n int) ([]byte, string) {
		who := fmt.Sprintf("%08d-%06d-%08d", p.Seed, number, n)
		copy(all[personAt:], who)
		copy(all[keyAt:], strings.ReplaceAll(who, "-", "0")+"000000")
		return all, who
	}
}
