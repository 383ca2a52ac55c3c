package inuse

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/district"
)

// withStreets enters files of streets into the first set, with wrong checksums.
func withStreets(t *testing.T, dir string, damaged ...string) {
	t.Helper()
	folder := filepath.Join(SetDir(dir, firstSet), DistrictsName)
	raw, err := os.ReadFile(filepath.Join(folder, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m district.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	for _, name := range damaged {
		m.Files = append(m.Files, district.File{Name: name, Bytes: 9, SHA256: "00"})
		if err := os.MkdirAll(filepath.Join(folder, "streets"), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(name)), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if raw, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, manifestName), raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDamagedStreetsAreLeftOut: the lines of all states and the roster stay.
func TestDamagedStreetsAreLeftOut(t *testing.T) {
	t.Parallel()
	dir := synced(t)
	withStreets(t, dir, "streets/NM.bin", "streets/coverage.json")
	if err := os.Remove(filepath.Join(SetDir(dir, firstSet), DistrictsName, "streets", "NM.bin")); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	l, err := OpenLive(dir, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	d := l.Data()
	if !d.Lines.Synced || !d.People.Synced || !slices.Equal(d.LeftOut, []string{"streets/NM.bin", "streets/coverage.json"}) || !strings.Contains(log.String(), "left out") {
		t.Errorf("%+v, %v\n%s", d.Lines, d.LeftOut, log.String())
	}
	if err := l.Warm(now); err != nil || !l.Data().Lines.Synced {
		t.Error(err)
	}
	if _, err := d.Files.Open("streets/NM.bin"); err == nil {
		t.Error("the damaged file can be opened")
	}
	report := d.Report(dir, now)
	if !report.NeedsAction() || len(report.Streets) != 1 || report.Streets[0].State != "NM" || !report.Streets[0].Damaged {
		t.Errorf("%+v", report)
	}
	var text bytes.Buffer
	report.Print(&text)
	for _, want := range []string{"NM: its table is damaged and left out", "To do: the synced streets of NM are damaged", "which counties have streets is damaged"} {
		if !strings.Contains(text.String(), want) || d.Complaint() == "" {
			t.Errorf("%q is not said:\n%s", want, text.String())
		}
	}
	if _, err := OpenDistricts(filepath.Join(SetDir(dir, firstSet), DistrictsName)); err == nil {
		t.Error("a sync would believe them")
	}
}

func TestComplaint(t *testing.T) {
	t.Parallel()
	damaged := synced(t)
	if err := os.WriteFile(filepath.Join(damaged, pointerName), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{
		"": "", DefaultDir: "", t.TempDir(): "", synced(t): "",
		damaged:                              "synced data cannot be used: the file ",
		filepath.Join(t.TempDir(), "nobody"): "cannot be opened, so the data built into the program answer. Run: franklin data sync",
	} {
		d, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Complaint(); (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", dir, got, want)
		}
	}
}

func TestGap(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]StreetReport{
		"": {State: "AZ", Counties: 15},
		"MT: 1 county; how many others are missing is not known":                  {State: "MT", Counties: 1, Unlisted: true},
		"MT: how many counties there are, and how many are missing, is not known": {State: "MT", Unlisted: true},
		"AZ: 13 counties; 2 others are missing: 04001 04003":                      {State: "AZ", Counties: 13, Missing: []string{"04001", "04003"}},
		"AZ: 3 counties; 11 others are missing: 1 2 3 4 5 6 7 8 9 10 and more":    {State: "AZ", Counties: 3, Missing: strings.Fields("1 2 3 4 5 6 7 8 9 10 11")},
		"NM: its table is damaged and left out":                                   {State: "NM", Damaged: true},
	} {
		if got := s.Gap(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
