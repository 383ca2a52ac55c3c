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
func (l *Locator) ByZIP(zip string, state congress.State, at time.Time) (r Result, err error) {
	if err := l.classify(&r, zip, state); err != nil || len(r.States) == 0 {
		return r, err
	}
	err = l.answer(question{}, at, &r)
	return r, err
}

// ByState finds the seat of a state or territory for an address that has no ZIP code. Only
// one that is a single seat is answered, with BasisState; of any other all seats are the
// Candidates. Military and freely associated codes have their Class and no district, and
// what is no code at all has nothing. The error is an OutOfDateError.
func (l *Locator) ByState(state congress.State, at time.Time) (r Result, err error) {
	r.Candidates = []congress.Seat{}
	switch {
	case militaryRegion(state):
		r.Class = ClassMilitary
	case state == "PW" || state == "FM" || state == "MH":
		r.Class = ClassFreely
	case state.Valid():
		if !state.Voting() && state != "DC" {
			r.Class = ClassTerritory
		}
		r.States = []congress.State{state}
		err = l.answer(question{wholeState: true}, at, &r)
	}
	return r, err
}

// zipIn answers for a classified ZIP code that lies in a state, under one set of plans.
func zipIn(set *planSet, r *Result) { r.settle(zipCandidates(r, set), BasisZIP, set) }

// zipCandidates returns the seats of the ZIP code in the states that remain. Where nobody
// has told which ZIP codes lie in a state's districts, or its lines are not known at all,
// all of its seats are possible.
func zipCandidates(r *Result, set *planSet) []congress.Seat {
	if r.Class == ClassStandard {
		var seats []congress.Seat
		for _, state := range r.States {
			if table := set.zips.of(state); table != nil {
				seats = table.appendOf(seats, zipNumber(r.ZIP), state)
				continue
			}
			seats = append(seats, state.HouseSeats()...)
			if set.plans.of(state) != nil && !state.AtLarge() {
				r.note(NoteZIPUnmapped)
			}
		}
		return seats
	}
	if len(r.States) == 1 && r.States[0].AtLarge() {
		if r.Class == ClassPOBox && !r.Has(NoteZIPRange) {
			r.note(NoteStatewide)
		}
		return r.States[0].HouseSeats()
	}
	return nil
}

// classify reads a ZIP code and tells what holds under every plan: its class, and the
// states it lies in, of which only the given one stays. Without states there is nothing
// that a plan could answer.
func (l *Locator) classify(r *Result, zip string, state congress.State) error {
	zip, err := ParseZIP(zip)
	if err != nil {
		return err
	}
	l.classOf(r, zip)
	if r.Class == ClassUnknown && (state == "" || state == "DC") && federalRange(zipNumber(zip)) {
		r.Class, r.States = ClassPOBox, []congress.State{"DC"}
		r.note(NoteZIPRange)
	}
	if !agrees(r, state) {
		return &StateMismatchError{ZIP: zip, State: state, States: r.States, Class: r.Class}
	}
	if state != "" && len(r.States) > 1 {
		r.States = []congress.State{state}
	}
	return nil
}

func (l *Locator) classOf(r *Result, zip string) {
	number := zipNumber(zip)
	info := l.zips.find(number)
	r.ZIP, r.Place, r.Candidates = zip, l.zips.places[info.place], []congress.Seat{}
	if rule, ok := ruleFor(number); ok {
		r.Class = rule.class
		if rule.region.Valid() {
			r.States = []congress.State{rule.region}
		}
		return
	}
	switch {
	case !info.known:
		r.Class = ClassUnknown
		return
	case info.area:
		r.Class = ClassStandard
	default:
		r.Class = ClassPOBox
	}
	if states := l.zips.states[info.states]; len(states) > 0 {
		r.States = append(make([]congress.State, 0, len(states)), states...)
	}
}

// agrees reports whether the ZIP code can lie in the state. Military and freely
// associated codes have regions of their own (AE, PW) instead of a state.
func agrees(r *Result, state congress.State) bool {
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
