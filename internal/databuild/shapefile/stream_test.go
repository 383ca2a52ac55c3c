package shapefile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
)

func roadFields() []shapetest.Field {
	return []shapetest.Field{{Name: "TLID", Kind: 'N', Width: 10}, {Name: "FULLNAME", Kind: 'C', Width: 100}, {Name: "ZIPL", Kind: 'C', Width: 5}}
}

func roads() []shapetest.Feature {
	return []shapetest.Feature{
		{Values: []string{"166706795", "State Hwy 360", ""}, Parts: [][]planar.Point{{{X: -110_000_000, Y: 46_000_000}, {X: -110_000_100, Y: 46_000_200}, {X: -110_000_300, Y: 46_000_200}}}},
		{Values: []string{"7", "Avenida Peña", "00901"}, Parts: [][]planar.Point{{{X: 1, Y: 2}, {X: 3, Y: 4}}, {{X: 5, Y: 6}, {X: 7, Y: 8}}}},
		{Values: []string{"", "", "99999"}, Parts: [][]planar.Point{}},
	}
}

// read collects what Read gives as text, so that nothing is kept beyond its time.
func read(file []byte, want shapefile.Want) ([]string, error) {
	var got []string
	err := shapefile.Read(bytes.NewReader(file), int64(len(file)), want, func(f shapefile.Feature) error {
		got = append(got, fmt.Sprintf("%s %v", bytes.Join(f.Values, []byte("|")), f.Parts))
		return nil
	})
	return got, err
}

func TestReadLines(t *testing.T) {
	file := shapetest.Pack(t, "tl_2025_30059_addrfeat", shapefile.LineShapes, roadFields(), roads())
	got, err := read(file, shapefile.Want{Kind: shapefile.LineShapes, Columns: []string{"ZIPL", "TLID"}, Optional: []string{"PLUS4L", "FULLNAME"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"|166706795||State Hwy 360 [[{-110000000 46000000} {-110000100 46000200} {-110000300 46000200}]]",
		"00901|7||Avenida Peña [[{1 2} {3 4}] [{5 6} {7 8}]]",
		"99999||| []",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	attributes, err := read(file, shapefile.Want{Columns: []string{"TLID"}})
	if err != nil || !slices.Equal(attributes, []string{"166706795 []", "7 []", " []"}) {
		t.Errorf("attributes alone are %q, %v", attributes, err)
	}
	names, err := shapefile.Columns(bytes.NewReader(file), int64(len(file)))
	if err != nil || !slices.Equal(names, []string{"TLID", "FULLNAME", "ZIPL"}) {
		t.Errorf("the columns are %q, %v", names, err)
	}
}

func TestReadPassesErrorsOn(t *testing.T) {
	file := shapetest.Pack(t, "tl", shapefile.LineShapes, roadFields(), roads())
	enough, calls := errors.New("enough"), 0
	err := shapefile.Read(bytes.NewReader(file), int64(len(file)), shapefile.Want{Kind: shapefile.LineShapes}, func(shapefile.Feature) error {
		calls++
		return enough
	})
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

func TestReadRefuses(t *testing.T) {
	shp := shapetest.Shapes(shapefile.LineShapes, roads())
	dbf := shapetest.Table(t, roadFields(), roads())
	onePoint := []shapetest.Feature{{Parts: [][]planar.Point{{{X: 1, Y: 1}}}}, {}, {}}
	want := shapefile.Want{Kind: shapefile.LineShapes, Columns: []string{"TLID"}}
	for _, tt := range []struct {
		name, message string
		files         map[string][]byte
		want          shapefile.Want
	}{
		{"no shapes", "no .shp", map[string][]byte{"a.dbf": dbf}, want},
		{"no table", "no .dbf", map[string][]byte{"a.shp": shp}, want},
		{"columns", ".dbf: no column TFIDL, ZIPR", map[string][]byte{"a.shp": shp, "a.dbf": dbf}, shapefile.Want{Columns: []string{"TFIDL", "TLID", "ZIPR"}}},
		{"kind", "shape type 3, not polygons (5)", map[string][]byte{"a.shp": shp, "a.dbf": dbf}, shapefile.Want{Kind: shapefile.PolygonShapes}},
		{"cut shapes", "the header says", map[string][]byte{"a.shp": shp[:len(shp)-4], "a.dbf": dbf}, want},
		{"cut table", "do not make", map[string][]byte{"a.shp": shp, "a.dbf": dbf[:len(dbf)-2]}, want},
		{"fewer shapes", "2 shapes and 3 rows", map[string][]byte{"a.shp": shapetest.Shapes(shapefile.LineShapes, roads()[:2]), "a.dbf": dbf}, want},
		{"more shapes", "more shapes than the 2 rows", map[string][]byte{"a.shp": shp, "a.dbf": shapetest.Table(t, roadFields(), roads()[:2])}, want},
		{"one point", "record 1: part 1: 1 points do not make a part", map[string][]byte{"a.shp": shapetest.Shapes(shapefile.LineShapes, onePoint), "a.dbf": dbf}, want},
		{"a polygon among lines", "record 3: not a line", map[string][]byte{"a.shp": append(shp[:len(shp)-4:len(shp)-4], 5, 0, 0, 0), "a.dbf": dbf}, want},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := read(shapetest.Members(t, tt.files), tt.want); err == nil || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("got %v, want %q", err, tt.message)
			}
		})
	}
	if _, err := read([]byte("no zip file"), want); err == nil {
		t.Error("what is no zip file was read")
	}
}

// TestHostileZip holds the bound of what is unpacked against the sizes that a zip file
// claims, which nothing forces to be true.
func TestHostileZip(t *testing.T) {
	good := shapetest.Pack(t, "tl", shapefile.LineShapes, roadFields(), roads())
	want := shapefile.Want{Kind: shapefile.LineShapes, Columns: []string{"TLID"}}
	for _, tt := range []struct {
		name, message string
		size          uint32
	}{
		{"claims two gigabytes", "unpacks to more than", 2 << 30},
		{"claims less than there is", ".dbf: ", 300},
		{"claims more than there is", ".dbf: ", 4000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := read(claim(t, good, ".dbf", tt.size), want); err == nil || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("got %v, want %q", err, tt.message)
			}
		})
	}
	t.Run("whole file", func(t *testing.T) {
		polygons := shapetest.Zip(t, sample())
		if _, err := shapefile.ReadZip(claim(t, polygons, ".shp", 300<<20)); err == nil || !strings.Contains(err.Error(), "unpacks to more than") {
			t.Errorf("got %v", err)
		}
		if _, err := shapefile.ReadZip(claim(t, polygons, ".shp", 4000)); err == nil {
			t.Error("a file shorter than it claims was read")
		}
	})
}

// claim changes the unpacked size that the directory of a zip file gives for a member.
func claim(t *testing.T, file []byte, ending string, size uint32) []byte {
	t.Helper()
	const entry, sizeAt, nameLengthAt, nameAt = "PK\x01\x02", 24, 28, 46
	b := bytes.Clone(file)
	for rest := b; ; {
		i := bytes.Index(rest, []byte(entry))
		if i < 0 {
			t.Fatalf("no %s in the directory", ending)
		}
		rest = rest[i:]
		name := rest[nameAt : nameAt+int(binary.LittleEndian.Uint16(rest[nameLengthAt:]))]
		if strings.HasSuffix(string(name), ending) {
			binary.LittleEndian.PutUint32(rest[sizeAt:], size)
			return b
		}
		rest = rest[len(entry):]
	}
}

func FuzzRead(f *testing.F) {
	want := shapefile.Want{Kind: shapefile.LineShapes, Columns: []string{"TLID"}, Optional: []string{"ZIPL"}}
	f.Add(shapetest.Shapes(shapefile.LineShapes, roads()), shapetest.Table(f, roadFields(), roads()))
	f.Fuzz(func(t *testing.T, shp, dbf []byte) {
		_ = shapefile.Read(bytes.NewReader(nil), 0, want, nil)
		got, err := read(shapetest.Members(t, map[string][]byte{"a.shp": shp, "a.dbf": dbf}), want)
		if err == nil && len(got) > len(shp) {
			t.Fatalf("%d lines in %d bytes", len(got), len(shp))
		}
	})
}

func FuzzZip(f *testing.F) {
	f.Add(shapetest.Pack(f, "tl", shapefile.LineShapes, roadFields(), roads()))
	f.Add(shapetest.Zip(f, sample()))
	f.Fuzz(func(_ *testing.T, file []byte) {
		_, _ = read(file, shapefile.Want{Kind: shapefile.LineShapes})
		_, _ = shapefile.Columns(bytes.NewReader(file), int64(len(file)))
		_, _ = shapefile.ReadZip(file)
	})
}
