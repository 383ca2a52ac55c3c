package district

// chain strings the borders of an area together into closed rings, each repeating its
// first vertex at its end. A point is inside the area when an odd number of rings is
// around it. Where more than two borders meet, any way on is right by that rule.
func chain(arcs [][]vertex) [][]vertex {
	from := map[vertex][]int{} // borders by their ends
	for i, arc := range arcs {
		from[arc[0]] = append(from[arc[0]], i)
		from[arc[len(arc)-1]] = append(from[arc[len(arc)-1]], i)
	}
	used := make([]bool, len(arcs))
	var rings [][]vertex
	for first, arc := range arcs {
		if used[first] {
			continue
		}
		used[first] = true
		ring := append([]vertex(nil), arc...)
		for ring[0] != ring[len(ring)-1] {
			at := ring[len(ring)-1]
			next := from[at]
			for len(next) > 0 && used[next[0]] {
				next = next[1:]
			}
			from[at] = next
			if len(next) == 0 {
				ring = append(ring, ring[0]) // a line without an end: no area has one
				break
			}
			used[next[0]] = true
			ring = appendArc(ring, arcs[next[0]])
		}
		rings = append(rings, ring)
	}
	return rings
}

// appendArc goes on along an arc, from whichever of its ends the ring has reached.
func appendArc(ring, arc []vertex) []vertex {
	if arc[0] == ring[len(ring)-1] {
		return append(ring, arc[1:]...)
	}
	for i := len(arc) - 2; i >= 0; i-- {
		ring = append(ring, arc[i])
	}
	return ring
}
