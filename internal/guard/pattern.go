package guard

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// patternSpan is how long recombined names and streets are looked for, patternSize among
// how many of the latest. In a larger crowd common names meet by chance.
const (
	patternSpan = 24 * time.Hour
	patternSize = 64
)

// patterns find texts that somebody made by combining few beginnings with few ends: a
// list of first names with a list of last names, numbers with streets. Of n real people
// about n have first names of their own and about n last names; of a grid of a by b only
// a+b are different, which is fewer than the a*b pairs.
type patterns struct {
	mu    sync.Mutex
	keys  map[uint64][]pair
	swept time.Time
}

type pair struct {
	a, b uint64
	at   int64
}

// recombined notes a pair under a key and reports whether at least low different pairs
// are made of no more parts than pairs.
func (p *patterns) recombined(key, a, b uint64, low int, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.keys[key]; !known {
		p.makeRoom(now)
	}
	before := now.Add(-patternSpan).UnixMilli()
	kept := p.keys[key][:0]
	known := false
	for _, one := range p.keys[key] {
		if one.at > before {
			kept = append(kept, one)
			known = known || one.a == a && one.b == b
		}
	}
	if !known {
		if len(kept) == patternSize {
			kept = append(kept[:0], kept[1:]...)
		}
		kept = append(kept, pair{a, b, now.UnixMilli()})
	}
	p.keys[key] = kept
	if len(kept) < low {
		return false
	}
	begins := distinct(kept, func(one pair) uint64 { return one.a })
	ends := distinct(kept, func(one pair) uint64 { return one.b })
	return begins+ends <= len(kept)
}

// distinct counts the different parts of at most patternSize pairs.
func distinct(pairs []pair, part func(pair) uint64) int {
	var room [patternSize]uint64
	all := room[:0]
	for _, one := range pairs {
		all = append(all, part(one))
	}
	slices.Sort(all)
	return len(slices.Compact(all))
}

func (p *patterns) makeRoom(now time.Time) {
	if len(p.keys) < maxKeys/4 {
		return
	}
	if now.Sub(p.swept) > time.Minute {
		p.swept = now
		before := now.Add(-patternSpan).UnixMilli()
		for key, all := range p.keys {
			if all[len(all)-1].at <= before {
				delete(p.keys, key)
			}
		}
	}
	for key := range p.keys {
		if len(p.keys) < maxKeys/4 {
			return
		}
		delete(p.keys, key)
	}
}

// fold keeps letters and digits in lower case, so that blanks, punctuation and case make
// no difference.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// splitStreet returns the house number and the rest of a street address.
func splitStreet(street string) (number, name string) {
	digits := func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}
	first, rest, found := strings.Cut(strings.TrimSpace(street), " ")
	if !found || strings.Map(digits, first) == "" {
		return "", fold(street)
	}
	return fold(first), fold(rest)
}
