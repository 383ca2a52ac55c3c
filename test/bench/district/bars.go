package main

import (
	"errors"
	"fmt"
	"time"
)

// The bars of the index: rate on one core, rate against the others, slowest hundredth, time
// until it is ready, memory, and not one answer different from brute force. Rates and
// readiness are judged by processor time, which other work on the machine hardly changes.
const (
	barRate      = 5_000_000 // within a factor of two of ten million a second
	barPostGIS   = 300
	barTile38    = 100
	barP99       = time.Microsecond
	barReady     = time.Second
	barMegabytes = 100
)

// The bars of street tables: an address read and looked up in two microseconds of processor
// time, memory, time to compile, and no wrong answer.
const (
	barAddresses       = 500_000
	barStreetMegabytes = 40
	barCompiled        = 2 * time.Minute
)

// missed returns the bars of addresses that were missed as one error.
func (s *streetContest) missed() error {
	var missed []error
	miss := func(format string, args ...any) { missed = append(missed, fmt.Errorf("missed: "+format, args...)) }
	f := s.Results[0]
	if f.PerCPUSecond < barAddresses {
		miss("%s addresses a second of processor time, not %s", thousands(f.PerCPUSecond), thousands(barAddresses))
	}
	if f.Megabytes > barStreetMegabytes {
		miss("street tables of %.0f MB", f.Megabytes)
	}
	if f.ReadyCPU >= barCompiled {
		miss("street tables compiled in %s of processor time", f.ReadyCPU)
	}
	for kind, n := range f.Different {
		if n > 0 {
			miss("%d answers for %s streets are wrong", n, streetKinds[kind])
		}
	}
	return errors.Join(missed...)
}

// missed returns the bars that were missed as one error. Those of our own rates apply to the
// line with many points.
func (c *contest) missed() error {
	var missed []error
	miss := func(format string, args ...any) { missed = append(missed, fmt.Errorf("missed: "+format, args...)) }
	f := c.Results[1]
	if f.PerCPUSecond < barRate {
		miss("%s points a second of processor time, not %s", thousands(f.PerCPUSecond), thousands(barRate))
	}
	for _, r := range c.Results {
		if r.CPURatio < r.bar {
			miss("%.0f times %s by processor time, not %.0f", r.CPURatio, r.Name, r.bar)
		}
	}
	if f.P99 >= barP99 {
		miss("one lookup in a hundred takes %s", f.P99)
	}
	if f.ReadyCPU >= barReady {
		miss("ready after %s of processor time", f.ReadyCPU)
	}
	if f.Megabytes >= barMegabytes {
		miss("%.0f MB", f.Megabytes)
	}
	for kind, n := range f.Different {
		if n > 0 {
			miss("%d answers %s differ from brute force", n, kinds[kind])
		}
	}
	return errors.Join(missed...)
}
