package databuild_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
)

var (
	newTerm = congress.Number(120).Start()
	oldTerm = newTerm.Add(-time.Second)
)

// opposite is the seat that has the square of this one after the states below counted
// their districts anew from the other end.
func opposite(seat congress.Seat) congress.Seat {
	if n := uint8(len(seat.State.HouseSeats())); n > 1 {
		seat.District = n + 1 - seat.District
	}
	return seat
}

// linesOf packs a state's squares under the names that the 120th's files have.
func linesOf(t *testing.T, state congress.State, seatOf func(congress.Seat) congress.Seat) []byte {
	t.Helper()
	var records []shapefile.Record
	for _, place := range state.HouseSeats() {
		id := geoid(seatOf(place))
		records = append(records, shapefile.Record{
			Row: shapefile.Row{"GEOID": id, "CD120FP": id[2:]}, Polygon: shapefile.Polygon{square(corner(place))},
		})
	}
	return shapetest.Zip(t, records)
}

// nextCongress adds lines of the 120th: Arizona, Louisiana and Missouri count anew, and
// Washington's file shows what it showed. Other states have no file.
func nextCongress(t *testing.T) string {
	t.Helper()
	dir := country(t)
	for _, state := range []congress.State{"AZ", "LA", "MO"} {
		write(t, dir, tiger120(state), linesOf(t, state, opposite))
	}
	write(t, dir, tiger120("WA"), linesOf(t, "WA", func(s congress.Seat) congress.Seat { return s }))
	return dir
}

func tiger120(state congress.State) string {
	return fmt.Sprintf("cd120-tiger/tl_2026_%s_cd120.zip", state.FIPS())
}

// relation120 is a relation as the Census Bureau publishes it, with the part of a district
// that lies in no area.
func relation120(states ...congress.State) string {
	var out strings.Builder
	out.WriteString("\ufeffOID_CD120_20|GEOID_CD120_20|NAMELSAD_CD120_20|OID_ZCTA5_20|GEOID_ZCTA5_20|AREALAND_PART|AREAWATER_PART\n")
	for _, state := range states {
		fmt.Fprintf(&out, "1|%s|Congressional District 1|||100|0\n", geoid(state.HouseSeats()[0]))
		for _, place := range state.HouseSeats() {
			for _, seat := range around(place) {
				fmt.Fprintf(&out, "1|%s|Congressional \"District\"|2|%s|100|0\n", geoid(opposite(seat)), zipOf(place))
			}
		}
	}
	return out.String()
}

// around is the seats whose squares a seat's ZIP code area meets in the 119th.
func around(seat congress.Seat) []congress.Seat {
	if seat.District > 1 {
		return []congress.Seat{{State: seat.State, District: seat.District - 1}, seat}
	}
	return []congress.Seat{seat}
}

// blocks packs a list of blocks: two in each square of the states.
func blocks(t *testing.T, n int, seatOf func(congress.Seat) congress.Seat, states ...congress.State) []byte {
	t.Helper()
	var out strings.Builder
	out.WriteString("GEOID,CDFP\n")
	for _, state := range states {
		for i, place := range state.HouseSeats() {
			for b := range 2 {
				fmt.Fprintf(&out, "%s001000100%04d,%s\n", state.FIPS(), 1000*(1-b)+i, geoid(seatOf(place))[2:])
			}
		}
	}
	fmt.Fprintf(&out, "170010001009999,ZZ\n")
	return shapetest.Members(t, map[string][]byte{fmt.Sprintf("NationalCD%d.txt", n): []byte(out.String())})
}

func compile(t *testing.T, dir string) (*district.Locator, string) {
	t.Helper()
	out := t.TempDir()
	var progress bytes.Buffer
	if err := databuild.Districts(t.Context(), dir, out, &progress); err != nil {
		t.Fatal(err)
	}
	l, err := district.Open(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	return l, progress.String()
}

func middleOf(seat congress.Seat) (lat, lon float64) {
	p := corner(seat)
	return float64(p.Y+side/2) / 1e6, float64(p.X+side/2) / 1e6
}

// TestNextCongressByPoint stands on both sides of noon on 3 January 2027.
func TestNextCongressByPoint(t *testing.T) {
	l, progress := compile(t, nextCongress(t))
	for _, want := range []string{"120th: NO lines of AL CA FL NC OH TN TX UT", "not known in AZ LA; bef/cd119.zip and bef/cd120.zip would tell"} {
		if !strings.Contains(progress, want) {
			t.Errorf("progress lacks %q:\n%s", want, progress)
		}
	}
	unknown := map[congress.State]bool{"AL": true, "CA": true, "FL": true, "NC": true, "OH": true, "TN": true, "TX": true, "UT": true}
	for _, seat := range congress.AllHouseSeats() {
		lat, lon := middleOf(seat)
		before, err := l.ByPoint(lat, lon, 0, oldTerm)
		if err != nil || before.Seat != seat || before.Plan.Congress != 119 {
			t.Errorf("%s before: %s, %v", seat, before.Seat, err)
		}
		now, err := l.ByPoint(lat, lon, 0, newTerm)
		var late *district.OutOfDateError
		if unknown[seat.State] {
			if !errors.As(err, &late) || late.State != seat.State || before.Next != nil {
				t.Errorf("%s: nobody knows its lines, but: %s, %v, next %+v", seat, now.Seat, err, before.Next)
			}
			continue
		}
		want := seat
		if seat.State == "AZ" || seat.State == "LA" {
			want = opposite(seat)
		}
		if err != nil || now.Seat != want || now.Plan.Congress != 120 || (now.Plan.Inherits == 119) != (want == seat && seat.State != "AZ" && seat.State != "LA") {
			t.Errorf("%s now: %s, plan %+v, %v", seat, now.Seat, now.Plan, err)
		}
		if changes := want != seat; changes != (before.Next != nil) || (changes && (before.Next.Seat != want || !before.Next.From.Equal(newTerm))) {
			t.Errorf("%s: next %+v", seat, before.Next)
		}
	}
	var late *district.OutOfDateError
	if _, err := l.ByPoint(0, 0, 0, congress.Number(121).Start()); !errors.As(err, &late) || late.State != "" || !late.To.Equal(congress.Number(121).Start()) {
		t.Errorf("after all plans: %v", err)
	}
}

// TestPlansSayWhy reads what the plans of the 120th say of themselves.
func TestPlansSayWhy(t *testing.T) {
	l, _ := compile(t, nextCongress(t))
	plans, err := l.Plans(newTerm)
	if err != nil || len(plans) != 56-8 {
		t.Fatalf("%d plans, %v", len(plans), err)
	}
	for _, p := range plans {
		switch want := map[congress.State]string{
			"MO": "Lines of the 119th Congress, kept. The map of 2025", "LA": "For review", "WA": "shows the same lines",
			"AK": "one district", "OR": "no new lines for the 120th", "AZ": "any of the state's districts is possible",
		}[p.State]; {
		case want != "" && !strings.Contains(p.Note, want):
			t.Errorf("%s: %s", p, p.Note)
		case p.Overridden != (p.State == "MO" || p.State == "LA"):
			t.Errorf("%s: overridden is %v", p, p.Overridden)
		case p.State == "MO" && (!strings.Contains(p.Note, "U.S. Supreme Court") || !strings.HasSuffix(p.Note, "2026-09-25)")):
			t.Errorf("%s: %s", p, p.Note)
		case p.Inherits == 119 && !strings.Contains(p.Source, "TIGER2025"):
			t.Errorf("%s: source %s", p, p.Source)
		case p.State == "AZ" && (p.Source != "https://www2.census.gov/geo/tiger/TIGER2026/CD/tl_2026_04_cd120.zip" || p.Lines != "TIGER/Line 2026" || p.Inherits != 0 || !p.NoZIPs):
			t.Errorf("%+v", p)
		}
	}
}

// TestNextCongressByZIP tells the districts of ZIP codes from a published relation, from
// blocks, or, with neither, that all of the state's are possible.
func TestNextCongressByZIP(t *testing.T) {
	for name, add := range map[string]func(t *testing.T, dir string){
		"published relation": func(t *testing.T, dir string) {
			t.Helper()
			write(t, dir, "zip/tab20_cd12020_zcta520_natl.txt", []byte(relation120("AZ", "LA", "MO")))
		},
		"blocks": func(t *testing.T, dir string) {
			t.Helper()
			write(t, dir, "bef/cd119.zip", blocks(t, 119, func(s congress.Seat) congress.Seat { return s }, "LA", "AZ", "VT"))
			write(t, dir, "bef/cd120.zip", blocks(t, 120, opposite, "AZ", "LA"))
		},
		"neither": nil,
	} {
		t.Run(name, func(t *testing.T) {
			dir := nextCongress(t)
			if add != nil {
				add(t, dir)
			}
			l, _ := compile(t, dir)
			for _, state := range []congress.State{"AZ", "LA", "MO", "OR", "VT"} {
				for _, seat := range state.HouseSeats() {
					want := around(seat)
					switch {
					case state != "AZ" && state != "LA":
					case add == nil:
						want = state.HouseSeats()
					default:
						for i, s := range want {
							want[i] = opposite(s)
						}
						if len(want) == 2 {
							want[0], want[1] = want[1], want[0]
						}
					}
					now, err := l.ByZIP(zipOf(seat), state, newTerm)
					if diff := cmp.Diff(want, now.Candidates); err != nil || diff != "" {
						t.Errorf("ZIP code of %s: %v %s", seat, err, diff)
					}
					if unmapped := add == nil && (state == "AZ" || state == "LA"); unmapped != now.Has(district.NoteZIPUnmapped) {
						t.Errorf("ZIP code of %s: %s", seat, now.Notes)
					}
					before, err := l.ByAddress(district.Address{State: state, ZIP: zipOf(seat)}, oldTerm)
					if changes := !cmp.Equal(around(seat), now.Candidates); err != nil || changes != (before.Next != nil) {
						t.Errorf("address in %s: next %+v, %v", seat, before.Next, err)
					}
				}
			}
			var late *district.OutOfDateError
			if _, err := l.ByZIP(zipOf(congress.Seat{State: "CA", District: 2}), "", newTerm); !errors.As(err, &late) || late.State != "CA" {
				t.Errorf("California: %v", err)
			}
		})
	}
}

// TestOverridesOfTheFolder: an entry in plans.json beats what the program knows.
func TestOverridesOfTheFolder(t *testing.T) {
	dir := nextCongress(t)
	shifted := func(s congress.Seat) congress.Seat {
		s.District = s.District%uint8(len(s.State.HouseSeats())) + 1
		return s
	}
	write(t, dir, "court/nevada.zip", linesOf(t, "NV", shifted))
	write(t, dir, "zip/tab20_cd12020_zcta520_natl.txt", []byte(relation120("AZ", "LA", "MO", "NV")))
	write(t, dir, "plans.json", []byte(`[
		{"state":"MO","congress":120,"source":"Secretary of State","dated":"2026-12-01","note":"The map of 2025 is in force."},
		{"state":"CA","congress":120,"inherits":119,"source":"A court","dated":"2026-12-02","note":"The old lines stay."},
		{"state":"AZ","congress":120,"to":"2028-05-01T00:00:00Z","source":"A court","dated":"2028-04-01","note":"Until May."},
		{"state":"AZ","congress":120,"from":"2028-05-01T00:00:00Z","inherits":119,"source":"A court","dated":"2028-04-01","note":"From May."},
		{"state":"NV","congress":120,"file":"court/nevada.zip","source":"A court","dated":"2026-12-03","note":"Its own map."}
	]`))
	l, _ := compile(t, dir)
	may := time.Date(2028, time.May, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		at         time.Time
		seat, want congress.Seat
		note       string
	}{
		{newTerm, congress.Seat{State: "MO", District: 1}, congress.Seat{State: "MO", District: 8}, "The map of 2025 is in force. (Secretary of State, 2026-12-01)"},
		{newTerm, congress.Seat{State: "CA", District: 3}, congress.Seat{State: "CA", District: 3}, "Lines of the 119th Congress, kept. The old lines stay. (A court, 2026-12-02)"},
		{newTerm, congress.Seat{State: "AZ", District: 1}, congress.Seat{State: "AZ", District: 9}, "Until May. (A court, 2028-04-01)"},
		{may, congress.Seat{State: "AZ", District: 1}, congress.Seat{State: "AZ", District: 1}, "Lines of the 119th Congress, kept. From May. (A court, 2028-04-01)"},
		{newTerm, congress.Seat{State: "NV", District: 4}, congress.Seat{State: "NV", District: 1}, "Its own map. (A court, 2026-12-03) No relation of ZIP codes"},
	} {
		lat, lon := middleOf(tt.seat)
		r, err := l.ByPoint(lat, lon, 0, tt.at)
		if err != nil || r.Seat != tt.want || !strings.HasPrefix(r.Plan.Note, tt.note) {
			t.Errorf("%s at %s: %s, plan %+v, %v", tt.seat, tt.at, r.Seat, r.Plan, err)
		}
	}
	// The relation of the Census Bureau is one of its own lines, not of the court's.
	if r, err := l.ByZIP(zipOf(congress.Seat{State: "NV", District: 1}), "", newTerm); err != nil || len(r.Candidates) != 4 {
		t.Errorf("Nevada by ZIP code: %+v, %v", r, err)
	}
	if r, err := l.ByZIP(zipOf(congress.Seat{State: "MO", District: 1}), "", newTerm); err != nil || r.Seat.String() != "MO-08" {
		t.Errorf("Missouri by ZIP code: %+v, %v", r, err)
	}
}

// TestCongressesDoNotDependOnEachOther: the files of the 119th are the same with and
// without others beside them, and each build gives the same bytes.
func TestCongressesDoNotDependOnEachOther(t *testing.T) {
	alone, with, again := t.TempDir(), t.TempDir(), t.TempDir()
	for out, dir := range map[string]string{alone: country(t), with: nextCongress(t), again: nextCongress(t)} {
		if err := databuild.Districts(t.Context(), dir, out, &bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"zips.bin", "119/zips.bin", "119/lines.bin"} {
		if read(t, alone, name) != read(t, with, name) {
			t.Errorf("%s depends on the 120th", name)
		}
	}
	for _, name := range []string{"manifest.json", "120/zips.bin", "120/lines.bin"} {
		if read(t, with, name) != read(t, again, name) {
			t.Errorf("%s is not the same twice", name)
		}
	}
}

// TestPublishedRelation gives the 119th's ZIP codes from the file as published.
func TestPublishedRelation(t *testing.T) {
	dir, first, second := country(t), t.TempDir(), t.TempDir()
	if err := databuild.Districts(t.Context(), dir, first, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	var file strings.Builder
	file.WriteString("\ufeffGEOID_CD119_20|GEOID_ZCTA5_20|AREALAND_PART\n17ZZ|41701|0\n")
	for _, seat := range congress.AllHouseSeats() {
		for _, s := range around(seat) {
			fmt.Fprintf(&file, "%s|%s|5\n", geoid(s), zipOf(seat))
		}
	}
	write(t, dir, "zip/tab20_cd11920_zcta520_natl.txt", []byte(file.String()))
	if err := os.Remove(filepath.Join(dir, "zip", "cd119_zcta520_pairs.csv.gz")); err != nil {
		t.Fatal(err)
	}
	if err := databuild.Districts(t.Context(), dir, second, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zips.bin", "119/zips.bin"} {
		if read(t, first, name) != read(t, second, name) {
			t.Errorf("%s differs", name)
		}
	}
}

// TestCongressesRefuse damages one input of the 120th at a time.
func TestCongressesRefuse(t *testing.T) {
	const header = "GEOID_CD120_20|GEOID_ZCTA5_20\n"
	az := tiger120("AZ")
	same := func(s congress.Seat) congress.Seat { return s }
	for _, tt := range []struct {
		name, want string
		files      map[string]string
	}{
		{"lines of another Congress", "no column CD120FP, so these are not lines of the 120th", map[string]string{az: read(t, country(t), "cd119-tiger/tl_2025_04_cd119.zip")}},
		{"half a file", "tl_2026_04_cd120.zip", map[string]string{az: "PK"}},
		{"no such state", "there is no such state", map[string]string{"cd120-tiger/tl_2026_03_cd120.zip": "PK"}},
		{"a district too few", "AZ-02 has 2 shapes", map[string]string{az: string(linesOf(t, "AZ", func(s congress.Seat) congress.Seat {
			s.District = s.District%8 + 1
			return s
		}))}},
		{"a blank district in the relation", `line 3: ZIP code 40401: "" is not the number of a district`, map[string]string{"zip/tab20_cd12020_zcta520_natl.txt": header + "0401|40401\n|40401\n"}},
		{"an unknown district in the relation", "no seat AZ-77", map[string]string{"zip/tab20_cd12020_zcta520_natl.txt": header + "0477|40401\n"}},
		{"a cut relation", "no area lies in AZ-01", map[string]string{"zip/tab20_cd12020_zcta520_natl.txt": header + "0402|40401\n"}},
		{"a relation without columns", "no columns GEOID_ZCTA5_20 and GEOID_CD120_20", map[string]string{"zip/tab20_cd12020_zcta520_natl.txt": "GEOID_CD119_20|GEOID_ZCTA5_20\n"}},
		{"blocks that differ", "do not list the same blocks of AZ", map[string]string{"bef/cd119.zip": string(blocks(t, 119, same, "AZ", "LA")), "bef/cd120.zip": string(blocks(t, 120, same, "LA"))}},
		{"a district without blocks", "no block of AZ-02", map[string]string{
			"bef/cd119.zip": string(blocks(t, 119, func(congress.Seat) congress.Seat { return congress.Seat{State: "AZ", District: 1} }, "AZ")),
			"bef/cd120.zip": string(blocks(t, 120, same, "AZ")),
		}},
		{"no list of blocks", "there is no NationalCD119.txt", map[string]string{"bef/cd119.zip": string(shapetest.Members(t, map[string][]byte{"x": nil})), "bef/cd120.zip": ""}},
		{"no header of blocks", "does not begin with GEOID", map[string]string{"bef/cd119.zip": string(shapetest.Members(t, map[string][]byte{"NationalCD119.txt": []byte("a,b\n")})), "bef/cd120.zip": ""}},
		{"no block", "is not the number of a block", map[string]string{"bef/cd119.zip": string(shapetest.Members(t, map[string][]byte{"NationalCD119.txt": []byte("GEOID,CDFP\n04,01\n")})), "bef/cd120.zip": ""}},
		{"no overrides", "plans.json: it is not a list", map[string]string{"plans.json": "{"}},
		{"more than overrides", "more behind the list", map[string]string{"plans.json": "[] []"}},
		{"an unknown word", "unknown field", map[string]string{"plans.json": `[{"sate":"AZ"}]`}},
		{"an override without a source", "entry 1: AZ: it needs a source", map[string]string{"plans.json": `[{"state":"AZ","congress":120,"inherits":119,"dated":"2026-12-01","note":"n"}]`}},
		{"an override without a day", "it needs a source", map[string]string{"plans.json": `[{"state":"AZ","congress":120,"inherits":119,"dated":"soon","source":"s","note":"n"}]`}},
		{"an override of nobody", `there is no state "ZZ"`, map[string]string{"plans.json": override("ZZ", 120, ``)}},
		{"an override of a Congress without lines", "no lines of the 121st Congress in cd121-tiger", map[string]string{"plans.json": override("AZ", 121, `,"inherits":119`)}},
		{"lines to inherit that are not there", "there are no lines of the 117th", map[string]string{"plans.json": override("AZ", 120, `,"inherits":117`)}},
		{"a Congress that inherits from itself", "does not inherit from itself", map[string]string{"plans.json": override("AZ", 120, `,"inherits":120`)}},
		{"two kinds of lines", "either inherited or in a file", map[string]string{"plans.json": override("AZ", 120, `,"inherits":119,"file":"x.zip"`)}},
		{"a file elsewhere", "not in the folder of raw data", map[string]string{"plans.json": override("AZ", 120, `,"file":"../x.zip"`)}},
		{"a span outside the term", "no part of the 120th", map[string]string{"plans.json": override("AZ", 120, `,"from":"2026-01-01T00:00:00Z"`)}},
		{"two sets of lines in a term", "already has lines of AZ", map[string]string{"plans.json": "[" + entry("AZ", 120, `,"to":"2028-01-01T00:00:00Z"`) + "," + entry("AZ", 120, `,"from":"2028-01-01T00:00:00Z"`) + "]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, out := nextCongress(t), t.TempDir()
			for name, content := range tt.files {
				write(t, dir, name, []byte(content))
			}
			err := databuild.Districts(t.Context(), dir, out, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if left, _ := os.ReadDir(out); len(left) > 0 {
				t.Errorf("something was written: %v", left)
			}
		})
	}
}

func entry(state congress.State, n int, more string) string {
	return fmt.Sprintf(`{"state":%q,"congress":%d,"source":"s","dated":"2026-12-01","note":"n"%s}`, state, n, more)
}

func override(state congress.State, n int, more string) string {
	return "[" + entry(state, n, more) + "]"
}
