package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/datasync"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

func TestDataStatus(t *testing.T) {
	t.Setenv("FRANKLIN_DATA_DIR", t.TempDir())
	out, errs, code := franklin(t, "", "data", "status")
	if code != 1 || errs != "" || !strings.Contains(out, "built into the program; nothing was synced") ||
		!strings.Contains(out, "To do: the lines of the 120th Congress are not loaded for all states, and those in use end on 3 January 2027 (in 41 days). Run: franklin data sync") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	report := answer[inuse.Report](t, 0, "data", "status", "--at", "2026-09-20")
	if len(report.Congresses) == 0 || report.Roster.AsOf != "2026-09-13" || report.Lines.Synced || report.Folder == "" {
		t.Errorf("%+v", report)
	}
	if report = answer[inuse.Report](t, 1, "data", "status", "--at", "2027-02-01"); report.Alarms[0].Code != inuse.AlarmLinesEnded {
		t.Errorf("%+v", report.Alarms)
	}
}

// Whoever answers from the built-in data because the synced ones are of no use says so.
func TestDamagedDataAreTold(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "current"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"district", "99501"}, {"member", "AZ-04"}} {
		out, errs, code := franklin(t, "", append(args, "--data-dir", dir)...)
		if code != 0 || out == "" || !strings.HasPrefix(errs, "franklin: ") {
			t.Errorf("%v: exit %d\n%s\nerrors: %s", args, code, out, errs)
		}
		if _, errs, _ := franklin(t, "", append(args, "--data-dir", t.TempDir())...); strings.TrimPrefix(errs, endSoon) != "" {
			t.Errorf("%v with an empty folder: %s", args, errs)
		}
	}
}

// A sync from a mirror that lacks everything changes nothing and says what to do.
func TestDataSyncInVain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "congress")
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	for _, c := range []struct {
		args []string
		code int
		want []string
	}{
		{[]string{"--from", nothing.URL}, 1, []string{"franklin: districts: ", "tl_2025_02_cd119.zip", "franklin: roster: ", "the built-in data stay in use"}},
		{[]string{"--from", t.TempDir(), "--only", "roster"}, 1, []string{"legislators-current.json", "--only districts to leave the roster as it is"}},
		{[]string{"--from", filepath.Join(dir, "none")}, 1, []string{"is no folder"}},
		{[]string{"--only", "senate"}, 2, []string{"--only"}},
		{[]string{"--streets", "AZ,Atlantis"}, 2, []string{"Atlantis"}},
	} {
		out, errs, code := franklin(t, "", append([]string{"data", "sync", "--data-dir", dir}, c.args...)...)
		if code != c.code || out != "" {
			t.Errorf("%v: exit %d\n%s", c.args, code, out)
		}
		for _, want := range c.want {
			if !strings.Contains(errs, want) {
				t.Errorf("%v: the message lacks %q:\n%s", c.args, want, errs)
			}
		}
	}
	if set, err := inuse.Pointed(dir); set != "" || err != nil {
		t.Errorf("%q, %v", set, err)
	}
}

// TestDataSync goes the whole way on the command line, where the raw data are at hand.
func TestDataSync(t *testing.T) {
	shared := filepath.Join("..", "..", "..", "shared", "geo")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("needs the raw data in ../shared/geo beside the checkout; internal/datasync tests the same with an invented country")
	}
	dir := filepath.Join(t.TempDir(), "congress")
	mirror := httptest.NewServer(http.FileServer(http.Dir(shared)))
	defer mirror.Close()
	outcome := answer[datasync.Outcome](t, 0, "data", "sync", "--data-dir", dir, "--from", mirror.URL)
	if !outcome.Changed || outcome.Fetched < 10_000_000 {
		t.Errorf("%+v", outcome)
	}
	out, errs, code := franklin(t, "", "data", "sync", "--data-dir", dir, "--from", shared)
	if code != 0 || !strings.HasPrefix(out, "Nothing has changed") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	out, _, code = franklin(t, "", "district", "85281", "--data-dir", dir)
	if code != 1 || !strings.Contains(out, "AZ-01 AZ-04") {
		t.Errorf("exit %d\n%s", code, out)
	}
	out, _, code = franklin(t, "", "member", "AZ-04", "--data-dir", dir)
	if code != 0 || !strings.Contains(out, "AZ-04") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

// The doctor says the same as data status.
func TestDoctorOnData(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "congress")
	if err := os.MkdirAll(data, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(data, "current"), []byte("nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, _ := franklin(t, "", "doctor", "--db", filepath.Join(dir, "a.db"), "--secret-file", filepath.Join(dir, "key"), "--data-dir", data)
	for _, want := range []string{"warn  district lines  those of the 119th", "But the lines of the 120th Congress are not loaded", "roster          as of 2026-09-13", "But the roster is of 2026-09-13", "district data   synced data cannot be used"} {
		if !strings.Contains(out, want) {
			t.Errorf("the doctor does not say %q:\n%s", want, out)
		}
	}
}

// A build into a folder that is not the source is refused before anything is written.
func TestDataBuildIntoNothing(t *testing.T) {
	dir := t.TempDir()
	_, errs, code := franklin(t, "", "data", "build", "--from", t.TempDir(), "--into", dir)
	if left, err := os.ReadDir(dir); code != 2 || err != nil || len(left) != 0 || !strings.Contains(errs, "is not the source of this program: it has no folder "+filepath.Join("congress", "roster")) {
		t.Errorf("exit %d, %v, %v\n%s", code, left, err, errs)
	}
}
