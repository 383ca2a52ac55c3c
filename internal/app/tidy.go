package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much garbage may pile up before it is collected, in percent of the memory in use. Most of
// that is the index of the district lines, 28 MB without a single pointer: the collector has
// nothing to look at in it, but by its own rule it would let as much garbage again pile up.
const (
	garbageAtStart = 10  // while the index is built the program needs most memory
	garbage        = 60  // 25 MB: a server that delivers 400 letters a second stays below 150 MiB
	garbageInRush  = 100 // each collection looks at the stacks of all who wait for an answer
)

// A rush is when many wait for an answer and more than 50 MB are asked for in a second, as by a
// thousand letters: time is worth more than memory then. Work in the background asks for as much.
const (
	rush         = 50 << 20
	rushWaiting  = 32
	rushLastsFor = 10 // seconds after the last one of that kind
)

// keepTidy builds what the pages need and then keeps the memory of the program small.
func (a *App) keepTidy(ctx context.Context) {
	if !a.options.Tidy {
		a.warm()
		return
	}
	debug.SetGCPercent(garbageAtStart)
	a.warm()
	debug.SetGCPercent(garbage)
	before, left := allocated(), 0
	every(ctx, time.Second, func() {
		now := allocated()
		switch {
		case now-before > rush && a.metrics.Waiting() >= rushWaiting:
			if left == 0 { // not each time: setting it stops the program for a moment
				debug.SetGCPercent(garbageInRush)
			}
			left = rushLastsFor
		case left == 1:
			debug.SetGCPercent(garbage)
			fallthrough
		case left > 0:
			left--
		}
		before = now
	})
}

// allocated is how many bytes the program has asked for since its start.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
