package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// contest measures several things in turn, in many short slices, so that whatever else the
// machine does meanwhile hits all of them alike.
type contest struct {
	bench   *bench
	clients *child // one process of clients for all servers
	parties []party
}

// party is one thing that is measured.
type party struct {
	*series

	child   *child // the process that does the work
	measure func() (loadResult, error)
}

// overHTTP starts a server that the clients will drive.
func (c *contest) overHTTP(ctx context.Context, name string, t task, path, kind string) (*series, error) {
	if c.clients == nil {
		var err error
		if c.clients, err = start(ctx, task{Do: "load"}); err != nil {
			return nil, err
		}
	}
	server, err := start(ctx, t)
	if err != nil {
		return nil, err
	}
	var at serving
	if err := server.answer(&at); err != nil {
		return nil, err
	}
	s := &series{name: name}
	c.parties = append(c.parties, party{s, server, func() (loadResult, error) {
		return c.clients.measure(c.bench.plan(at.URL+path, kind))
	}})
	if t.Do == "franklin" {
		return s, wakeIndex(ctx, at.URL)
	}
	return s, nil
}

// inProcess starts a child that measures itself, and waits until it has all it needs: what
// it stores would slow down the others.
func (c *contest) inProcess(ctx context.Context, name string, t task) (*series, error) {
	worker, err := start(ctx, t)
	if err != nil {
		return nil, err
	}
	var ready serving
	if err := worker.answer(&ready); err != nil {
		return nil, err
	}
	s := &series{name: name}
	c.parties = append(c.parties, party{s, worker, func() (loadResult, error) { return worker.measure(c.bench.plan("", "")) }})
	return s, nil
}

// run measures all rounds and ends. Every second round goes through the parties backwards.
func (c *contest) run() error {
	for round := range c.bench.rounds {
		for i := range c.parties {
			if round%2 == 1 {
				i = len(c.parties) - 1 - i
			}
			p := c.parties[i]
			r, err := p.measure()
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			c.bench.note("%s: %.0f/s", p.name, r.perSecond())
			p.add(r)
		}
	}
	return c.end()
}

// end stops all processes, once, and notes how much processor time each took.
func (c *contest) end() error {
	var errs []error
	if c.clients != nil {
		errs = append(errs, c.clients.end())
	}
	for _, p := range c.parties {
		errs = append(errs, p.child.end())
		if p.all > 0 {
			p.busy = float64(p.child.busy().Microseconds()) / float64(p.all)
		}
	}
	c.clients, c.parties = nil, nil
	return errors.Join(errs...)
}

// wakeIndex asks for a seat by position, so that no measurement includes the building of
// the index of district lines, which the program does once at its start.
func wakeIndex(ctx context.Context, address string) error {
	form := newPerson(0, 0, 0).form()
	form.Set("city", "Tempe")
	form.Set("state", "AZ")
	form.Set("zip", "85281")
	form.Set("lat", "33.42")
	form.Set("lon", "-111.93")
	form.Set("accuracy", "5")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/c/"+slug+"/review", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the warm-up was answered with status %d", answer.StatusCode)
	}
	return nil
}
