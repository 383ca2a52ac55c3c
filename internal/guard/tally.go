package guard

import (
	"maps"
	"sync"
	"time"
)

// tally counts what the guard did in this hour and the one before, for the operator.
type tally struct {
	mu        sync.Mutex
	hour      time.Time
	now, last map[string]int
}

func (t *tally) add(what string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn(now)
	t.now[what]++
}

func (t *tally) turn(now time.Time) {
	hour := now.Truncate(time.Hour)
	if hour.Equal(t.hour) {
		return
	}
	if t.last = t.now; hour.Sub(t.hour) > time.Hour {
		t.last = nil
	}
	t.hour, t.now = hour, map[string]int{}
}

// Doings are what this node's guard did since the beginning of the last full hour.
type Doings struct {
	Flooded int          // posted forms that had to wait
	Crowds  int          // networks that came over their limit
	Asked   int          // letters that wait to be confirmed
	Frozen  map[Code]int // letters put aside, by rule
}

// Doings tells the operator what the guard did lately.
func (g *Guard) Doings(now time.Time) Doings {
	t := &g.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	t.turn(now)
	sum := maps.Clone(t.now)
	for what, n := range t.last {
		sum[what] += n
	}
	d := Doings{Flooded: sum["flood"], Crowds: sum["crowd"], Asked: sum["confirm"], Frozen: map[Code]int{}}
	for code := range words {
		if n := sum[string(code)]; n > 0 {
			d.Frozen[code] = n
		}
	}
	return d
}
