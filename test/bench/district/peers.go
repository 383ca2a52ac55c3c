package main

import (
	"github.com/golang/geo/s2"
	"github.com/paulmach/orb"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// orb is brute force: every district whose box holds the point.
func (c *contest) orb() peer {
	var areas []area
	for _, o := range c.preferred() {
		areas = append(areas, newArea(o))
	}
	return peer{name: "orb, boxes and every edge", once: true, single: func(p district.Point) (congress.Seat, error) {
		at := orb.Point{p.Lon, p.Lat}
		for i := range areas {
			if areas[i].contains(at) {
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
