package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// health returns the answer of /readyz.
func (p *program) health() (int, string) {
	p.Helper()
	answer := p.do(http.MethodGet, p.OpsURL()+"/readyz", nil)
	return answer.status, answer.body
}

func TestReadyOnBothDatabases(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		p := build(t, database).start()
		status, text := p.health()
		if status != http.StatusOK || !strings.HasPrefix(text, "ready\nok    database        ") || !strings.Contains(text, "district lines") || !strings.Contains(text, "clock           not compared") {
			t.Errorf("%d %s", status, text)
		}
	})
}

// On a full disk SQLite still answers, but keeps nothing; with room again the node is ready
// by itself.
func TestNotReadyOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	p := build(t, "sqlite:"+filepath.Join(dir, "data", "franklin.db")).start()
	if status, text := p.health(); status != http.StatusOK || !strings.Contains(text, "warn  disk") {
		t.Fatalf("%d %s", status, text)
	}
	filler := filepath.Join(dir, "filler")
	_ = os.WriteFile(filler, make([]byte, 32<<20), 0o600) // takes what there is and fails
	if status, text := p.health(); status != http.StatusServiceUnavailable || !strings.Contains(text, "fail  disk") {
		t.Errorf("a full disk: %d %s", status, text)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if status, text := p.health(); status != http.StatusOK {
		t.Errorf("with room again: %d %s", status, text)
	}
}

func TestNotReadyWithAWrongClock(t *testing.T) {
	t.Parallel()
	house := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", noon.Add(-time.Hour).Format(http.TimeFormat))
	}))
	defer house.Close()
	w := build(t, dbtest.SQLiteURL(t))
	w.options.TimeFrom = house.URL
	p := w.start()
	p.until(p.OpsURL()+"/readyz", "not ready: clock: 1h0m")
}

// After the last day of the lines no letter can be taken in; an old roster is only told.
func TestNotReadyWithoutLines(t *testing.T) {
	t.Parallel()
	p := build(t, dbtest.SQLiteURL(t)).start()
	if status, text := p.health(); status != http.StatusOK || !strings.Contains(text, "warn  roster") {
		t.Errorf("an old roster: %d %s", status, text)
	}
	p.clock.forward(90 * 24 * time.Hour)
	if status, text := p.health(); status != http.StatusServiceUnavailable || !strings.Contains(text, "fail  district lines") {
		t.Errorf("lines that ended: %d %s", status, text)
	}
}
