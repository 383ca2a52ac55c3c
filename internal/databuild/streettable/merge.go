package streettable

import (
	"cmp"
	"slices"
)

// merger folds the rows of one street into runs that hold the same numbers with the same
// units. Its buffers serve one street after the other.
type merger struct {
	sides, out []row
}

// runs returns the runs of the rows, ordered by prefix and low number. Every number lies
// in runs of exactly those units that it has rows of; where rows overlap and disagree, so
// do the runs.
func (m *merger) runs(rows []row) []row {
	m.sides = m.sides[:0]
	for _, r := range rows {
		odd, hasOdd := r.side(Odd)
		even, hasEven := r.side(Even)
		if !hasOdd && !hasEven { // the parity is a slip
			r.parity = Both
			odd, hasOdd = r.side(Odd)
			even, hasEven = r.side(Even)
		}
		if hasOdd {
			m.sides = append(m.sides, odd)
		}
		if hasEven {
			m.sides = append(m.sides, even)
		}
	}
	slices.SortFunc(m.sides, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.prefix, b.prefix), cmp.Compare(a.unit, b.unit), cmp.Compare(a.parity, b.parity), cmp.Compare(a.low, b.low))
	})
	m.out = m.out[:0]
	for _, s := range m.sides {
		if last := len(m.out) - 1; last >= 0 && m.out[last].continues(s) {
			m.out[last].high = max(m.out[last].high, s.high)
			continue
		}
		m.out = append(m.out, s)
	}
	m.pair()
	slices.SortFunc(m.out, compareRows)
	return m.out
}

// side returns the part of the row that lies on one side, its ends moved to numbers of
// that side.
func (r row) side(p Parity) (row, bool) {
	if r.parity&p == 0 {
		return row{}, false
	}
	low, high := uint64(r.low), int64(r.high)
	if low&1 != uint64(p&Odd) {
		low++
	}
	if uint64(high)&1 != uint64(p&Odd) { // #nosec G115 -- not negative
		high--
	}
	if int64(low) > high { // #nosec G115 -- at most 2^32
		return row{}, false
	}
	r.low, r.high, r.parity = uint32(low), uint32(high), p // #nosec G115 -- between the ends
	return r, true
}

// continues reports whether the run and the next side touch or overlap and are alike.
func (r row) continues(s row) bool {
	return r.prefix == s.prefix && r.unit == s.unit && r.parity == s.parity && uint64(s.low) <= uint64(r.high)+2
}

// pair joins the two sides of a street where they begin and end beside each other. The
// runs come ordered by prefix, unit, parity and low number.
func (m *merger) pair() {
	slices.SortFunc(m.out, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.prefix, b.prefix), cmp.Compare(a.unit, b.unit), cmp.Compare(a.low, b.low))
	})
	kept := m.out[:0]
	for _, r := range m.out {
		if last := len(kept) - 1; last >= 0 && kept[last].beside(r) {
			kept[last].low, kept[last].high = min(kept[last].low, r.low), max(kept[last].high, r.high)
			kept[last].parity = Both
			continue
		}
		kept = append(kept, r)
	}
	m.out = kept
}

// beside reports whether two runs of different sides together hold every number between
// their ends.
func (r row) beside(s row) bool {
	return r.prefix == s.prefix && r.unit == s.unit && r.parity|s.parity == Both && r.parity != Both && s.parity != Both &&
		near(r.low, s.low) && near(r.high, s.high)
}

func near(a, b uint32) bool { return max(a, b)-min(a, b) == 1 }
