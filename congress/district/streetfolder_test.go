package district_test

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable" //nolint:depguard // tests read what the writer writes; the package itself does not know it
)

// zipRow is one ZIP code of a small data folder.
type zipRow struct {
	zip    uint32
	place  string
	states []congress.State // empty: those of the seats
	seats  string           // in the 119th Congress; empty for a ZIP code without an area
}

// smallFolder makes a data folder of the 119th Congress with these ZIP codes and streets. All of
// its states have lines, which nobody asks about.
func smallFolder(tb testing.TB, rows []zipRow, tables ...streettable.Table) fstest.MapFS {
	tb.Helper()
	files := fstest.MapFS{"119/lines.bin": {Data: []byte("FRL1")}}
	slices.SortFunc(rows, func(a, b zipRow) int { return int(a.zip) - int(b.zip) })
	zips := binary.AppendUvarint([]byte("FRZ1"), uint64(len(rows)))
	list := binary.AppendUvarint(nil, uint64(len(rows)))
	var areas []byte
	var last, lastArea uint32
	count := 0
	for i, row := range rows {
		zips = append(append(zips, byte(len(row.place))), row.place...)
		found := seats(tb, row.seats)
		states, flag := row.states, byte(0)
		for _, s := range found {
			if !slices.Contains(states, s.State) {
				states = append(states, s.State)
			}
		}
		if len(found) > 0 {
			flag = 1
			areas = append(binary.AppendUvarint(areas, uint64(row.zip-lastArea)), byte(len(found)))
			for _, s := range found {
				areas = append(areas, fips(tb, s.State), s.District)
			}
			lastArea = row.zip
			count++
		}
		list = append(binary.AppendUvarint(list, uint64(row.zip-last)), flag, byte(len(states)))
		for _, s := range states {
			list = append(list, fips(tb, s))
		}
		list = binary.AppendUvarint(list, uint64(i+1))
		last = row.zip
	}
	files["zips.bin"] = &fstest.MapFile{Data: append(zips, list...)}
	files["119/zips.bin"] = &fstest.MapFile{Data: append(binary.AppendUvarint([]byte("FRD1"), uint64(count)), areas...)}
	for _, t := range tables {
		raw, err := streettable.Encode(t)
		if err != nil {
			tb.Fatal(err)
		}
		files["streets/"+string(t.State)+".bin"] = &fstest.MapFile{Data: raw}
	}
	var plans []district.Plan
	for _, s := range congress.States() {
		plans = append(plans, district.Plan{State: s, Congress: 119, From: congress.Number(119).Start(), To: congress.Number(119).End()})
	}
	sealFolder(tb, files, plans)
	return files
}

// sealFolder writes the manifest of the files that are there.
func sealFolder(tb testing.TB, files fstest.MapFS, plans []district.Plan) {
	tb.Helper()
	m := district.Manifest{Format: district.ManifestFormat, Plans: plans}
	for name, f := range files {
		if name == "manifest.json" {
			continue
		}
		sum := sha256.Sum256(f.Data)
		m.Files = append(m.Files, district.File{Name: name, Bytes: int64(len(f.Data)), SHA256: hex.EncodeToString(sum[:])})
	}
	raw, err := json.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	files["manifest.json"] = &fstest.MapFile{Data: raw}
}

// dataFile reads a file of the built-in data.
func dataFile(tb testing.TB, name string) []byte {
	tb.Helper()
	raw, err := os.ReadFile(filepath.Join("data", filepath.FromSlash(name)))
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func openFolder(tb testing.TB, files fstest.MapFS) *district.Locator {
	tb.Helper()
	l, err := district.Open(files)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func fips(tb testing.TB, s congress.State) byte {
	tb.Helper()
	n, err := strconv.ParseUint(s.FIPS(), 10, 8)
	if err != nil {
		tb.Fatal(err)
	}
	return byte(n)
}

// streetsOf reads a table of the 119th Congress from lines such as
//
//	85257 N Main St: 100-198 even AZ-01, 101-199 odd AZ-04, 37-1-37-99 both ?
//
// in which ? is a district that nobody knows.
func streetsOf(tb testing.TB, state congress.State, text string) streettable.Table {
	tb.Helper()
	t := streettable.Table{State: state, Congresses: []congress.Number{119}}
	units := map[string]uint16{}
	for line := range strings.Lines(text) {
		street, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			continue
		}
		zip, name, _ := strings.Cut(street, " ")
		number, err := strconv.ParseUint(zip, 10, 32)
		if err != nil {
			tb.Fatal(err)
		}
		for item := range strings.SplitSeq(list, ", ") {
			r := streettable.Range{ZIP: uint32(number), Street: postal.ParseStreet(name)}
			var parity, seat string
			if _, err := fmt.Sscanf(item, "%d-%d %s %s", &r.Low, &r.High, &parity, &seat); err != nil {
				if _, err = fmt.Sscanf(item, "37-%d-37-%d %s %s", &r.Low, &r.High, &parity, &seat); err != nil {
					tb.Fatalf("%q: %v", item, err)
				}
				r.Prefix = "37-"
			}
			r.Parity = map[string]streettable.Parity{"odd": streettable.Odd, "even": streettable.Even, "both": streettable.Both}[parity]
			if _, ok := units[seat]; !ok {
				units[seat] = uint16(len(t.Units))
				t.Units = append(t.Units, []congress.Seat{seatOf(tb, seat)})
			}
			r.Unit = units[seat]
			t.Ranges = append(t.Ranges, r)
		}
	}
	return t
}

func seatOf(tb testing.TB, text string) congress.Seat {
	tb.Helper()
	if text == "?" {
		return congress.Seat{}
	}
	return seats(tb, text)[0]
}
