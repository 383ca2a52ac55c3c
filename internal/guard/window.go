package guard

import (
	"sync"
	"time"
)

// Bounds of the memory of one kind of count: keys, and members of one key.
const (
	maxKeys    = 1 << 16
	maxMembers = 20_000
)

// windows count the different members of many keys over a sliding span of time.
type windows struct {
	span time.Duration

	mu    sync.Mutex
	keys  map[uint64]*[]member
	swept time.Time
}

type member struct {
	id uint64
	at int64 // milliseconds
}

func newWindows(span time.Duration) *windows {
	return &windows{span: span, keys: map[uint64]*[]member{}}
}

// rank counts a member under a key and returns the place at which it came within the
// span, from 1. The same member keeps its place: what is repeated counts once.
func (w *windows) rank(key, id uint64, now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, known := w.keys[key]
	if !known {
		w.makeRoom(now)
		all = new([]member)
		w.keys[key] = all
	}
	kept := expire(*all, now.Add(-w.span).UnixMilli())
	defer func() { *all = kept }()
	for i, m := range kept {
		if m.id == id {
			return i + 1
		}
	}
	if len(kept) < maxMembers {
		kept = append(kept, member{id, now.UnixMilli()})
	}
	return len(kept)
}

// size returns how many members a key has within the span.
func (w *windows) size(key uint64, now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, known := w.keys[key]
	if !known {
		return 0
	}
	*all = expire(*all, now.Add(-w.span).UnixMilli())
	return len(*all)
}

// atLeast returns up to most keys that have at least low members within the span.
func (w *windows) atLeast(low, most int, now time.Time) map[uint64]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := map[uint64]int{}
	for key, all := range w.keys {
		if len(found) >= most {
			break
		}
		if len(*all) < low {
			continue
		}
		if *all = expire(*all, now.Add(-w.span).UnixMilli()); len(*all) >= low {
			found[key] = len(*all)
		}
	}
	return found
}

// expire drops the members that came before the moment. They are in order.
func expire(all []member, before int64) []member {
	old := 0
	for old < len(all) && all[old].at <= before {
		old++
	}
	if old == 0 {
		return all
	}
	return append(all[:0], all[old:]...)
}

// makeRoom keeps the number of keys bounded. Those whose time is over go first; under an
// attack with ever new keys any may go.
func (w *windows) makeRoom(now time.Time) {
	if len(w.keys) < maxKeys {
		return
	}
	if now.Sub(w.swept) > w.span/64 {
		w.swept = now
		before := now.Add(-w.span).UnixMilli()
		for key, all := range w.keys {
			if len(*all) == 0 || (*all)[len(*all)-1].at <= before {
				delete(w.keys, key)
			}
		}
	}
	for key := range w.keys {
		if len(w.keys) < maxKeys {
			return
		}
		delete(w.keys, key)
	}
}
