package topojson_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/topojson"
)

// Two squares beside each other, sharing arc 0, quantised to a tenth of a degree.
const sample = `{"type":"Topology",
 "transform":{"scale":[0.1,0.1],"translate":[-100,30]},
 "arcs":[[[10,0],[0,10]],[[10,10],[-10,0],[0,-10],[10,0]],[[10,0],[10,0],[0,10],[-10,0]]],
 "objects":{"districts":{"type":"GeometryCollection","geometries":[
  {"type":"Polygon","arcs":[[0,1]],"properties":{"GEOID":"4801","ALAND":5}},
  {"type":"MultiPolygon","arcs":[[[2,-1]]],"properties":{"GEOID":"4802"}}]}}}`

func TestRead(t *testing.T) {
	features, err := topojson.Read([]byte(sample), nil)
	if err != nil {
		t.Fatal(err)
	}
	const w, m, e = -100_000_000, -99_000_000, -98_000_000
	const s, n = 30_000_000, 31_000_000
	want := []topojson.Feature{
		{Properties: map[string]string{"GEOID": "4801"}, Rings: [][]planar.Point{{{X: m, Y: s}, {X: m, Y: n}, {X: w, Y: n}, {X: w, Y: s}, {X: m, Y: s}}}},
		{Properties: map[string]string{"GEOID": "4802"}, Rings: [][]planar.Point{{{X: m, Y: s}, {X: e, Y: s}, {X: e, Y: n}, {X: m, Y: n}, {X: m, Y: s}}}},
	}
	if diff := cmp.Diff(want, features); diff != "" {
		t.Error(diff)
	}
	one, err := topojson.Read([]byte(sample), func(p map[string]string) bool { return p["GEOID"] == "4802" })
	if err != nil || len(one) != 1 {
		t.Errorf("keeping one of two gave %d, %v", len(one), err)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, old, replacement, want string }{
		{"no JSON", "{", "", "invalid"},
		{"GeoJSON", `"Topology"`, `"FeatureCollection"`, "not a topology"},
		{"two objects", `"objects":{`, `"objects":{"a":{"type":"GeometryCollection"},`, "one object"},
		{"no collection", `"GeometryCollection"`, `"Polygon"`, "not a collection"},
		{"points", `"MultiPolygon"`, `"MultiPoint"`, "not a polygon"},
		{"arc that is not there", "[[0,1]]", "[[0,7]]", "no arc 7"},
		{"arcs that do not meet", "[[2,-1]]", "[[2,0]]", "does not begin where"},
		{"open ring", "[[0,1]]", "[[0]]", "not closed"},
		{"no arc", "[[0,1]]", "[[]]", "not closed"},
		{"point without latitude", "[[10,0],[0,10]]", "[[10],[0,10]]", "two coordinates"},
		{"short arc", "[[10,0],[0,10]]", "[[10,0]]", "fewer than two"},
		{"off the Earth", `"translate":[-100,30]`, `"translate":[-300,30]`, "leaves the Earth"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := topojson.Read([]byte(strings.Replace(sample, tt.old, tt.replacement, 1)), nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(sample))
	f.Fuzz(func(t *testing.T, b []byte) {
		features, err := topojson.Read(b, nil)
		if err != nil {
			return
		}
		for _, feature := range features {
			for _, ring := range feature.Rings {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
					t.Fatal("a ring is not closed")
				}
			}
		}
	})
}
