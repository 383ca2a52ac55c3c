package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// kinds are the kinds of points, in the order of the table.
var kinds = [...]string{"populated", "near lines", "anywhere"}

// outline is one district as every peer gets it.
type outline struct {
	seat  congress.Seat
	rings [][]district.Point
}

// outlines returns every district, ordered as the seats.
func outlines(index district.Index) []outline {
	var all []outline
	for _, seat := range congress.AllHouseSeats() {
		all = append(all, outline{seat: seat, rings: index.Outline(seat)})
	}
	return all
}

const (
	metresNorth = 111_132 // to a degree
	metresEast  = 111_320 // to a degree at the equator
)

// populated returns the middles of ZIP code areas with 2 km of jitter.
func populated(l *district.Locator, n int, random *rand.Rand) []district.Point {
	var centres []district.Point
	for zip := range 100_000 {
		if p, ok := l.ZIPCentre(fmt.Sprintf("%05d", zip)); ok {
			centres = append(centres, p)
		}
	}
	points := make([]district.Point, n)
	for i := range points {
		p := centres[random.IntN(len(centres))]
		p.Lat += random.NormFloat64() * 2000 / metresNorth
		p.Lon += random.NormFloat64() * 2000 / (metresEast * math.Cos(p.Lat*math.Pi/180))
		points[i] = p
	}
	return points
}

// nearLines returns points 2 to 50 m on either side of edges chosen at random.
func nearLines(all []outline, n int, random *rand.Rand) []district.Point {
	points := make([]district.Point, 0, n)
	for len(points) < n {
		o := all[random.IntN(len(all))]
		ring := o.rings[random.IntN(len(o.rings))]
		i := random.IntN(len(ring) - 1)
		a, b := ring[i], ring[i+1]
		east := metresEast * math.Cos(a.Lat*math.Pi/180)
		dx, dy := (b.Lon-a.Lon)*east, (b.Lat-a.Lat)*metresNorth
		away := (2 + 48*random.Float64()) * float64(1-2*random.IntN(2)) / math.Hypot(dx, dy)
		along := random.Float64()
		points = append(points, district.Point{
			Lat: a.Lat + along*(b.Lat-a.Lat) + dx*away/metresNorth,
			Lon: a.Lon + along*(b.Lon-a.Lon) - dy*away/east,
		})
	}
	return points
}

// anywhere returns points in the box around the contiguous states.
func anywhere(n int, random *rand.Rand) []district.Point {
	points := make([]district.Point, n)
	for i := range points {
		points[i] = district.Point{Lat: 24 + 26*random.Float64(), Lon: -125 + 59*random.Float64()}
	}
	return points
}
