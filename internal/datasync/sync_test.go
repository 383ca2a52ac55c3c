package datasync

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// TestSyncFromTheOfficialAddresses fetches everything once, and then nothing twice.
func TestSyncFromTheOfficialAddresses(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	dir := filepath.Join(t.TempDir(), "congress")
	o, out := options(dir, b, p)
	got, err := Sync(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Outcome{Set: "20261124T120000Z", Changed: true, Districts: Updated, Roster: Updated, Fetched: p.bytesOf("")}); got.Fetched < 1<<20 || got.Set != want.Set || got.Districts != Updated || got.Roster != Updated || !got.Changed {
		t.Errorf("got %+v, want %+v", got, want)
	}
	data := b.Open(dir)
	if !data.Lines.Synced || !data.People.Synced || data.Roster.AsOf() != "2026-11-20" {
		t.Fatalf("in use: %+v, %+v, as of %s", data.Lines, data.People, data.Roster.AsOf())
	}
	for _, seat := range congress.AllHouseSeats() {
		lat, lon := rawtest.Middle(seat)
		if r, err := data.Districts.ByPoint(lat, lon, 0, now); err != nil || r.Seat != seat {
			t.Errorf("the middle of %s: %s, %v", seat, r.Seat, err)
		}
		if a, err := data.Roster.Holder(seat, now); err != nil || !strings.HasPrefix(a.Member.Name, "Ann Número") {
			t.Errorf("%s: %+v, %v", seat, a, err)
		}
	}
	before := p.bytesOf("")
	o.Clock = func() time.Time { return now.Add(time.Hour) }
	got, err = Sync(t.Context(), o)
	if err != nil || got.Changed || got.Districts != Unchanged || got.Roster != Unchanged || got.Set != "20261124T120000Z" {
		t.Errorf("the second time: %+v, %v\n%s", got, err, out.text())
	}
	// Pages that say "not found" are all that comes again.
	if again := p.bytesOf("") - before; again > 1000 {
		t.Errorf("%d bytes were fetched twice", again)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "sets", "*")); len(left) != 1 {
		t.Errorf("sets: %v", left)
	}
}

// TestOneBehindTheOther takes a new roster, then new lines, and keeps the set before.
func TestOneBehindTheOther(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	dir := t.TempDir()
	o, _ := options(dir, b, p)
	var sets []string
	for i, step := range []struct {
		only, path string
		content    []byte
		want       [2]Result
	}{
		{"", "", nil, [2]Result{Updated, Updated}},
		{"", rawtest.Members, rawtest.Roster(t, []congress.Seat{{State: "AZ", District: 4}}), [2]Result{Unchanged, Updated}},
		{OnlyDistricts, rawtest.Relation, append(files[rawtest.Relation], "9|0402|"+rawtest.ZIP(congress.Seat{State: "AZ", District: 4})+"|1\n"...), [2]Result{Updated, Skipped}},
		{OnlyRoster, rawtest.Members, rawtest.Roster(t, nil), [2]Result{Skipped, Updated}},
	} {
		if step.path != "" {
			p.put(step.path, step.content)
		}
		o.Only = step.only
		got, err := Sync(t.Context(), o) // in the same second: names differ all the same
		if err != nil || got.Districts != step.want[0] || got.Roster != step.want[1] || !got.Changed {
			t.Fatalf("step %d: %+v, %v", i, got, err)
		}
		data := b.Open(dir)
		if !data.Lines.Synced || !data.People.Synced || data.Lines.Set != got.Set {
			t.Fatalf("step %d: %+v %+v", i, data.Lines, data.People)
		}
		holder, err := data.Roster.Holder(congress.Seat{State: "AZ", District: 4}, now)
		if err != nil || holder.Seated() != (i == 0 || i == 3) {
			t.Errorf("step %d: %+v, %v", i, holder, err)
		}
		r, err := data.Districts.ByZIP(rawtest.ZIP(congress.Seat{State: "AZ", District: 4}), "", now)
		if want := map[bool]int{true: 3, false: 2}[i >= 2]; err != nil || len(r.Candidates) != want {
			t.Errorf("step %d: %v, %v", i, r.Candidates, err)
		}
		sets = append(sets, got.Set)
	}
	left, err := os.ReadDir(filepath.Join(dir, "sets"))
	if err != nil || len(left) != 2 {
		t.Fatalf("%d sets are left, %v", len(left), err)
	}
	for _, s := range left {
		if s.Name() != sets[2] && s.Name() != sets[3] {
			t.Errorf("%s is left of %v", s.Name(), sets)
		}
	}
}

// TestMirrors feeds a sync from copies in all the forms there are.
func TestMirrors(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	flat := t.TempDir() // as downloads lie in a folder
	listed := t.TempDir()
	for name, content := range files {
		writeFile(t, filepath.Join(flat, filepath.Base(name)), content)
		writeFile(t, filepath.Join(listed, name), content)
	}
	writeFile(t, filepath.Join(flat, "changes-2026-06-15-to-2026-09-13.csv"), []byte(changesHeader))
	with, without := publish(t, files), publish(t, files)
	with.sums()
	writeFile(t, filepath.Join(listed, sumsName), with.files[sumsName])
	writeFile(t, filepath.Join(listed, provenanceName), []byte("| `roster/legislators-current.yaml.gz` | members | here | 1 | CC0 | 2026-10-01 | |\n"))
	for name, c := range map[string]struct{ from, asOf string }{
		"a folder":                  {flat, "2026-09-13"},
		"a folder with checksums":   {listed, "2026-10-01"},
		"an address":                {without.URL + "/", "2026-11-20"},
		"an address with checksums": {with.URL, "2026-11-20"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			o, _ := options(dir, b, with)
			o.From, o.Client = c.from, nil
			for _, want := range []Result{Updated, Unchanged} {
				got, err := Sync(t.Context(), o)
				if err != nil || got.Districts != want || got.Roster != want {
					t.Fatalf("%+v, %v, want %s", got, err, want)
				}
			}
			if data := b.Open(dir); string(data.Roster.AsOf()) != c.asOf || !data.Lines.Synced {
				t.Errorf("%s, %+v", data.Roster.AsOf(), data.Lines)
			}
		})
	}
}

// TestChecksumsSaveRequests: what a mirror's list shows to be in the cache is not asked
// for again.
func TestChecksumsSaveRequests(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	p.sums()
	o, _ := options(t.TempDir(), b, p)
	o.From = p.URL
	if _, err := Sync(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	asked := p.asked[rawtest.Lines("AZ")]
	if _, err := Sync(t.Context(), o); err != nil || asked != 1 || p.asked[rawtest.Lines("AZ")] != 1 {
		t.Errorf("asked %d times, then %d, %v", asked, p.asked[rawtest.Lines("AZ")], err)
	}
}

// TestNextCongress takes the lines of the 120th the day they are out, those of the states
// that have them.
func TestNextCongress(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	dir := t.TempDir()
	o, _ := options(dir, b, p)
	if _, err := Sync(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if end, ok := b.Open(dir).LinesEnd(now); !ok || !end.Equal(congress.Number(119).End()) {
		t.Errorf("the lines end on %s", end)
	}
	const texas = "geo/tiger/TIGER2026/CD/tl_2026_48_cd120.zip"
	for _, s := range congress.States() {
		if s.AtLarge() {
			continue
		}
		name := strings.NewReplacer("2025", "2026", "119", "120").Replace(rawtest.Lines(s))
		p.put(name, renumbered(t, s, s == "TX"))
	}
	got, err := Sync(t.Context(), o)
	if err != nil || got.Districts != Updated {
		t.Fatalf("%+v, %v", got, err)
	}
	lat, lon := rawtest.Middle(congress.Seat{State: "TX", District: 37})
	for n, want := range map[congress.Number]uint8{119: 37, 120: 10} {
		if r, err := b.Open(dir).Districts.ByPoint(lat, lon, 0, n.Start()); err != nil || r.Seat.District != want {
			t.Errorf("%s: %s, %v", n, r.Seat, err)
		}
	}
	if end, _ := b.Open(dir).LinesEnd(now); !end.Equal(congress.Number(120).End()) {
		t.Errorf("the lines end on %s", end)
	}
	// Lines that are in use do not go away because their file does.
	p.oddly(strings.Replace(texas, "_48_", "_01_", 1), notFound)
	got, err = Sync(t.Context(), o)
	if err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	if r, err := b.Open(dir).Districts.ByPoint(lat, lon, 0, congress.Number(120).Start()); err != nil || r.Seat.District != 10 {
		t.Errorf("%s, %v", r.Seat, err)
	}
}

func notFound(w http.ResponseWriter, r *http.Request, _ int) bool {
	http.NotFound(w, r)
	return true
}

// TestOwnPlans obeys the operator's list of plans beside the cache.
func TestOwnPlans(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	p := publish(t, files)
	dir := t.TempDir()
	o, _ := options(dir, b, p)
	for _, s := range congress.States() {
		p.put(strings.NewReplacer("2025", "2026", "119", "120").Replace(rawtest.Lines(s)), renumbered(t, s, s == "TX"))
	}
	writeFile(t, filepath.Join(dir, overridesName), []byte(`[{"state":"TX","congress":120,"inherits":119,"source":"a court","dated":"2026-11-01","note":"Blocked."}]`))
	o.Landmarks = landmarks()[:56]
	if _, err := Sync(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	lat, lon := rawtest.Middle(congress.Seat{State: "TX", District: 37})
	r, err := b.Open(dir).Districts.ByPoint(lat, lon, 0, congress.Number(120).Start())
	if err != nil || r.Seat.District != 37 || !strings.Contains(r.Plan.Note, "Blocked.") {
		t.Errorf("%s, %v, %s", r.Seat, err, r.Plan.Note)
	}
	writeFile(t, filepath.Join(dir, overridesName), []byte(`{`))
	var f *Failure
	if _, err := Sync(t.Context(), o); !errors.As(err, &f) || !strings.Contains(err.Error(), "your own list of plans") {
		t.Errorf("%v", err)
	}
}

// TestTwoAtOnce keeps the second sync out.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	dir := t.TempDir()
	first, err := openFolderOf(dir)
	if err != nil {
		t.Fatal(err)
	}
	o, _ := options(dir, b, publish(t, files))
	if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "another sync is at work") {
		t.Errorf("%v", err)
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Sync(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// TestDamagedSetIsMadeAnew repairs data in use whose inputs have not changed.
func TestDamagedSetIsMadeAnew(t *testing.T) {
	t.Parallel()
	b, files := country(t)
	dir := t.TempDir()
	o, _ := options(dir, b, publish(t, files))
	first, err := Sync(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(inuse.SetDir(dir, first.Set), inuse.DistrictsName, "119", "lines.bin"), []byte("FRL1"))
	if data := b.Open(dir); data.Lines.Synced || !data.Lines.Broken {
		t.Fatalf("%+v", data.Lines)
	}
	got, err := Sync(t.Context(), o)
	if err != nil || got.Districts != Updated || got.Roster != Unchanged {
		t.Fatalf("%+v, %v", got, err)
	}
	if data := b.Open(dir); !data.Lines.Synced || !data.People.Synced {
		t.Errorf("%+v, %+v", data.Lines, data.People)
	}
}
