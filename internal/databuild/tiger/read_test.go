package tiger_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
)

// pack writes a shapefile of the columns, whose values stand in the order of their names.
func pack(tb testing.TB, kind shapefile.Kind, names string, rows ...[]string) []byte {
	tb.Helper()
	var fields []shapetest.Field
	for name := range strings.FieldsSeq(names) {
		fields = append(fields, shapetest.Field{Name: name, Kind: 'C', Width: 20})
	}
	shape := [][]planar.Point{{{X: -120_000_000, Y: 47_000_000}, {X: -120_000_000, Y: 47_001_000}, {X: -119_999_000, Y: 47_001_000}, {X: -120_000_000, Y: 47_000_000}}}
	features := make([]shapetest.Feature, len(rows))
	for i, values := range rows {
		features[i] = shapetest.Feature{Values: values, Parts: shape}
	}
	return shapetest.Pack(tb, "tl", kind, fields, features)
}

func packed(t *testing.T, kind shapefile.Kind, names string, rows ...[]string) tiger.File {
	t.Helper()
	return file(pack(t, kind, names, rows...))
}

const (
	addrColumns = "TLID FULLNAME TFIDL TFIDR LFROMHN LTOHN RFROMHN RTOHN ZIPL ZIPR PARITYL"
	faceColumns = "TFID STATEFP20 COUNTYFP20 TRACTCE20 BLOCKCE20"
)

func TestFilesThatLackColumns(t *testing.T) {
	for _, tt := range []struct {
		name, message string
		files         tiger.Files
	}{
		{"addrfeat", "addrfeat: .dbf: no column TFIDL, ZIPR", tiger.Files{AddrFeat: packed(t, shapefile.LineShapes, "TLID FULLNAME TFIDR LFROMHN LTOHN RFROMHN RTOHN ZIPL")}},
		{"edges", "edges: .dbf: no column LFROMADD, LTOADD, RFROMADD, RTOADD", tiger.Files{Edges: packed(t, shapefile.LineShapes, addrColumns)}},
		{"faces", "faces: .dbf: no column STATEFP20, BLOCKCE20", tiger.Files{AddrFeat: packed(t, shapefile.LineShapes, addrColumns), Faces: packed(t, shapefile.PolygonShapes, "TFID COUNTYFP20 TRACTCE20")}},
		{"face of no district", `faces: face 1: "1X" is no district`, tiger.Files{
			AddrFeat: packed(t, shapefile.LineShapes, addrColumns),
			Faces:    packed(t, shapefile.PolygonShapes, faceColumns+" CD119FP", []string{"1", "53", "001", "000100", "1000", "1X"}),
		}},
		{"two faces of one number", "faces: face 7 is not the only one", tiger.Files{
			AddrFeat: packed(t, shapefile.LineShapes, addrColumns),
			Faces:    packed(t, shapefile.PolygonShapes, faceColumns, []string{"7", "53", "001", "000100", "1000"}, []string{"7", "53", "001", "000100", "1001"}),
		}},
		{"identifier", "addrfeat: record 1: TFIDL", tiger.Files{AddrFeat: packed(t, shapefile.LineShapes, addrColumns, []string{"1", "Elm St", "x", "", "", "", "", "", "", "", ""})}},
		{"nothing", "neither address range features nor edges", tiger.Files{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tiger.ReadCounty("53001", tt.files); err == nil || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("got %v, want %q", err, tt.message)
			}
		})
	}
}

// TestZIPOfAnotherPiece has sides whose ZIP code only other streets can tell.
func TestZIPOfAnotherPiece(t *testing.T) {
	row := func(name, from, to, zip string) []string {
		return []string{"1", name, "", "", from, to, "", "", zip, "", "O"}
	}
	c := county(t, "53001", tiger.Files{AddrFeat: packed(t, shapefile.LineShapes, addrColumns,
		row("Lucas Rd", "1", "99", "98801"), row("Lucas Rd", "101", "199", ""), row("Lucas Rd", "1", "9", "98803"),
		row("Hall Creek Rd", "1", "99", ""), row("Elm St", "1", "99", "98802"),
	)})
	got := map[string][]uint32{}
	for _, r := range c.Ranges {
		key := c.Names[r.Name] + " " + r.From
		got[key] = append(got[key], r.ZIP)
	}
	want := map[string][]uint32{
		"Lucas Rd 1": {98801, 98803}, "Lucas Rd 101": {98801, 98803}, "Hall Creek Rd 1": {98801, 98802, 98803}, "Elm St 1": {98802},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if c.Counts[tiger.ZIPFromStreet] != 1 || c.Counts[tiger.ZIPFromCounty] != 1 || c.Counts[tiger.ZIPRepeats] != 3 {
		t.Errorf("%v", c.Counts)
	}
}

// TestZIPOfASide follows the rule for sides without ZIP code, with and without faces.
func TestZIPOfASide(t *testing.T) {
	faces := packed(t, shapefile.PolygonShapes, faceColumns+" ZCTA5CE20", []string{"1", "53", "001", "000100", "1000", "98801"}, []string{"2", "53", "001", "000100", "1001", ""})
	for _, tt := range []struct {
		name, left, right string
		face              string
		want              []uint32
		kind              tiger.Kind
	}{
		{"given", "98111", "98112", "1", []uint32{98111, 98112}, tiger.Kept},
		{"none, taken from the area", "", "98112", "1", []uint32{98801, 98112}, tiger.ZIPFromArea},
		{"99999, taken from the area", "99999", "98112", "1", []uint32{98801, 98112}, tiger.ZIPFromArea},
		{"no area, taken from across", "99999", "98112", "2", []uint32{98112, 98112}, tiger.ZIPFromAcross},
		{"no face, taken from across", "", "98112", "", []uint32{98112, 98112}, tiger.ZIPFromAcross},
		{"four digits are none", "9811", "98112", "", []uint32{98112, 98112}, tiger.ZIPFromAcross},
		{"none anywhere", "", "99999", "2", []uint32{0, 0}, tiger.ZIPUnknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := []string{"1", "Elm St", tt.face, tt.face, "1", "99", "2", "98", tt.left, tt.right, "O"}
			if tt.want[1] != 98112 || tt.face == "" {
				row[3] = "2"
			}
			c := county(t, "53001", tiger.Files{AddrFeat: packed(t, shapefile.LineShapes, addrColumns, row), Faces: faces})
			got := []uint32{c.Ranges[0].ZIP, c.Ranges[1].ZIP}
			if diff := cmp.Diff(tt.want, got); diff != "" || c.Counts[tt.kind] == 0 {
				t.Errorf("%s; %v", diff, c.Counts)
			}
		})
	}
}

func TestReadBlocks(t *testing.T) {
	list := "GEOID,CDFP\n530010001001000,01\r\n530010001001001,2\n530010001001002,ZZ\n53001000100100,01\n530010001001003,11\n" +
		"410010001001000,01\n530010001001004,02\n530010001001004,02\n530010001001005,01\n530010001001005,02\n\n020010001001000,00\n110010001001000,98\nnonsense\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(list)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	national := shapetest.Members(t, map[string][]byte{"NationalCD119.txt": []byte(list), "CD119_06.txt": []byte("not a list"), "readme.pdf": nil})
	states := shapetest.Members(t, map[string][]byte{"CD120_53.txt": []byte("\ufeff" + list), "CD120_06.txt": []byte("GEOID,CDFP\n060010001001000,01\n")})
	want := tiger.Counts{
		tiger.BlockRows: 13, tiger.BlocksKept: 5, tiger.BlocksElse: 1, tiger.BlocksWater: 1, tiger.BlocksBad: 4, tiger.BlocksRepeated: 1, tiger.BlocksSplit: 1,
	}
	for name, raw := range map[string][]byte{"plain": []byte(list), "gzip": packed.Bytes(), "national zip": national, "zip by state": states} {
		t.Run(name, func(t *testing.T) {
			b, counts, err := tiger.ReadBlocks(bytes.NewReader(raw), int64(len(raw)), []congress.State{"WA", "AK", "DC"})
			if err != nil {
				t.Fatal(err)
			}
			if name == "zip by state" {
				counts[tiger.BlockRows]--
				counts[tiger.BlocksElse]--
			}
			if diff := cmp.Diff(want, counts); diff != "" {
				t.Error(diff)
			}
			got := map[uint64][]tiger.Code{}
			for _, id := range []uint64{530_010_001_001_000, 530_010_001_001_004, 530_010_001_001_005, 20_010_001_001_000, 110_010_001_001_000, 530_010_001_001_003, 1} {
				got[id] = b.Districts(id)
			}
			if diff := cmp.Diff(map[uint64][]tiger.Code{
				530_010_001_001_000: {1}, 530_010_001_001_004: {2}, 530_010_001_001_005: {1, 2}, 20_010_001_001_000: {0}, 110_010_001_001_000: {98}, 530_010_001_001_003: nil, 1: nil,
			}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadBlocksRefuses(t *testing.T) {
	for _, tt := range []struct{ name, text, message string }{
		{"empty", "", "empty"},
		{"another header", "BLOCK;DISTRICT\n1,2\n", "not GEOID,CDFP"},
		{"a page in place of a file", "<!DOCTYPE html>\n", "not GEOID,CDFP"},
		{"cut gzip", "\x1f\x8b\x08", "EOF"},
		{"zip without a list", string(shapetest.Members(t, map[string][]byte{"a.pdf": nil})), "no list of blocks"},
		{"endless line", "GEOID,CDFP\n" + strings.Repeat("1", 1<<17), "too long"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, _, err := tiger.ReadBlocks(strings.NewReader(tt.text), int64(len(tt.text)), nil); err == nil || !strings.Contains(err.Error(), tt.message) {
				t.Errorf("got %v, want %q", err, tt.message)
			}
		})
	}
}

func FuzzReadBlocks(f *testing.F) {
	f.Add([]byte("GEOID,CDFP\n530010001001000,01\n530010001001000,02\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, counts, err := tiger.ReadBlocks(bytes.NewReader(raw), int64(len(raw)), []congress.State{"WA"})
		if err == nil && counts[tiger.BlocksKept] > 0 && b == nil {
			t.Fatal("blocks were kept nowhere")
		}
	})
}

func FuzzReadCounty(f *testing.F) {
	f.Add(
		pack(f, shapefile.LineShapes, addrColumns, []string{"1", "Elm St", "7", "8", "1", "99", "A2", "", "98801", "", "O"}),
		pack(f, shapefile.PolygonShapes, faceColumns+" CD119FP INTPTLAT INTPTLON", []string{"7", "53", "001", "000100", "1000", "01", "+47.0005", "-120.0"}),
	)
	lines := gridLines(tigertest.New(12, origin()))
	f.Fuzz(func(t *testing.T, addrFeat, faces []byte) {
		c, err := tiger.ReadCounty("53999", tiger.Files{AddrFeat: file(addrFeat), Faces: file(faces)})
		if err != nil {
			return
		}
		compiler := tiger.NewCompiler("WA", &tiger.Plans{Congresses: []congress.Number{119}, Lines: lines})
		compiler.Add(c)
		compiler.Table(nil, true)
		if c.Counts[tiger.Sides] != c.Counts[tiger.Kept]+c.Counts[tiger.Unnamed] {
			t.Fatal("a side is lost")
		}
	})
}
