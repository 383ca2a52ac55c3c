package district

import (
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Index is the bare lookup under the plans in force at one moment, for programs that ask
// for millions of points: no margin, no notes, no rule for the shore. It is safe for
// concurrent use and allocates nothing.
type Index struct{ atlas *atlas }

// Index returns the index for the moment, loading it when it is the first use.
func (l *Locator) Index(at time.Time) (Index, error) {
	set, err := l.plansAt(at)
	if err != nil {
		return Index{}, err
	}
	a, err := set.atlas()
	return Index{atlas: a}, err
}

// SeatAt returns the seat of the district around a point in degrees north and east, the
// zero Seat where there is none: in foreign lands, at sea, and for NaN and infinities.
func (x Index) SeatAt(lat, lon float64) congress.Seat {
	q, ok := newQuery(lat, lon)
	if !ok {
		return congress.Seat{}
	}
	area, _ := x.atlas.area(q)
	return x.atlas.seats[area]
}

// Outline returns the borders of a district as closed rings, each repeating its first
// point at its end: islands and holes alike. A point is inside when an odd number of
// rings is around it. A seat that has no district has no rings.
func (x Index) Outline(seat congress.Seat) [][]Point {
	areas, ok := x.atlas.areasOf([]congress.Seat{seat})
	if !ok {
		return nil
	}
	var rings [][]Point
	for _, t := range x.atlas.trees {
		for _, ring := range chain(t.arcsOf(areas[0])) {
			points := make([]Point, len(ring))
			for i, v := range ring {
				points[i] = Point{Lat: float64(v.y-maxY/2) / micros, Lon: float64(v.x-maxX/2) / micros}
			}
			rings = append(rings, points)
		}
	}
	return rings
}
