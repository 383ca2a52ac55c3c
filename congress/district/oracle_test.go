package district

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// oracle answers by brute force: every ring of every district, with orb.
type oracle struct {
	areas []oracleArea // of the first layer, then of the next
}

type oracleArea struct {
	area   uint16
	layer  int
	bounds orb.Bound
	rings  []oracleRing
}

// oracleRing remembers its bounds, which orb works out anew on every question.
type oracleRing struct {
	bounds orb.Bound
	ring   orb.Ring
}

// embeddedLines reads the built-in lines of the 119th Congress.
func embeddedLines(tb testing.TB) *lines {
	tb.Helper()
	raw, err := dataFS.ReadFile("data/119/lines.bin")
	if err != nil {
		tb.Fatal(err)
	}
	ls, err := readLines("lines.bin", raw)
	if err != nil {
		tb.Fatal(err)
	}
	return ls
}

// newOracle strings the arcs of each district together into rings.
func newOracle(tb testing.TB, ls *lines) *oracle {
	tb.Helper()
	o := &oracle{}
	for i, l := range ls.layers {
		for area := range ls.seats {
			if area == 0 {
				continue
			}
			rings := chain(l.arcsOf(uint16(area)))
			if len(rings) == 0 {
				continue
			}
			a := oracleArea{area: uint16(area), layer: i}
			for j, ring := range rings {
				r := make(orb.Ring, len(ring))
				for k, v := range ring {
					r[k] = orb.Point{degreesOf(v.x - maxX/2), degreesOf(v.y - maxY/2)}
				}
				a.rings = append(a.rings, oracleRing{r.Bound(), r})
				if j == 0 {
					a.bounds = r.Bound()
				}
				a.bounds = a.bounds.Union(r.Bound())
			}
			o.areas = append(o.areas, a)
		}
	}
	return o
}

// degreesOf gives the float64 nearest to a number of millionths, as a shapefile holds it.
func degreesOf(micro int32) float64 { return float64(micro) / 1e6 }

// at returns the first area, in order of layers and numbers, with the point inside an odd
// number of its rings.
func (o *oracle) at(p orb.Point) uint16 {
	for _, a := range o.areas {
		if !a.bounds.Contains(p) {
			continue
		}
		inside := false
		for _, ring := range a.rings {
			if ring.bounds.Contains(p) && planar.RingContains(ring.ring, p) {
				inside = !inside
			}
		}
		if inside {
			return a.area
		}
	}
	return 0
}

// compare holds the index against brute force on all processors.
func compare(tb testing.TB, a *atlas, bruteForce func(orb.Point) uint16, points []orb.Point) {
	tb.Helper()
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			for i := w; i < len(points); i += workers {
				q, ok := newQuery(points[i][1], points[i][0])
				var got uint16
				if ok {
					got, _ = a.area(q)
				}
				if want := bruteForce(points[i]); got != want {
					tb.Errorf("point %.9f %.9f: index says %s, brute force %s", points[i][1], points[i][0], a.seats[got], a.seats[want])
				}
			}
		})
	}
	group.Wait()
}

// nearLines returns points 2 to 50 m on either side of randomly chosen edges.
func nearLines(ls *lines, n int, random *rand.Rand) []orb.Point {
	type plane struct {
		vertices []vertex
		start    []uint32
	}
	var planes []plane
	total := 0
	for _, l := range ls.layers {
		vertices, start := l.plane()
		planes = append(planes, plane{vertices, start})
		total += len(vertices)
	}
	points := make([]orb.Point, 0, n)
	for len(points) < n {
		v, p := random.IntN(total), planes[0]
		if v >= len(p.vertices) {
			p, v = planes[1], v-len(p.vertices)
		}
		if _, last := slices.BinarySearch(p.start, uint32(v+1)); last {
			continue // the end of an arc
		}
		points = append(points, beside(p.vertices[v], p.vertices[v+1], random))
	}
	return points
}

// beside returns a point 2 to 50 m from somewhere on the edge, at a right angle.
func beside(a, b vertex, random *rand.Rand) orb.Point {
	along := random.Float64()
	x := degreesOf(a.x-maxX/2) + along*degreesOf(b.x-a.x)
	y := degreesOf(a.y-maxY/2) + along*degreesOf(b.y-a.y)
	kx := 111320 * math.Cos(y*math.Pi/180)
	dx, dy := degreesOf(b.x-a.x)*kx, degreesOf(b.y-a.y)*111132
	length := math.Hypot(dx, dy)
	away := (2 + 48*random.Float64()) * float64(1-2*random.IntN(2))
	return orb.Point{x - dy/length*away/kx, y + dx/length*away/111132}
}

// uniform returns points anywhere in the box of the contiguous states, Alaska, Hawaii and
// the territories.
func uniform(n int, random *rand.Rand) []orb.Point {
	boxes := [][4]float64{
		{-125, 24, -66, 50},
		{-180, 51, -129, 72},
		{172, 51, 180, 54},
		{-161, 18, -154, 23},
		{-68, 17, -64, 19},
		{144, 13, 146, 21},
		{-171, -15, -168, -11},
	}
	points := make([]orb.Point, n)
	for i := range points {
		b := boxes[0]
		if i%4 == 0 {
			b = boxes[random.IntN(len(boxes))]
		}
		points[i] = orb.Point{b[0] + random.Float64()*(b[2]-b[0]), b[1] + random.Float64()*(b[3]-b[1])}
	}
	return points
}

// populated returns points around the ZIP codes' places, with 2 km of jitter.
func populated(l *Locator, n int, random *rand.Rand) []orb.Point {
	points := make([]orb.Point, 0, n)
	for len(points) < n {
		info := l.zips.info[random.IntN(len(l.zips.info))]
		if !info.area || !info.hasPoint {
			continue
		}
		y := float64(info.y)/1e6 + random.NormFloat64()*2000/111132
		x := float64(info.x)/1e6 + random.NormFloat64()*2000/(111320*math.Cos(y*math.Pi/180))
		points = append(points, orb.Point{x, y})
	}
	return points
}
