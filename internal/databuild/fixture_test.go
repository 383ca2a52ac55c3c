package databuild_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
)

// chequers is an invented country: every seat in the House is one square of half a degree
// in a row of its state, and Texas is given as TopoJSON. A square is also a ZIP code
// area, and a second ZIP code lies across the border to the next square.
const (
	side    = 500_000
	originX = -125_000_000
	originY = 20_000_000
)

// corner returns the lower left corner of a seat's square.
func corner(seat congress.Seat) planar.Point {
	column := max(int32(seat.District), 1) - 1
	for row, s := range congress.States() {
		if s == seat.State {
			return planar.Point{X: originX + column*side, Y: originY + int32(row)*side}
		}
	}
	return planar.Point{}
}

func square(p planar.Point) []planar.Point {
	return []planar.Point{p, {X: p.X, Y: p.Y + side}, {X: p.X + side, Y: p.Y + side}, {X: p.X + side, Y: p.Y}, p}
}

// zipOf is the ZIP code of a seat's square, in a range without rules of its own.
func zipOf(seat congress.Seat) string {
	return fmt.Sprintf("4%s%02d", seat.State.FIPS(), seat.District)
}

// geoid writes a seat as the Census Bureau does.
func geoid(seat congress.Seat) string {
	if !seat.Voting() {
		return seat.State.FIPS() + "98"
	}
	return fmt.Sprintf("%s%02d", seat.State.FIPS(), seat.District)
}

// country writes the raw data of the invented country and returns the folder.
func country(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var zips, points, pairs strings.Builder
	zips.WriteString("zip,city,state,lat,lon\n09001,Apo,AE,0,0\n98001,Boxton,WA,,\n")
	points.WriteString("zcta,lat,lon\n")
	pairs.WriteString("zcta,geoid_cd119,origin\n41701,17ZZ,A\n")
	for _, state := range congress.States() {
		var records []shapefile.Record
		for _, seat := range state.HouseSeats() {
			p := corner(seat)
			records = append(records, shapefile.Record{Row: shapefile.Row{"GEOID": geoid(seat), "CD119FP": geoid(seat)[2:]}, Polygon: shapefile.Polygon{square(p)}})
			fmt.Fprintf(&zips, "%s,%s City,%s,%f,%f\n", zipOf(seat), state.Name(), state, float64(p.Y)/1e6, float64(p.X)/1e6)
			fmt.Fprintf(&points, "%s,%f,%f\n", zipOf(seat), float64(p.Y+side/2)/1e6, float64(p.X+side/2)/1e6)
			fmt.Fprintf(&pairs, "%s,%s,A\n", zipOf(seat), geoid(seat))
			if seat.District > 1 {
				fmt.Fprintf(&pairs, "%s,%s%02d,A\n", zipOf(seat), state.FIPS(), seat.District-1)
			}
		}
		if state == "IL" {
			water := planar.Point{X: originX - side, Y: corner(congress.Seat{State: "IL", District: 1}).Y}
			records = append(records, shapefile.Record{Row: shapefile.Row{"GEOID": "17ZZ", "CD119FP": "ZZ"}, Polygon: shapefile.Polygon{square(water)}})
		}
		if state != "TX" {
			write(t, dir, fmt.Sprintf("cd119-tiger/tl_2025_%s_cd119.zip", state.FIPS()), shapetest.Zip(t, records))
		}
	}
	write(t, dir, "cd119/cb_2024_us_cd119_500k.topojson.gz", packed(t, texas(t)))
	write(t, dir, "zip/zipcodes_npm_8.0.0.csv.gz", packed(t, zips.String()))
	write(t, dir, "zip/zcta_gazetteer_2021.csv.gz", packed(t, points.String()))
	write(t, dir, "zip/cd119_zcta520_pairs.csv.gz", packed(t, pairs.String()))
	return dir
}

// texas writes the Texan squares, each an arc of its own, and a stranger to be left out.
func texas(t *testing.T) string {
	t.Helper()
	type object map[string]any
	var arcs [][][]float64
	var geometries []object
	for _, seat := range append(congress.State("TX").HouseSeats(), congress.Seat{State: "UT", District: 1}) {
		var arc [][]float64
		for _, p := range square(corner(seat)) {
			arc = append(arc, []float64{float64(p.X) / 1e6, float64(p.Y) / 1e6})
		}
		geometries = append(geometries, object{
			"type": "Polygon", "arcs": [][]int{{len(arcs)}},
			"properties": object{"STATEFP": seat.State.FIPS(), "GEOID": geoid(seat)},
		})
		arcs = append(arcs, arc)
	}
	raw, err := json.Marshal(object{
		"type": "Topology", "arcs": arcs,
		"objects": object{"districts": object{"type": "GeometryCollection", "geometries": geometries}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func write(t *testing.T, dir, name string, content []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
