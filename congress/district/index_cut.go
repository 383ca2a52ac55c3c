package district

// nodeWords bounds the words of nodes to an edge; real lines need half a word.
const nodeWords = 64

// branch is the part of a tree below one cell of the grid. Its words count from its own
// beginnings.
type branch struct {
	*tree
	word  uint32
	nodes []uint32
	leafs []uint32
	stack []run // the runs of the cells being cut, children above their parents
	limit int   // nodes there may be: lines that cannot be told apart end in fuller leaves
}

func (b *branch) root(c *cell) {
	b.limit = nodeWords
	for _, r := range c.runs {
		b.limit += nodeWords * int(r.edges)
	}
	b.word = b.cut(c.runs, c.x, c.y, cellBits, c.code)
	b.stack = nil
}

// cut makes a cell of 2^size millionths whose corner (x, y) has the code.
func (b *branch) cut(runs []run, x, y int32, size uint, code uint32) uint32 {
	edges := uint32(0)
	for _, r := range runs {
		edges += r.edges
	}
	if edges == 0 {
		return uint32(b.codes.area(code))
	}
	if edges <= maxEdges || size <= minBits || len(b.nodes) > b.limit {
		return b.leaf(runs, code)
	}
	size--
	node := len(b.nodes)
	b.nodes = append(b.nodes, 0, 0, 0, 0)
	corners := b.corners(runs, x, y, size, code)
	for i := range int32(4) {
		cx, cy := x+(i&1)<<size, y+(i>>1)<<size
		mark := len(b.stack)
		b.within(runs, cx, cy, 1<<size)
		word := b.cut(b.stack[mark:], cx, cy, size, corners[i])
		b.stack = b.stack[:mark]
		b.nodes[node+int(i)] = word
	}
	return kindNode<<kindShift | uint32(node) // #nosec G115 -- far fewer than 2^30
}

// corners returns the codes at the corners of the four children.
func (b *branch) corners(runs []run, x, y int32, size uint, code uint32) [4]uint32 {
	sw, se := corner(x, y), corner(x+1<<size, y)
	nw, ne := corner(x, y+1<<size), corner(x+1<<size, y+1<<size)
	codes := [4]uint32{code, code, code, 0}
	for _, r := range runs {
		codes[1] ^= b.along(r, sw, se)
		codes[2] ^= b.along(r, sw, nw)
		codes[3] ^= b.along(r, se, ne)
	}
	codes[3] ^= codes[1]
	return codes
}

// within pushes the parts of the runs that touch the square onto the stack.
func (b *branch) within(runs []run, x, y, size int32) {
	mark := len(b.stack)
	square := box{vertex{x, y}, vertex{x + size, y + size}}
	for _, r := range runs {
		for v, end := r.first, r.first+r.edges; v < end; {
			n := uint32(1)
			if v%block == 0 && v+block <= end {
				around := b.boxes[v/block]
				if around.apart(square) {
					v += block
					continue
				}
				if around.inside(square) {
					n = block
				}
			}
			if n > 1 || square.holds(b.vertices[v]) || touches(b.vertices[v], b.vertices[v+1], x, y, size) {
				b.push(mark, run{first: v, edges: n, arc: r.arc})
			}
			v += n
		}
	}
}

func (b *branch) push(mark int, r run) {
	if n := len(b.stack); n > mark {
		if last := &b.stack[n-1]; last.arc == r.arc && last.first+last.edges == r.first {
			last.edges += r.edges
			return
		}
	}
	b.stack = append(b.stack, r)
}

func (b *branch) leaf(runs []run, code uint32) uint32 {
	at := len(b.leafs)
	b.leafs = append(b.leafs, code, 0)
	for _, r := range runs {
		for first, left := r.first, r.edges; left > 0; {
			n := min(left, maxRun)
			b.leafs = append(b.leafs, r.arc<<8|n)
			for _, v := range b.vertices[first:][:n+1] {
				b.leafs = append(b.leafs, uint32(v.x), uint32(v.y)) // #nosec G115 -- never negative
			}
			b.leafs[at+1]++
			first, left = first+n, left-n
		}
	}
	return kindLeaf<<kindShift | uint32(at) // #nosec G115 -- far fewer than 2^30
}
