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
	// shoreMetres is how far off the mapped land a point still belongs to it.
	shoreMetres = 2_000
)

// ByPoint finds the seat of a place, in degrees north and east, that may be wrong by so
// many metres (a browser's accuracy; 0 for coordinates taken as exact). The seat is
// unique only when every other district is farther away than that; else the districts
// within reach are the Candidates. Where lines are generalised, 100 m are added to an
// accuracy that is not 0, and NoteCoarseLines tells of a line nearer than that.
//
// Outside all districts the nearest one within 2 km answers, with NoteShore. Beyond,
// and for NaN, infinities and what is not on the globe, there are no candidates, with
// NoteOutside. The errors are OutOfDateError and, once, those of reading the lines.
func (l *Locator) ByPoint(lat, lon, accuracyMetres float64, at time.Time) (Result, error) {
	return l.answer(at, Result{Candidates: []congress.Seat{}}, func(set *planSet) (Result, error) {
		return pointIn(set, lat, lon, accuracyMetres)
	})
}

// pointIn answers for a place under one set of plans.
func pointIn(set *planSet, lat, lon, accuracyMetres float64) (Result, error) {
	r := Result{Candidates: []congress.Seat{}}
	atlas, err := set.atlas()
	if err != nil {
		return r, err
	}
	q, ok := newQuery(lat, lon)
	if !ok {
		r.Notes = append(r.Notes, NoteOutside)
		return r, nil
	}
	// Anything that is not a sensible accuracy says that nothing is known.
	if !(accuracyMetres >= 0 && accuracyMetres <= MaxAccuracyMetres) {
		r.Notes = append(r.Notes, NoteTooVague)
		return r, nil
	}
	own, coarse := atlas.area(q)
	if own == 0 {
		n, ok := atlas.shore(q)
		if !ok {
			r.Notes = append(r.Notes, NoteOutside)
			return r, nil
		}
		own, coarse = n.area, n.coarse
		r.Notes = append(r.Notes, NoteShore)
	}
	atlas.weigh(&r, q, neighbour{area: own, coarse: coarse}, accuracyMetres, set)
	return r, nil
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
