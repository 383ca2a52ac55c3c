package databuild_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
)

// township puts the county of the grid on the border between the first two squares of
// Washington, whose line it bends.
type township struct {
	*tigertest.Grid

	raw, out, cache string
}

func newTownship(t *testing.T) township {
	t.Helper()
	two := corner(congress.Seat{State: "WA", District: 2})
	town := township{
		Grid: tigertest.New(12, planar.Point{X: two.X - tigertest.LineColumn*tigertest.StepMicros, Y: two.Y + side/2}),
		raw:  country(t), out: t.TempDir(), cache: filepath.Join(t.TempDir(), "cache"),
	}
	write(t, town.raw, "cd119-tiger/tl_2025_53_cd119.zip", town.lines(t, 119))
	town.addRows(t, "zip/zipcodes_npm_8.0.0.csv.gz", "98801,Gridley,WA,20,-120\n98802,Gridley,WA,20,-120\n")
	town.addRows(t, "zip/zcta_gazetteer_2021.csv.gz", "98801,20,-120\n98802,20,-120\n")
	town.addRows(t, "zip/cd119_zcta520_pairs.csv.gz", "98801,5301,A\n98801,5302,A\n98802,5302,A\n")
	return town
}

func (town township) addRows(t *testing.T, name, rows string) {
	t.Helper()
	write(t, town.raw, name, packed(t, string(unpack(t, filepath.Join(town.raw, filepath.FromSlash(name))))+rows))
}

// lines writes the state's districts: the first two are parted by the grid's line, drawn
// on to the edges of their squares.
func (town township) lines(t *testing.T, n congress.Number) []byte {
	t.Helper()
	low := corner(congress.Seat{State: "WA", District: 1})
	high := planar.Point{X: low.X + 2*side, Y: low.Y + side}
	first, last := planar.Point{X: low.X + side, Y: low.Y}, planar.Point{X: low.X + side, Y: high.Y}
	corners := [2][]planar.Point{{{X: low.X, Y: high.Y}, low}, {high, {X: high.X, Y: low.Y}}} // on the far side of each district
	if n == 120 {
		y := town.Line(n)[0].Y
		first, last = planar.Point{X: low.X, Y: y}, planar.Point{X: high.X, Y: y}
		corners = [2][]planar.Point{{{X: high.X, Y: low.Y}, low}, {high, {X: low.X, Y: high.Y}}}
	}
	path := slices.Concat([]planar.Point{first}, town.Line(n), []planar.Point{last})
	var records []shapefile.Record
	for _, seat := range congress.State("WA").HouseSeats() {
		ring := square(corner(seat))
		if seat.District <= 2 {
			ring = slices.Concat(path, corners[seat.District-1], path[:1])
		}
		records = append(records, shapefile.Record{
			Row: shapefile.Row{"GEOID": geoid(seat), fmt.Sprintf("CD%dFP", n): geoid(seat)[2:]}, Polygon: shapefile.Polygon{ring},
		})
	}
	return shapetest.Zip(t, records)
}

// build compiles everything and returns what was said.
func (town township) build(t *testing.T) (*district.Locator, databuild.StreetCoverage, string) {
	t.Helper()
	if err := databuild.Districts(t.Context(), town.raw, town.out, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	return town.streets(t)
}

func (town township) streets(t *testing.T) (*district.Locator, databuild.StreetCoverage, string) {
	t.Helper()
	var said bytes.Buffer
	coverage, err := databuild.Streets(t.Context(), databuild.StreetOptions{Raw: town.raw, Out: town.out, Cache: town.cache, Progress: &said})
	if err != nil {
		t.Fatal(err)
	}
	locator, err := district.Open(os.DirFS(town.out))
	if err != nil {
		t.Fatal(err)
	}
	return locator, coverage, said.String()
}

// check asks for every address; sure counts those that have one district.
func (town township) check(t *testing.T, locator *district.Locator, n congress.Number, at time.Time, addresses []tigertest.Address) (sure int) {
	t.Helper()
	wrong := 0
	for _, a := range addresses {
		r, err := locator.ByAddress(district.Address{Street: a.Number + " " + a.Street, City: "Gridley", State: "WA", ZIP: fmt.Sprintf("%05d", a.ZIP)}, at)
		want := tigertest.Seat(n, a.X, a.Y)
		switch {
		case err == nil && r.Seat == want:
			sure++
		case err != nil || !r.Seat.IsZero() || !slices.Contains(r.Candidates, want):
			if wrong++; wrong <= 10 {
				t.Errorf("%s: %s %s, %05d at %.2f %.2f: got %s %v %v, %v; want %s", n, a.Number, a.Street, a.ZIP, a.X, a.Y, r.Seat, r.Candidates, r.Notes, err, want)
			}
		}
	}
	if wrong > 10 {
		t.Errorf("%s: %d of %d addresses are wrong", n, wrong, len(addresses))
	}
	return sure
}

// TestEveryAddressOfASyntheticCounty writes a county as the Census Bureau would, compiles
// it with the whole country, and asks for each of its addresses: one district line runs
// along an avenue and through a block.
func TestEveryAddressOfASyntheticCounty(t *testing.T) {
	town := newTownship(t)
	write(t, town.raw, "ADDRFEAT/tl_2025_53999_addrfeat.zip", town.AddrFeat(t))
	write(t, town.raw, "ADDRFEAT/tl_2021_53999_addrfeat.zip", []byte("an older edition, which nobody reads"))
	write(t, town.raw, "EDGES/tl_2025_53999_edges.zip", []byte("of no use beside address ranges"))
	write(t, town.raw, "FACES/tl_2025_53999_faces.zip", town.Faces(t, 119))
	write(t, town.raw, "bef/CD119_53.txt", []byte(town.BlockList(119)))
	locator, coverage, said := town.build(t)
	addresses := town.Addresses()
	if sure := town.check(t, locator, 119, oldTerm, addresses); sure != len(addresses) {
		t.Errorf("%d of %d addresses have one district", sure, len(addresses))
	}
	state := coverage.States[0]
	if len(coverage.States) != 1 || state.State != "WA" || len(state.Missing) > 0 || state.Counties[0].Counts[tiger.Unnamed] != 1 {
		t.Errorf("coverage: %+v", coverage)
	}
	for _, want := range []string{"WA 53999: 1 of 1 counties", "rows of streets in"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said in\n%s", want, said)
		}
	}
	t.Run("the manifest names it", func(t *testing.T) { town.checkManifest(t, locator) })
	t.Run("the same bytes again, from the cache", func(t *testing.T) {
		table := read(t, town.out, "streets/WA.bin")
		manifest := read(t, town.out, "manifest.json")
		_, _, said := town.streets(t)
		if read(t, town.out, "streets/WA.bin") != table || read(t, town.out, "manifest.json") != manifest || !strings.Contains(said, "(as read before)") {
			t.Errorf("other bytes, or read again:\n%s", said)
		}
	})
	t.Run("the next plan, from the cache", func(t *testing.T) { town.checkNextPlan(t) })
}

func (town township) checkManifest(t *testing.T, locator *district.Locator) {
	t.Helper()
	var names []string
	for _, f := range locator.Manifest().Files {
		names = append(names, f.Name)
	}
	if !slices.Contains(names, "streets/WA.bin") || !slices.Contains(names, databuild.CoverageFile) {
		t.Errorf("files: %q", names)
	}
	names = nil
	for _, in := range locator.Manifest().Inputs {
		names = append(names, in.Name)
	}
	if !slices.Contains(names, "tl_*_53*_{addrfeat,faces,edges}.zip") || !slices.Contains(names, "bef/CD119_53.txt") {
		t.Errorf("inputs: %q", names)
	}
	var coverage databuild.StreetCoverage
	if err := json.Unmarshal([]byte(read(t, town.out, databuild.CoverageFile)), &coverage); err != nil {
		t.Fatal(err)
	}
	if files := coverage.States[0].Counties[0].Files; len(files) != 2 || len(files["ADDRFEAT/tl_2025_53999_addrfeat.zip"]) != 64 {
		t.Errorf("files of the county: %v", files)
	}
}

// checkNextPlan adds the 120th Congress, whose line cuts a block of which the faces on
// file know nothing: there, and nowhere else, several districts stay possible.
func (town township) checkNextPlan(t *testing.T) {
	t.Helper()
	write(t, town.raw, tiger120("WA"), town.lines(t, 120))
	write(t, town.raw, "bef/CD120_53.txt", []byte(town.BlockList(120)))
	locator, coverage, said := town.build(t)
	if !strings.Contains(said, "(as read before)") || !slices.Equal(coverage.States[0].Congresses, []congress.Number{119, 120}) {
		t.Errorf("%v\n%s", coverage.States[0].Congresses, said)
	}
	all := town.Addresses()
	if sure := town.check(t, locator, 119, oldTerm, all); sure != len(all) {
		t.Errorf("119th: %d of %d addresses have one district", sure, len(all))
	}
	cut := func(a tigertest.Address) bool {
		return a.X > tigertest.CutColumn && a.X < tigertest.CutColumn+1 && a.Y > tigertest.LineRow && a.Y < tigertest.LineRow+1
	}
	sure := town.check(t, locator, 120, newTerm, all)
	if plain := slices.DeleteFunc(all, cut); sure < len(plain) || town.check(t, locator, 120, newTerm, plain) != len(plain) {
		t.Errorf("120th: %d addresses have one district, %d lie outside the block that is cut", sure, len(plain))
	}
}

// TestOtherFilesOfTheSyntheticCounty has counties of which the Census Bureau's faces or
// address ranges are not at hand.
func TestOtherFilesOfTheSyntheticCounty(t *testing.T) {
	town := newTownship(t)
	addrFeat, edges, faces, plain := town.AddrFeat(t), town.Edges(t), town.Faces(t, 119), town.Faces(t)
	const prefix = "tiger-addr/tl_2025_53999_"
	for _, tt := range []struct {
		name  string
		files map[string][]byte
		edges bool
	}{
		{"no faces", map[string][]byte{"addrfeat.zip": addrFeat}, false},
		{"edges and faces", map[string][]byte{"edges.zip": edges, "faces.zip": faces}, true},
		{"edges alone", map[string][]byte{"edges.zip": edges}, true},
		{"faces without codes", map[string][]byte{"addrfeat.zip": addrFeat, "faces.zip": plain}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			town := newTownship(t)
			for name, raw := range tt.files {
				write(t, town.raw, prefix+name, raw)
			}
			locator, coverage, _ := town.build(t)
			addresses := town.Addresses()
			if tt.edges {
				addresses = slices.DeleteFunc(addresses, func(a tigertest.Address) bool { return !a.InEdges })
			}
			if sure := town.check(t, locator, 119, oldTerm, addresses); sure != len(addresses) {
				t.Errorf("%d of %d addresses have one district; %v", sure, len(addresses), coverage.States[0].Counts)
			}
		})
	}
}
