package district

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/franklin-letters/franklin/congress"
)

var mapDay = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

// parsePath reads path data of the commands M, l and z.
func parsePath(t *testing.T, path string) []orb.Ring {
	t.Helper()
	var rings []orb.Ring
	for _, sub := range regexp.MustCompile(`M([^Mz]*)z`).FindAllStringSubmatch(path, -1) {
		var numbers []float64
		for _, text := range regexp.MustCompile(`-?(\d+(\.\d+)?|\.\d+)`).FindAllString(sub[1], -1) {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, n)
		}
		if len(numbers)%2 != 0 || len(numbers) < 6 {
			t.Fatalf("%d numbers in %q", len(numbers), sub[0])
		}
		var ring orb.Ring
		var x, y float64
		for i := 0; i < len(numbers); i += 2 {
			x, y = x+numbers[i], y+numbers[i+1]
			ring = append(ring, orb.Point{x, y})
		}
		rings = append(rings, append(ring, ring[0]))
	}
	return rings
}

func inside(rings []orb.Ring, p MapPoint) bool {
	in := false
	for _, r := range rings {
		if planar.RingContains(r, orb.Point{p.X, p.Y}) {
			in = !in
		}
	}
	return in
}

// TestMapOfSplitZIPCodes draws every fortieth of them: all districts are there, their
// labels stand in them, the marker in at most one, and it is small.
func TestMapOfSplitZIPCodes(t *testing.T) {
	l, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	split := 0
	for n := range zipSlots {
		zip := fmt.Sprintf("%05d", n)
		r, err := l.ByZIP(zip, "", mapDay)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Split() {
			continue
		}
		if split++; split%40 != 0 {
			continue
		}
		m, err := l.MapOf(zip, r.Candidates, 320, 240, mapDay)
		if err != nil || len(m.Areas) != len(r.Candidates) {
			t.Fatalf("%s: %d areas, %v", zip, len(m.Areas), err)
		}
		if centre, _ := l.ZIPCentre(zip); m.Here != seatAmong(t, l, centre, r.Candidates) {
			t.Errorf("%s: the marker is in %s", zip, m.Here)
		}
		size := 0
		for i, a := range m.Areas {
			rings := parsePath(t, a.Path)
			if size += len(a.Path); a.Seat != r.Candidates[i] || !inside(rings, a.Label) {
				t.Errorf("%s: %s has its label at %v, outside", zip, a.Seat, a.Label)
			}
			for _, ring := range rings {
				if b := ring.Bound(); b.Min[0] < -5 || b.Min[1] < -5 || b.Max[0] > 325 || b.Max[1] > 245 {
					t.Errorf("%s: %s reaches from %v to %v", zip, a.Seat, b.Min, b.Max)
				}
			}
		}
		if size > maxPathBytes {
			t.Errorf("%s: %d bytes", zip, size)
		}
		if m.Scale.Length < 64 || m.Scale.Length > 160 || m.Marker != (MapPoint{160, 120}) {
			t.Errorf("%s: %+v", zip, m.Scale)
		}
	}
}

// TestMapShowsTheRightSides looks up a chequer of places of one map by path and by index.
// seatAmong returns the candidate in whose district the point lies.
func seatAmong(t *testing.T, l *Locator, p Point, candidates []congress.Seat) congress.Seat {
	t.Helper()
	r, err := l.ByPoint(p.Lat, p.Lon, 0, mapDay)
	if err != nil {
		t.Fatal(err)
	}
	if r.Has(NoteShore) || !slices.Contains(candidates, r.Seat) {
		return congress.Seat{}
	}
	return r.Seat
}

func TestMapShowsTheRightSides(t *testing.T) {
	l, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, zip := range []string{"85257", "78704", "10012", "59221", "40012"} {
		r, err := l.ByZIP(zip, "", mapDay)
		if err != nil || !r.Split() {
			continue
		}
		m, err := l.MapOf(zip, r.Candidates, 320, 240, mapDay)
		if err != nil {
			t.Fatal(err)
		}
		centre, _ := l.ZIPCentre(zip)
		q, _ := newQuery(centre.Lat, centre.Lon)
		w := window{ruler: newRuler(q), width: m.Width, height: m.Height, metres: m.Scale.Kilometres * 1000 / m.Scale.Length}
		different, total := 0, 0
		for _, a := range m.Areas {
			rings := parsePath(t, a.Path)
			for y := 4.0; y < m.Height; y += 8 {
				for x := 4.0; x < m.Width; x += 8 {
					lat := (float64(w.query(x, y).y)/(1<<fineBits) - maxY/2) / micros
					lon := (float64(w.query(x, y).x)/(1<<fineBits) - maxX/2) / micros
					at, err := l.ByPoint(lat, lon, 0, mapDay)
					if err != nil {
						t.Fatal(err)
					}
					total++
					if (at.Seat == a.Seat && !at.Has(NoteShore)) != inside(rings, MapPoint{x, y}) {
						different++
					}
				}
			}
		}
		// Simplified borders may differ at places right beside them.
		if different*200 > total {
			t.Errorf("%s: %d of %d places are on the wrong side", zip, different, total)
		}
	}
}

func TestMapOfRefuses(t *testing.T) {
	l, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	az := []congress.Seat{{State: "AZ", District: 1}, {State: "AZ", District: 4}}
	for _, tt := range []struct {
		name, zip     string
		candidates    []congress.Seat
		width, height int
	}{
		{"unknown ZIP code", "99999", az, 320, 240},
		{"no ZIP code", "x", az, 320, 240},
		{"no candidates", "85257", nil, 320, 240},
		{"a seat without a district", "85257", []congress.Seat{{State: "AZ", Class: 1}}, 320, 240},
		{"too far apart", "85257", []congress.Seat{{State: "AZ", District: 1}, {State: "GU"}}, 320, 240},
		{"no size", "85257", az, 0, 240},
		{"far too large", "85257", az, 320, 1 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var none *NoMapError
			if _, err := l.MapOf(tt.zip, tt.candidates, tt.width, tt.height, mapDay); !errors.As(err, &none) {
				t.Errorf("got %v", err)
			}
		})
	}
}
