package databuild_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// TestOverlayEqualsBruteForce asks 50,000 places in and around the five states that
// changed, under the lines of the 118th: of the index, which lays them over those of the
// 119th, and of orb on the raw shapes of both. Half of the places lie beside lines.
func TestOverlayEqualsBruteForce(t *testing.T) {
	dir := sharedGeo(t)
	locator, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	at := congress.Number(118).Start()
	index, err := locator.Index(at)
	if err != nil {
		t.Fatal(err)
	}
	changed := rawStates(t, filepath.Join(dir, "cd118-tiger"), 5)
	all := slices.Clone(changed)
	for _, d := range rawDistricts(t, dir) {
		if !strings.Contains("AL GA LA NC NY", string(d.seat.State)) {
			all = append(all, d)
		}
	}
	points := besideAndWithin(changed, 50_000, rand.New(rand.NewPCG(118, 1)))
	in := make([]int, runtime.GOMAXPROCS(0))
	var group sync.WaitGroup
	for w := range in {
		group.Go(func() {
			for i := w; i < len(points); i += len(in) {
				p := points[i]
				want := seatOf(all, p)
				if got := index.SeatAt(p[1], p[0]); got != want {
					t.Errorf("point %.9f %.9f: index says %s, brute force %s", p[1], p[0], got, want)
				}
				if strings.Contains("AL GA LA NC NY", string(want.State)) && !want.IsZero() {
					in[w]++
				}
			}
		})
	}
	group.Wait()
	inside := 0
	for _, n := range in {
		inside += n
	}
	t.Logf("%d of %d places are in the five states", inside, len(points))
}

// besideAndWithin returns places 1 to 50 m from the lines of the districts, and as many
// anywhere in the boxes around them.
func besideAndWithin(districts []rawDistrict, n int, random *rand.Rand) []orb.Point {
	points := make([]orb.Point, 0, n)
	for len(points) < n {
		d := districts[random.IntN(len(districts))]
		ring := d.rings[random.IntN(len(d.rings))]
		at := ring[random.IntN(len(ring))]
		angle, metres := random.Float64()*2*math.Pi, 1+49*random.Float64()
		y := at[1] + metres*math.Sin(angle)/111_132
		x := at[0] + metres*math.Cos(angle)/(111_320*math.Cos(at[1]*math.Pi/180))
		b := d.bounds
		points = append(points, orb.Point{x, y}, orb.Point{
			b.Min[0] + random.Float64()*(b.Max[0]-b.Min[0]), b.Min[1] + random.Float64()*(b.Max[1]-b.Min[1]),
		})
	}
	return points[:n]
}
