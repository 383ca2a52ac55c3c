// Package shapetest writes shapefiles, for tests of what reads them.
package shapetest

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
)

const fieldWidth = 40

// Field is a column of a table: its name of at most ten letters, its kind, C for text or
// N for numbers, and its width in bytes.
type Field struct {
	Name  string
	Kind  byte
	Width int
}

// Feature is a record: a value for each field, and its shape.
type Feature struct {
	Values []string
	Parts  [][]planar.Point
}

// Zip packs polygons as the Census Bureau does, with fields of text for the attributes.
func Zip(tb testing.TB, records []shapefile.Record) []byte {
	tb.Helper()
	fields, features := split(records)
	return Pack(tb, "tl", shapefile.PolygonShapes, fields, features)
}

// Files returns the .shp and the .dbf file of polygons that have the same attributes.
func Files(tb testing.TB, records []shapefile.Record) (shp, dbf []byte) {
	tb.Helper()
	fields, features := split(records)
	return Shapes(shapefile.PolygonShapes, features), Table(tb, fields, features)
}

func split(records []shapefile.Record) ([]Field, []Feature) {
	names := slices.Sorted(maps.Keys(records[0].Row))
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{name, 'C', fieldWidth}
	}
	features := make([]Feature, len(records))
	for i, r := range records {
		features[i].Parts = r.Polygon
		for _, name := range names {
			features[i].Values = append(features[i].Values, r.Row[name])
		}
	}
	return fields, features
}

// Pack packs one shapefile of the name into a zip file as the Census Bureau does.
func Pack(tb testing.TB, name string, kind shapefile.Kind, fields []Field, features []Feature) []byte {
	tb.Helper()
	return Members(tb, map[string][]byte{
		name + ".cpg": []byte("UTF-8"), name + ".dbf": Table(tb, fields, features), name + ".shp": Shapes(kind, features),
	})
}

// Members packs files into a zip file.
func Members(tb testing.TB, files map[string][]byte) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(files[name]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// Shapes returns the .shp file of features.
func Shapes(kind shapefile.Kind, features []Feature) []byte {
	shp := make([]byte, 100)
	binary.BigEndian.PutUint32(shp, 9994)
	binary.LittleEndian.PutUint32(shp[28:], 1000)
	binary.LittleEndian.PutUint32(shp[32:], uint32(kind))
	for i, f := range features {
		content := shape(kind, f.Parts)
		shp = binary.BigEndian.AppendUint32(shp, u32(i+1))
		shp = binary.BigEndian.AppendUint32(shp, u32(len(content)/2))
		shp = append(shp, content...)
	}
	binary.BigEndian.PutUint32(shp[24:], u32(len(shp)/2))
	return shp
}

func shape(kind shapefile.Kind, parts [][]planar.Point) []byte {
	if len(parts) == 0 {
		return make([]byte, 4)
	}
	points := 0
	for _, part := range parts {
		points += len(part)
	}
	b := binary.LittleEndian.AppendUint32(nil, uint32(kind))
	b = append(b, make([]byte, 32)...) // the box, which nobody needs
	b = binary.LittleEndian.AppendUint32(b, u32(len(parts)))
	b = binary.LittleEndian.AppendUint32(b, u32(points))
	start := 0
	for _, part := range parts {
		b = binary.LittleEndian.AppendUint32(b, u32(start))
		start += len(part)
	}
	for _, part := range parts {
		for _, v := range part {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(v.X)/1e6))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(v.Y)/1e6))
		}
	}
	return b
}

// Table returns the .dbf file of features. A value wider than its field is the test's
// mistake.
func Table(tb testing.TB, fields []Field, features []Feature) []byte {
	tb.Helper()
	width := 1
	b := make([]byte, 32)
	for _, f := range fields {
		field := make([]byte, 32)
		copy(field[:10], f.Name)
		field[11], field[16] = f.Kind, u8(f.Width)
		b = append(b, field...)
		width += f.Width
	}
	b = append(b, 0x0D)
	b[0] = 3
	binary.LittleEndian.PutUint32(b[4:], u32(len(features)))
	binary.LittleEndian.PutUint16(b[8:], u16(len(b)))
	binary.LittleEndian.PutUint16(b[10:], u16(width))
	for i, feature := range features {
		b = append(b, ' ')
		for j, f := range fields {
			v := feature.Values[j]
			if len(v) > f.Width {
				tb.Fatalf("record %d: %q is wider than the %d bytes of %s", i+1, v, f.Width, f.Name)
			}
			pad := bytes.Repeat([]byte{' '}, f.Width-len(v))
			if f.Kind == 'N' {
				b = append(append(b, pad...), v...)
			} else {
				b = append(append(b, v...), pad...)
			}
		}
	}
	return append(b, 0x1A)
}

// The lengths of test files fit.
func u32(n int) uint32 { return uint32(n) } // #nosec G115 -- as said
func u16(n int) uint16 { return uint16(n) } // #nosec G115 -- as said
func u8(n int) uint8   { return uint8(n) }  // #nosec G115 -- as said
