package main

import (
	"context"
	"errors"
	"fmt"
	"os"
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
)

// ramp are the numbers of clients, each posting as soon as it has its answer, of which the
// best finds the peak.
var ramp = []int{32, 64, 128, 192, 384}

// The bar is held at ten times the sustained rate. Ten times the peak is more than this
// processor can refuse one by one; it is shown for what it is.

// overload finds the peak, offers ten times the sustained rate and ten times the peak, and
// then as many as before.
func overload(ctx context.Context, length time.Duration, postgres bool) (err error) {
	t, err := newTown(ctx, postgres)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	if err := t.start(ctx, 5); err != nil {
		return err
	}
	p, err := newPeople(ctx, t.Address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	run := phases{town: t, people: p, length: length, table: tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)}
	fmt.Fprintln(run.table, "phase\toffered/s\tserved/s\tp50\tp99\tbusy\tp99 of busy\tfailed\tprocessor\tgoodput")
	if _, err := run.phase("to warm it", 0, 192); err != nil {
		return err
	}
	for _, clients := range ramp {
		s, err := run.phase(fmt.Sprintf("%d clients", clients), 0, clients)
		if err != nil {
			return err
		}
		run.peak = max(run.peak, s.Served/s.own)
	}
	var broken error
	for _, times := range []struct {
		name   string
		rate   float64
		barred bool
	}{
		{"the sustained rate", sustained, false},
		{"ten times the sustained rate", 10 * sustained, true},
		{"ten times the peak", 10 * run.peak, false},
		{"the sustained rate again", sustained, false},
	} {
		s, err := run.phase(times.name, times.rate, overClients)
		if err != nil {
			return err
		}
		if times.barred {
			broken = s.hold(times.name, s.Served/s.own/run.peak)
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
	seed   int
}

// phase offers one load and writes its line. Goodput is compared with the peak so far, each
// counted in the time in which others left the server its processor.
func (r *phases) phase(name string, rate float64, clients int) (seen, error) {
	r.seed++
	begin, taken := time.Now(), r.town.taken()
	s, err := r.people.offer(plan{Rate: rate, Clients: clients, Length: r.length, Seed: r.seed})
	if err != nil {
		return s, err
	}
	s.own = 1 - min(0.99, max(0, (r.town.taken()-taken).Seconds()/time.Since(begin).Seconds()))
	goodput := 1.0
	if r.peak > 0 {
		goodput = s.Served / s.own / r.peak
	}
	fmt.Fprintf(r.table, "%s\t%.0f\t%.0f\t%v\t%v\t%d\t%v\t%d %s\t%.0f %%\t%.2f\n", name, s.Offered, s.Served, s.P50.Round(time.Millisecond),
		s.P99.Round(time.Millisecond), s.Busy, s.BusyP99.Round(time.Millisecond), s.Failed, s.Fault, 100*s.own, goodput)
	return s, nil
}

// hold compares a phase of overload with the bars.
func (s seen) hold(name string, goodput float64) error {
	var errs []error
	if goodput < leastGood {
		errs = append(errs, fmt.Errorf("%s: goodput is %.2f of the peak, less than %.1f", name, goodput, leastGood))
	}
	if s.P99 > mostServed {
		errs = append(errs, fmt.Errorf("%s: the p99 of the served is %v, more than %v", name, s.P99.Round(time.Millisecond), mostServed))
	}
	if s.Failed > 0 {
		errs = append(errs, fmt.Errorf("%s: %d requests got neither: %s", name, s.Failed, s.Fault))
	}
	return errors.Join(errs...)
}
