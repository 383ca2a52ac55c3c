package district

import (
	"math"
	"slices"
)

// window is the piece of the world a map shows, flattened around its middle.
type window struct {
	ruler
	width, height float64 // in view box units
	metres        float64 // to a unit
}

// place returns where a vertex lies on the map.
func (w window) place(v vertex) MapPoint {
	x, y := w.from(v)
	return MapPoint{w.width/2 + x/w.metres, w.height/2 - y/w.metres}
}

// query returns the point of the world at a place of the map.
func (w window) query(x, y float64) query {
	const fine = 1 << fineBits
	return query{
		x: (w.q.x + int64((x-w.width/2)*w.metres/w.kx*fine)) | 1,
		y: (w.q.y + int64((w.height/2-y)*w.metres/w.ky*fine)) | 1,
	}
}

// samples is the areas at the middles of the squares of a chequered map.
type samples struct {
	columns, rows int
	area          []uint16
}

func (a *atlas) sample(w window, columns, rows int) samples {
	s := samples{columns: columns, rows: rows, area: make([]uint16, columns*rows)}
	for i := range s.area {
		x := (float64(i%columns) + 0.5) * w.width / float64(columns)
		y := (float64(i/columns) + 0.5) * w.height / float64(rows)
		if q := w.query(x, y); q.x > 0 && q.y > 0 && q.x < maxX<<fineBits && q.y < maxY<<fineBits {
			s.area[i], _ = a.area(q)
		}
	}
	return s
}

// The chequers: few to choose the window, more to place the labels.
const (
	windowColumns, windowRows = 24, 18
	labelColumns, labelRows   = 48, 36
)

// window finds the narrowest map around q that shows all the areas: each with at least a
// fourteenth of the map while that is the map of a city, else with a thirty-third.
func (a *atlas) window(q query, areas []uint16, width, height float64) (window, bool) {
	const cityMetres = 80_000
	w := window{ruler: newRuler(q), width: width, height: height}
	for _, try := range []struct{ widest, share float64 }{{cityMetres, 14}, {maxMapMetres, 33}} {
		for metres := float64(minMapMetres); metres <= try.widest; metres *= mapGrowth {
			w.metres = metres / width
			if a.sample(w, windowColumns, windowRows).shows(areas, try.share) {
				return w, true
			}
		}
	}
	return window{}, false
}

// shows reports whether each area takes at least one part in so many of the map.
func (s samples) shows(areas []uint16, share float64) bool {
	var count [maxAreas]int
	for _, area := range s.area {
		count[area]++
	}
	for _, area := range areas {
		if float64(count[area]) < float64(len(s.area))/share {
			return false
		}
	}
	return true
}

// A label is three times as wide as high, so a square of room to the side is worth a
// third of one above. More than labelRoom is as good as labelRoom.
const (
	labelAspect = 3
	labelRoom   = 12
)

// labels finds for each area the place nearest the middle among the roomiest.
func (a *atlas) labels(w window, areas []uint16) []MapPoint {
	s := a.sample(w, labelColumns, labelRows)
	room := s.room()
	places := make([]MapPoint, len(areas))
	for i, area := range areas {
		best, at := -1.0, 0
		for j, here := range s.area {
			dx, dy := s.fromMiddle(j)
			if score := float64(min(room[j], labelRoom)) + 1/(1+math.Hypot(dx, dy)); here == area && score > best {
				best, at = score, j
			}
		}
		places[i] = MapPoint{
			X: round((float64(at%s.columns) + 0.5) * w.width / float64(s.columns)),
			Y: round((float64(at/s.columns) + 0.5) * w.height / float64(s.rows)),
		}
	}
	return places
}

// fromMiddle returns how many squares a square is away from the middle of the map.
func (s samples) fromMiddle(at int) (dx, dy float64) {
	return float64(at%s.columns) + 0.5 - float64(s.columns)/2, float64(at/s.columns) + 0.5 - float64(s.rows)/2
}

// room returns for each square how far away another area, the rim of the map or the
// marker in its middle is, in squares to the side.
func (s samples) room() []int {
	room := make([]int, len(s.area))
	step := func(at, dx, dy, cost int) {
		x, y := at%s.columns+dx, at/s.columns+dy
		switch {
		case x < 0 || y < 0 || x >= s.columns || y >= s.rows: // half the label would be cut off
			room[at] = 0
		case s.area[y*s.columns+x] != s.area[at]:
			room[at] = min(room[at], cost)
		default:
			room[at] = min(room[at], room[y*s.columns+x]+cost)
		}
	}
	for at := range room {
		room[at] = s.columns
		if dx, dy := s.fromMiddle(at); math.Abs(dx) < labelAspect && math.Abs(dy) < labelAspect {
			room[at] = 0
		}
		step(at, -1, 0, 1)
		step(at, 0, -1, labelAspect)
	}
	for at := range slices.Backward(room) {
		step(at, 1, 0, 1)
		step(at, 0, 1, labelAspect)
	}
	return room
}
