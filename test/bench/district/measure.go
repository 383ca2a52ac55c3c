package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// enter makes a peer inside this process, weighs it and measures it.
func (c *contest) enter(ctx context.Context, build func() (peer, error)) error {
	r := &result{}
	var p peer
	var err error
	r.Megabytes, r.Ready, err = weigh(func() (any, error) {
		p, err = build()
		return p.single, err
	})
	if err != nil {
		return err
	}
	c.Results = append(c.Results, r)
	return c.measure(ctx, r, p)
}

// sure is for peers that cannot fail to be made.
func sure(build func() peer) func() (peer, error) {
	return func() (peer, error) { return build(), nil }
}

// measure asks a peer for every point, in rounds, and once more one by one.
func (c *contest) measure(ctx context.Context, r *result, p peer) error {
	fmt.Fprintf(os.Stderr, "measuring %s\n", p.name)
	r.Name, r.bar = p.name, p.bar
	if p.batch == nil {
		p.batch = p.oneByOne
	}
	for kind, points := range c.points {
		out := make([]congress.Seat, len(points))
		ask := func(ctx context.Context) error { return p.batch(ctx, points, out) }
		rate, perCPU, err := ratesOf(ctx, 1, len(points), p.server, ask) // which also is the first touch of memory and caches
		if err != nil {
			return err
		}
		r.Different[kind] = c.disagreements(kind, out, p.unranked)
		if p.many {
			points = c.many[kind]
			out = make([]congress.Seat, len(points))
		}
		if !p.once {
			if rate, perCPU, err = ratesOf(ctx, 2*c.rounds+1, len(points), p.server, ask); err != nil {
				return err
			}
		}
		r.PerSecond[kind] = rate
		if kind == 0 {
			r.PerCPUSecond = perCPU
		}
	}
	if p.single == nil {
		return nil
	}
	points := c.points[0]
	if p.many {
		points = c.many[0]
	}
	if p.once {
		points = points[:min(len(points), 1000)]
	}
	var err error
	r.P50, r.P99, err = latencies(len(points), 2*c.rounds+1, func(i int) error {
		_, err := p.single(points[i])
		return err
	})
	return err
}

// disagreements counts the answers that are not the first peer's. A peer without ranks may
// answer any district that brute force finds around the point.
func (c *contest) disagreements(kind int, out []congress.Seat, unranked bool) (n int) {
	if c.truth[kind] == nil {
		c.truth[kind] = slices.Clone(out)
	}
	for i, seat := range out {
		if seat != c.truth[kind][i] && (!unranked || !c.holds(seat, c.points[kind][i])) {
			n++
		}
	}
	return n
}

func (p *peer) oneByOne(_ context.Context, points []district.Point, out []congress.Seat) (err error) {
	for i, point := range points {
		if out[i], err = p.single(point); err != nil {
			return err
		}
	}
	return nil
}

// ratesOf repeats a batch of n questions for at least a quarter of a second a round, and
// begins no further round after two seconds. It returns the rate, and how many questions one
// second of processor time answers, of this process and of a server. The best round counts,
// for what else runs on the machine can only add.
func ratesOf(ctx context.Context, rounds, n, server int, batch func(context.Context) error) (perSecond, perCPU float64, err error) {
	begin := time.Now()
	for round := range rounds {
		if round > 0 && time.Since(begin) > 2*time.Second {
			break
		}
		start, before, asked := time.Now(), cpuTime(server), 0
		for asked == 0 || time.Since(start) < 250*time.Millisecond {
			if err := ctx.Err(); err != nil {
				return 0, 0, err
			}
			if err := batch(ctx); err != nil {
				return 0, 0, err
			}
			asked += n
		}
		perSecond = max(perSecond, float64(asked)/time.Since(start).Seconds())
		perCPU = max(perCPU, float64(asked)/(cpuTime(server)-before).Seconds())
	}
	return perSecond, perCPU, nil
}

// latencies times n single questions in rounds of at most two seconds together; the time it
// takes to read the clock is measured the same way and taken off. The best round counts.
func latencies(n, rounds int, ask func(i int) error) (p50, p99 time.Duration, err error) {
	took, empty := make([]time.Duration, n), make([]time.Duration, n)
	begin := time.Now()
	for round := range rounds {
		if round > 0 && time.Since(begin) > 2*time.Second {
			break
		}
		for i := range n {
			start := time.Now()
			empty[i] = time.Since(start)
			start = time.Now()
			err := ask(i)
			took[i] = time.Since(start)
			if err != nil {
				return 0, 0, err
			}
		}
		slices.Sort(took)
		slices.Sort(empty)
		clock := empty[n/2]
		middle, slow := max(took[n/2]-clock, 0), max(took[n*99/100]-clock, 0)
		if round == 0 || slow < p99 {
			p50, p99 = middle, slow
		}
	}
	return p50, p99, nil
}
