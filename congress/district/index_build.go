package district

import "runtime"

// run is a stretch of an arc: edges from vertex first on.
type run struct{ first, edges, arc uint32 }

// newTree cuts the plane of one layer. The cells of the grid are independent of each
// other, so all processors take part; the result does not depend on how many there are.
func newTree(l *layer) *tree {
	t := &tree{layer: l, codes: newCodes(l.sides)}
	t.vertices, t.start = l.plane()
	t.boxes = boxesOf(t.vertices)
	cells := t.spread()
	t.sweep(cells)
	// A vertex takes half a word of nodes and 3.26 of leaves in real data.
	t.nodes, t.leafs = make([]uint32, 0, len(t.vertices)/2), make([]uint32, 0, len(t.vertices)*33/10)
	i := 0
	for part := range t.cutAll(cells) {
		t.join(cells[i], <-part)
		i++
	}
	t.vertices, t.start, t.boxes = nil, nil, nil
	return t
}

// cutAll cuts the cells and returns what is below them in their order. Only a few are ahead
// of the one that is asked for, so that all of the tree is not in memory twice.
func (t *tree) cutAll(cells []*cell) <-chan chan branch {
	parts := make(chan chan branch, runtime.GOMAXPROCS(0))
	go func() {
		defer close(parts)
		for _, c := range cells {
			part := make(chan branch, 1)
			parts <- part
			go func() {
				b := branch{tree: t}
				b.root(c)
				part <- b
			}()
		}
	}()
	return parts
}

// cell is a cell of the grid that lines cross.
type cell struct {
	slot int32 // in grid
	x, y int32 // the lower left corner
	runs []run
	code uint32 // at the corner
}

// spread deals the arcs out to the cells of the grid, in the order of the grid.
func (t *tree) spread() []*cell {
	t.bounds()
	t.grid = make([]uint32, t.columns*t.rows)
	found := make([]*cell, t.columns*t.rows)
	for arc := range t.sides {
		first, end := t.start[arc], t.start[arc+1]
		for v := first; v+1 < end; v++ {
			t.deal(found, t.vertices[v], t.vertices[v+1], v, uint32(arc)) // #nosec G115 -- at most maxArcs
		}
	}
	cells := make([]*cell, 0, len(found)/8)
	for _, c := range found {
		if c != nil {
			cells = append(cells, c)
		}
	}
	return cells
}

// bounds finds the part of the grid that lines reach, with a cell of margin for the
// widened cells of deal.
func (t *tree) bounds() {
	low, high := vertex{maxX, maxY}, vertex{}
	for _, v := range t.vertices {
		low.x, low.y = min(low.x, v.x), min(low.y, v.y)
		high.x, high.y = max(high.x, v.x), max(high.y, v.y)
	}
	if len(t.vertices) == 0 {
		low = high
	}
	t.cellX, t.cellY = low.x>>cellBits-1, low.y>>cellBits-1
	t.columns, t.rows = high.x>>cellBits-t.cellX+2, high.y>>cellBits-t.cellY+2
}

// deal gives the edge a-b to every cell it touches. Cells are taken two units wider than
// they are, so that a walk along a border of a cell meets all its lines.
func (t *tree) deal(found []*cell, a, b vertex, v, arc uint32) {
	const wide = 2
	x1, x2 := min(a.x, b.x)-wide, max(a.x, b.x)+wide
	y1, y2 := min(a.y, b.y)-wide, max(a.y, b.y)+wide
	for row := y1>>cellBits - t.cellY; row <= y2>>cellBits-t.cellY; row++ {
		for column := x1>>cellBits - t.cellX; column <= x2>>cellBits-t.cellX; column++ {
			slot := row*t.columns + column
			x, y := (column+t.cellX)<<cellBits, (row+t.cellY)<<cellBits
			if !touches(a, b, x-wide, y-wide, 1<<cellBits+2*wide) {
				continue
			}
			c := found[slot]
			if c == nil {
				c = &cell{slot: slot, x: x, y: y}
				found[slot] = c
			}
			c.runs = extend(c.runs, v, arc)
		}
	}
}

// extend adds the edge that begins at vertex v to the last run, or begins a run.
func extend(runs []run, v, arc uint32) []run {
	if n := len(runs); n > 0 {
		if last := &runs[n-1]; last.arc == arc && last.first+last.edges == v {
			last.edges++
			return runs
		}
	}
	return append(runs, run{first: v, edges: 1, arc: arc})
}

// touches reports whether the edge a-b meets the closed square.
func touches(a, b vertex, x, y, size int32) bool {
	if max(a.x, b.x) < x || min(a.x, b.x) > x+size || max(a.y, b.y) < y || min(a.y, b.y) > y+size {
		return false
	}
	if dx, dy := b.x-a.x, b.y-a.y; dx == 0 || dy == 0 {
		return true
	}
	left, right := 0, 0
	for i := range int32(4) {
		px, py := x+size*(i&1), y+size*(i>>1)
		side := int64(b.x-a.x)*int64(py-a.y) - int64(b.y-a.y)*int64(px-a.x)
		if side >= 0 {
			left++
		}
		if side <= 0 {
			right++
		}
	}
	return left > 0 && right > 0
}

// sweep finds the code at the corner of every cell: from the west, where there is
// nothing, along the bottom of each row. It fills the cells without lines.
func (t *tree) sweep(cells []*cell) {
	next := 0
	for row := range t.rows {
		var code uint32
		for column := range t.columns {
			slot := row*t.columns + column
			if next == len(cells) || cells[next].slot != slot {
				t.grid[slot] = uint32(t.codes.area(code))
				continue
			}
			c := cells[next]
			next++
			c.code = code
			from, to := corner(c.x, c.y), corner(c.x+1<<cellBits, c.y)
			for _, r := range c.runs {
				code ^= t.along(r, from, to)
			}
		}
	}
}

// along returns what a walk to the east or to the north adds for a run.
func (t *tree) along(r run, from, to query) uint32 {
	var code uint32
	lane := box{
		vertex{int32(from.x >> fineBits), int32(from.y >> fineBits)}, // #nosec G115 -- at most 360e6
		vertex{int32(to.x>>fineBits) + 1, int32(to.y>>fineBits) + 1}, // #nosec G115 -- at most 360e6
	}
	for v, end := r.first, r.first+r.edges; v < end; {
		if v%block == 0 && v+block <= end && t.boxes[v/block].apart(lane) {
			v += block
			continue
		}
		a, b := t.vertices[v], t.vertices[v+1]
		straddles := (a.y > lane.low.y) != (b.y > lane.low.y)
		if from.x == to.x {
			straddles = (a.x > lane.low.x) != (b.x > lane.low.x)
		}
		if straddles && a.above(b, from) != a.above(b, to) {
			code ^= t.codes.across[r.arc]
		}
		v++
	}
	return code
}

// join puts the branch of a cell into the tree.
func (t *tree) join(c *cell, b branch) {
	nodes, leafs := uint32(len(t.nodes)), uint32(len(t.leafs)) // #nosec G115 -- far fewer than 2^30
	for _, word := range b.nodes {
		t.nodes = append(t.nodes, moved(word, nodes, leafs))
	}
	t.leafs = append(t.leafs, b.leafs...)
	t.grid[c.slot] = moved(b.word, nodes, leafs)
}

func moved(word, nodes, leafs uint32) uint32 {
	switch word >> kindShift {
	case kindNode:
		return word + nodes
	case kindLeaf:
		return word + leafs
	}
	return word
}
