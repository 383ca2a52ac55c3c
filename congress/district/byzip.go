package district

import (
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// ByZIP finds the seats of a ZIP code, of five or nine digits, in the state the person
// gave; an empty state means that none was given. The state keeps only its own
// districts of a ZIP code that lies in several states.
//
// The errors are BadZIPError, StateMismatchError and OutOfDateError; the latter two come
// with a Result that tells the class and the states all the same. A ZIP code without
// any district (PO box, military, freely associated, unknown) is no error: its Class
// says so, and there are no Candidates.
func (l *Locator) ByZIP(zip string, state congress.State, at time.Time) (Result, error) {
	r, err := l.classify(zip, state)
	if err != nil || len(r.States) == 0 {
		return r, err
	}
	return l.answer(at, r, func(set *planSet) (Result, error) { return zipIn(set, r) })
}

// zipIn answers for a classified ZIP code that lies in a state, under one set of plans.
func zipIn(set *planSet, r Result) (Result, error) {
	r.settle(zipCandidates(&r, set), BasisZIP, set)
	return r, nil
}

// zipCandidates returns the seats of the ZIP code in the states that remain. Where nobody
// has told which ZIP codes lie in a state's districts, or its lines are not known at all,
// all of its seats are possible.
func zipCandidates(r *Result, set *planSet) []congress.Seat {
	if r.Class == ClassStandard {
		var seats []congress.Seat
		for _, state := range r.States {
			if table := set.zips[state]; table != nil {
				seats = table.appendOf(seats, zipNumber(r.ZIP), state)
				continue
			}
			seats = append(seats, state.HouseSeats()...)
			if _, known := set.plans[state]; known && !state.AtLarge() {
				r.note(NoteZIPUnmapped)
			}
		}
		return seats
	}
	if len(r.States) == 1 && r.States[0].AtLarge() {
		if r.Class == ClassPOBox {
			r.note(NoteStatewide)
		}
		return r.States[0].HouseSeats()
	}
	return nil
}

// classify reads a ZIP code and tells what holds under every plan: its class, and the
// states it lies in, of which only the given one stays. Without states there is nothing
// that a plan could answer.
func (l *Locator) classify(zip string, state congress.State) (Result, error) {
	zip, err := ParseZIP(zip)
	if err != nil {
		return Result{}, err
	}
	r := l.classOf(zip)
	if !agrees(r, state) {
		return r, &StateMismatchError{ZIP: zip, State: state, States: r.States, Class: r.Class}
	}
	if state != "" && len(r.States) > 1 {
		r.States = []congress.State{state}
	}
	return r, nil
}

func (l *Locator) classOf(zip string) Result {
	number := zipNumber(zip)
	info := l.zips.find(number)
	r := Result{ZIP: zip, Place: info.place, Candidates: []congress.Seat{}}
	if rule, ok := ruleFor(number); ok {
		r.Class = rule.class
		if rule.region.Valid() {
			r.States = []congress.State{rule.region}
		}
		return r
	}
	switch {
	case !info.known:
		r.Class = ClassUnknown
	case info.area:
		r.Class, r.States = ClassStandard, slices.Clone(info.states)
	default:
		r.Class, r.States = ClassPOBox, slices.Clone(info.states)
	}
	return r
}

// agrees reports whether the ZIP code can lie in the state. Military and freely
// associated codes have regions of their own (AE, PW) instead of a state.
func agrees(r Result, state congress.State) bool {
	switch {
	case state == "" || r.Class == ClassUnknown:
		return true
	case len(r.States) > 0:
		return slices.Contains(r.States, state)
	case r.Class == ClassMilitary:
		return militaryRegion(state)
	default:
		rule, _ := ruleFor(zipNumber(r.ZIP))
		return rule.region == state
	}
}

// militaryRegion reports whether the code is one of the three that stand for a state in
// military addresses: the Americas, Europe with Africa and the Middle East, the Pacific.
func militaryRegion(s congress.State) bool { return s == "AA" || s == "AE" || s == "AP" }

// Point is a place in degrees, NAD83 or WGS 84 (they differ by less than 2 m here).
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// ZIPCentre returns a point inside the ZIP code's area, for a map or for sorting by
// distance. It is no address: never look up a district with it.
func (l *Locator) ZIPCentre(zip string) (Point, bool) {
	zip, err := ParseZIP(zip)
	if err != nil {
		return Point{}, false
	}
	info := l.zips.find(zipNumber(zip))
	return Point{Lat: float64(info.y) / 1e6, Lon: float64(info.x) / 1e6}, info.hasPoint
}
