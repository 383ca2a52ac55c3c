package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
)

// TestQueueDrain: all channels are paused, what is on its way is waited for, and resume
// opens them again.
func TestQueueDrain(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "franklin.db")
	database, secret := "--db="+file, "--secret-file="+filepath.Join(dir, "secret.key")
	if out, errs, code := franklin(t, "", "migrate", database); code != 0 {
		t.Fatalf("exit %d, %s%s", code, out, errs)
	}
	if _, errs, code := franklin(t, "", "queue", database, secret, "drain"); code != 2 || !strings.Contains(errs, "--why") {
		t.Errorf("without a reason: exit %d, %s", code, errs)
	}
	out, errs, code := franklin(t, "", "queue", database, secret, "drain", "--why", "a new disk")
	if code != 0 || !strings.Contains(out, "cwc-house is paused on all nodes: 0 letters on their way have ended, 0 still are, 0 wait in line.") || !strings.Contains(out, "queue resume") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if out, _, _ := franklin(t, "", "queue", database, secret, "status"); !strings.Contains(out, "cwc-house: PAUSED") || !strings.Contains(out, "a new disk") {
		t.Errorf("after the drain:\n%s", out)
	}
	if _, errs, code := franklin(t, "", "queue", database, secret, "drain", "pigeon", "--why", "x"); code != 2 || !strings.Contains(errs, "there is no channel") {
		t.Errorf("a channel that is not: exit %d, %s", code, errs)
	}
	sending(t, file)
	all := answer[[]drained](t, 1, "queue", database, secret, "drain", "cwc-house", "--why", "a new disk", "--within", "0s")
	if len(all) != 1 || all[0].Left != 1 || all[0].Ended != 0 || all[0].Channel != "cwc-house" {
		t.Errorf("with a letter that does not end: %+v", all)
	}
	if out, _, code := franklin(t, "", "queue", database, secret, "resume"); code != 0 || !strings.Contains(out, "cwc-house is open") {
		t.Errorf("resume: exit %d\n%s", code, out)
	}
}

// sending writes a letter that is on its way, as a server that hangs leaves it.
func sending(t *testing.T, file string) {
	t.Helper()
	d, err := db.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	for _, statement := range []string{
		"INSERT INTO campaigns (id, slug, version, created_at, updated_at) VALUES ('c', 'c', 1, 1, 1)",
		"INSERT INTO supporters (id, email_key, email, created_at, updated_at) VALUES ('s', 's', 's', 1, 1)",
		"INSERT INTO submissions (id, key, campaign_id, campaign_version, supporter_id, person, created_at) VALUES ('u', 'u', 'c', 1, 's', 'p', 1)",
		"INSERT INTO letters (id, submission_id, campaign_id, seat, office, channel, delivery_id, state, since, created_at) VALUES ('l', 'u', 'c', 'WY-00', 'HWY00', 'cwc-house', 'd', 'sending', 1, 1)",
	} {
		if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}
