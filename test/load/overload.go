package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// Bars of REL-LOAD-3. The record that is known, 2,000 signatures a minute, is a ninth of
// sustained.
const (
	sustained   = 300 // letters a second, REL-LOAD-1
	leastGood   = 0.9
	mostServed  = time.Second
	overClients = 1024
	overTurns   = 5 // the bar is held by the median
)

// ramp are the numbers of clients, each posting as soon as it has its answer, of which the
// best finds the peak.
var ramp = []int{32, 64, 128, 256, 384}

// overloadPlan is what is measured.
type overloadPlan struct {
	length   time.Duration // of each phase
	postgres bool
	pinned   bool // the server has one processor, the clients another
}

// overload finds the peak, offers ten times the sustained rate and ten times the peak, and
// then as many as before. The bar is held at ten times the sustained rate. Ten times the peak is
// more than this processor can refuse one by one; it is shown for what it is.
func overload(ctx context.Context, o overloadPlan) (err error) {
	t, err := newTown(ctx, o.postgres)
	if err != nil {
		return err
	}
	t.apart = o.pinned
	defer func() { err = errors.Join(err, t.close()) }()
	if err := t.start(ctx, 5); err != nil {
		return err
	}
	p, err := newPeople(ctx, t)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	run := phases{town: t, people: p, length: o.length, table: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	fmt.Fprintln(run.table, "phase\toffered/s\tserved/s\tp50\tp99\tbusy\tp99 of busy\tfailed\tprocessor\tgoodput")
	if _, err := run.phase("to warm it", 0, 256); err != nil {
		return err
	}
	for _, clients := range ramp {
		s, err := run.phase(fmt.Sprintf("%d clients", clients), 0, clients)
		if err != nil {
			return err
		}
		if served := s.Served / s.own; served > run.peak {
			run.peak, run.best = served, clients
		}
	}
	if _, err := run.phase("the sustained rate", sustained, overClients); err != nil {
		return err
	}
	broken, err := run.turns()
	if err != nil {
		return err
	}
	for _, last := range []struct {
		name string
		rate float64
	}{{"ten times the peak", 10 * run.peak}, {"the sustained rate again", sustained}} {
		if _, err := run.phase(last.name, last.rate, overClients); err != nil {
			return err
		}
	}
	if err := run.table.Flush(); err != nil {
		return err
	}
	fmt.Printf("the server took %.0f MiB at most\n", t.memory())
	return broken
}

// phases are the parts of a run and their table.
type phases struct {
	town   *town
	people *people
	length time.Duration
	table  *tabwriter.Writer
	peak   float64 // served a second of the time that the server had its processor
	best   int     // the clients that reached it first
	seed   int
}

// phase offers one load and writes its line. Goodput is compared with the peak so far, or with
// what was offered where that is less, each counted in the time in which others left the server
// its processor.
func (r *phases) phase(name string, rate float64, clients int) (seen, error) {
	r.seed++
	begin, taken := time.Now(), r.town.taken()
	s, err := r.people.offer(plan{Rate: rate, Clients: clients, Length: r.length, Seed: r.seed})
	if err != nil {
		return s, err
	}
	s.own = 1 - min(0.99, max(0, (r.town.taken()-taken).Seconds()/time.Since(begin).Seconds()))
	s.goodput = 1.0
	if r.peak > 0 {
		s.goodput = s.Served / min(r.peak*s.own, s.Offered)
	}
	fmt.Fprintf(r.table, "%s\t%.0f\t%.0f\t%v\t%v\t%d\t%v\t%d %s\t%.0f %%\t%.2f\n", name, s.Offered, s.Served, s.P50.Round(time.Millisecond),
		s.P99.Round(time.Millisecond), s.Busy, s.BusyP99.Round(time.Millisecond), s.Failed, s.Fault, 100*s.own, s.goodput)
	return s, nil
}

// turns offers as much as is served at most and ten times the sustained rate one after the other:
// what one minute takes from the machine and what the database has grown by, both then meet. It
// returns which bar is broken.
func (r *phases) turns() (broken, err error) {
	var goodput []float64
	for range overTurns {
		peak, err := r.phase(fmt.Sprintf("%d clients", r.best), 0, r.best)
		if err != nil {
			return nil, err
		}
		if r.peak = peak.Served / peak.own; r.peak == 0 {
			return nil, errors.New("the server served nobody")
		}
		s, err := r.phase("ten times the sustained rate", 10*sustained, overClients)
		if err != nil {
			return nil, err
		}
		goodput = append(goodput, s.goodput)
		broken = errors.Join(broken, peak.hold(), s.hold())
	}
	slices.Sort(goodput)
	if middle := goodput[overTurns/2]; middle < leastGood {
		broken = errors.Join(broken, fmt.Errorf("at ten times the sustained rate goodput is %.2f of the peak, less than %.1f", middle, leastGood))
	}
	return broken, nil
}

// hold compares a phase of overload with the bars of each request.
func (s seen) hold() error {
	var errs []error
	if s.P99 > mostServed {
		errs = append(errs, fmt.Errorf("the p99 of the served is %v, more than %v", s.P99.Round(time.Millisecond), mostServed))
	}
	if s.Failed > 0 {
		errs = append(errs, fmt.Errorf("%d requests got neither: %s", s.Failed, s.Fault))
	}
	return errors.Join(errs...)
}
