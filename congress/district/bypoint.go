package district

import (
	"math"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

const (
	// MaxAccuracyMetres is the greatest uncertainty of a position that can still tell a
	// district, and the greatest margin that is reported.
	MaxAccuracyMetres = 50_000
	// CoarseMetres is how far generalised lines (1:500,000) are to be trusted: beyond
	// 100 m from the true line 3 points in 1,000 still fall on the wrong side.
	CoarseMetres = 100
	// shoreMetres is how far off the mapped land of a state a point that is said to lie in
	// it still belongs to it.
	shoreMetres = 2_000
	// gapMetres is how far off exact lines a point may lie that nobody has said to be in the
	// country: what editions of a border and of coordinates differ by. Exact lines reach out
	// to the border or three miles to sea, so beyond them is Windsor or Tijuana.
	gapMetres = 20
)

// ByPoint finds the seat of a place, in degrees north and east, that may be wrong by so
// many metres (a browser's accuracy; 0 for coordinates taken as exact). The seat is
// unique only when every other district is farther away than that; else the districts
// within reach are the Candidates. Where lines are generalised, 100 m are added to an
// accuracy that is not 0, and NoteCoarseLines tells of a line nearer than that.
//
// Just outside all districts, nearer than the lines may be wrong, the nearest one answers,
// with NoteShore. Farther out there are no candidates, for the place may as well be in
// another country: NoteStateNeeded where ByPointIn could tell more, else NoteOutside, also
// for NaN, infinities and what is not on the globe. The errors are OutOfDateError and,
// once, those of reading the lines.
func (l *Locator) ByPoint(lat, lon, accuracyMetres float64, at time.Time) (r Result, err error) {
	return l.ByPointIn("", lat, lon, accuracyMetres, at)
}

// ByPointIn is ByPoint for a place that is said to lie in a state: outside all districts
// the nearest one of that state within 2 km answers, with NoteShore. Inside a district the
// lines decide alone. An empty state means that none was given.
func (l *Locator) ByPointIn(state congress.State, lat, lon, accuracyMetres float64, at time.Time) (r Result, err error) {
	r.Candidates = []congress.Seat{}
	err = l.answer(question{position: &position{state, lat, lon, accuracyMetres}}, at, &r)
	return r, err
}

// pointIn answers for a place under one set of plans.
func pointIn(set *planSet, at *position, r *Result) error {
	atlas, err := set.atlas()
	if err != nil {
		return err
	}
	q, ok := newQuery(at.lat, at.lon)
	if !ok {
		r.Notes = append(r.Notes, NoteOutside)
		return nil
	}
	// Anything that is not a sensible accuracy says that nothing is known.
	if !(at.metres >= 0 && at.metres <= MaxAccuracyMetres) {
		r.Notes = append(r.Notes, NoteTooVague)
		return nil
	}
	own, coarse := atlas.area(q)
	if own == 0 {
		n, ok := atlas.shore(q, at.state)
		if !ok {
			r.Notes = append(r.Notes, atlas.beyond(q, at.state))
			return nil
		}
		own, coarse = n.area, n.coarse
		r.Notes = append(r.Notes, NoteShore)
	}
	atlas.weigh(r, q, neighbour{area: own, coarse: coarse}, at.metres, set)
	return nil
}

// weigh compares the margin with the accuracy.
func (a *atlas) weigh(r *Result, q query, own neighbour, accuracy float64, set *planSet) {
	need := accuracy
	other, ok := a.nearest(q, own.area, MaxAccuracyMetres+CoarseMetres)
	if ok && (own.coarse || other.coarse) {
		if other.metres <= CoarseMetres {
			r.Notes = append(r.Notes, NoteCoarseLines)
		}
		if accuracy > 0 {
			need += CoarseMetres
		}
	}
	r.MarginMetres = min(other.metres, MaxAccuracyMetres)
	if accuracy == 0 || !ok || other.metres > need {
		r.settle([]congress.Seat{a.seats[own.area]}, BasisPoint, set)
		return
	}
	r.Notes = append(r.Notes, NoteTooClose)
	near := a.within(q, math.Nextafter(need, math.Inf(1)))
	if i, there := slices.BinarySearch(near, own.area); !there { // the point is off its shore
		near = slices.Insert(near, i, own.area)
	}
	candidates := make([]congress.Seat, len(near))
	for i, area := range near {
		candidates[i] = a.seats[area]
	}
	r.settle(candidates, BasisPoint, set)
}

// Warm loads the polygon index for the moment, which otherwise happens at the first
// ByPoint or Map: a few hundred milliseconds, once. It may run in the background.
func (l *Locator) Warm(at time.Time) error {
	set, err := l.plansAt(at)
	if err != nil {
		return err
	}
	if _, err = set.atlas(); err != nil {
		return err
	}
	return l.streets.warm()
}
