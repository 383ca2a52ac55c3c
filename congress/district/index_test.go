package district

import (
	"io/fs"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

func TestIndexEqualsBruteForce(t *testing.T) {
	ls := embeddedLines(t)
	index := newAtlas(ls)
	locator, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("rays", func(t *testing.T) {
		random := rand.New(rand.NewPCG(119, 1))
		bruteForce := newRays(t, ls).at
		compare(t, index, bruteForce, nearLines(ls, 30_000, random))
		compare(t, index, bruteForce, uniform(10_000, random))
		compare(t, index, bruteForce, populated(locator, 10_000, random))
	})
	t.Run("orb", func(t *testing.T) {
		random := rand.New(rand.NewPCG(119, 2))
		points := append(nearLines(ls, 400, random), uniform(400, random)...)
		compare(t, index, newOracle(t, ls).at, points)
	})
}

// TestLongEdges compares the 128-bit products with the plain ones.
func TestLongEdges(t *testing.T) {
	random := rand.New(rand.NewPCG(119, 5))
	for range 100_000 {
		a, b, c, d := random.Int64N(1<<33)-1<<32, random.Int64N(1<<30)-1<<29, random.Int64N(1<<33)-1<<32, random.Int64N(1<<30)-1<<29
		if got, want := lessProduct(a, b, c, d), a*b < c*d; got != want {
			t.Fatalf("%d*%d < %d*%d: %t", a, b, c, d, got)
		}
	}
	// Products of 90 bits that differ in the last place.
	if !lessProduct(1<<45, 1<<45, 1<<45, 1<<45+1) || lessProduct(-1<<45, 1<<45, -1<<45, 1<<45+1) {
		t.Error("large products are compared wrongly")
	}
}

// TestCodes proves what the sums of codes tell: one or two areas are told from each other
// and from three.
func TestCodes(t *testing.T) {
	seen := map[uint32]bool{0: true}
	for a := uint16(1); a < maxAreas; a++ {
		if seen[areaCode(a)] {
			t.Fatalf("the code of %d is not the only one", a)
		}
		seen[areaCode(a)] = true
	}
	for a := uint16(1); a < maxAreas; a++ {
		for b := a + 1; b < maxAreas; b++ {
			if pair := areaCode(a) ^ areaCode(b); seen[pair] {
				t.Fatalf("%d and %d sum to a sum of others", a, b)
			} else {
				seen[pair] = true
			}
		}
	}
	random := rand.New(rand.NewPCG(119, 6))
	for range 100_000 {
		a, b, c := uint16(random.IntN(509)+1), uint16(random.IntN(509)+1), uint16(random.IntN(509)+1)
		if sum := areaCode(a) ^ areaCode(b) ^ areaCode(c); a != b && b != c && a != c && seen[sum] {
			t.Fatalf("%d, %d and %d sum to one or two others", a, b, c)
		}
	}
	c := newCodes([]sides{{3, 7}, {7, 9}, {9, 0}, {12, 5}})
	for _, tt := range []struct{ areas, want []uint16 }{
		{nil, []uint16{0}}, {[]uint16{7}, []uint16{7}}, {[]uint16{9, 7}, []uint16{7}}, {[]uint16{12, 9, 5}, []uint16{5}}, {[]uint16{511}, []uint16{0}},
	} {
		var sum uint32
		for _, a := range tt.areas {
			sum ^= areaCode(a)
		}
		if got := c.area(sum); got != tt.want[0] {
			t.Errorf("%v: %d", tt.areas, got)
		}
	}
}

func BenchmarkArea(b *testing.B) {
	locator, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	ls := embeddedLines(b)
	index := newAtlas(ls)
	random := rand.New(rand.NewPCG(119, 7))
	for name, points := range map[string][]orb.Point{
		"populated": populated(locator, 100_000, random),
		"near":      nearLines(ls, 100_000, random),
		"uniform":   uniform(100_000, random),
	} {
		queries := make([]query, len(points))
		for i, p := range points {
			queries[i], _ = newQuery(p[1], p[0])
		}
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				index.area(queries[i%len(queries)])
			}
		})
	}
}

func BenchmarkByPoint(b *testing.B) {
	locator, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	points := populated(locator, 10_000, rand.New(rand.NewPCG(119, 8)))
	if err := locator.Warm(mapDay); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := points[i%len(points)]
		if _, err := locator.ByPoint(p[1], p[0], 50, mapDay); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkByZIP(b *testing.B) {
	locator, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := locator.ByZIP("85257-1234", "AZ", mapDay); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMapOf(b *testing.B) {
	locator, err := Embedded()
	if err != nil {
		b.Fatal(err)
	}
	r, err := locator.ByZIP("85257", "AZ", mapDay)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := locator.MapOf("85257", r.Candidates, 320, 240, mapDay); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen is what a program waits for: the ZIP table, then the index.
func BenchmarkOpen(b *testing.B) {
	fsys, err := fs.Sub(dataFS, "data")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("zip", func(b *testing.B) {
		for b.Loop() {
			if _, err := Open(fsys); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			l, err := Open(fsys)
			if err != nil {
				b.Fatal(err)
			}
			if err := l.Warm(mapDay); err != nil {
				b.Fatal(err)
			}
		}
	})
}
