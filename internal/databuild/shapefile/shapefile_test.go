package shapefile_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
)

func square(x, y, size int32) []planar.Point {
	return []planar.Point{{X: x, Y: y}, {X: x, Y: y + size}, {X: x + size, Y: y + size}, {X: x + size, Y: y}, {X: x, Y: y}}
}

func sample() []shapefile.Record {
	return []shapefile.Record{
		{Row: shapefile.Row{"GEOID": "0401", "NAMELSAD": "Congressional District 1"}, Polygon: shapefile.Polygon{square(-112_000_001, 33_000_000, 1000), square(-111_999_900, 33_000_100, 10)}},
		{Row: shapefile.Row{"GEOID": "04ZZ", "NAMELSAD": ""}, Polygon: shapefile.Polygon{}},
		{Row: shapefile.Row{"GEOID": "0298", "NAMELSAD": "Île"}, Polygon: shapefile.Polygon{square(179_999_000, -90_000_000, 1000)}},
	}
}

func TestReadZip(t *testing.T) {
	t.Run("OK", func(t *testing.T) {
		got, err := shapefile.ReadZip(shapetest.Zip(t, sample()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sample(), got); diff != "" {
			t.Error(diff)
		}
	})
	shp, dbf := shapetest.Files(t, sample())
	for _, tt := range []struct {
		name, want string
		files      map[string][]byte
	}{
		{"ErrNoShapes", "no .shp", map[string][]byte{"a.dbf": dbf}},
		{"ErrNoTable", "no .dbf", map[string][]byte{"a.shp": shp}},
		{"ErrTwoShapes", "more than one .shp", map[string][]byte{"a.shp": shp, "b.shp": shp, "a.dbf": dbf}},
		{"ErrShapes", ".shp: the header says", map[string][]byte{"a.shp": shp[:len(shp)-2], "a.dbf": dbf}},
		{"ErrTable", ".dbf: 3 rows", map[string][]byte{"a.shp": shp, "a.dbf": dbf[:len(dbf)-3]}},
		{"ErrCounts", "3 shapes and 1 rows", map[string][]byte{"a.shp": shp, "a.dbf": second(shapetest.Files(t, sample()[:1]))}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := shapefile.ReadZip(shapetest.Members(t, tt.files))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if _, err := shapefile.ReadZip([]byte("no zip file")); err == nil {
		t.Error("what is no zip file was read")
	}
}

func second(_, dbf []byte) []byte { return dbf }

// TestPolygonsRefuses changes one thing at a time in a good file.
func TestPolygonsRefuses(t *testing.T) {
	good, _ := shapetest.Files(t, sample()[:1])
	const record, content = 100, 108
	for _, tt := range []struct {
		name, want string
		change     func(b []byte)
	}{
		{"magic", "not a shapefile", func(b []byte) { b[3] = 1 }},
		{"version", "not a shapefile", func(b []byte) { b[28]++ }},
		{"points, not polygons", "shape type 1", func(b []byte) { b[32] = 1 }},
		{"length", "the header says", func(b []byte) { b[27]++ }},
		{"number", "numbered 7", func(b []byte) { b[record+3] = 7 }},
		{"record longer than the file", "cut off", func(b []byte) { b[record+4] = 0x7f }},
		{"record of another type", "not a polygon", func(b []byte) { b[content] = 3 }},
		{"ring count", "do not make", func(b []byte) { b[content+36]++ }},
		{"point count", "do not make", func(b []byte) { b[content+43] = 0xff }},
		{"first ring", "out of range", func(b []byte) { b[content+44] = 1 }},
		{"second ring", "out of range", func(b []byte) { b[content+48] = 200 }},
		{"open ring", "not closed", func(b []byte) { b[content+52+5]++ }},
		{"NaN", "no place on Earth", func(b []byte) { binary.LittleEndian.PutUint64(b[content+52:], math.Float64bits(math.NaN())) }},
		{"east of the globe", "no place on Earth", func(b []byte) { binary.LittleEndian.PutUint64(b[content+52:], math.Float64bits(181)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := bytes.Clone(good)
			tt.change(b)
			if _, err := shapefile.Polygons(b); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestRowsRefuses(t *testing.T) {
	_, good := shapetest.Files(t, sample()[:1])
	for _, tt := range []struct {
		name, want string
		change     func(b []byte)
	}{
		{"version", "not a dBASE", func(b []byte) { b[0] = 0x30 }},
		{"header length", "cut off", func(b []byte) { b[9] = 0xff }},
		{"row length", "a row has", func(b []byte) { b[10]++ }},
		{"row count", "rows of", func(b []byte) { b[4]++ }},
		{"kind of field", "only C and N", func(b []byte) { b[32+11] = 'D' }},
		{"two fields of one name", "not the only one", func(b []byte) { copy(b[64:75], b[32:43]) }},
		{"no end of fields", "no end", func(b []byte) { b[96] = 0 }},
		{"deleted row", "deleted", func(b []byte) { b[97] = '*' }},
		{"end mark", "rows of", func(b []byte) { b[len(b)-1] = 'x' }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := bytes.Clone(good)
			tt.change(b)
			if _, err := shapefile.Rows(b); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func FuzzPolygons(f *testing.F) {
	shp, _ := shapetest.Files(f, sample())
	f.Add(shp)
	f.Fuzz(func(t *testing.T, b []byte) {
		polygons, err := shapefile.Polygons(b)
		if err != nil {
			return
		}
		for _, p := range polygons {
			for _, ring := range p {
				if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
					t.Fatal("a ring is not closed")
				}
			}
		}
	})
}

func FuzzRows(f *testing.F) {
	_, dbf := shapetest.Files(f, sample())
	f.Add(dbf)
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = shapefile.Rows(b) })
}
