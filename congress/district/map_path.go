package district

import (
	"math"
	"strconv"
)

// paths returns the path data of each area, simplified until all of them together are
// small enough.
func (a *atlas) paths(w window, areas []uint16) []string {
	for tolerance := mapTolerance; ; tolerance *= 1.5 {
		paths := make([]string, len(areas))
		size := 0
		for i, area := range areas {
			for _, s := range a.sheets {
				if s.shows(area) {
					paths[i] += w.path(s.layer, area, tolerance)
				}
			}
			size += len(paths[i])
		}
		if size <= maxPathBytes || tolerance > w.width/8 {
			return paths
		}
	}
}

// path returns one area of a layer. Every border is simplified by itself, so that the
// districts beside it still fit together, and then cut at the rim.
func (w window) path(l *layer, area uint16, tolerance float64) string {
	arcs := l.arcsOf(area)
	for i, arc := range arcs {
		arcs[i] = w.simplify(arc, tolerance)
	}
	var out []byte
	for _, ring := range chain(arcs) {
		places := make([]MapPoint, len(ring)-1)
		for i := range places {
			places[i] = w.place(ring[i])
		}
		out = appendRing(out, w.clip(places))
	}
	return string(out)
}

// rim returns bits that say beyond which edges of the drawn part a place lies.
func (w window) rim(p MapPoint) (bits uint8) {
	if p.X < -mapBeyond {
		bits |= 1
	}
	if p.X > w.width+mapBeyond {
		bits |= 2
	}
	if p.Y < -mapBeyond {
		bits |= 4
	}
	if p.Y > w.height+mapBeyond {
		bits |= 8
	}
	return bits
}

// simplify leaves out the vertices that no eye would miss: those between neighbours
// beyond the same edge of the map, and those nearer to the line without them than the
// tolerance (after Douglas and Peucker). The ends stay.
func (w window) simplify(arc []vertex, tolerance float64) []vertex {
	kept := make([]vertex, 0, 64)
	places := make([]MapPoint, 0, 64)
	here := w.place(arc[0])
	before := uint8(0) // the first vertex always stays
	for i, v := range arc {
		next, rim := here, w.rim(here)
		if i+1 < len(arc) {
			next = w.place(arc[i+1])
			if before&rim&w.rim(next) != 0 {
				here = next
				continue
			}
		}
		kept, places = append(kept, v), append(places, here)
		here, before = next, rim
	}
	return thin(kept, places, tolerance)
}

// thin keeps the ends and every vertex that is farther than the tolerance from the chord
// over it. A closed line has no chord; it is split at the place farthest from its ends.
func thin(arc []vertex, places []MapPoint, tolerance float64) []vertex {
	keep := make([]bool, len(arc))
	keep[0], keep[len(arc)-1] = true, true
	type span struct{ from, to int }
	for todo := []span{{0, len(arc) - 1}}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		far, at := tolerance*tolerance, 0
		for i := s.from + 1; i < s.to; i++ {
			if d := offChord(places[i], places[s.from], places[s.to]); d > far {
				far, at = d, i
			}
		}
		if at > 0 {
			keep[at] = true
			todo = append(todo, span{s.from, at}, span{at, s.to})
		}
	}
	out := arc[:0]
	for i, v := range arc {
		if keep[i] {
			out = append(out, v)
		}
	}
	return out
}

// offChord returns the squared distance of p from the chord a-b.
func offChord(p, a, b MapPoint) float64 {
	dx, dy := b.X-a.X, b.Y-a.Y
	if length := dx*dx + dy*dy; length > 0 {
		along := min(max(((p.X-a.X)*dx+(p.Y-a.Y)*dy)/length, 0), 1)
		a.X, a.Y = a.X+along*dx, a.Y+along*dy
	}
	return (p.X-a.X)*(p.X-a.X) + (p.Y-a.Y)*(p.Y-a.Y)
}

// clip cuts a ring at the rim, one edge after the other (after Sutherland and Hodgman).
func (w window) clip(ring []MapPoint) []MapPoint {
	const beyond = mapBeyond
	edges := [4]func(p MapPoint) float64{ // the way inside of each edge
		func(p MapPoint) float64 { return p.X + beyond },
		func(p MapPoint) float64 { return w.width + beyond - p.X },
		func(p MapPoint) float64 { return p.Y + beyond },
		func(p MapPoint) float64 { return w.height + beyond - p.Y },
	}
	for _, inside := range edges {
		var cut []MapPoint
		for i, p := range ring {
			last := ring[(i+len(ring)-1)%len(ring)]
			d, e := inside(last), inside(p)
			if (d >= 0) != (e >= 0) {
				f := d / (d - e)
				cut = append(cut, MapPoint{last.X + f*(p.X-last.X), last.Y + f*(p.Y-last.Y)})
			}
			if e >= 0 {
				cut = append(cut, p)
			}
		}
		ring = cut
	}
	return ring
}

// appendRing writes a ring in tenths of a unit, unless it is too small to be seen.
func appendRing(out []byte, ring []MapPoint) []byte {
	var area float64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		area += p.X*q.Y - p.Y*q.X
	}
	if math.Abs(area)/2 < 0.5 {
		return out
	}
	var x, y int
	for i, p := range ring {
		px, py := int(math.Round(p.X*10)), int(math.Round(p.Y*10))
		switch {
		case i == 0:
			out = appendTenths(append(out, 'M'), px, true)
			out = appendTenths(out, py, false)
			out = append(out, 'l')
		case px == x && py == y:
			continue
		default:
			out = appendTenths(out, px-x, out[len(out)-1] == 'l')
			out = appendTenths(out, py-y, false)
		}
		x, y = px, py
	}
	return append(out, 'z')
}

// appendTenths writes a number of tenths as short as path data allow.
func appendTenths(out []byte, tenths int, first bool) []byte {
	switch {
	case tenths < 0:
		out = append(out, '-')
		tenths = -tenths
	case !first:
		out = append(out, ' ')
	}
	if whole := tenths / 10; whole > 0 || tenths%10 == 0 {
		out = strconv.AppendInt(out, int64(whole), 10)
	}
	if tenths%10 != 0 {
		out = append(out, '.', byte('0'+tenths%10))
	}
	return out
}

func round(v float64) float64 { return math.Round(v*10) / 10 }
