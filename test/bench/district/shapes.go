package main

import (
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// area is a district as orb holds it.
type area struct {
	seat   congress.Seat
	bounds orb.Bound
	rings  []orb.Ring
	boxes  []orb.Bound
}

func newArea(o outline) area {
	a := area{seat: o.seat}
	for i, ring := range o.rings {
		r := make(orb.Ring, len(ring))
		for j, p := range ring {
			r[j] = orb.Point{p.Lon, p.Lat}
		}
		if i == 0 {
			a.bounds = r.Bound()
		}
		a.bounds = a.bounds.Union(r.Bound())
		a.rings, a.boxes = append(a.rings, r), append(a.boxes, r.Bound())
	}
	return a
}

// contains counts the rings around the point, leaving out those whose box is elsewhere.
func (a *area) contains(p orb.Point) bool {
	if !a.bounds.Contains(p) {
		return false
	}
	inside := false
	for i, ring := range a.rings {
		if a.boxes[i].Contains(p) && planar.RingContains(ring, p) {
			inside = !inside
		}
	}
	return inside
}

// polygons sorts the rings into outer ones and their holes, as databases want them: a ring
// inside an odd number of others is a hole of the smallest of them.
func (a *area) polygons() orb.MultiPolygon {
	var all orb.MultiPolygon
	outer := map[int]int{} // polygon by ring
	holes := map[int]int{} // smallest ring around, by ring
	for i, ring := range a.rings {
		middle := orb.Point{(ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[1][1]) / 2}
		around, smallest := 0, -1
		for j, other := range a.rings {
			if i == j || !a.boxes[j].Contains(middle) || !planar.RingContains(other, middle) {
				continue
			}
			around++
			if smallest < 0 || math.Abs(planar.Area(other)) < math.Abs(planar.Area(a.rings[smallest])) {
				smallest = j
			}
		}
		if around%2 == 1 {
			holes[i] = smallest
			continue
		}
		outer[i] = len(all)
		all = append(all, orb.Polygon{ring})
	}
	for hole, ring := range holes {
		if polygon, ok := outer[ring]; ok {
			all[polygon] = append(all[polygon], a.rings[hole])
		}
	}
	return all
}

// preferred orders the districts as the index does where they overlap: those of full
// resolution before the generalised ones of Texas.
func (c *contest) preferred() []outline {
	var exact, coarse []outline
	for _, o := range c.all {
		if o.seat.State == "TX" {
			coarse = append(coarse, o)
		} else {
			exact = append(exact, o)
		}
	}
	return append(exact, coarse...)
}

// shape is a district as databases take it.
type shape struct {
	seat     congress.Seat
	polygons orb.MultiPolygon
}

// draw makes the shapes, in the preferred order.
func (c *contest) draw() []shape {
	var all []shape
	for _, o := range c.preferred() {
		a := newArea(o)
		all = append(all, shape{o.seat, a.polygons()})
	}
	return all
}

// holds says whether brute force finds the point in the district.
func (c *contest) holds(seat congress.Seat, p district.Point) bool {
	i := slices.IndexFunc(c.all, func(o outline) bool { return o.seat == seat })
	if i < 0 {
		return false
	}
	a := newArea(c.all[i])
	return a.contains(orb.Point{p.Lon, p.Lat})
}

// appendGeoJSON writes the shape as a geometry object.
func (s shape) appendGeoJSON(b []byte) []byte {
	b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygon := range s.polygons {
		b = append(comma(b, i), '[')
		for j, ring := range polygon {
			b = append(comma(b, j), '[')
			for k, p := range ring {
				b = append(comma(b, k), '[')
				b = strconv.AppendFloat(b, p[0], 'f', -1, 64)
				b = strconv.AppendFloat(append(b, ','), p[1], 'f', -1, 64)
				b = append(b, ']')
			}
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, "]}"...)
}

// comma separates all but the first.
func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}
