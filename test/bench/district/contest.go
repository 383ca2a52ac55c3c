package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// contest is one run; its exported fields are the JSON form.
type contest struct {
	Points  int       `json:"points_of_each_kind"`
	Results []*result `json:"results"`

	rounds  int
	locator *district.Locator
	all     []outline
	points  [len(kinds)][]district.Point
	truth   [len(kinds)][]congress.Seat
}

// result is one line of the table.
type result struct {
	Name string `json:"name"`
	// PerSecond is lookups per second by kind of point: the median of the rounds.
	PerSecond [len(kinds)]float64 `json:"per_second"`
	// PerCPUSecond is lookups at populated places for a second of processor time, of this
	// process and the server together. On a busy machine it is the fairer number.
	PerCPUSecond float64 `json:"per_cpu_second"`
	// The median and the slowest hundredth of single lookups at populated places, with the
	// reading of the clock taken off; 0 where there are no single lookups.
	P50       time.Duration `json:"p50_ns"`
	P99       time.Duration `json:"p99_ns"`
	Ready     time.Duration `json:"ready_ns"`
	Megabytes float64       `json:"megabytes"`
	Different int           `json:"different"` // answers that are not orb's
	// How many times our rates at populated places are theirs.
	Ratio    float64 `json:"ratio"`
	CPURatio float64 `json:"cpu_ratio"`
}

// peer answers points. It keeps the seats in out, in the order of the points.
type peer struct {
	name   string
	once   bool // too slow for more than one round
	server int  // process whose children work for it too, 0 for none
	single func(p district.Point) (congress.Seat, error)
	batch  func(ctx context.Context, points []district.Point, out []congress.Seat) error
}

const ours = "Franklin, one core"

func newContest(n, rounds int) (*contest, error) {
	c := &contest{Points: n, rounds: max(rounds, 1)}
	franklin := &result{Name: ours}
	var index district.Index
	var err error
	franklin.Megabytes, _, err = weigh(func() (any, error) {
		if c.locator, err = district.Embedded(); err != nil {
			return nil, err
		}
		index, err = c.locator.Index(middle())
		return c.locator, err
	})
	if err != nil {
		return nil, err
	}
	if franklin.Ready, err = readyTime(c.rounds); err != nil {
		return nil, err
	}
	c.Results = append(c.Results, franklin)
	c.all = outlines(index)
	random := rand.New(rand.NewPCG(119, 435)) // #nosec G404 -- the same points every time
	c.points = [len(kinds)][]district.Point{populated(c.locator, n, random), nearLines(c.all, n, random), anywhere(n, random)}
	return c, nil
}

// middle is a moment of the 119th Congress.
func middle() time.Time { return congress.Number(119).Start().AddDate(1, 0, 0) }

// weigh returns the heap that stays after making something and the time it took.
func weigh(makeIt func() (any, error)) (megabytes float64, took time.Duration, err error) {
	before := heap()
	start := time.Now()
	kept, err := makeIt()
	took = time.Since(start)
	megabytes = float64(heap()-before) / (1 << 20)
	runtime.KeepAlive(kept)
	return megabytes, took, err
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc) // #nosec G115 -- of this machine
}

func (c *contest) run(ctx context.Context, withPostGIS bool) error {
	// The first is the reference.
	if err := c.enter(ctx, c.orb); err != nil {
		return err
	}
	index, err := c.locator.Index(middle())
	if err != nil {
		return err
	}
	if err := c.measure(ctx, c.Results[0], peer{name: ours, single: func(p district.Point) (congress.Seat, error) {
		return index.SeatAt(p.Lat, p.Lon), nil
	}}); err != nil {
		return err
	}
	if err := c.enter(ctx, c.s2); err != nil {
		return err
	}
	if withPostGIS {
		if err := c.postGIS(ctx); err != nil {
			return fmt.Errorf("PostGIS: %w", err)
		}
	}
	for _, r := range c.Results {
		if r.PerSecond[0] > 0 {
			r.Ratio = c.Results[0].PerSecond[0] / r.PerSecond[0]
			r.CPURatio = c.Results[0].PerCPUSecond / r.PerCPUSecond
		}
	}
	return nil
}

// enter makes a peer inside this process, weighs it and measures it.
func (c *contest) enter(ctx context.Context, build func() peer) error {
	r := &result{}
	var p peer
	var err error
	r.Megabytes, r.Ready, err = weigh(func() (any, error) { p = build(); return p.single, nil })
	if err != nil {
		return err
	}
	r.Name = p.name
	c.Results = append(c.Results, r)
	return c.measure(ctx, r, p)
}

// measure asks a peer for every point, in rounds, and once more one by one.
func (c *contest) measure(ctx context.Context, r *result, p peer) error {
	fmt.Fprintf(os.Stderr, "measuring %s\n", p.name)
	if p.batch == nil {
		p.batch = p.oneByOne
	}
	rounds := c.rounds
	if p.once {
		rounds = 1
	}
	for kind, points := range c.points {
		out := make([]congress.Seat, len(points))
		var rates []float64
		before, asked := cpuTime(p.server), 0
		for range rounds {
			if err := ctx.Err(); err != nil {
				return err
			}
			rate, n, err := rateOf(ctx, p, points, out)
			if err != nil {
				return err
			}
			rates, asked = append(rates, rate), asked+n
		}
		if kind == 0 {
			r.PerCPUSecond = float64(asked) / (cpuTime(p.server) - before).Seconds()
		}
		slices.Sort(rates)
		r.PerSecond[kind] = rates[len(rates)/2]
		r.Different += c.disagreements(kind, out)
	}
	return c.latencies(r, p)
}

// disagreements counts the answers that are not the first peer's.
func (c *contest) disagreements(kind int, out []congress.Seat) (n int) {
	if c.truth[kind] == nil {
		c.truth[kind] = slices.Clone(out)
	}
	for i, seat := range out {
		if seat != c.truth[kind][i] {
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

// rateOf repeats the points for at least a quarter of a second.
func rateOf(ctx context.Context, p peer, points []district.Point, out []congress.Seat) (rate float64, asked int, err error) {
	start := time.Now()
	for asked == 0 || time.Since(start) < 250*time.Millisecond {
		if err := p.batch(ctx, points, out); err != nil {
			return 0, 0, err
		}
		asked += len(points)
	}
	return float64(asked) / time.Since(start).Seconds(), asked, nil
}

// latencies times single lookups at populated places; the time it takes to read the
// clock is measured the same way and taken off. The best round counts, for what else runs
// on the machine can only add.
func (c *contest) latencies(r *result, p peer) error {
	if p.single == nil {
		return nil
	}
	points, rounds := c.points[0], 2*c.rounds+1
	if p.once {
		points, rounds = points[:min(len(points), 1000)], 1
	}
	took, empty := make([]time.Duration, len(points)), make([]time.Duration, len(points))
	for round := range rounds {
		for i, point := range points {
			start := time.Now()
			empty[i] = time.Since(start)
			start = time.Now()
			_, err := p.single(point)
			took[i] = time.Since(start)
			if err != nil {
				return err
			}
		}
		slices.Sort(took)
		slices.Sort(empty)
		clock := empty[len(empty)/2]
		p50, p99 := max(took[len(took)/2]-clock, 0), max(took[len(took)*99/100]-clock, 0)
		if round == 0 || p99 < r.P99 {
			r.P50, r.P99 = p50, p99
		}
	}
	return nil
}

// The targets of the index: rate against PostGIS at its best, slowest hundredth, time until
// it is ready, memory, and not one answer different from brute force.
const (
	targetRatio     = 300
	targetP99       = time.Microsecond
	targetReady     = time.Second
	targetMegabytes = 100
)

// missed returns the targets that were missed as one error.
func (c *contest) missed() error {
	var missed []error
	f := c.Results[0]
	for _, r := range c.Results {
		if ratio := min(r.Ratio, r.CPURatio); r.postGIS() && ratio < targetRatio {
			missed = append(missed, fmt.Errorf("missed: %.0f times %s, not %d", ratio, r.Name, targetRatio))
		}
	}
	if f.P99 >= targetP99 {
		missed = append(missed, fmt.Errorf("missed: one lookup in a hundred takes %s", f.P99))
	}
	if f.Ready >= targetReady {
		missed = append(missed, fmt.Errorf("missed: ready after %s", f.Ready))
	}
	if f.Megabytes >= targetMegabytes {
		missed = append(missed, fmt.Errorf("missed: %.0f MB", f.Megabytes))
	}
	if f.Different > 0 {
		missed = append(missed, fmt.Errorf("missed: %d answers differ from brute force", f.Different))
	}
	return errors.Join(missed...)
}
