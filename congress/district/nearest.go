package district

import (
	"math"
)

// ruler measures metres from one query on the ellipsoid flattened around it. Fifty
// kilometres away in northern Alaska it is wrong by two parts in a hundred, five
// kilometres away by two in a thousand, in the contiguous states by half of that.
type ruler struct {
	q      query
	kx, ky float64 // metres to a millionth of a degree
}

func newRuler(q query) ruler {
	lat := (float64(q.y)/(micros<<fineBits) - 90) * math.Pi / 180
	// Length of a degree on the WGS 84 ellipsoid, to the centimetre.
	north := 111132.92 - 559.82*math.Cos(2*lat) + 1.175*math.Cos(4*lat)
	east := 111412.84*math.Cos(lat) - 93.5*math.Cos(3*lat) + 0.118*math.Cos(5*lat)
	return ruler{q: q, kx: max(east, 0) / micros, ky: north / micros}
}

// from returns the metres east and north of the query at which a vertex lies.
func (r ruler) from(v vertex) (x, y float64) {
	return float64(int64(v.x)<<fineBits-r.q.x) / (1 << fineBits) * r.kx,
		float64(int64(v.y)<<fineBits-r.q.y) / (1 << fineBits) * r.ky
}

// toEdge returns the squared distance to the edge a-b.
func (r ruler) toEdge(a, b vertex) float64 {
	x1, y1 := r.from(a)
	x2, y2 := r.from(b)
	dx, dy := x2-x1, y2-y1
	if length := dx*dx + dy*dy; length > 0 {
		along := min(max(-(x1*dx+y1*dy)/length, 0), 1)
		x1, y1 = x1+along*dx, y1+along*dy
	}
	return x1*x1 + y1*y1
}

// toBox returns the squared distance to a box, 0 inside.
func (r ruler) toBox(b box) float64 {
	x1, y1 := r.from(b.low)
	x2, y2 := r.from(b.high)
	x, y := max(x1, -x2, 0), max(y1, -y2, 0)
	return x*x + y*y
}

// around returns the box of everything within so many metres.
func (r ruler) around(metres float64) box {
	x, y := float64(r.q.x)/(1<<fineBits), float64(r.q.y)/(1<<fineBits)
	dx, dy := metres/max(r.kx, 1e-3), metres/r.ky
	return box{
		vertex{int32(max(x-dx, 0)), int32(max(y-dy, 0))},
		vertex{int32(min(x+dx, maxX)), int32(min(y+dy, maxY))},
	}
}

// visitor is shown the edges around a query, roughly from the nearest on. It keeps the
// squared distance beyond which it wants to see no more.
type visitor struct {
	ruler
	tree  *tree
	reach float64
	see   func(areas sides, distance float64) // squared; may lower reach
}

// visit shows the edges of the tree within the reach.
func (v *visitor) visit() {
	t := v.tree
	square := v.around(math.Sqrt(v.reach))
	column, row := int32(v.q.x>>fineBits>>cellBits)-t.cellX, int32(v.q.y>>fineBits>>cellBits)-t.cellY // #nosec G115 -- at most 360e6
	v.gridCell(column, row)
	for y := max(square.low.y>>cellBits-t.cellY, 0); y <= min(square.high.y>>cellBits-t.cellY, t.rows-1); y++ {
		for x := max(square.low.x>>cellBits-t.cellX, 0); x <= min(square.high.x>>cellBits-t.cellX, t.columns-1); x++ {
			if x != column || y != row {
				v.gridCell(x, y)
			}
		}
	}
}

func (v *visitor) gridCell(column, row int32) {
	t := v.tree
	if column >= 0 && column < t.columns && row >= 0 && row < t.rows {
		v.cell(t.grid[row*t.columns+column], (column+t.cellX)<<cellBits, (row+t.cellY)<<cellBits, cellBits)
	}
}

// cell shows the edges of a cell of 2^size millionths, the child nearest the query first.
func (v *visitor) cell(word uint32, x, y int32, size uint) {
	if word>>kindShift == kindWhole || v.toBox(box{vertex{x, y}, vertex{x + 1<<size, y + 1<<size}}) > v.reach {
		return
	}
	if word>>kindShift == kindLeaf {
		v.leaf(word & wordMask)
		return
	}
	size--
	first := uint32(0)
	if int32(v.q.x>>fineBits) >= x+1<<size { // #nosec G115 -- at most 360e6
		first |= 1
	}
	if int32(v.q.y>>fineBits) >= y+1<<size { // #nosec G115 -- at most 180e6
		first |= 2
	}
	for i := range uint32(4) {
		child := first ^ i
		cx, cy := x+int32(child&1)<<size, y+int32(child>>1)<<size // #nosec G115 -- 0 or 1
		v.cell(v.tree.nodes[word&wordMask+child], cx, cy, size)
	}
}

func (v *visitor) leaf(leaf uint32) {
	t := v.tree
	at := leaf + 2
	for range t.leafs[leaf+1] {
		arc, edges := t.leafs[at]>>8, t.leafs[at]&maxRun
		vs := t.leafs[at+1:][:2*edges+2]
		at += 2*edges + 3
		for ; len(vs) > 3; vs = vs[2:] {
			if d := v.toEdge(stored(vs), stored(vs[2:])); d <= v.reach {
				v.see(t.sides[arc], d)
			}
		}
	}
}
