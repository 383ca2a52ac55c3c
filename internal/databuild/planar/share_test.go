package planar_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

func ring(xy ...int32) []planar.Point {
	var r []planar.Point
	for i := 0; i < len(xy); i += 2 {
		r = append(r, planar.Point{X: xy[i], Y: xy[i+1]})
	}
	return append(r, r[0])
}

// Two squares side by side, an island in the right one that is an area of its own, and
// the same outlines with their rings begun elsewhere and reversed.
func TestShare(t *testing.T) {
	island := ring(13, 3, 15, 3, 15, 5)
	left := planar.Area{ID: 1, Rings: [][]planar.Point{ring(0, 0, 10, 0, 10, 10, 0, 10)}}
	right := planar.Area{ID: 2, Rings: [][]planar.Point{ring(20, 10, 10, 10, 10, 0, 20, 0), island}}
	inner := planar.Area{ID: 3, Rings: [][]planar.Point{ring(15, 5, 15, 3, 13, 3)}}
	arcs, err := planar.Share([]planar.Area{left, right, inner})
	if err != nil {
		t.Fatal(err)
	}
	want := []planar.Arc{
		{A: 1, B: 2, Points: []planar.Point{{X: 10, Y: 0}, {X: 10, Y: 10}}},
		{A: 1, Points: []planar.Point{{X: 10, Y: 10}, {X: 0, Y: 10}, {X: 0, Y: 0}, {X: 10, Y: 0}}},
		{A: 2, Points: []planar.Point{{X: 10, Y: 0}, {X: 20, Y: 0}, {X: 20, Y: 10}, {X: 10, Y: 10}}},
		{A: 2, B: 3, Points: []planar.Point{{X: 13, Y: 3}, {X: 15, Y: 3}, {X: 15, Y: 5}, {X: 13, Y: 3}}},
	}
	if diff := cmp.Diff(want, arcs); diff != "" {
		t.Error(diff)
	}
}

func TestShareLeavesOutSlits(t *testing.T) {
	arcs, err := planar.Share([]planar.Area{{ID: 1, Rings: [][]planar.Point{ring(0, 0, 10, 0, 5, 0, 10, 0, 10, 10)}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range arcs {
		for _, p := range a.Points {
			if p.X == 5 {
				t.Errorf("the slit is part of an arc: %v", a)
			}
		}
	}
}

func TestShareRefuses(t *testing.T) {
	square := ring(0, 0, 10, 0, 10, 10)
	for _, tt := range []struct {
		name, want string
		areas      []planar.Area
	}{
		{"three areas on an edge", "share the edge", []planar.Area{{ID: 1, Rings: [][]planar.Point{square}}, {ID: 2, Rings: [][]planar.Point{square}}, {ID: 3, Rings: [][]planar.Point{square}}}},
		{"open ring", "not closed", []planar.Area{{ID: 1, Rings: [][]planar.Point{square[:3]}}}},
		{"no number", "without a number", []planar.Area{{Rings: [][]planar.Point{square}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := planar.Share(tt.areas); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestShareKeepsEveryEdge colours a chequered board at random: each area is the squares
// of one colour, given as one ring each. Sharing must return every border between
// colours once and nothing else.
func TestShareKeepsEveryEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 5
		colour := rapid.SliceOfN(rapid.Uint16Range(0, 3), n*n, n*n).Draw(t, "colours")
		at := func(x, y int) uint16 {
			if x < 0 || y < 0 || x >= n || y >= n {
				return 0
			}
			return colour[y*n+x]
		}
		var areas []planar.Area
		for id := uint16(1); id <= 3; id++ {
			a := planar.Area{ID: id}
			for i, c := range colour {
				if x, y := int32(i%n), int32(i/n); c == id {
					a.Rings = append(a.Rings, ring(x, y, x+1, y, x+1, y+1, x, y+1))
				}
			}
			areas = append(areas, a)
		}
		arcs, err := planar.Share(areas)
		if err != nil {
			t.Fatal(err)
		}
		got := map[[4]int32][2]uint16{}
		for _, a := range arcs {
			for i := 1; i < len(a.Points); i++ {
				p, q := a.Points[i-1], a.Points[i]
				key := [4]int32{min(p.X, q.X), min(p.Y, q.Y), max(p.X, q.X), max(p.Y, q.Y)}
				if _, twice := got[key]; twice {
					t.Fatalf("edge %v is there twice", key)
				}
				got[key] = [2]uint16{a.A, a.B}
			}
		}
		want := map[[4]int32][2]uint16{}
		add := func(c, d uint16, x1, y1, x2, y2 int) {
			if c == d {
				return
			}
			if c > d {
				c, d = d, c
			}
			if c == 0 {
				c, d = d, 0
			}
			want[[4]int32{int32(x1), int32(y1), int32(x2), int32(y2)}] = [2]uint16{c, d}
		}
		for y := range n + 1 {
			for x := range n + 1 {
				add(at(x, y), at(x-1, y), x, y, x, y+1)
				add(at(x, y), at(x, y-1), x, y, x+1, y)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}
