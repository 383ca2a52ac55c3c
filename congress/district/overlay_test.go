package district

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
)

// tinySeats is the districts of the tiny country, whose numbers count from 1: two in
// Alaska's place beyond the antimeridian stand for any.
func tinySeats() []congress.Seat {
	return []congress.Seat{{State: "AK"}, {State: "AZ", District: 1}, {State: "AZ", District: 2}, {State: "NV", District: 1}, {State: "NV", District: 2}}
}

// tile is a rectangle of a tenth of a degree's multiples, in degrees.
type tile struct {
	area           byte
	x1, y1, x2, y2 float64
}

// tinyLines compiles tiles, each with borders of its own.
func tinyLines(tiles ...tile) []byte {
	out := []byte("FRL1")
	out = append(out, byte(len(tinySeats())))
	for _, s := range tinySeats() {
		f := s.State.FIPS()
		out = append(out, (f[0]-'0')*10+f[1]-'0', s.District)
	}
	out = append(out, 1, 0, byte(len(tiles)))
	var x, y int64
	for _, t := range tiles {
		out = append(out, t.area, 0, 5)
		for _, corner := range [][2]float64{{t.x1, t.y1}, {t.x1, t.y2}, {t.x2, t.y2}, {t.x2, t.y1}, {t.x1, t.y1}} {
			nx, ny := int64(math.Round(corner[0]*1e6)), int64(math.Round(corner[1]*1e6))
			out = binary.AppendVarint(binary.AppendVarint(out, nx-x), ny-y)
			x, y = nx, ny
		}
	}
	return out
}

// tinyCountry is Alaska at both ends of the world, Arizona below Nevada, and a ZIP code
// in each of them. In the 120th the districts of Arizona are swapped, Nevada keeps its
// own, and Alaska inherits.
func tinyCountry(t *testing.T, change func(*Manifest)) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{
		// 10001 lies in Arizona's first district, 10002 in both, 10003 in both states.
		"zips.bin":      {Data: []byte("FRZ1\x00\x03\x91\x4e\x01\x01\x04\x00\x01\x01\x01\x04\x00\x01\x01\x02\x04\x20\x00")},
		"119/zips.bin":  {Data: []byte("FRD1\x03\x91\x4e\x01\x04\x01\x01\x02\x04\x01\x04\x02\x01\x02\x04\x01\x20\x01")},
		"120/zips.bin":  {Data: []byte("FRD1\x03\x91\x4e\x01\x04\x02\x01\x02\x04\x01\x04\x02\x01\x01\x04\x02")},
		"119/lines.bin": {Data: tinyLines(tile{1, 179, 51, 180, 52}, tile{1, -180, 51, -179, 52}, tile{2, -112, 33, -111, 34}, tile{3, -111, 33, -110, 34}, tile{4, -112, 34, -111, 35}, tile{5, -111, 34, -110, 35})},
		"120/lines.bin": {Data: tinyLines(tile{3, -112, 33, -111, 34}, tile{2, -111, 33, -110, 34})},
	}
	var m Manifest
	m.Format = ManifestFormat
	for _, state := range congress.States() {
		for _, n := range []congress.Number{119, 120} {
			p := Plan{State: state, Congress: n, From: n.Start(), To: n.End()}
			if n == 120 && state != "AZ" {
				p.Inherits = 119
			}
			m.Plans = append(m.Plans, p)
		}
	}
	if change != nil {
		change(&m)
	}
	manifest(t, files, m)
	return files
}

func planIn(m *Manifest, state congress.State, n congress.Number) *Plan {
	i := slices.IndexFunc(m.Plans, func(p Plan) bool { return p.State == state && p.Congress == n })
	return &m.Plans[i]
}

func openTiny(t *testing.T, change func(*Manifest)) *Locator {
	t.Helper()
	l, err := Open(tinyCountry(t, change))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	oldTerm = congress.Number(120).Start().Add(-time.Second)
	newTerm = congress.Number(120).Start()
)

func TestOverlay(t *testing.T) {
	l := openTiny(t, nil)
	for _, tt := range []struct {
		name                string
		lat, lon, accuracy  float64
		before, now, margin string
	}{
		{"a district that changes its number", 33.5, -111.5, 0, "AZ-01", "AZ-02", "46.5 km"},
		{"a state that inherits", 34.5, -111.5, 0, "NV-01", "NV-01", "45.9 km"},
		{"beside the other state's hidden lines", 34.001, -111.5, 1000, "AZ-01 NV-01", "AZ-02 NV-01", "0.1 km"},
		{"beside the inherited lines", 33.999, -110.5, 1000, "AZ-02 NV-02", "AZ-01 NV-02", "0.1 km"},
		{"where four districts meet", 33.999, -111.001, 1000, "AZ-01 AZ-02 NV-01 NV-02", "AZ-01 AZ-02 NV-01 NV-02", "0.1 km"},
		{"off the shore of the new lines", 32.99, -111.5, 0, "AZ-01", "AZ-02", "46.7 km"},
		{"west of the antimeridian", 51.5, 179.9999, 50_000, "AK-00", "AK-00", "50.0 km"},
		{"east of it", 51.5, -179.9999, 50_000, "AK-00", "AK-00", "50.0 km"},
		{"North Pole", 90, 0, 0, "", "", "0.0 km"},
		{"South Pole", -90, 180, 0, "", "", "0.0 km"},
		{"no number", math.NaN(), -111.5, 0, "", "", "0.0 km"},
	} {
		for at, want := range map[time.Time]string{oldTerm: tt.before, newTerm: tt.now} {
			said, _, _ := strings.Cut(want, "-") // tells only off the shore
			r, err := l.ByPointIn(congress.State(said), tt.lat, tt.lon, tt.accuracy, at)
			if got := seatNames(r.Candidates); err != nil || got != want {
				t.Errorf("%s at %s: %s, %v; want %s", tt.name, at, got, err, want)
			}
			if got := fmt.Sprintf("%.1f km", r.MarginMetres/1000); got != tt.margin {
				t.Errorf("%s at %s: margin %s, want %s", tt.name, at, got, tt.margin)
			}
			x, err := l.Index(at)
			if seat := x.SeatAt(tt.lat, tt.lon); err != nil || (r.Unique() && !r.Has(NoteShore) && seat != r.Seat) {
				t.Errorf("%s at %s: the index says %s, %v", tt.name, at, seat, err)
			}
		}
	}
	for zip, want := range map[string]string{"10001": "AZ-01 then AZ-02", "10002": "AZ-01 AZ-02 then AZ-01 AZ-02", "10003": "AZ-01 NV-01 then AZ-02 NV-01"} {
		before, errBefore := l.ByZIP(zip, "", oldTerm)
		now, errNow := l.ByZIP(zip, "", newTerm)
		if got := seatNames(before.Candidates) + " then " + seatNames(now.Candidates); errBefore != nil || errNow != nil || got != want {
			t.Errorf("%s: %s, want %s; %v %v", zip, got, want, errBefore, errNow)
		}
		if changes := seatNames(before.Candidates) != seatNames(now.Candidates); changes != (before.Next != nil) {
			t.Errorf("%s: next %+v", zip, before.Next)
		}
	}
}

func seatNames(seats []congress.Seat) string {
	names := make([]string, len(seats))
	for i, s := range seats {
		names[i] = s.String()
	}
	return strings.Join(names, " ")
}

// TestTreesAreShared: what two Congresses have in common is in memory once.
func TestTreesAreShared(t *testing.T) {
	l := openTiny(t, nil)
	before, err := l.sets[0].atlas()
	if err != nil {
		t.Fatal(err)
	}
	now, err := l.sets[1].atlas()
	if err != nil {
		t.Fatal(err)
	}
	if len(before.sheets) != 1 || before.sheets[0].hidden != nil || len(now.sheets) != 2 || now.sheets[1].tree != before.sheets[0].tree {
		t.Errorf("%d sheets, then %d", len(before.sheets), len(now.sheets))
	}
	x, err := l.Index(newTerm)
	if err != nil {
		t.Fatal(err)
	}
	for seat, want := range map[string]int{"AZ-01": 1, "NV-02": 1, "AK-00": 2} {
		s, _ := congress.ParseSeat(seat)
		if rings := x.Outline(s); len(rings) != want {
			t.Errorf("%s has %d rings", seat, len(rings))
		}
	}
}

// TestStateWithoutLines: one state's lines are not known in the 120th.
func TestStateWithoutLines(t *testing.T) {
	l := openTiny(t, func(m *Manifest) {
		m.Plans = slices.DeleteFunc(m.Plans, func(p Plan) bool { return p.State == "NV" && p.Congress == 120 })
	})
	if l.Covers(newTerm) || !cmp.Equal(l.Uncovered(newTerm), []congress.State{"NV"}) || !l.Covers(oldTerm) {
		t.Errorf("uncovered: %v", l.Uncovered(newTerm))
	}
	nevada := congress.Seat{State: "NV", District: 1}
	for name, ask := range map[string]func(time.Time) error{
		"a point in it":        func(at time.Time) error { _, err := l.ByPoint(34.5, -111.5, 0, at); return err },
		"a vague point nearby": func(at time.Time) error { _, err := l.ByPoint(33.99, -111.5, 5000, at); return err },
		"a ZIP code":           func(at time.Time) error { _, err := l.ByZIP("10003", "", at); return err },
		"an address":           func(at time.Time) error { _, err := l.ByAddress(Address{ZIP: "10003", State: "NV"}, at); return err },
		"a choice": func(at time.Time) error {
			_, err := l.Choose(Result{Candidates: []congress.Seat{nevada, {State: "NV", District: 2}}}, nevada, at)
			return err
		},
	} {
		var late *OutOfDateError
		if err := ask(newTerm); !errors.As(err, &late) || late.State != "NV" || !late.At.Equal(newTerm) || !strings.Contains(err.Error(), "lines of Nevada are out of date") {
			t.Errorf("%s: %v", name, err)
		}
		if err := ask(oldTerm); err != nil {
			t.Errorf("%s before: %v", name, err)
		}
	}
	if r, err := l.ByPoint(33.5, -111.5, 0, newTerm); err != nil || r.Seat.String() != "AZ-02" {
		t.Errorf("the neighbour: %s, %v", r.Seat, err)
	}
	if r, err := l.ByZIP("10003", "AZ", newTerm); err != nil || r.Seat.String() != "AZ-02" {
		t.Errorf("the ZIP code in the neighbour: %+v, %v", r, err)
	}
	if r, err := l.ByPoint(34.5, -111.5, 0, oldTerm); err != nil || r.Next != nil {
		t.Errorf("what comes next is not known, but: %+v, %v", r.Next, err)
	}
	x, err := l.Index(newTerm)
	if seat := x.SeatAt(34.5, -111.5); err != nil || !seat.IsZero() || x.Outline(nevada) != nil {
		t.Errorf("the index says %s, %v", seat, err)
	}
}

// TestLinesWithoutZIPCodes: nobody has told which ZIP codes lie in Arizona's new lines.
func TestLinesWithoutZIPCodes(t *testing.T) {
	l := openTiny(t, func(m *Manifest) { planIn(m, "AZ", 120).NoZIPs = true })
	r, err := l.ByZIP("10001", "", newTerm)
	if err != nil || len(r.Candidates) != len(congress.State("AZ").HouseSeats()) || !r.Has(NoteZIPUnmapped) || NoteZIPUnmapped.Text() == string(NoteZIPUnmapped) {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = l.ByZIP("10003", "NV", newTerm); err != nil || r.Seat.String() != "NV-01" || len(r.Notes) > 0 {
		t.Errorf("the neighbour: %+v, %v", r, err)
	}
	if r, err = l.ByZIP("10001", "", oldTerm); err != nil || r.Next == nil || len(r.Next.Candidates) != 9 {
		t.Errorf("before: %+v, %v", r, err)
	}
}

// TestChangeWithinATerm: from May 2028 Arizona has the lines of the 119th again.
func TestChangeWithinATerm(t *testing.T) {
	may := time.Date(2028, time.May, 1, 0, 0, 0, 0, time.UTC)
	l := openTiny(t, func(m *Manifest) {
		p := planIn(m, "AZ", 120)
		back := *p
		p.To, back.From, back.Inherits, back.Note = may, may, 119, "By order of a court."
		m.Plans = append(m.Plans, back)
	})
	for at, want := range map[time.Time]string{
		oldTerm: "AZ-01 AZ-02 ", newTerm: "AZ-02 AZ-01 ", may.Add(-1): "AZ-02 AZ-01 ", may: "AZ-01  By order of a court.",
	} {
		r, err := l.ByPoint(33.5, -111.5, 0, at)
		next := ""
		if r.Next != nil {
			next = r.Next.Seat.String()
		}
		if got := r.Seat.String() + " " + next + " " + r.Plan.Note; err != nil || got != want {
			t.Errorf("at %s: %q, %v; want %q", at, got, err, want)
		}
		if r, err := l.ByPoint(34.5, -111.5, 0, at); err != nil || r.Seat.String() != "NV-01" || r.Next != nil {
			t.Errorf("the neighbour at %s: %+v, %v", at, r, err)
		}
	}
}

func TestManifestRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(*Manifest)
	}{
		{"plans that overlap", "two plans of Nevada are in force", func(m *Manifest) { planIn(m, "NV", 119).To = newTerm.Add(1) }},
		{"two sets of lines", "AZ 120th has lines of its own from", func(m *Manifest) {
			p := *planIn(m, "AZ", 120)
			planIn(m, "AZ", 120).To = newTerm.Add(1)
			p.From = newTerm.Add(1)
			m.Plans = append(m.Plans, p)
		}},
		{"lines that are not there", "NV 120th inherits lines of the 118th", func(m *Manifest) { planIn(m, "NV", 120).Inherits = 118 }},
		{"lines that are inherited themselves", "NV 120th inherits lines of the 120th", func(m *Manifest) { planIn(m, "NV", 120).Inherits = 120 }},
		{"a state without any plan", "no plan for Nevada", func(m *Manifest) {
			m.Plans = slices.DeleteFunc(m.Plans, func(p Plan) bool { return p.State == "NV" })
		}},
		{"an end before the beginning", "is not valid", func(m *Manifest) { planIn(m, "NV", 120).To = oldTerm }},
		{"no Congress", "is not valid", func(m *Manifest) { planIn(m, "NV", 120).Congress = -1 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var format *FormatError
			if _, err := Open(tinyCountry(t, tt.change)); !errors.As(err, &format) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

// TestOverlayRefuses numbers that do not agree and lines that are damaged, when asked for
// the first time. The other Congress goes on answering.
func TestOverlayRefuses(t *testing.T) {
	for want, damage := range map[string]func([]byte) []byte{
		"numbered unlike":  func(b []byte) []byte { b[8] = 3; return b }, // AZ-03 for AZ-01
		"does not begin":   func(b []byte) []byte { return b[1:] },
		"shorter than two": func(b []byte) []byte { b[len("FRL1")+1+10+3+2] = 1; return b },
	} {
		files := tinyCountry(t, nil)
		files["120/lines.bin"].Data = damage(files["120/lines.bin"].Data)
		var m Manifest
		if err := json.Unmarshal(files["manifest.json"].Data, &m); err != nil {
			t.Fatal(err)
		}
		delete(files, "manifest.json")
		manifest(t, files, m)
		l, err := Open(files)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := l.ByPoint(33.5, -111.5, 0, newTerm); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		}
		if r, err := l.ByPoint(33.5, -111.5, 0, oldTerm); err != nil || r.Seat.String() != "AZ-01" || r.Next != nil {
			t.Errorf("the lines of today: %+v, %v", r, err)
		}
	}
}

// FuzzManifest reads any manifest; what it makes of the plans is spans in order.
func FuzzManifest(f *testing.F) {
	for _, state := range []string{"AZ", "ZZ", ""} {
		p := Plan{State: congress.State(state), Congress: 119, From: congress.Number(119).Start(), To: congress.Number(119).End(), Inherits: 118}
		raw, err := json.Marshal(Manifest{Format: ManifestFormat, Plans: []Plan{p, p}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	whole, err := dataFS.ReadFile("data/manifest.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add([]byte(`{"format":2,"plans":[{"state":"AZ","congress":-9,"from":"0001-01-01T00:00:00Z","to":"9999-12-31T23:59:59Z"}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := readManifest(fstest.MapFS{"manifest.json": {Data: raw}})
		if err != nil {
			return
		}
		line, err := m.timeline()
		if err != nil {
			return
		}
		sets := line.spans()
		for i, s := range sets {
			if !s.from.Before(s.to) || len(s.all()) == 0 || (i > 0 && s.from.Before(sets[i-1].to)) {
				t.Errorf("span %d from %s to %s", i, s.from, s.to)
			}
			for _, p := range s.all() {
				if s.plans.of(p.State) != p || s.from.Before(p.From) || s.to.After(p.To) {
					t.Errorf("span %d holds %s from %s to %s", i, p, p.From, p.To)
				}
			}
		}
		if _, err := Open(fstest.MapFS{"manifest.json": {Data: raw}}); err == nil {
			t.Error("a folder without files was opened")
		}
	})
}

// TestMapUnderOlderLines draws divided ZIP codes of a state whose lines changed: every
// label stands inside its area's path, so both come from the lines of then.
func TestMapUnderOlderLines(t *testing.T) {
	l, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	at, drawn := congress.Number(118).Start(), 0
	for n := 27000; n < 29000; n += 7 {
		zip := fmt.Sprintf("%05d", n)
		r, err := l.ByZIP(zip, "", at)
		if err != nil || !r.Split() {
			continue
		}
		m, err := l.MapOf(zip, r.Candidates, 320, 240, at)
		if err != nil {
			t.Fatalf("%s: %v", zip, err)
		}
		drawn++
		for i, a := range m.Areas {
			if a.Seat != r.Candidates[i] || !inside(parsePath(t, a.Path), a.Label) {
				t.Errorf("%s: %s has its label at %v, outside", zip, a.Seat, a.Label)
			}
		}
	}
	if drawn < 20 {
		t.Errorf("%d maps", drawn)
	}
}
