package inuse

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
)

var now = time.Date(2026, time.September, 20, 12, 0, 0, 0, time.UTC)

// synced makes a folder with a set of the program's own data, the first, in use.
func synced(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	add(t, dir, firstSet)
	if err := Point(dir, firstSet); err != nil {
		t.Fatal(err)
	}
	return dir
}

// add puts a set beside those that are there.
func add(t *testing.T, dir, set string) {
	t.Helper()
	lines, err := district.EmbeddedFS()
	if err != nil {
		t.Fatal(err)
	}
	path := SetDir(dir, set)
	if err := os.CopyFS(filepath.Join(path, DistrictsName), lines); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(path, RosterName), os.DirFS(filepath.Join("..", "..", "..", "congress", "roster", "data"))); err != nil {
		t.Fatal(err)
	}
}

const (
	firstSet  = "20260920T100000Z"
	secondSet = "20260920T110000Z-2"
)

func TestOpenPrefersSyncedData(t *testing.T) {
	t.Parallel()
	d, err := Open(synced(t))
	if err != nil || d.Lines != (Part{Synced: true, Set: firstSet}) || d.People != d.Lines {
		t.Errorf("%+v, %v", d, err)
	}
	for _, dir := range []string{"", t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if d, err := Open(dir); err != nil || d.Lines != (Part{}) || d.People != (Part{}) || d.Districts == nil || d.Roster == nil {
			t.Errorf("%q: %+v, %v", dir, d, err)
		}
	}
}

// TestDamagedDataAreNotUsed damages one thing at a time.
func TestDamagedDataAreNotUsed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path          string
		content       string // nothing removes it
		lines, people string // what is said of them; empty while they are used
	}{
		"pointer":            {"current", "../../etc", "does not name a set", "does not name a set"},
		"pointer to nothing": {"current", "20200101T000000Z", "is gone", "is gone"},
		"cut lines":          {"sets/" + firstSet + "/districts/119/lines.bin", "FRL1", "checksum", ""},
		"no lines":           {"sets/" + firstSet + "/districts/119/lines.bin", "", "119/lines.bin", ""},
		"no manifest":        {"sets/" + firstSet + "/districts/manifest.json", "", "manifest.json", ""},
		"another format":     {"sets/" + firstSet + "/districts/manifest.json", `{"format":1}`, "format 1", ""},
		"cut roster":         {"sets/" + firstSet + "/roster/roster.json", "{}", "", "checksum"},
		"no roster":          {"sets/" + firstSet + "/roster/roster.json", "", "", "roster.json"},
		"roster's manifest":  {"sets/" + firstSet + "/roster/manifest.json", "x", "", "manifest"},
		"no manifest of it":  {"sets/" + firstSet + "/roster/manifest.json", "", "", "manifest.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := synced(t)
			path := filepath.Join(dir, filepath.FromSlash(c.path))
			err := os.Remove(path)
			if c.content != "" {
				err = os.WriteFile(path, []byte(c.content), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			d, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range []struct {
				got  Part
				want string
			}{{d.Lines, c.lines}, {d.People, c.people}} {
				if p.got.Synced != (p.want == "") || p.got.Broken == p.got.Synced || !strings.Contains(p.got.Reason, p.want) {
					t.Errorf("%+v, want %q", p.got, p.want)
				}
			}
			if r, err := d.Districts.ByZIP("85281", "AZ", now); err != nil || len(r.Candidates) == 0 {
				t.Errorf("%+v, %v", r, err)
			}
			alarms := d.Alarms(now)
			if !slices.ContainsFunc(alarms, func(a Alarm) bool { return a.Code == AlarmDamaged && a.Act && a.Command == syncCommand }) {
				t.Errorf("the alarms are %v", alarms)
			}
		})
	}
}

func TestPartsThatWereNotSynced(t *testing.T) {
	t.Parallel()
	for _, missing := range []string{DistrictsName, RosterName} {
		dir := synced(t)
		if err := os.RemoveAll(filepath.Join(SetDir(dir, firstSet), missing)); err != nil {
			t.Fatal(err)
		}
		d, err := Open(dir)
		if err != nil || d.Lines.Synced != (missing == RosterName) || d.People.Synced != (missing == DistrictsName) || d.Lines.Broken || d.People.Broken {
			t.Errorf("%s: %+v, %+v, %v", missing, d.Lines, d.People, err)
		}
	}
}

// TestBuiltInRosterThatIsNewer: a program that was upgraded after the sync knows more.
func TestBuiltInRosterThatIsNewer(t *testing.T) {
	t.Parallel()
	b, err := Program()
	if err != nil {
		t.Fatal(err)
	}
	if b.Roster, err = roster.New(roster.File{Format: roster.Format, Congress: 119, AsOf: "2026-12-01"}); err != nil {
		t.Fatal(err)
	}
	d := b.Open(synced(t))
	if d.People.Synced || d.People.Broken || d.Roster.AsOf() != "2026-12-01" || !strings.Contains(d.People.String(), "newer than the synced one") {
		t.Errorf("%+v", d.People)
	}
}

func TestLaterLines(t *testing.T) {
	t.Parallel()
	lines := func(n congress.Number, text string) district.Manifest {
		return district.Manifest{Plans: []district.Plan{{Congress: 118, Lines: "TIGER/Line 2029"}, {Congress: n, Lines: text}, {Congress: n, Lines: "of a court"}}}
	}
	for _, c := range []struct {
		a, b district.Manifest
		want bool
	}{
		{lines(119, "TIGER/Line 2025"), lines(119, "TIGER/Line 2025"), false},
		{lines(119, "TIGER/Line 2026"), lines(119, "TIGER/Line 2025"), true},
		{lines(119, "TIGER/Line 2025"), lines(119, "TIGER/Line 2026"), false},
		{lines(120, "TIGER/Line 2026"), lines(119, "TIGER/Line 2027"), true},
		{lines(119, "TIGER/Line 2027"), lines(120, "TIGER/Line 2026"), false},
	} {
		if got := laterLines(c.a, c.b); got != c.want {
			t.Errorf("%v after %v: %t", c.a.Plans[1], c.b.Plans[1], got)
		}
	}
}

// TestAlarms follows a year without a sync.
func TestAlarms(t *testing.T) {
	t.Parallel()
	d, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	asOf, _ := d.Roster.AsOf().Time()
	end := congress.Number(119).End()
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{asOf.Add(29 * 24 * time.Hour), AlarmLinesCoarse},
		{asOf.Add(31 * 24 * time.Hour), AlarmRosterOld + " " + AlarmLinesCoarse},
		{end.Add(-61 * 24 * time.Hour), AlarmRosterOld + " " + AlarmLinesCoarse},
		{end.Add(-60 * 24 * time.Hour), AlarmLinesEndSoon + " " + AlarmRosterOld + " " + AlarmLinesCoarse},
		{end.Add(-time.Second), AlarmLinesEndSoon + " " + AlarmRosterOld + " " + AlarmLinesCoarse},
		{end, AlarmLinesEnded + " " + AlarmRosterOld},
	} {
		var codes []string
		for _, a := range d.Alarms(c.at) {
			codes = append(codes, a.Code)
			if a.Act == (a.Code == AlarmLinesCoarse) || a.Text == "" || !strings.HasSuffix(a.String(), ". Run: franklin data sync") {
				t.Errorf("%+v", a)
			}
		}
		if got := strings.Join(codes, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.at, got, c.want)
		}
	}
	if got := d.Alarms(end.Add(-40 * 24 * time.Hour))[0].Text; got != "the lines of the 120th Congress are not loaded for all states, and those in use end on 3 January 2027 (in 40 days)" {
		t.Error(got)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	dir := synced(t)
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := d.Report(dir, now)
	var text bytes.Buffer
	r.Print(&text)
	for _, want := range []string{
		"District lines: synced at " + firstSet, "119th Congress, 3 January 2025 to 3 January 2027", "exact lines: 55 states and territories, all but TX",
		"good to about 100 m: TX", "118th Congress", "keep the lines of another Congress", "Streets: none", "as of 2026-09-13, 7 days old", "Note: the lines of Texas",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, text.String())
		}
	}
	if r.NeedsAction() || !r.LinesEnd.Equal(congress.Number(119).End()) || len(r.Alarms) != 1 {
		t.Errorf("%+v", r.Alarms)
	}
	if r = d.Report(dir, now.AddDate(0, 1, 0)); !r.NeedsAction() {
		t.Error("an old roster needs no action")
	}
	d.Lines = Part{Reason: "reasons"}
	text.Reset()
	d.Report(dir, now.AddDate(1, 0, 0)).Print(&text)
	for _, want := range []string{"built into the program, because reasons", "To do: no lines are loaded that are in force today in all states. Run: franklin data sync"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, text.String())
		}
	}
	if got := names([]congress.State{"AZ", "TX"}); got != "AZ TX" {
		t.Error(got)
	}
	if got := names(congress.States()); got != "all 56 states and territories" {
		t.Error(got)
	}
}

// TestLiveTakesUpNewerData swaps sets under a running server, good and damaged ones.
func TestLiveTakesUpNewerData(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	dir := t.TempDir()
	l, err := OpenLive(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	look := func(at time.Time, set string, wantLines string, wantLog string) {
		t.Helper()
		log.Reset()
		if set != "" {
			if err := Point(dir, set); err != nil {
				t.Fatal(err)
			}
		}
		l.Look(at)
		if got := l.Data().Lines.String(); !strings.Contains(got, wantLines) || !strings.Contains(log.String(), wantLog) {
			t.Errorf("%s, want %s; the log, which needs %q:\n%s", got, wantLines, wantLog, log.String())
		}
	}
	look(now, "", "nothing was synced", "good to about 100 m")
	add(t, dir, firstSet)
	look(now, firstSet, "synced at "+firstSet, "newer district data or roster are in use")
	before := l.Data()
	look(now, "", "synced at "+firstSet, "")
	if l.Data() != before || log.Len() > 0 {
		t.Errorf("looking again changes something:\n%s", log.String())
	}
	add(t, dir, secondSet)
	if err := os.WriteFile(filepath.Join(SetDir(dir, secondSet), DistrictsName, "zips.bin"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	look(now, secondSet, "checksum", "the data before them answer")
	if got := l.Data(); got.Districts != before.Districts || !got.Lines.Broken || got.People.Set != secondSet {
		t.Errorf("%+v, %+v", got.Lines, got.People)
	}
	look(now.AddDate(0, 1, 0), "", "checksum", "code=roster-old")
	if err := l.Warm(now); err != nil {
		t.Error(err)
	}
}

// TestLiveStartsWithDamagedData says so and answers from the built-in ones.
func TestLiveStartsWithDamagedData(t *testing.T) {
	t.Parallel()
	dir := synced(t)
	if err := os.WriteFile(filepath.Join(SetDir(dir, firstSet), RosterName, "roster.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	l, err := OpenLive(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil || l.Data().People.Synced || !l.Data().Lines.Synced || !strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("%+v, %v\n%s", l, err, log.String())
	}
}

func TestPointRefusesOtherNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "..", "a", firstSet + "/..", firstSet + "\n"} {
		if err := Point(t.TempDir(), name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	if err := WriteFile(filepath.Join(t.TempDir(), "none", "x"), nil); err == nil {
		t.Error("wrote into a folder that is not there")
	}
}
