package district

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable" //nolint:depguard // tests read what the writer writes; the package itself does not know it
)

// sampleStreets is a small table with everything a file can hold.
func sampleStreets(tb testing.TB) []byte {
	tb.Helper()
	main, oak := postal.ParseStreet("N Main St"), postal.ParseStreet("Oak Ave")
	one, four := congress.Seat{State: "AZ", District: 1}, congress.Seat{State: "AZ", District: 4}
	raw, err := streettable.Encode(streettable.Table{
		State: "AZ", Congresses: []congress.Number{118, 119},
		Units: [][]congress.Seat{{one, one}, {one, four}, {{}, four}},
		Ranges: []streettable.Range{
			{ZIP: 85257, Street: main, Low: 100, High: 198, Parity: streettable.Even, Unit: 0},
			{ZIP: 85257, Street: main, Low: 199, High: 101, Parity: streettable.Odd, Unit: 1},
			{ZIP: 85257, Street: main, Prefix: "37-", Low: 1, High: 9, Parity: streettable.Both, Unit: 2},
			{ZIP: 85257, Street: oak, Low: 1, High: 9, Parity: streettable.Both, Unit: 0},
			{ZIP: 85281, Street: oak, Low: 1, High: 9, Parity: streettable.Both, Unit: 2},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func TestReadStreetsRefuses(t *testing.T) {
	whole := sampleStreets(t)
	if _, err := readStreets("streets/AZ.bin", whole); err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		var format *FormatError
		if _, err := readStreets("streets/AZ.bin", whole[:n]); !errors.As(err, &format) || format.File != "streets/AZ.bin" {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err := readStreets("streets/AZ.bin", append(slices.Clip(whole), 0)); err == nil {
		t.Error("a byte too many was read")
	}
	for _, tt := range []struct {
		name, want, from, to string
	}{
		{"another format", "does not begin", "FRS1", "FRZ1"},
		{"another state", "no district", "FRS1\x04", "FRS1\x10"}, // Idaho has two
		{"no state", "state number", "FRS1\x04", "FRS1\x03"},
		{"Congresses twice", "Congresses are out of order", "\x76\x00\x77\x00", "\x76\x00\x76\x00"},
		{"a district that does not exist", "no district", "\x02\x02\x02\x05\x00\x05", "\x02\x02\x02\x0b\x00\x05"},
		{"names out of order", "names are out of order", "MAINOAK", "OAKMAIN"},
		{"a name that ends before it begins", "names are out of order", "\x00\x00\x00\x00\x04\x00\x00\x00\x07\x00\x00\x00MAINOAK", "\x00\x00\x00\x00\x08\x00\x00\x00\x07\x00\x00\x00MAINOAK"},
		{"ZIP codes out of order", "ZIP codes are out of order", "\x09\x4d\x01\x00\x21\x4d\x01\x00", "\x21\x4d\x01\x00\x21\x4d\x01\x00"},
		{"no ZIP code", "ZIP codes are out of order", "\x09\x4d\x01\x00\x21\x4d\x01\x00", "\x09\x4d\x01\x00\x21\x4d\x02\x00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(string(whole), tt.from, tt.to, 1)
			if changed == string(whole) {
				t.Fatalf("the file does not hold %q", tt.from)
			}
			if _, err := readStreets("streets/AZ.bin", []byte(changed)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestReadStreetsSurvivesEveryByte changes each byte to several others: what is read all
// the same never fails a lookup.
func TestReadStreetsSurvivesEveryByte(t *testing.T) {
	whole := sampleStreets(t)
	refused := 0
	for i := range whole {
		for _, b := range []byte{0, 1, 0x7f, 0x80, 0xff, whole[i] ^ 1} {
			changed := append([]byte(nil), whole...)
			changed[i] = b
			table, err := readStreets("streets/AZ.bin", changed)
			if err != nil {
				refused++
				continue
			}
			askEverything(table, "37-5 N Main St", 85257)
		}
	}
	if refused < len(whole) {
		t.Errorf("only %d changes of %d bytes were refused", refused, len(whole))
	}
}

// askEverything climbs the ladder for an address in every ZIP code and column of a table.
func askEverything(t *streetTable, address string, zip uint32) {
	line := postal.Parse(address)
	zips := []uint32{zip}
	cities := &streets{cities: func() map[city][]uint32 { return map[city][]uint32{{t.state, "TEMPE"}: zips} }}
	for i := range len(t.zips) / 4 {
		zips = append(zips, word(t.zips, i))
	}
	for _, zip := range zips {
		in, ok := t.streetsIn(zip)
		if !ok {
			continue
		}
		for column := range t.congresses {
			s := search{streetTable: t, column: column, in: in, line: &line, streets: cities, set: &planSet{}, address: &Address{City: "Tempe"}, known: &Result{ZIP: fmt.Sprintf("%05d", zip)}}
			o := s.climb()
			o.notes(o.districts.count() > 1)
			if o.rung != rungNone {
				_ = t.street(o.street).String()
			}
		}
	}
}

func FuzzReadStreets(f *testing.F) {
	whole := sampleStreets(f)
	f.Add(whole, "150 N Main St", uint32(85257))
	f.Add(whole, "37-05 Main", uint32(85257))
	f.Add(whole, "5 Oka Ave", uint32(85281))
	f.Add(whole[:60], "", uint32(0))
	f.Fuzz(func(_ *testing.T, raw []byte, address string, zip uint32) {
		table, err := readStreets("streets/AZ.bin", raw)
		if err != nil || len(table.records) > 1<<12 {
			return
		}
		askEverything(table, address, zip)
	})
}

// withStreets is the built-in data with a street table of Arizona.
func withStreets(t *testing.T, raw []byte) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	built, err := fs.Sub(dataFS, "data")
	if err != nil {
		t.Fatal(err)
	}
	m, err := readManifest(built)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range m.Files {
		content, err := fs.ReadFile(built, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = &fstest.MapFile{Data: content}
	}
	files["streets/AZ.bin"] = &fstest.MapFile{Data: raw}
	manifest(t, files, m)
	return files
}

// TestDamagedStreets are found out at the first address of the state or by Warm. Other
// states go on, and so does the answer by the ZIP code.
func TestDamagedStreets(t *testing.T) {
	whole := sampleStreets(t)
	at := congress.Number(119).Start()
	for name, raw := range map[string][]byte{
		"cut":           whole[:len(whole)-1],
		"another state": []byte(strings.Replace(string(whole), "FRS1\x04", "FRS1\x06", 1)), // California
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Open(withStreets(t, raw))
			if err != nil {
				t.Fatal(err)
			}
			var format *FormatError
			r, err := l.ByAddress(Address{Street: "150 N Main St", ZIP: "85257"}, at)
			if !errors.As(err, &format) || format.File != "streets/AZ.bin" || len(r.Candidates) != 2 {
				t.Errorf("%+v, %v", r, err)
			}
			if r, err = l.ByAddress(Address{Street: "150 N Main St", ZIP: "30303"}, at); err != nil || !r.Unique() {
				t.Errorf("another state: %+v, %v", r, err)
			}
			if err := l.Warm(at); !errors.As(err, &format) {
				t.Errorf("warm: %v", err)
			}
		})
	}
	files := withStreets(t, whole)
	files["streets/AZ.bin"] = &fstest.MapFile{Data: whole[1:]}
	l, err := Open(files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.ByAddress(Address{Street: "150 N Main St", ZIP: "85257"}, at); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("another checksum: %v", err)
	}
}

// TestStreetsOverTheBuiltInData answers in real ZIP codes, and leaves the Congresses that
// the table was not compiled for to the ZIP code.
func TestStreetsOverTheBuiltInData(t *testing.T) {
	l, err := Open(withStreets(t, sampleStreets(t)))
	if err != nil {
		t.Fatal(err)
	}
	at := congress.Number(119).Start()
	if err := l.Warm(at); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ street, zip, want string }{
		{"100 N Main St", "85257", "AZ-01"},
		{"101 N Main St", "85257", "AZ-04"},
		{"37-05 N Main St", "85257", "AZ-04"},
		{"5 Oak Ave", "85257", "AZ-01"},
		{"5 Oak Ave", "85281", "AZ-04"},
	} {
		r, err := l.ByAddress(Address{Street: tt.street, State: "AZ", ZIP: tt.zip}, at)
		if err != nil || r.Seat.String() != tt.want || r.Basis != BasisStreet {
			t.Errorf("%s in %s: %s by %q, %v", tt.street, tt.zip, r.Seat, r.Basis, err)
		}
	}
}
