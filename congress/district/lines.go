package district

import (
	"encoding/binary"
	"math"

	"github.com/franklin-letters/franklin/congress"
)

// Coordinates inside the index are whole millionths of a degree, counted from the
// antimeridian eastward and from the South Pole northward, so none is negative. East
// never passes 360 degrees: Alaska has islands at both ends.
const (
	micros = 1_000_000
	maxX   = 360 * micros
	maxY   = 180 * micros
)

// vertex is a corner of a district line.
type vertex struct{ x, y int32 }

// sides is the two areas beside an arc, as numbers into lines.seats; 0 is none.
type sides struct{ a, b uint16 }

// lines is the borders of all districts under one Congress's plans.
//
// lines.bin: "FRL1"; the number of districts, and for each the Census number of its state
// and its own; the number of layers; for each layer a byte (1 when it is coarse) and the
// number of arcs; for each arc the numbers of the two areas beside it, counted from 1 in
// the list of districts, 0 for none; the number of its points, at least 2; and the signed
// steps in longitude and latitude to each point from the point before, in 1e-6 degrees,
// going on from arc to arc and beginning a layer at 0, 0. Each border stands there once. In a layer of full resolution
// no two areas overlap.
type lines struct {
	seats  []congress.Seat // seats[0] is the zero Seat
	layers []*layer
}

// layer is borders of one kind: full resolution, or generalised. Its arcs stay as they are
// in the file, a third of the size, because after the index is built only maps ask for them.
type layer struct {
	coarse bool
	sides  []sides // of each arc
	arcs   []stretch
	raw    []byte // where the arcs are
	points int    // of all arcs
}

// stretch is where an arc's steps begin, how many they are, and from where the first one goes.
type stretch struct {
	at, points uint32
	from       vertex
}

// arc returns the vertices of an arc.
func (l *layer) arc(i int) []vertex {
	return l.unpack(make([]vertex, 0, l.arcs[i].points), i)
}

// unpack appends the vertices of an arc.
func (l *layer) unpack(out []vertex, i int) []vertex {
	a := l.arcs[i]
	d := decoder{r: &reader{raw: l.raw[a.at:]}, x: int64(a.from.x), y: int64(a.from.y)}
	return d.points(out, int(a.points))
}

// plane returns the vertices of all arcs, and where those of each arc start, with one more
// for the end.
func (l *layer) plane() (vertices []vertex, start []uint32) {
	vertices, start = make([]vertex, 0, l.points), make([]uint32, 1, len(l.arcs)+1)
	for i := range l.arcs {
		vertices = l.unpack(vertices, i)
		start = append(start, uint32(len(vertices))) // #nosec G115 -- at most maxVertices
	}
	return vertices, start
}

// arcsOf returns the arcs beside an area.
func (l *layer) arcsOf(area uint16) [][]vertex {
	var arcs [][]vertex
	for i, s := range l.sides {
		if s.a == area || s.b == area {
			arcs = append(arcs, l.arc(i))
		}
	}
	return arcs
}

// maxArcs and maxVertices keep every index within the bits the tree has for it. maxStep
// bounds how many cells of the grid one edge can cross; real ones reach half a degree.
const (
	maxArcs     = 1<<24 - 1
	maxVertices = math.MaxInt32
	maxStep     = 4 * micros
)

func readLines(name string, raw []byte) (*lines, error) {
	r := newReader(name, raw, "FRL1")
	ls := &lines{seats: make([]congress.Seat, 1, 442)}
	for range r.count(2) {
		ls.seats = append(ls.seats, r.seat())
	}
	if len(ls.seats) > maxAreas {
		r.fail("more districts than there can be")
	}
	for range r.count(2) {
		d := decoder{r: r, x: maxX / 2, y: maxY / 2, areas: uint64(len(ls.seats))}
		ls.layers = append(ls.layers, d.layer())
	}
	return ls, r.end()
}

// decoder carries the point from which the next step goes.
type decoder struct {
	r     *reader
	x, y  int64
	areas uint64
}

func (d *decoder) layer() *layer {
	l := &layer{coarse: d.r.byte() != 0, raw: d.r.raw}
	n := d.r.count(5)
	if n > maxArcs || len(d.r.raw) > maxVertices {
		d.r.fail("more arcs than there can be")
		n = 0
	}
	l.sides, l.arcs = make([]sides, 0, n), make([]stretch, 0, n)
	var arc []vertex
	for i := 0; i < n && d.r.fault == nil; i++ {
		a, b := d.r.number(), d.r.number()
		if a >= d.areas || b >= d.areas || a == b {
			d.r.fail("an arc is beside a district that is not there")
		}
		l.sides = append(l.sides, sides{a: uint16(a), b: uint16(b)}) // #nosec G115 -- less than maxAreas
		points := d.r.count(2)
		if points < 2 {
			d.r.fail("an arc is shorter than two points")
			break
		}
		at := len(l.raw) - len(d.r.raw)
		l.arcs = append(l.arcs, stretch{uint32(at), uint32(points), vertex{int32(d.x), int32(d.y)}}) // #nosec G115 -- in a file of at most maxVertices bytes, and on Earth
		arc = d.points(arc[:0], points)
		l.points += points
	}
	return l
}

// points reads steps. It is the one loop that runs millions of times at start-up, so it
// reads the short numbers, nearly all of them, by itself.
func (d *decoder) points(out []vertex, n int) []vertex {
	raw := d.r.raw
	for i := range n {
		dx, used := step(raw)
		raw = raw[used:]
		dy, used2 := step(raw)
		raw = raw[used2:]
		d.x, d.y = d.x+dx, d.y+dy
		if used == 0 || used2 == 0 || uint64(d.x) > maxX || uint64(d.y) > maxY { // #nosec G115 -- negative becomes huge
			d.r.fail("a point is cut off or no place on Earth")
			return out
		}
		if i > 0 && max(dx, -dx, dy, -dy) > maxStep {
			d.r.fail("an edge is too long to be a district's")
			return out
		}
		out = append(out, vertex{x: int32(d.x), y: int32(d.y)}) // #nosec G115 -- checked above
	}
	d.r.raw = raw
	return out
}

// step reads one signed number and returns how many bytes it took, 0 when it is cut
// off or longer than any step.
func step(raw []byte) (int64, int) {
	if len(raw) >= 2 {
		if b := raw[0]; b < 0x80 {
			return int64(b>>1) ^ -int64(b&1), 1
		} else if c := raw[1]; c < 0x80 {
			u := uint64(b&0x7f) | uint64(c)<<7
			return int64(u>>1) ^ -int64(u&1), 2 // #nosec G115 -- 14 bits
		}
	}
	v, n := binary.Varint(raw)
	if n <= 0 || v < -maxX || v > maxX {
		return 0, 0
	}
	return v, n
}
