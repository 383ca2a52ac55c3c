package district

import (
	"testing"

	"github.com/paulmach/orb"
)

// rays answers by casting a ray to the west over every edge of the point's band of
// latitude, in floating point: as simple as orb's test of every ring and a hundred times
// as fast, so that the ordinary tests can ask about many points.
type rays struct {
	bands [][]rayEdge // a hundredth of a degree each
	areas int
}

type rayEdge struct {
	x1, y1, x2, y2 float64
	layer          int
	sides          sides
}

func newRays(tb testing.TB, ls *lines) *rays {
	tb.Helper()
	r := &rays{bands: make([][]rayEdge, 18001), areas: len(ls.seats)}
	for i, l := range ls.layers {
		for arc := range l.sides {
			vs := l.arc(arc)
			for j := range vs[1:] {
				a, b := vs[j], vs[j+1]
				e := rayEdge{degreesOf(a.x - maxX/2), degreesOf(a.y - maxY/2), degreesOf(b.x - maxX/2), degreesOf(b.y - maxY/2), i, l.sides[arc]}
				for band := min(a.y, b.y) / 10000; band <= max(a.y, b.y)/10000; band++ {
					r.bands[band] = append(r.bands[band], e)
				}
			}
		}
	}
	return r
}

// at returns the first area, in order of layers and numbers, with an odd number of edges
// west of the point.
func (r *rays) at(p orb.Point) uint16 {
	var inside [2][maxAreas]bool
	for _, e := range r.bands[int((p[1]+90)*100)] {
		if (e.y1 > p[1]) == (e.y2 > p[1]) {
			continue
		}
		if e.x1+(p[1]-e.y1)/(e.y2-e.y1)*(e.x2-e.x1) < p[0] {
			inside[e.layer][e.sides.a] = !inside[e.layer][e.sides.a]
			inside[e.layer][e.sides.b] = !inside[e.layer][e.sides.b]
		}
	}
	for layer := range inside {
		for area := 1; area < r.areas; area++ {
			if inside[layer][area] {
				return uint16(area)
			}
		}
	}
	return 0
}
