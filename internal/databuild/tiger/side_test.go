package tiger_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

// TestSideOfALine holds single streets against a line that runs north along a meridian and
// bends. A thousand millionths of a degree are 76 m eastwards and 111 m northwards.
func TestSideOfALine(t *testing.T) {
	line := mapLines{{X: 0, Y: -100_000}, {X: 0, Y: 0}, {X: 0, Y: 1000}, {X: 100, Y: 2000}, {X: 0, Y: 3000}, {X: 0, Y: 100_000}}
	for i := range line {
		line[i].X -= 120_000_000
		line[i].Y += 47_000_000
	}
	west, east, either := []string{"WA-01"}, []string{"WA-02"}, []string{"WA-01", "WA-02"}
	for _, tt := range []struct {
		name        string
		street      []planar.Point
		left, right []string
	}{
		{"far in the east", []planar.Point{{X: 5000, Y: 0}, {X: 5000, Y: 1000}}, east, east},
		{"one block beside it", []planar.Point{{X: -1000, Y: 0}, {X: -1000, Y: 9000}}, west, west},
		{"the line itself, northwards", []planar.Point{{X: 0, Y: 0}, {X: 0, Y: 1000}}, west, east},
		{"the line itself, southwards", []planar.Point{{X: 0, Y: 1000}, {X: 0, Y: 0}}, east, west},
		{"the line itself around bends", []planar.Point{{X: 0, Y: 0}, {X: 0, Y: 1000}, {X: 100, Y: 2000}, {X: 0, Y: 3000}}, west, east},
		{"a bend cut off", []planar.Point{{X: 0, Y: 1000}, {X: 0, Y: 3000}}, either, either},
		{"a millionth of a degree off at one end", []planar.Point{{X: 0, Y: 0}, {X: 1, Y: 1000}}, either, either},
		{"a millionth of a degree off", []planar.Point{{X: 1, Y: 0}, {X: 1, Y: 1000}}, either, either},
		{"fifteen metres beside it", []planar.Point{{X: 200, Y: 0}, {X: 200, Y: 1000}}, either, either},
		{"six metres long, fifteen beside it", []planar.Point{{X: 200, Y: 0}, {X: 200, Y: 54}}, either, either},
		{"away from a vertex of it", []planar.Point{{X: 0, Y: 0}, {X: 2000, Y: 0}}, east, east},
		{"towards a vertex of it, by a vertex near it", []planar.Point{{X: -2000, Y: 0}, {X: -100, Y: 0}, {X: 0, Y: 0}}, west, west},
		{"away from a vertex, but along it", []planar.Point{{X: 0, Y: 0}, {X: 300, Y: 9000}}, either, either},
		{"away from it, but not for long", []planar.Point{{X: 0, Y: 0}, {X: 200, Y: 0}}, either, either},
		{"towards it, but not to a vertex", []planar.Point{{X: 2000, Y: 500}, {X: 100, Y: 500}}, either, either},
		{"across it by its end", []planar.Point{{X: 9000, Y: 500}, {X: -200, Y: 500}}, either, either},
		{"across it at a vertex", []planar.Point{{X: -2000, Y: 0}, {X: 0, Y: 0}, {X: 2000, Y: 0}}, either, either},
		{"along it and then away", []planar.Point{{X: 0, Y: 0}, {X: 0, Y: 1000}, {X: 2000, Y: 1000}}, either, east},
		{"a point twice", []planar.Point{{X: 0, Y: 0}, {X: 0, Y: 0}, {X: 0, Y: 1000}}, west, east},
		{"no extent", []planar.Point{{X: 0, Y: 0}, {X: 0, Y: 0}}, []string{""}, []string{""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			street := make([]planar.Point, len(tt.street))
			for i, v := range tt.street {
				street[i] = planar.Point{X: v.X - 120_000_000, Y: v.Y + 47_000_000}
			}
			c := &tiger.County{
				Code: "53001", Names: []string{"Elm St"}, Lines: [][][]planar.Point{{street}}, Places: []tiger.Place{{}, {Right: true}},
				Ranges: []tiger.Range{{ZIP: 98801, From: "1", To: "99"}, {ZIP: 98801, From: "2", To: "98", Place: 1}},
			}
			l, _ := compile(t, &tiger.Plans{Congresses: []congress.Number{119}, Lines: line}, nil, c)
			if diff := cmp.Diff([][]string{tt.left, tt.right}, [][]string{l.find(98801, "Elm St", "11", 0), l.find(98801, "Elm St", "12", 0)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// borderLines are lines of which the west is Oregon's second district.
type borderLines struct{ mapLines }

func oregon(s congress.Seat) congress.Seat {
	if s.District == 1 {
		return congress.Seat{State: "OR", District: 2}
	}
	return s
}

func (b borderLines) At(n congress.Number, lon, lat float64) (congress.Seat, float64, bool) {
	seat, metres, ok := b.mapLines.At(n, lon, lat)
	return oregon(seat), metres, ok
}

func (b borderLines) Within(n congress.Number, lon, lat, metres float64) []congress.Seat {
	seats := b.mapLines.Within(n, lon, lat, metres)
	for i := range seats {
		seats[i] = oregon(seats[i])
	}
	return seats
}

// TestStreetOnAStateLine leaves the far side to the other state's table, but does not take
// the near one for certain where the side is not clear.
func TestStreetOnAStateLine(t *testing.T) {
	lines := borderLines{mapLines{{X: -120_000_000, Y: 46_900_000}, {X: -120_000_000, Y: 47_000_000}, {X: -120_000_000, Y: 47_001_000}, {X: -120_000_000, Y: 47_100_000}}}
	street := func(east int32) [][]planar.Point {
		return [][]planar.Point{{{X: -120_000_000 + east, Y: 47_000_000}, {X: -120_000_000 + east, Y: 47_001_000}}}
	}
	c := &tiger.County{
		Code: "53001", Names: []string{"Line Rd", "Near Rd"}, Lines: [][][]planar.Point{street(0), street(200)},
		Places: []tiger.Place{{}, {Right: true}, {Line: 1}},
		Ranges: []tiger.Range{{ZIP: 98801, From: "1", To: "99"}, {ZIP: 98801, From: "2", To: "98", Place: 1}, {ZIP: 98801, Name: 1, From: "1", To: "99", Place: 2}},
	}
	l, counts := compile(t, &tiger.Plans{Congresses: []congress.Number{119}, Lines: lines}, nil, c)
	got := [][]string{l.find(98801, "Line Rd", "11", 0), l.find(98801, "Line Rd", "12", 0), l.find(98801, "Near Rd", "11", 0)}
	if diff := cmp.Diff([][]string{nil, {"WA-02"}, {"", "WA-02"}}, got); diff != "" || counts[tiger.RowsElsewhere] != 1 {
		t.Errorf("%s; %v", diff, counts)
	}
}
