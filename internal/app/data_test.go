package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// TestSyncedLinesAreTakenUp puts a set into use under a running server: its page and its
// metrics tell of it, without a restart.
func TestSyncedLinesAreTakenUp(t *testing.T) {
	t.Parallel()
	const set = "20261124T120000Z"
	lines, err := district.EmbeddedFS()
	if err != nil {
		t.Fatal(err)
	}
	w := build(t, dbtest.SQLiteURL(t))
	w.settings.DataDir = filepath.Join(t.TempDir(), "congress")
	w.options.LookForData = 5 * time.Millisecond
	p := w.start()
	p.until(p.OpsURL(), "built into the program; nothing was synced")
	for _, metric := range []string{"franklin_roster_age_seconds ", "franklin_lines_end_seconds ", "franklin_data_alarms ", "franklin_lines_synced 0"} {
		if !strings.Contains(p.read(p.OpsURL()+"/metrics"), metric) {
			t.Errorf("the metrics lack %s", metric)
		}
	}
	if err := os.CopyFS(filepath.Join(inuse.SetDir(w.settings.DataDir, set), inuse.DistrictsName), lines); err != nil {
		t.Fatal(err)
	}
	if err := inuse.Point(w.settings.DataDir, set); err != nil {
		t.Fatal(err)
	}
	page := p.until(p.OpsURL(), "synced at "+set)
	if !strings.Contains(page, "that sync brought only district lines") {
		t.Error(page)
	}
	p.until(p.OpsURL()+"/metrics", "franklin_lines_synced 1")
}
