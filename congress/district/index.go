package district

import (
	"math"
	"math/bits"
)

// tree finds the area around a point of one layer.
//
// The world is a grid of square cells half a degree wide; a cell that lines cross is
// cut into four, again and again, until at most maxEdges pieces of line are left. A cell
// without lines lies in one area, which is then the answer. A cell with lines knows the
// area at its lower left corner: going from that corner up and then right to the
// point, every line crossed leads from the area on its one side to that on the other.
//
// Areas are combined by exclusive or of their codes, so the order of the crossings does
// not matter. A sum that is nobody's code means that areas overlap there (generalised
// lines cross each other in a few places); see codes.
//
// Every comparison is of integers. A query is rounded down to 2^-20 of a vertex step
// (1e-12 degree, a ten-thousandth of a millimetre) and its last bit is set, so it never
// stands at the latitude or longitude of a vertex, nor on a cell's border, and the
// usual special cases do not exist. A query exactly on a slanting line counts as just
// north of it. Cell corners are queries of the same kind.
type tree struct {
	*layer
	codes codes

	// Only while the tree is built:
	vertices []vertex
	start    []uint32 // of each arc's vertices, and one more for the end
	boxes    []box    // of every block of edges

	cellX, cellY, columns, rows int32 // the part of the grid with lines, in cells

	grid  []uint32
	nodes []uint32 // four children each, ordered SW, SE, NW, NE
	leafs []uint32 // see kindLeaf
}

// A cell's word in grid and nodes: what it is, in two bits, and a number: of its area,
// of its first child in nodes, or of its first word in leafs.
//
// A leaf is the code at its corner, the number of its runs, and for each run the arc and
// the number of edges, arc<<8|edges, followed by its vertices. They stand here once more
// because a lookup that finds all it needs side by side is a third faster.
const (
	kindShift        = 30
	kindWhole uint32 = 0
	kindNode  uint32 = 1
	kindLeaf  uint32 = 2
	wordMask  uint32 = 1<<kindShift - 1
)

const (
	cellBits = 19 // a cell of the grid is 2^19 millionths of a degree wide: 58 km north to south
	minBits  = 4  // 16 millionths: below that, cutting again separates nothing
	maxEdges = 12
	maxRun   = 255
	fineBits = 20
)

// query is a point in 2^-20 of a millionth of a degree, odd in both coordinates.
type query struct{ x, y int64 }

// newQuery rounds a place in degrees. NaN, infinities and what is not on the globe (more
// than 90 degrees north, more than 180 east) are not ok.
func newQuery(lat, lon float64) (query, bool) {
	if !(math.Abs(lat) <= 90 && math.Abs(lon) <= 180) {
		return query{}, false
	}
	const fine = micros << fineBits
	x := int64(math.Floor(lon*fine)) + maxX/2<<fineBits
	y := int64(math.Floor(lat*fine)) + maxY/2<<fineBits
	return query{x | 1, y | 1}, true
}

// corner returns the query just inside the lower left corner of a cell.
func corner(x, y int32) query { return query{int64(x)<<fineBits | 1, int64(y)<<fineBits | 1} }

// area returns the number of the area around q, 0 for none.
func (t *tree) area(q query) uint16 {
	x, y := int32(q.x>>fineBits), int32(q.y>>fineBits) // #nosec G115 -- at most 360e6
	column, row := x>>cellBits-t.cellX, y>>cellBits-t.cellY
	if uint32(column) >= uint32(t.columns) || uint32(row) >= uint32(t.rows) { // #nosec G115 -- negative becomes huge
		return 0
	}
	word := t.grid[row*t.columns+column]
	size := uint(cellBits)
	for word>>kindShift == kindNode {
		size--
		word = t.nodes[word&wordMask+uint32(y>>size&1)<<1+uint32(x>>size&1)] // #nosec G115 -- one bit
	}
	if word>>kindShift == kindWhole {
		return uint16(word) // #nosec G115 -- areas have 16 bits
	}
	mask := int32(-1) << size
	return t.codes.area(t.walk(word&wordMask, q, x&mask, y&mask))
}

// walk goes from the corner (x, y) of a leaf to q and returns the code it arrives with.
func (t *tree) walk(leaf uint32, q query, x, y int32) uint32 {
	ref := corner(x, y)
	bend := query{ref.x, q.y}
	qy := int32(q.y >> fineBits) // #nosec G115 -- at most 180e6
	code, runs := t.leafs[leaf], t.leafs[leaf+1]
	at := leaf + 2
	for range runs {
		arc, edges := t.leafs[at]>>8, t.leafs[at]&maxRun
		vs := t.leafs[at+1:][:2*edges+2]
		at += 2*edges + 3
		a := stored(vs)
		for ; len(vs) > 3; vs = vs[2:] {
			b := stored(vs[2:])
			if (a.y > qy) != (b.y > qy) && (a.above(b, q) != a.above(b, bend)) {
				code ^= t.codes.across[arc]
			}
			if (a.x > x) != (b.x > x) && (a.above(b, bend) != a.above(b, ref)) {
				code ^= t.codes.across[arc]
			}
			a = b
		}
	}
	return code
}

// stored reads a vertex of a leaf.
func stored(words []uint32) vertex { return vertex{int32(words[0]), int32(words[1])} } // #nosec G115 -- written from one

// above reports whether q is above the line through a and b. A vertical line has only a
// consistent side.
func (a vertex) above(b vertex, q query) bool {
	if a.x > b.x {
		a, b = b, a
	}
	dx, dy := int64(b.x-a.x), int64(b.y-a.y)
	qx, qy := q.x-int64(a.x)<<fineBits, q.y-int64(a.y)<<fineBits
	const short = 1 << 20 // a degree: products stay within 62 bits, for q is in a cell the line crosses
	if dx < short && dy < short && dy > -short {
		return dx*qy >= dy*qx
	}
	return !lessProduct(dx, qy, dy, qx)
}

// lessProduct reports whether a*b < c*d, in 128 bits.
func lessProduct(a, b, c, d int64) bool {
	hi1, lo1 := signedProduct(a, b)
	hi2, lo2 := signedProduct(c, d)
	return hi1 < hi2 || (hi1 == hi2 && lo1 < lo2)
}

func signedProduct(a, b int64) (int64, uint64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b)) // #nosec G115 -- two's complement, corrected below
	h := int64(hi)                             // #nosec G115 -- the same
	if a < 0 {
		h -= b
	}
	if b < 0 {
		h -= a
	}
	return h, lo
}
