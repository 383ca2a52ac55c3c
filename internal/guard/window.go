package guard

import (
	"slices"
	"sync"
	"time"
)

// Bounds of the memory of one kind of count: keys, and members of one key, unless a limit
// needs more of them.
const (
	maxKeys    = 1 << 16
	maxMembers = 20_000
)

// indexed is from how many members on a key has an index of them: below, looking at each
// costs less.
const indexed = 32

// windows count the different members of many keys over a sliding span of time.
type windows struct {
	span time.Duration
	most int // members of one key

	mu    sync.Mutex
	keys  map[uint64]*window
	swept time.Time
}

// window holds the members of one key in the order in which they came.
type window struct {
	members []member
	gone    int            // how many came before the first of them
	places  map[uint64]int // where each came, from 0; nil while they are few
}

type member struct {
	id uint64
	at int64 // milliseconds
}

// newWindows returns windows that tell at least whether a key has come over limit.
func newWindows(span time.Duration, limit int) *windows {
	return &windows{span: span, most: max(maxMembers, limit+1), keys: map[uint64]*window{}}
}

// rank counts a member under a key and returns the place at which it came within the
// span, from 1. The same member keeps its place: what is repeated counts once.
func (w *windows) rank(key, id uint64, now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, known := w.keys[key]
	if !known {
		w.makeRoom(now)
		all = &window{}
		w.keys[key] = all
	}
	all.expire(now.Add(-w.span).UnixMilli())
	if at, there := all.find(id); there {
		return at + 1
	}
	if len(all.members) < w.most {
		all.add(member{id, now.UnixMilli()})
	}
	return len(all.members)
}

func (w *window) find(id uint64) (at int, there bool) {
	if w.places != nil {
		at, there = w.places[id]
		return at - w.gone, there
	}
	at = slices.IndexFunc(w.members, func(m member) bool { return m.id == id })
	return at, at >= 0
}

func (w *window) add(m member) {
	w.members = append(w.members, m)
	switch {
	case w.places != nil:
		w.places[m.id] = w.gone + len(w.members) - 1
	case len(w.members) > indexed:
		w.places = make(map[uint64]int, 2*indexed)
		for i, m := range w.members {
			w.places[m.id] = w.gone + i
		}
	}
}

// expire drops the members that came before the moment. They are in order.
func (w *window) expire(before int64) {
	old := 0
	for old < len(w.members) && w.members[old].at <= before {
		delete(w.places, w.members[old].id)
		old++
	}
	w.members = w.members[old:]
	w.gone += old
}

// size returns how many members a key has within the span.
func (w *windows) size(key uint64, now time.Time) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	all, known := w.keys[key]
	if !known {
		return 0
	}
	all.expire(now.Add(-w.span).UnixMilli())
	return len(all.members)
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
		if len(all.members) < low {
			continue
		}
		if all.expire(now.Add(-w.span).UnixMilli()); len(all.members) >= low {
			found[key] = len(all.members)
		}
	}
	return found
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
			if n := len(all.members); n == 0 || all.members[n-1].at <= before {
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
