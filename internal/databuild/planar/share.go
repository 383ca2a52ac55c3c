package planar

import (
	"errors"
	"fmt"
	"slices"
)

// Point is a vertex in whole millionths of a degree.
type Point struct{ X, Y int32 }

// Area is one outline: closed rings, each repeating its first point at its end.
type Area struct {
	ID    uint16 // not 0
	Rings [][]Point
}

// Arc is a piece of border with the areas beside it in ascending order. B is 0 where
// nothing is on the other side.
type Arc struct {
	A, B   uint16
	Points []Point // at least two, the first repeated at the end of a closed arc
}

// MaxArc is the greatest number of points in one arc; longer borders are cut.
const MaxArc = 1 << 16

// edge is an undirected piece between two vertices, low end first, and one area it
// bounds.
type edge struct {
	a, b Point
	area uint16
}

func less(a, b Point) int {
	if a.X != b.X {
		return int(a.X) - int(b.X)
	}
	return int(a.Y) - int(b.Y)
}

func newEdge(a, b Point, area uint16) edge {
	if less(a, b) > 0 {
		a, b = b, a
	}
	return edge{a, b, area}
}

func compareEdges(a, b edge) int {
	if c := less(a.a, b.a); c != 0 {
		return c
	}
	if c := less(a.b, b.b); c != 0 {
		return c
	}
	return int(a.area) - int(b.area)
}

// sides is the areas that an edge bounds.
type sides struct{ a, b uint16 }

// Share returns every border of the areas once, in the order in which the rings run into
// them. An edge that bounds more than two areas is an error, for then they overlap.
// An area that runs along an edge twice (a slit) does not count there.
func Share(areas []Area) ([]Arc, error) {
	edges, err := collect(areas)
	if err != nil {
		return nil, err
	}
	merged, degree, err := merge(edges)
	if err != nil {
		return nil, err
	}
	w := walker{sides: merged, degree: degree, used: make(map[edge]bool, len(merged))}
	for _, area := range areas {
		for _, ring := range area.Rings {
			w.walk(ring)
		}
	}
	return w.arcs, nil
}

func collect(areas []Area) ([]edge, error) {
	var edges []edge
	for _, area := range areas {
		if area.ID == 0 {
			return nil, errors.New("an area without a number")
		}
		for _, ring := range area.Rings {
			if len(ring) < 2 || ring[0] != ring[len(ring)-1] {
				return nil, fmt.Errorf("area %d has a ring that is not closed", area.ID)
			}
			for i := 1; i < len(ring); i++ {
				if ring[i-1] != ring[i] {
					edges = append(edges, newEdge(ring[i-1], ring[i], area.ID))
				}
			}
		}
	}
	slices.SortFunc(edges, compareEdges)
	return edges, nil
}

// merge joins the areas of equal edges and counts the edges that meet at each vertex.
func merge(edges []edge) (map[edge]sides, map[Point]int, error) {
	merged := make(map[edge]sides, len(edges))
	degree := make(map[Point]int, len(edges))
	for i := 0; i < len(edges); {
		var around []uint16
		j := i
		for ; j < len(edges) && edges[j].a == edges[i].a && edges[j].b == edges[i].b; j++ {
			if n := len(around); n > 0 && around[n-1] == edges[j].area {
				around = around[:n-1] // there and back again: a slit
				continue
			}
			around = append(around, edges[j].area)
		}
		if len(around) > 2 {
			return nil, nil, fmt.Errorf("areas %v share the edge %v-%v", around, edges[i].a, edges[i].b)
		}
		if len(around) > 0 {
			s := sides{a: around[0]}
			if len(around) == 2 {
				s.b = around[1]
			}
			merged[edge{a: edges[i].a, b: edges[i].b}] = s
			degree[edges[i].a]++
			degree[edges[i].b]++
		}
		i = j
	}
	return merged, degree, nil
}

// walker follows rings and cuts them into arcs.
type walker struct {
	sides  map[edge]sides
	degree map[Point]int
	used   map[edge]bool
	arcs   []Arc
}

// walk cuts one ring. It begins at a vertex where an arc must end, if the ring has one,
// so that no arc is cut by the accident of where the ring begins.
func (w *walker) walk(ring []Point) {
	n := len(ring) - 1
	start := 0
	for i := range n {
		if w.ends(ring[(i+n-1)%n], ring[i], ring[i+1]) {
			start = i
			break
		}
	}
	var open *Arc
	for i := range n {
		p, q := ring[(start+i)%n], ring[(start+i)%n+1]
		e := newEdge(p, q, 0)
		s, ok := w.sides[e]
		if p == q {
			continue
		}
		if !ok || w.used[e] {
			open = nil
			continue
		}
		w.used[e] = true
		if open == nil || w.degree[p] != 2 || open.A != s.a || open.B != s.b || len(open.Points) == MaxArc {
			w.arcs = append(w.arcs, Arc{A: s.a, B: s.b, Points: []Point{p}})
			open = &w.arcs[len(w.arcs)-1]
		}
		open.Points = append(open.Points, q)
	}
}

// ends reports whether an arc must end at p, between o and q.
func (w *walker) ends(o, p, q Point) bool {
	return w.degree[p] != 2 || w.sides[newEdge(o, p, 0)] != w.sides[newEdge(p, q, 0)]
}
