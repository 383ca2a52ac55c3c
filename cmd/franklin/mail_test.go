package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/obs"
)

// TestDKIMKey: the first call makes a key that only its owner can read; each later one
// prints the same record. No key is ever replaced.
func TestDKIMKey(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "dkim.pem")
	first, _, code := franklin(t, "", "mail", "dkim-key", file, "--domain", "lantern-alliance.org")
	if code != 0 || !strings.Contains(first, "name   franklin._domainkey.lantern-alliance.org\n") || !strings.Contains(first, "value  v=DKIM1; k=rsa; p=MII") {
		t.Fatalf("%d\n%s", code, first)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	var whole strings.Builder
	for _, piece := range regexp.MustCompile(`(?m)^    "([^"]+)"`).FindAllStringSubmatch(first, -1) {
		if len(piece[1]) > 255 {
			t.Errorf("a piece of %d characters", len(piece[1]))
		}
		whole.WriteString(piece[1])
	}
	if !strings.Contains(first, "value  "+whole.String()+"\n") {
		t.Errorf("the pieces are not the record: %s", whole.String())
	}
	if again, _, code := franklin(t, "", "mail", "dkim-key", file, "--domain", "lantern-alliance.org"); code != 0 || again != first {
		t.Errorf("%d\n%s", code, again)
	}
	var said struct{ Name, Record string }
	text, _, code := franklin(t, "", "mail", "dkim-key", file, "--domain", "lantern-alliance.org", "--selector", "two", "--json")
	if err := json.Unmarshal([]byte(text), &said); code != 0 || err != nil || said.Name != "two._domainkey.lantern-alliance.org" || said.Record != whole.String() {
		t.Errorf("%d, %v: %s", code, err, text)
	}
	short, _, _ := franklin(t, "", "mail", "dkim-key", file+"2", "--domain", "lantern-alliance.org", "--ed25519")
	if !strings.Contains(short, "v=DKIM1; k=ed25519; p=") {
		t.Error(short)
	}
	if err := os.WriteFile(file+"3", []byte("words"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"no key": {file + "3", "--domain", "lantern-alliance.org"}, "no domain": {file}, "no folder": {file + "/x", "--domain", "lantern-alliance.org"},
		"bad domain": {file, "--domain", "lantern alliance"}, "bad selector": {file, "--domain", "lantern-alliance.org", "--selector", "a b"},
	} {
		if out, said, code := franklin(t, "", append([]string{"mail", "dkim-key"}, args...)...); code != 2 || out != "" || said == "" {
			t.Errorf("%s: %d, %q, %q", name, code, out, said)
		}
	}
}

// TestDoctorMailWithoutRelay: the doctor says what is missing, and that mail in bulk must not leave.
func TestDoctorMailWithoutRelay(t *testing.T) {
	t.Parallel()
	text, _, code := franklin(t, "", "doctor", "mail")
	if code != 1 || !strings.Contains(text, "warn  mail") || !strings.Contains(text, "Set --mail-host") {
		t.Errorf("%d\n%s", code, text)
	}
	text, _, code = franklin(t, "", "doctor", "mail", "--json", "--mail-host", "smtp.lantern-alliance.org")
	var found []obs.Finding
	if err := json.Unmarshal([]byte(text), &found); err != nil || code != 1 || len(found) != 1 || found[0].Level != obs.Fail {
		t.Errorf("%d, %v\n%s", code, err, text)
	}
	if _, said, code := franklin(t, "", "doctor", "mail", "--mail-dkim-key-file", "nowhere.pem"); code != 2 || !strings.Contains(said, "nowhere.pem") {
		t.Errorf("%d: %s", code, said)
	}
}
