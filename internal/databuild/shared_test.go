package databuild_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/topojson"
)

// sharedGeo is the folder of raw data beside the checkout, which not everybody has.
func sharedGeo(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "geo")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs the raw data in ../shared/geo beside the checkout")
	}
	return dir
}

// TestDataIsWhatTheSourcesGive compiles the raw data anew: the embedded files must be the
// same, byte for byte.
func TestDataIsWhatTheSourcesGive(t *testing.T) {
	raw, out := sharedGeo(t), t.TempDir()
	if err := databuild.Districts(t.Context(), raw, out, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	committed := filepath.Join("..", "..", "congress", "district", "data")
	for _, name := range []string{"manifest.json", "zips.bin", "119/zips.bin", "119/lines.bin", "118/zips.bin", "118/lines.bin"} {
		if read(t, out, name) != read(t, committed, name) {
			t.Errorf("%s is not what the sources give: run franklin data build", name)
		}
	}
}

// office is a district office of a member.
type office struct {
	seat     congress.Seat
	city     string
	state    congress.State
	zip      string
	lat, lon float64
}

// houseOffices reads the offices of Representatives that have a place on the map.
func houseOffices(t *testing.T, dir string) []office {
	t.Helper()
	type term struct {
		Type     string
		State    congress.State
		District uint8
	}
	var members []struct {
		ID    struct{ Bioguide string }
		Terms []term
	}
	unpackYAML(t, filepath.Join(dir, "roster", "legislators-current.yaml.gz"), &members)
	seats := map[string]congress.Seat{}
	for _, m := range members {
		if last := m.Terms[len(m.Terms)-1]; last.Type == "rep" {
			seats[m.ID.Bioguide] = congress.Seat{State: last.State, District: last.District}
		}
	}
	var holders []struct {
		ID      struct{ Bioguide string }
		Offices []struct {
			City                string
			State               congress.State
			Zip                 string
			Latitude, Longitude float64
		}
	}
	unpackYAML(t, filepath.Join(dir, "addresses", "legislators-district-offices.yaml.gz"), &holders)
	var offices []office
	for _, h := range holders {
		seat, ok := seats[h.ID.Bioguide]
		for _, o := range h.Offices {
			if ok && o.Latitude != 0 {
				offices = append(offices, office{seat, o.City, o.State, o.Zip, o.Latitude, o.Longitude})
			}
		}
	}
	return offices
}

func unpackYAML(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal(unpack(t, path), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func unpack(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// rawDistrict is a district as the raw data have it, for orb.
type rawDistrict struct {
	seat   congress.Seat
	bounds orb.Bound
	rings  []orb.Ring
}

// rawDistricts reads the shapes of the 119th without any of our own compiling: of the
// states in full resolution, then of Texas.
func rawDistricts(t *testing.T, dir string) []rawDistrict {
	t.Helper()
	all := rawStates(t, filepath.Join(dir, "cd119-tiger"), 55)
	features, err := topojson.Read(unpack(t, filepath.Join(dir, "cd119", "cb_2024_us_cd119_500k.topojson.gz")),
		func(p map[string]string) bool { return p["STATEFP"] == "48" })
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range features {
		if d, ok := newRawDistrict(t, f.Properties["GEOID"]); ok {
			for _, ring := range f.Rings {
				d.add(len(ring), func(i int) (x, y int32) { return ring[i].X, ring[i].Y })
			}
			all = append(all, d)
		}
	}
	return all
}

// rawStates reads a folder of so many zipped shapefiles.
func rawStates(t *testing.T, dir string, count int) []rawDistrict {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.zip"))
	if err != nil || len(files) != count {
		t.Fatalf("%d files of lines, %v", len(files), err)
	}
	var all []rawDistrict
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		records, err := shapefile.ReadZip(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			if d, ok := newRawDistrict(t, r.Row["GEOID"]+r.Row["GEOID20"]); ok {
				for _, ring := range r.Polygon {
					d.add(len(ring), func(i int) (x, y int32) { return ring[i].X, ring[i].Y })
				}
				all = append(all, d)
			}
		}
	}
	return all
}

func newRawDistrict(t *testing.T, geoid string) (rawDistrict, bool) {
	t.Helper()
	state, ok := congress.StateByFIPS(geoid[:2])
	if geoid[2:] == "ZZ" {
		return rawDistrict{}, false
	}
	seat, err := congress.ParseSeat(string(state) + "-" + geoid[2:])
	if !ok || err != nil {
		t.Fatalf("district %s: %v", geoid, err)
	}
	return rawDistrict{seat: seat}, true
}

func (d *rawDistrict) add(n int, at func(i int) (x, y int32)) {
	ring := make(orb.Ring, n)
	for i := range ring {
		x, y := at(i)
		ring[i] = orb.Point{float64(x) / 1e6, float64(y) / 1e6}
	}
	if d.rings = append(d.rings, ring); len(d.rings) == 1 {
		d.bounds = ring.Bound()
	}
	d.bounds = d.bounds.Union(ring.Bound())
}

// seatOf asks every district by brute force.
func seatOf(all []rawDistrict, p orb.Point) congress.Seat {
	for _, d := range all {
		if !d.bounds.Contains(p) {
			continue
		}
		inside := false
		for _, ring := range d.rings {
			if planar.RingContains(ring, p) {
				inside = !inside
			}
		}
		if inside {
			return d.seat
		}
	}
	return congress.Seat{}
}

// TestOfficesOfTheHouse asks for every district office of the House by point, against
// orb on the raw shapes, and by ZIP code. Of the ZIP codes that name districts, three
// leave out the one of the point; docs/districts.md explains each.
func TestOfficesOfTheHouse(t *testing.T) {
	dir := sharedGeo(t)
	locator, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	offices, all := houseOffices(t, dir), rawDistricts(t, dir)
	if len(offices) != 855 {
		t.Errorf("%d offices", len(offices))
	}
	explained := map[string]bool{
		"Austin 78702": true, "Flint 48502": true, // the point lies in another ZIP code
		"Rock Island 61201": true, // the point is at 441 degrees north
	}
	var own, noArea int
	for _, o := range offices {
		name := o.city + " " + o.zip
		want := seatOf(all, orb.Point{o.lon, o.lat})
		r, err := locator.ByPoint(o.lat, o.lon, 0, day)
		if err != nil || r.Seat != want {
			t.Errorf("%s at %f %f: index says %s, brute force %s, %v", name, o.lat, o.lon, r.Seat, want, err)
		}
		if r.Seat == o.seat {
			own++
		}
		z, err := locator.ByZIP(o.zip, o.state, day)
		switch {
		case err != nil && o.zip != "":
			t.Errorf("%s: %v", name, err)
		case len(z.Candidates) == 0:
			noArea++
		case !slices.Contains(z.Candidates, r.Seat) && !explained[name]:
			t.Errorf("%s: the point is in %s, the ZIP code in %s", name, r.Seat, z.Candidates)
		}
	}
	t.Logf("%d of %d offices are in the member's own district, %d have a ZIP code without any district", own, len(offices), noArea)
}
