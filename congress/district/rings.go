package district

import "slices"

// chain strings the borders of an area together into closed rings, each repeating its
// first vertex at its end and no other. A point is inside the area when an odd number of
// rings is around it; by that rule any way on is right where more than two borders meet.
func chain(arcs [][]vertex) [][]vertex {
	c := chainer{arcs: arcs, used: make([]bool, len(arcs)), from: map[vertex][]int{}}
	for i, arc := range arcs {
		c.from[arc[0]] = append(c.from[arc[0]], i)
		c.from[arc[len(arc)-1]] = append(c.from[arc[len(arc)-1]], i)
	}
	for i := range arcs {
		if !c.used[i] {
			c.follow(i)
		}
	}
	return c.rings
}

type chainer struct {
	arcs  [][]vertex
	used  []bool
	from  map[vertex][]int // borders by their ends
	rings [][]vertex
}

// follow goes on from border to border. Whenever it comes back to a vertex where it has
// been, it cuts off the ring that this closes.
func (c *chainer) follow(arc int) {
	path := []vertex{c.arcs[arc][0]}
	joints := []int{0} // places in path where borders meet
	for {
		c.used[arc] = true
		path = appendArc(path, c.arcs[arc])
		at := path[len(path)-1]
		if i := slices.IndexFunc(joints, func(j int) bool { return path[j] == at }); i >= 0 {
			c.rings = append(c.rings, slices.Clone(path[joints[i]:]))
			path, joints = path[:joints[i]+1], joints[:i+1]
		} else {
			joints = append(joints, len(path)-1)
		}
		next := slices.IndexFunc(c.from[at], func(i int) bool { return !c.used[i] })
		if next < 0 {
			return // nothing is left here; in data of our own making the path is closed by now
		}
		arc = c.from[at][next]
	}
}

// appendArc goes on along an arc, from whichever of its ends the path has reached.
func appendArc(path, arc []vertex) []vertex {
	if arc[0] == path[len(path)-1] {
		return append(path, arc[1:]...)
	}
	for i := len(arc) - 2; i >= 0; i-- {
		path = append(path, arc[i])
	}
	return path
}
