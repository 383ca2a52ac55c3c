package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
)

// TestAUTHN_3_ResumeACampaign lets a campaign go on that was stopped.
func TestAUTHN_3_ResumeACampaign(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.db")
	database := "--db=" + path
	if out, errs, code := franklin(t, string(demoCampaign), "campaign", database, "apply", "-"); code != 0 {
		t.Fatalf("apply: exit %d, %s%s", code, out, errs)
	}
	opened, err := db.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() }) // nothing was kept back
	d := opened.SQL()
	var slug string
	if err := d.QueryRowContext(t.Context(), "SELECT slug FROM campaigns").Scan(&slug); err != nil {
		t.Fatal(err)
	}
	resume := func(slug string) (string, int) {
		out, errs, code := franklin(t, "", "campaign", database, "resume", slug, "--why=asked them")
		return out + errs, code
	}
	if out, code := resume(slug); code != 2 || !strings.Contains(out, "not stopped") {
		t.Errorf("one that is not stopped: exit %d, %s", code, out)
	}
	if out, code := resume("nothing"); code != 2 || !strings.Contains(out, "no campaign nothing") {
		t.Errorf("one that is not there: exit %d, %s", code, out)
	}
	if _, err := d.ExecContext(t.Context(), "INSERT INTO campaign_holds (campaign_id, reason, held_at) SELECT id, 'why', 1 FROM campaigns"); err != nil {
		t.Fatal(err)
	}
	if out, code := resume(slug); code != 0 || !strings.Contains(out, "goes on") {
		t.Errorf("exit %d, %s", code, out)
	}
	if out, _, _ := franklin(t, "", "audit", database); !strings.Contains(out, "campaign.resume") || !strings.Contains(out, "asked them") {
		t.Errorf("the log says %s", out)
	}
}
