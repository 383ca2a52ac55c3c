package guard

import (
	"sync"
	"time"
)

// flood lets each key through at a steady rate with some in one go: a token bucket, kept
// as the one moment at which the bucket will be full again.
type flood struct {
	every time.Duration // between two in the long run; 0 lets everything through
	burst time.Duration // how far ahead of the rate a key may be

	mu    sync.Mutex
	full  map[uint64]time.Time
	swept time.Time
}

// newFlood lets a minute's share through in one go.
func newFlood(perMinute int) *flood {
	f := &flood{full: map[uint64]time.Time{}, burst: time.Minute}
	if perMinute > 0 {
		f.every = time.Minute / time.Duration(perMinute)
	}
	return f
}

// newHourly lets an hour's share through in one go.
func newHourly(perHour int) *flood {
	return &flood{full: map[uint64]time.Time{}, every: time.Hour / time.Duration(perHour), burst: time.Hour}
}

// wait returns 0 and counts one when the key may pass; else how long it has to wait.
func (f *flood) wait(key uint64, now time.Time) time.Duration {
	if f.every == 0 {
		return 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	at := f.full[key]
	if at.Before(now) {
		at = now
	}
	at = at.Add(f.every)
	if ahead := at.Sub(now); ahead > f.burst {
		return ahead - f.burst
	}
	f.makeRoom(now)
	f.full[key] = at
	return 0
}

// spent reports how long a key has to wait, without counting.
func (f *flood) spent(key uint64, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ahead := f.full[key].Add(f.every).Sub(now); f.every > 0 && ahead > f.burst {
		return ahead - f.burst
	}
	return 0
}

func (f *flood) makeRoom(now time.Time) {
	if len(f.full) < maxKeys {
		return
	}
	if now.Sub(f.swept) > time.Second {
		f.swept = now
		for key, at := range f.full {
			if at.Before(now) {
				delete(f.full, key)
			}
		}
	}
	for key := range f.full {
		if len(f.full) < maxKeys {
			return
		}
		delete(f.full, key)
	}
}
