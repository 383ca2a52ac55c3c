package district

import (
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Choose turns a result with several candidates into the one the person chose. The
// basis of a seat that was already unique stays what it was. A seat that is not among
// the candidates is a NotCandidateError, a moment without lines an OutOfDateError.
func (l *Locator) Choose(r Result, seat congress.Seat, at time.Time) (Result, error) {
	if seat.IsZero() || !slices.Contains(r.Candidates, seat) {
		return r, &NotCandidateError{Seat: seat, Candidates: r.Candidates}
	}
	if r.Unique() {
		return r, nil
	}
	set, err := l.plansAt(at)
	if err != nil {
		return r, err
	}
	if state, ok := set.lacks([]congress.Seat{seat}); ok {
		return r, l.outOfDate(state, at)
	}
	next := l.nextOfChoice(r, seat, set)
	r.settle([]congress.Seat{seat}, BasisChoice, set)
	r.Next = next
	return r, nil
}
