// Package rawtest invents a country in the form in which official files are published, for
// tests of what fetches and compiles them.
package rawtest

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
)

// Every seat in the House is one square of half a degree, in a row of its state. A square
// is also a ZIP code area, which from the second of a row on reaches into the square
// before.
const (
	side    = 500_000
	originX = -125_000_000
	originY = 20_000_000
)

// Paths of files below the root of their publisher.
const (
	Relation = "geo/docs/maps-data/data/rel2020/cd-sld/tab20_cd11920_zcta520_natl.txt"
	Members  = "congress-legislators/legislators-current.json"
)

// Lines returns the path of a state's lines.
func Lines(s congress.State) string {
	return fmt.Sprintf("geo/tiger/TIGER2025/CD/tl_2025_%s_cd119.zip", s.FIPS())
}

// Big is the state whose file is long enough to be cut: a megabyte more than it needs.
const Big congress.State = "CA"

// Files returns the published files of the country by path.
func Files(tb testing.TB) map[string][]byte {
	tb.Helper()
	files := map[string][]byte{Relation: []byte(relation()), Members: Roster(tb, nil)}
	for _, state := range congress.States() {
		files[Lines(state)] = Squares(tb, 119, state, func(s congress.Seat) congress.Seat { return s })
	}
	files[Lines(Big)] = Padded(tb, files[Lines(Big)], 1)
	return files
}

// Squares returns a file of a state's lines of a Congress, in which each seat has the square that another
// one has in the country.
func Squares(tb testing.TB, n congress.Number, state congress.State, of func(congress.Seat) congress.Seat) []byte {
	tb.Helper()
	var records []shapefile.Record
	for _, seat := range state.HouseSeats() {
		records = append(records, shapefile.Record{Row: shapefile.Row{"GEOID": geoid(seat), fmt.Sprintf("CD%dFP", int(n)): geoid(seat)[2:]}, Polygon: shapefile.Polygon{square(Corner(of(seat)))}})
	}
	return shapetest.Zip(tb, records)
}

// Lists returns the two lists of ZIP codes that no official address offers, by their
// place in a raw folder.
func Lists(tb testing.TB) map[string][]byte {
	tb.Helper()
	var zips, points strings.Builder
	zips.WriteString("zip,city,state,lat,lon\n09001,Apo,AE,0,0\n98001,Boxton,WA,,\n")
	points.WriteString("zcta,lat,lon\n")
	for _, seat := range congress.AllHouseSeats() {
		lat, lon := Middle(seat)
		fmt.Fprintf(&zips, "%s,%s City,%s,%f,%f\n", ZIP(seat), seat.State.Name(), seat.State, lat, lon)
		fmt.Fprintf(&points, "%s,%f,%f\n", ZIP(seat), lat, lon)
	}
	return map[string][]byte{
		"zip/zipcodes_npm_8.0.0.csv.gz":  gzipped(tb, zips.String()),
		"zip/zcta_gazetteer_2021.csv.gz": gzipped(tb, points.String()),
	}
}

// Corner returns the lower left corner of a seat's square, in millionths of a degree.
func Corner(seat congress.Seat) planar.Point {
	column := max(int32(seat.District), 1) - 1
	for row, s := range congress.States() {
		if s == seat.State {
			return planar.Point{X: originX + column*side, Y: originY + int32(row)*side}
		}
	}
	return planar.Point{}
}

// Middle returns the middle of a seat's square in degrees.
func Middle(seat congress.Seat) (lat, lon float64) {
	p := Corner(seat)
	return float64(p.Y+side/2) / 1e6, float64(p.X+side/2) / 1e6
}

// ZIP returns the ZIP code of a seat's square, in a range without rules of its own.
func ZIP(seat congress.Seat) string {
	return fmt.Sprintf("4%s%02d", seat.State.FIPS(), seat.District)
}

func square(p planar.Point) []planar.Point {
	return []planar.Point{p, {X: p.X, Y: p.Y + side}, {X: p.X + side, Y: p.Y + side}, {X: p.X + side, Y: p.Y}, p}
}

func geoid(seat congress.Seat) string {
	if !seat.Voting() {
		return seat.State.FIPS() + "98"
	}
	return fmt.Sprintf("%s%02d", seat.State.FIPS(), seat.District)
}

// relation has the columns that matter of the Census Bureau's file, and one that does not.
func relation() string {
	var b strings.Builder
	b.WriteString("\ufeffOID_CD119_20|GEOID_CD119_20|GEOID_ZCTA5_20|AREALAND_PART\n1|0101||5\n")
	for _, seat := range congress.AllHouseSeats() {
		fmt.Fprintf(&b, "2|%s|%s|5\n", geoid(seat), ZIP(seat))
		if seat.District > 1 {
			fmt.Fprintf(&b, "3|%s%02d|%s|5\n", seat.State.FIPS(), seat.District-1, ZIP(seat))
		}
	}
	return b.String()
}

// Roster returns a list of members for all seats but those given.
func Roster(tb testing.TB, vacant []congress.Seat) []byte {
	tb.Helper()
	type object map[string]any
	empty := map[congress.Seat]bool{}
	for _, seat := range vacant {
		empty[seat] = true
	}
	var list []object
	for i, seat := range append(congress.AllHouseSeats(), congress.AllSenateSeats()...) {
		if empty[seat] {
			continue
		}
		term := object{"type": "rep", "district": seat.District, "start": "2025-01-03", "end": "2027-01-03", "state": seat.State, "party": "Democrat"}
		if seat.Chamber() == congress.Senate {
			term["type"], term["class"] = "sen", seat.Class
			delete(term, "district")
		}
		list = append(list, object{
			"id": object{"bioguide": fmt.Sprintf("A%06d", i)}, "name": object{"first": "Ann", "last": fmt.Sprintf("Número%d", i)}, "terms": []object{term},
		})
	}
	raw, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// Padded adds a megabyte that nobody reads to a zip file. Other seeds give other bytes.
func Padded(tb testing.TB, packed []byte, seed byte) []byte {
	tb.Helper()
	old, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range old.File {
		if err := z.Copy(f); err != nil {
			tb.Fatal(err)
		}
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: "tl.pad", Method: zip.Store})
	if err != nil {
		tb.Fatal(err)
	}
	noise := rand.NewChaCha8([32]byte{seed})
	if _, err := io.CopyN(w, noise, 1<<20); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func gzipped(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}
