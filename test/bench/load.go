package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// plan is one run of the load client.
type plan struct {
	URL     string
	Kind    string // "form" posts a new person's complete form each time, "page" gets the URL
	Clients int    // keep-alive connections, each with one request at a time
	Warm    time.Duration
	Length  time.Duration
	Seed    int // people of different seeds are different
}

// loadResult is what the clients saw after the warm-up.
type loadResult struct {
	Done    int           `json:"done"`
	All     int           `json:"all"` // with those of the warm-up
	Failed  int           `json:"failed"`
	Seconds float64       `json:"seconds"`
	P50     time.Duration `json:"p50"`
	P99     time.Duration `json:"p99"`
	Fault   string        `json:"fault,omitempty"` // the first failure
}

// perSecond is the rate of good answers.
func (r loadResult) perSecond() float64 { return float64(r.Done) / r.Seconds }

// run drives the clients. They write prepared bytes and read only what they must, so that
// the machine's time goes to the server.
func (p plan) run() (loadResult, error) {
	u, err := url.Parse(p.URL)
	if err != nil {
		return loadResult{}, err
	}
	begin := time.Now()
	from, to := begin.Add(p.Warm), begin.Add(p.Warm+p.Length)
	clients := make([]client, p.Clients)
	var wait sync.WaitGroup
	for i := range clients {
		c := &clients[i]
		c.next = p.requests(u, i)
		wait.Go(func() { c.work(u.Host, from, to) })
	}
	wait.Wait()
	var total loadResult
	var all []time.Duration
	for _, c := range clients {
		total.Failed += c.failed
		total.All += c.good
		if total.Fault == "" && c.fault != nil {
			total.Fault = c.fault.Error()
		}
		all = append(all, c.took...)
	}
	if len(all) == 0 {
		return total, fmt.Errorf("no request succeeded: %s", total.Fault)
	}
	slices.Sort(all)
	total.Done, total.Seconds = len(all), p.Length.Seconds()
	total.P50, total.P99 = all[len(all)/2], all[len(all)*99/100]
	return total, nil
}

// requests returns what one client sends, request by request, and the status it wants.
func (p plan) requests(u *url.URL, client int) func() ([]byte, int) {
	if p.Kind == "page" {
		request := []byte("GET " + u.RequestURI() + " HTTP/1.1\r\nHost: " + u.Host +
			"\r\nUser-Agent: bench\r\nAccept: text/html\r\nAccept-Encoding: gzip\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n")
		return func() ([]byte, int) { return request, 200 }
	}
	number := 0
	var request []byte
	return func() ([]byte, int) {
		number++
		body := newPerson(p.Seed, client, number).form().Encode()
		request = append(request[:0], "POST "+u.RequestURI()+" HTTP/1.1\r\nHost: "+u.Host+
			"\r\nUser-Agent: bench\r\nAccept-Language: en-US,en;q=0.9\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "...)
		request = strconv.AppendInt(request, int64(len(body)), 10)
		return append(append(request, "\r\n\r\n"...), body...), 303
	}
}

// client is one connection and its notes.
type client struct {
	next   func() ([]byte, int)
	took   []time.Duration
	good   int
	failed int
	fault  error
}

// work sends until the end; only what begins after the warm-up and ends in time counts.
func (c *client) work(host string, from, to time.Time) {
	conn, err := net.Dial("tcp", host) //nolint:noctx // the run ends by itself
	if err != nil {
		c.failed, c.fault = 1, err
		return
	}
	defer conn.Close()
	answers := bufio.NewReaderSize(conn, 64<<10)
	c.took = make([]time.Duration, 0, 1<<14)
	for {
		request, want := c.next()
		start := time.Now()
		if !start.Before(to) {
			return
		}
		_, err := conn.Write(request)
		status := 0
		if err == nil {
			status, err = readAnswer(answers)
		}
		end := time.Now()
		switch {
		case err != nil:
			c.failed, c.fault = c.failed+1, err
			return
		case status != want:
			c.failed, c.fault = c.failed+1, fmt.Errorf("status %d instead of %d", status, want)
		default:
			c.good++
			if !start.Before(from) && !end.After(to) {
				c.took = append(c.took, end.Sub(start))
			}
		}
	}
}

var (
	lengthHeader = []byte("Content-Length: ")
	errAnswer    = errors.New("an answer that this client does not read")
)

// readAnswer reads one answer with a Content-Length and throws its body away.
func readAnswer(r *bufio.Reader) (status int, err error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 13 {
		return 0, errAnswer
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, errAnswer
	}
	length := -1
	for {
		if line, err = r.ReadSlice('\n'); err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if text, found := bytes.CutPrefix(line, lengthHeader); found {
			if length, err = strconv.Atoi(string(text)); err != nil {
				return 0, errAnswer
			}
		}
	}
	if length < 0 {
		return 0, errAnswer
	}
	_, err = io.CopyN(io.Discard, r, int64(length))
	return status, err
}
