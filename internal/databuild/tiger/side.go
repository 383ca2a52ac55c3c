package tiger

import (
	"math"
	"slices"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// Lines answers for places, in degrees, under the lines in force for a Congress.
type Lines interface {
	// At returns the seat around a place and how many metres away the nearest other
	// district is. It is not ok outside all districts and where the lines are too rough
	// to tell.
	At(n congress.Number, lon, lat float64) (seat congress.Seat, metres float64, ok bool)
	// Within returns the seats of all districts that come within so many metres of a
	// place, none outside all districts.
	Within(n congress.Number, lon, lat, metres float64) []congress.Seat
}

const (
	// farMetres is how much farther than the street itself every other district must be
	// where the street and the district lines need not be of the same edition. Editions
	// of TIGER/Line differ by some metres where they differ.
	farMetres = 25
	// hairDegrees is the step to the left or right of a street that is itself a district
	// line: about one centimetre, a tenth of the unit of TIGER coordinates.
	hairDegrees = 1e-7
	// touchMetres is how near to a line a vertex is the line's own. Vertices are millionths
	// of a degree, so two that differ are ten centimetres apart in most directions, and a
	// street drawn anew passes within two centimetres of an old vertex only by chance.
	touchMetres = 0.02
	// stubMetres is the length up to which the end of a street that begins at a district
	// line may be nearer to that line than farMetres.
	stubMetres = 60
	// shortMetres ends the search for pieces that are far from every line.
	shortMetres = 10
)

// sideTest finds the district on one side of a street from the lines alone, for sides
// whose face is not known. It is sure only when every piece of the street either is far
// from other districts, or is itself a district line with both vertices of it (then a
// hair to either side lies in another district), or begins at a vertex of a line and
// leads far away from it. Streets and lines of one edition share their vertices, so this
// is exact for them; where they do not, the pieces near a line are of no such kind, and
// the side stays ambiguous.
type sideTest struct {
	lines Lines
	n     congress.Number
	right bool
	seats []congress.Seat // found on this side
	sure  bool
}

// sideSeats returns the one seat of the side and true, or all that are possible.
func sideSeats(lines Lines, n congress.Number, parts [][]planar.Point, right bool) ([]congress.Seat, bool) {
	t := &sideTest{lines: lines, n: n, right: right, sure: true}
	for _, part := range parts {
		if p := newPath(part); p.length() > 0 {
			t.part(p)
		}
	}
	if t.sure && len(t.seats) == 1 {
		return t.seats, true
	}
	if len(t.seats) < 2 {
		t.add(congress.Seat{}) // what else is possible is not known
	}
	return t.seats, false
}

func (t *sideTest) add(seats ...congress.Seat) {
	for _, s := range seats {
		if !slices.Contains(t.seats, s) {
			t.seats = append(t.seats, s)
		}
	}
}

// part tries a whole part at once, which mostly is enough, and else piece by piece.
func (t *sideTest) part(p path) {
	near := t.near(p, 0, p.length())
	if len(near) == 1 {
		t.add(near[0])
		return
	}
	on := make([]bool, len(p.at))
	for i, v := range p.vertices {
		_, metres, ok := t.lines.At(t.n, v.X, v.Y)
		on[i] = ok && metres <= touchMetres
	}
	start := 0
	for i := 1; i < len(p.at); i++ {
		if !on[i] && i < len(p.at)-1 {
			continue
		}
		along := i == start+1 && on[start] && on[i] && t.along(p, start)
		if !along && !t.clear(p, p.at[start], p.at[i], on[start], on[i]) {
			t.sure = false
			t.add(near...)
			return
		}
		start = i
	}
}

// near returns the seats within reach of a stretch of the path: no point of it is farther
// from its middle than half its length.
func (t *sideTest) near(p path, from, to float64) []congress.Seat {
	v := p.point((from + to) / 2)
	return t.lines.Within(t.n, v.X, v.Y, (to-from)/2+farMetres)
}

// along handles a segment whose ends are both on a district line: whether it is the line
// itself shows a hair to the left and right of its middle.
func (t *sideTest) along(p path, segment int) bool {
	a, b := p.vertices[segment], p.vertices[segment+1]
	dx, dy := b.X-a.X, b.Y-a.Y
	step := hairDegrees / math.Hypot(dx, dy)
	midX, midY := a.X+dx/2, a.Y+dy/2
	left, toLeft, okLeft := t.lines.At(t.n, midX-dy*step, midY+dx*step)
	right, toRight, okRight := t.lines.At(t.n, midX+dy*step, midY-dx*step)
	if !okLeft || !okRight || left == right || max(toLeft, toRight) > touchMetres {
		return false
	}
	if t.right {
		t.add(right)
	} else {
		t.add(left)
	}
	return true
}

// clear handles a stretch that is not along a line. Its ends may touch one.
func (t *sideTest) clear(p path, from, to float64, touchFrom, touchTo bool) bool {
	near := t.near(p, from, to)
	switch {
	case len(near) == 1:
		t.add(near[0])
		return true
	case len(near) == 0:
		return false
	case to-from <= stubMetres && (touchFrom || touchTo):
		return t.stub(p, from, to, touchFrom, touchTo)
	case to-from <= shortMetres:
		return false
	}
	middle := (from + to) / 2
	return t.clear(p, from, middle, touchFrom, false) && t.clear(p, middle, to, false, touchTo)
}

// stub handles a short stretch from a line: where it ends, or in the middle when both
// ends touch a line, it must be far from every other district.
func (t *sideTest) stub(p path, from, to float64, touchFrom, touchTo bool) bool {
	end := to
	switch {
	case touchFrom && touchTo:
		end = (from + to) / 2
	case touchTo:
		end = from
	}
	v := p.point(end)
	seat, metres, ok := t.lines.At(t.n, v.X, v.Y)
	if !ok || metres < farMetres {
		return false
	}
	v = p.point((from + to) / 2)
	middle, _, ok := t.lines.At(t.n, v.X, v.Y)
	t.add(seat)
	return ok && middle == seat
}

// degrees is a place, X east and Y north.
type degrees struct{ X, Y float64 }

// path is a part of a street with the metres along it at which each vertex is.
type path struct {
	vertices []degrees
	at       []float64
}

func newPath(part []planar.Point) path {
	var p path
	for i, v := range part {
		if i > 0 && v == part[i-1] {
			continue
		}
		along := 0.0
		if len(p.at) > 0 {
			along = p.at[len(p.at)-1] + metresBetween(part[i-1], v)
		}
		p.vertices = append(p.vertices, degrees{float64(v.X) / 1e6, float64(v.Y) / 1e6})
		p.at = append(p.at, along)
	}
	return p
}

func (p path) length() float64 {
	if len(p.at) == 0 {
		return 0
	}
	return p.at[len(p.at)-1]
}

// point returns the place so many metres along the path.
func (p path) point(along float64) degrees {
	i := min(max(sortedAfter(p.at, along), 1), len(p.at)-1)
	a, b := p.vertices[i-1], p.vertices[i]
	share := (along - p.at[i-1]) / (p.at[i] - p.at[i-1])
	return degrees{a.X + (b.X-a.X)*share, a.Y + (b.Y-a.Y)*share}
}

// sortedAfter returns the first place in an ordered list that is not below the value.
func sortedAfter(list []float64, value float64) int {
	i, _ := slices.BinarySearch(list, value)
	return i
}
