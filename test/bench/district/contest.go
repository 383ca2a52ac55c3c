package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// contest is one run over points; its exported fields are the JSON form.
type contest struct {
	Points  int       `json:"points_of_each_kind"`
	Results []*result `json:"results"`
	// Notes are sentences to stand under the table, such as what could not be measured here.
	Notes []string `json:"notes,omitempty"`

	rounds  int
	locator *district.Locator
	all     []outline
	shapes  []shape
	points  [len(kinds)][]district.Point
	many    [len(kinds)][]district.Point
	truth   [len(kinds)][]congress.Seat
}

// result is one line of the table.
type result struct {
	Name string `json:"name"`
	// PerSecond is lookups per second by kind of point: of the best round.
	PerSecond [len(kinds)]float64 `json:"per_second"`
	// PerCPUSecond is lookups at populated places for a second of processor time, of this
	// process and the server together. On a busy machine it is the fairer number.
	PerCPUSecond float64 `json:"per_cpu_second"`
	// The median and the slowest hundredth of single lookups at populated places, with the
	// reading of the clock taken off; 0 where there are no single lookups.
	P50 time.Duration `json:"p50_ns"`
	P99 time.Duration `json:"p99_ns"`
	// Ready is the time until the first answer, and ReadyCPU the processor time that took;
	// the latter is known of Franklin only.
	Ready     time.Duration   `json:"ready_ns"`
	ReadyCPU  time.Duration   `json:"ready_cpu_ns,omitempty"`
	Megabytes float64         `json:"megabytes"`
	Different [len(kinds)]int `json:"different"` // answers that are not orb's, by kind of point
	bar       float64         // times we have to be faster than this peer, 0 for none
	// How many times our rates at the same populated places are theirs; 0 of our own.
	Ratio    float64 `json:"ratio"`
	CPURatio float64 `json:"cpu_ratio"`
}

// peer answers points. It keeps the seats in out, in the order of the points.
type peer struct {
	name string
	once bool // too slow for more than one round
	// many asks twenty times the points, so that as little as in earnest is found in the caches
	// of the processor. For most peers that would take too long.
	many bool
	// unranked says that where lines overlap any of the districts may be answered.
	unranked bool
	server   int     // process that works for it too, itself or its children; 0 for none
	bar      float64 // times we have to be faster, 0 for none
	single   func(p district.Point) (congress.Seat, error)
	batch    func(ctx context.Context, points []district.Point, out []congress.Seat) error
}

const (
	ours      = "Franklin, one core"
	manyTimes = 20
)

func newContest(ctx context.Context, n, rounds int) (*contest, error) {
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
	if franklin.Ready, franklin.ReadyCPU, err = readyTime(ctx, c.rounds); err != nil {
		return nil, err
	}
	c.Results = append(c.Results, franklin)
	c.all = outlines(index)
	c.shapes = c.draw()
	random := rand.New(rand.NewPCG(119, 435)) // #nosec G404 -- the same points every time
	c.points, c.many = c.scatter(n, random), c.scatter(manyTimes*n, random)
	return c, nil
}

// scatter makes n points of each kind.
func (c *contest) scatter(n int, random *rand.Rand) [len(kinds)][]district.Point {
	return [...][]district.Point{populated(c.locator, n, random), nearLines(c.all, n, random), anywhere(n, random)}
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

// run measures every peer: brute force first, for it is the reference.
func (c *contest) run(ctx context.Context, tile38 string, withPostGIS bool) error {
	if err := c.enter(ctx, sure(c.orb)); err != nil {
		return err
	}
	index, err := c.locator.Index(middle())
	if err != nil {
		return err
	}
	franklin := peer{name: ours, single: func(p district.Point) (congress.Seat, error) { return index.SeatAt(p.Lat, p.Lon), nil }}
	if err := c.measure(ctx, c.Results[0], franklin); err != nil {
		return err
	}
	more := *c.Results[0]
	c.Results = slices.Insert(c.Results, 1, &more)
	franklin.name, franklin.many = fmt.Sprintf("the same, %s points of each kind", thousands(manyTimes*float64(c.Points))), true
	if err := c.measure(ctx, &more, franklin); err != nil {
		return err
	}
	for _, build := range []func() (peer, error){sure(c.s2), c.tidwall} {
		if err := c.enter(ctx, build); err != nil {
			return err
		}
	}
	if err := c.tile38(ctx, tile38); err != nil {
		return fmt.Errorf("Tile38: %w", err)
	}
	if withPostGIS {
		if err := c.postGIS(ctx); err != nil {
			return fmt.Errorf("PostGIS: %w", err)
		}
	} else {
		c.Notes = append(c.Notes, "PostGIS was left out with -no-postgis.")
	}
	for _, r := range c.Results[2:] {
		r.Ratio = c.Results[0].PerSecond[0] / r.PerSecond[0]
		r.CPURatio = c.Results[0].PerCPUSecond / r.PerCPUSecond
	}
	return nil
}
