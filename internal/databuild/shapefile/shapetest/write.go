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

	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
)

const fieldWidth = 40

// Zip packs records as the Census Bureau does.
func Zip(tb testing.TB, records []shapefile.Record) []byte {
	tb.Helper()
	shp, dbf := Files(tb, records)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct {
		name    string
		content []byte
	}{{"tl.cpg", []byte("UTF-8")}, {"tl.dbf", dbf}, {"tl.shp", shp}} {
		w, err := z.Create(f.name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write(f.content); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// Files returns the .shp and the .dbf file of records that have the same attributes.
func Files(tb testing.TB, records []shapefile.Record) (shp, dbf []byte) {
	tb.Helper()
	shp = make([]byte, 100)
	binary.BigEndian.PutUint32(shp, 9994)
	binary.LittleEndian.PutUint32(shp[28:], 1000)
	binary.LittleEndian.PutUint32(shp[32:], 5)
	for i, r := range records {
		content := polygon(r.Polygon)
		shp = binary.BigEndian.AppendUint32(shp, u32(i+1))
		shp = binary.BigEndian.AppendUint32(shp, u32(len(content)/2))
		shp = append(shp, content...)
	}
	binary.BigEndian.PutUint32(shp[24:], u32(len(shp)/2))
	return shp, table(records)
}

func polygon(p shapefile.Polygon) []byte {
	if len(p) == 0 {
		return make([]byte, 4)
	}
	points := 0
	for _, ring := range p {
		points += len(ring)
	}
	b := binary.LittleEndian.AppendUint32(nil, 5)
	b = append(b, make([]byte, 32)...) // the box, which nobody needs
	b = binary.LittleEndian.AppendUint32(b, u32(len(p)))
	b = binary.LittleEndian.AppendUint32(b, u32(points))
	start := 0
	for _, ring := range p {
		b = binary.LittleEndian.AppendUint32(b, u32(start))
		start += len(ring)
	}
	for _, ring := range p {
		for _, v := range ring {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(v.X)/1e6))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(float64(v.Y)/1e6))
		}
	}
	return b
}

func table(records []shapefile.Record) []byte {
	names := slices.Sorted(maps.Keys(records[0].Row))
	b := make([]byte, 32)
	b[0] = 3
	binary.LittleEndian.PutUint32(b[4:], u32(len(records)))
	binary.LittleEndian.PutUint16(b[8:], u16(32+32*len(names)+1))
	binary.LittleEndian.PutUint16(b[10:], u16(1+fieldWidth*len(names)))
	for _, name := range names {
		field := make([]byte, 32)
		copy(field[:10], name)
		field[11], field[16] = 'C', fieldWidth
		b = append(b, field...)
	}
	b = append(b, 0x0D)
	for _, r := range records {
		b = append(b, ' ')
		for _, name := range names {
			field := bytes.Repeat([]byte{' '}, fieldWidth)
			copy(field, r.Row[name])
			b = append(b, field...)
		}
	}
	return append(b, 0x1A)
}

// The lengths of test files fit.
func u32(n int) uint32 { return uint32(n) } // #nosec G115 -- as said
func u16(n int) uint16 { return uint16(n) } // #nosec G115 -- as said
