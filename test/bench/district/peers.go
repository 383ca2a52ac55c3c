package main

import (
	"math"

	"github.com/golang/geo/s2"
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

// orb is brute force: every district whose box holds the point.
func (c *contest) orb() peer {
	var areas []area
	for _, o := range c.preferred() {
		areas = append(areas, newArea(o))
	}
	return peer{name: "orb, boxes and every edge", once: true, single: func(p district.Point) (congress.Seat, error) {
		at := orb.Point{p.Lon, p.Lat}
		for i := range areas {
			if areas[i].bounds.Contains(at) && areas[i].contains(at) {
				return areas[i].seat, nil
			}
		}
		return congress.Seat{}, nil
	}}
}

// s2 is golang/geo with a loop for each ring, which it looks up faster than polygons of
// many rings; a district holds the point when an odd number of its loops does. The edges
// are geodesics while the lines are straight in degrees, so answers beside long edges may
// differ by nature.
func (c *contest) s2() peer {
	index := s2.NewShapeIndex()
	order := map[s2.Shape]int{}
	all := c.preferred()
	for i, o := range all {
		for _, loop := range loops(o) {
			index.Add(loop)
			order[loop] = i
		}
	}
	index.Build()
	query := s2.NewContainsPointQuery(index, s2.VertexModelSemiOpen)
	return peer{name: "S2 ShapeIndex", single: func(p district.Point) (congress.Seat, error) {
		found := query.ContainingShapes(s2.PointFromLatLng(s2.LatLngFromDegrees(p.Lat, p.Lon)))
		if len(found) == 1 { // nearly always
			return all[order[found[0]]].seat, nil
		}
		return lowestOdd(all, order, found), nil
	}}
}

// lowestOdd returns the first district with an odd number of loops among those found.
func lowestOdd(all []outline, order map[s2.Shape]int, found []s2.Shape) congress.Seat {
	odd := map[int]bool{}
	for _, shape := range found {
		if i := order[shape]; odd[i] {
			delete(odd, i)
		} else {
			odd[i] = true
		}
	}
	best := len(all)
	for i := range odd {
		best = min(best, i)
	}
	if best == len(all) {
		return congress.Seat{}
	}
	return all[best].seat
}

// loops turns the rings as S2 wants them: counterclockwise in degrees, so that the small
// side is the inside.
func loops(o outline) []*s2.Loop {
	var all []*s2.Loop
	for _, ring := range newArea(o).rings {
		if len(ring) < 4 {
			continue
		}
		if ring.Orientation() == orb.CW {
			ring = ring.Clone()
			ring.Reverse()
		}
		points := make([]s2.Point, len(ring)-1)
		for k := range points {
			points[k] = s2.PointFromLatLng(s2.LatLngFromDegrees(ring[k][1], ring[k][0]))
		}
		all = append(all, s2.LoopFromPoints(points))
	}
	return all
}
