package district

import (
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
)

// question is what is asked beside a ZIP code: an address, a point or a state, or none of them. It is asked
// under the plans of a moment, and maybe again under the next ones, see Next.
type question struct {
	address    *Address     // nil for none
	line       *postal.Line // read from the address
	position   *position    // nil for none
	wholeState bool         // there is no ZIP code, but one state
}

// position is a place on the map in degrees, how wrong it may be, and the state that it is
// said to lie in, empty for none.
type position struct {
	state            congress.State
	lat, lon, metres float64
}

// answer asks under the plans in force at the moment, and tells of the next ones. The result
// is what is known without any plan before, and again, beside the OutOfDateError, when no plan
// is in force.
func (l *Locator) answer(q question, at time.Time, r *Result) error {
	known := *r
	set, err := l.plansAt(at)
	if err != nil {
		return err
	}
	if err := l.ask(&q, set, r); err != nil {
		return err
	}
	if state, ok := set.lacks(r.Candidates); ok {
		*r = known
		return l.outOfDate(state, at)
	}
	r.Next = l.next(&q, &known, r.Candidates, set)
	return nil
}

// ask adds the answer under one set of plans to what is known.
func (l *Locator) ask(q *question, set *planSet, r *Result) error {
	switch {
	case q.address != nil:
		return l.addressIn(set, q.address, q.line, r)
	case q.position != nil:
		return pointIn(set, q.position, r)
	case q.wholeState:
		r.settle(r.States[0].HouseSeats(), BasisState, set)
		return nil
	}
	zipIn(set, r)
	return nil
}
