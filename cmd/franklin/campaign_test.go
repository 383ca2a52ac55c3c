package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/obs"
)

func TestCampaignCommands(t *testing.T) {
	dir := t.TempDir()
	database := "--db=" + filepath.Join(dir, "franklin.db")
	file := filepath.Join(dir, "close.md")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	apply := func(code int) applied {
		t.Helper()
		all := answer[[]applied](t, code, "campaign", database, "apply", file)
		if len(all) != 1 {
			t.Fatalf("%d results for one file", len(all))
		}
		return all[0]
	}
	sample := string(demoCampaign)

	if out, _, code := franklin(t, "", "campaign", database, "list"); code != 0 || !strings.Contains(out, "no campaign yet") {
		t.Errorf("an empty list: exit %d, %s", code, out)
	}
	write(sample)
	if r := apply(0); r.Change != "created" || r.Version != 1 || r.Life != "open" || r.Slug != "close-the-loophole" {
		t.Errorf("first apply: %+v", r)
	}
	if r := apply(0); r.Change != "unchanged" || r.Version != 1 {
		t.Errorf("second apply: %+v", r)
	}
	write(strings.Replace(sample, "slug: close-the-loophole", "slug: no-licence\nformerly: [close-the-loophole]", 1))
	if r := apply(0); r.Change != "updated" || r.Version != 2 || r.Slug != "no-licence" {
		t.Errorf("rename: %+v", r)
	}
	write(strings.Replace(sample, "goal: 3000", "goal: many", 1))
	if r := apply(1); len(r.Problems) != 1 || r.Problems[0].Line != 13 {
		t.Errorf("a mistake: %+v", r)
	}
	if out, _, code := franklin(t, "", "campaign", database, "apply", file); code != 1 || !strings.Contains(out, "close.md:13: goal") {
		t.Errorf("a mistake in words: exit %d, %s", code, out)
	}

	list := answer[[]listedCampaign](t, 0, "campaign", database, "list")
	if len(list) != 1 || list[0].Goal != 3000 || list[0].Slug != "no-licence" {
		t.Errorf("list: %+v", list)
	}
	shown := answer[shownCampaign](t, 0, "campaign", database, "show", "close-the-loophole")
	if shown.Slug != "no-licence" || shown.Bill != "H.R. 2172" || len(shown.Versions) != 2 || shown.Versions[0].Version != 2 || shown.Closes != nil {
		t.Errorf("show: %+v", shown)
	}
	if out, _, code := franklin(t, "", "campaign", database, "show", "no-licence", "--source"); code != 0 || !strings.Contains(out, "formerly: [close-the-loophole]") {
		t.Errorf("show --source: exit %d", code)
	}
	if _, errs, code := franklin(t, "", "campaign", database, "show", "other"); code != 2 || !strings.Contains(errs, `no campaign "other"`) {
		t.Errorf("a campaign that is not there: exit %d, %s", code, errs)
	}
}

func TestCampaignCheckTouchesNothing(t *testing.T) {
	database := filepath.Join(t.TempDir(), "franklin.db")
	out, errs, code := franklin(t, string(demoCampaign), "campaign", "--db="+database, "apply", "--check", "-")
	if code != 0 || !strings.Contains(out, "in order") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if _, err := os.Stat(database); err == nil {
		t.Error("--check made a database")
	}
}

func TestMigrateAndDoctor(t *testing.T) {
	dir := t.TempDir()
	database, secret := "--db="+filepath.Join(dir, "franklin.db"), "--secret-file="+filepath.Join(dir, "secret.key")
	level := func(check string, findings []obs.Finding) string {
		for _, f := range findings {
			if f.Check == check {
				return string(f.Level) + ": " + f.Detail
			}
		}
		return "missing"
	}
	before := answer[[]obs.Finding](t, 0, "doctor", database, secret)
	if got := level("database", before); !strings.HasPrefix(got, "warn") {
		t.Errorf("before the first start: %s", got)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("the doctor left %v behind", entries)
	}
	newest, err := db.TargetVersion()
	if err != nil {
		t.Fatal(err)
	}
	if out, errs, code := franklin(t, "", "migrate", database); code != 0 || !strings.Contains(out, fmt.Sprintf("version %d of", newest)) {
		t.Fatalf("migrate: exit %d, %s%s", code, out, errs)
	}
	if got := level("database", answer[[]obs.Finding](t, 0, "doctor", database, secret)); !strings.HasPrefix(got, "ok") {
		t.Errorf("after migrate: %s", got)
	}
	bad := answer[[]obs.Finding](t, 1, "doctor", database, secret, "--cwc-key=k", "--mail-host=relay", "--mail-from=nobody", "--offline")
	for _, check := range []string{"delivery", "mail"} {
		if got := level(check, bad); !strings.HasPrefix(got, "fail") {
			t.Errorf("%s: %s", check, got)
		}
	}
	if out, _, code := franklin(t, "", "doctor", database, secret); code != 0 || !strings.Contains(out, "119th Congress, until 3 January 2027") {
		t.Errorf("doctor in words: exit %d\n%s", code, out)
	}
}

func TestServeRefusesHalfASetup(t *testing.T) {
	dir := t.TempDir()
	_, errs, code := franklin(t, "", "serve", "--db="+filepath.Join(dir, "x.db"), "--secret-file="+filepath.Join(dir, "k"), "--cwc-key=secret-key")
	if code != 2 || !strings.Contains(errs, "--cwc-agent") || strings.Contains(errs, "secret-key") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

// TestCampaignThatAsksToConfirm: without a relay its letters would wait for a mail that
// nobody sends.
func TestCampaignThatAsksToConfirm(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "close.md")
	text := strings.Replace(string(demoCampaign), "goal: 3000", "goal: 3000\nconfirm: email", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	database := "--db=" + filepath.Join(dir, "franklin.db")
	for _, check := range [][]string{{"--check"}, nil} {
		args := append([]string{"campaign", database, "apply", file}, check...)
		if out, _, code := franklin(t, "", args...); code != 1 || !strings.Contains(out, "--mail-host") {
			t.Errorf("without a relay: exit %d, %s", code, out)
		}
		if out, _, code := franklin(t, "", append(args, "--mail-host=relay.example.org")...); code != 0 {
			t.Errorf("with a relay: exit %d, %s", code, out)
		}
	}
	if err := os.WriteFile(file, []byte(strings.Replace(text, "confirm: email", "confirm: phone", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, code := franklin(t, "", "campaign", database, "apply", "--check", file); code != 1 || !strings.Contains(out, "confirm: must be email or work") {
		t.Errorf("another way to confirm: exit %d, %s", code, out)
	}
}
