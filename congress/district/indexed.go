package district

import (
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Index is the bare lookup under the plans in force at one moment, for programs that ask
// for millions of points: no margin, no notes, no rule for the shore. It is safe for
// concurrent use and allocates nothing.
type Index struct {
	atlas *atlas
	seats []congress.Seat // by area; the zero Seat where the state's lines are not known
}

// Index returns the index for the moment, loading it when it is the first use.
func (l *Locator) Index(at time.Time) (Index, error) {
	set, err := l.plansAt(at)
	if err != nil {
		return Index{}, err
	}
	a, err := set.atlas()
	if err != nil {
		return Index{}, err
	}
	x := Index{atlas: a, seats: slices.Clone(a.seats)}
	for area, seat := range x.seats {
		if _, missing := set.lacks([]congress.Seat{seat}); missing && area > 0 {
			x.seats[area] = congress.Seat{}
		}
	}
	return x, nil
}

// SeatAt returns the seat of the district around a point in degrees north and east, the
// zero Seat where there is none: in foreign lands, at sea, in states whose lines at that
// moment are not known, and for NaN and infinities.
func (x Index) SeatAt(lat, lon float64) congress.Seat {
	q, ok := newQuery(lat, lon)
	if !ok {
		return congress.Seat{}
	}
	area, _ := x.atlas.area(q)
	return x.seats[area]
}

// Outline returns the borders of a district as closed rings, each repeating its first
// point at its end: islands and holes alike. A point is inside when an odd number of
// rings is around it. A seat that has no district has no rings.
func (x Index) Outline(seat congress.Seat) [][]Point {
	area := slices.Index(x.seats, seat)
	if area < 1 || seat.IsZero() {
		return nil
	}
	var rings [][]Point
	for _, s := range x.atlas.sheets {
		if !s.shows(uint16(area)) { // #nosec G115 -- less than maxAreas
			continue
		}
		for _, ring := range chain(s.arcsOf(uint16(area))) { // #nosec G115 -- less than maxAreas
			points := make([]Point, len(ring))
			for i, v := range ring {
				points[i] = Point{Lat: float64(v.y-maxY/2) / micros, Lon: float64(v.x-maxX/2) / micros}
			}
			rings = append(rings, points)
		}
	}
	return rings
}
