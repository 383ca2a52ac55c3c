package district

// box is a closed rectangle.
type box struct{ low, high vertex }

// block is the number of edges that share one box, so that building the tree can pass
// over many edges at once.
const block = 16

// boxesOf returns the box of the edges that begin at vertices 16i to 16i+15, for every i.
// The step from the last vertex of an arc to the next arc counts as an edge here; it only
// makes the box larger.
func boxesOf(vertices []vertex) []box {
	boxes := make([]box, 0, len(vertices)/block+1)
	for first := 0; first < len(vertices); first += block {
		around := box{vertices[first], vertices[first]}
		for _, v := range vertices[first:min(first+block+1, len(vertices))] {
			around = around.with(v)
		}
		boxes = append(boxes, around)
	}
	return boxes
}

func (b box) with(v vertex) box {
	return box{
		vertex{min(b.low.x, v.x), min(b.low.y, v.y)},
		vertex{max(b.high.x, v.x), max(b.high.y, v.y)},
	}
}

// holds reports whether the vertex lies in the box.
func (b box) holds(v vertex) bool {
	return v.x >= b.low.x && v.x <= b.high.x && v.y >= b.low.y && v.y <= b.high.y
}

// apart reports whether the two have no point in common.
func (b box) apart(c box) bool {
	return b.low.x > c.high.x || b.high.x < c.low.x || b.low.y > c.high.y || b.high.y < c.low.y
}

// inside reports whether all of b lies in c.
func (b box) inside(c box) bool {
	return b.low.x >= c.low.x && b.high.x <= c.high.x && b.low.y >= c.low.y && b.high.y <= c.high.y
}
