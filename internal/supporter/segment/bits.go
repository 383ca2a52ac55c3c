package segment

import (
	"math/bits"
	"slices"
)

// set is a set of the people of a block, by their places in it.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) drop(i int)     { s[i/64] &^= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s set) count() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// and, or and without change s.
func (s set) and(o set) {
	for i := range s {
		s[i] &= o[i]
	}
}

func (s set) or(o set) {
	for i := range s {
		s[i] |= o[i]
	}
}

// invert makes s its opposite among n people.
func (s set) invert(n int) {
	for i := range s {
		s[i] = ^s[i]
	}
	if rest := n % 64; rest > 0 {
		s[len(s)-1] &= 1<<rest - 1
	}
}

func (s set) empty() bool { return !slices.ContainsFunc(s, func(w uint64) bool { return w != 0 }) }

// each calls f with each member in order until it returns false.
func (s set) each(f func(i int) bool) {
	for at, w := range s {
		for ; w != 0; w &= w - 1 {
			if !f(at*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}
