package main

import (
	"strings"
	"testing"
)

// PRIV-SAFE-2: an operator lists, adds, uses and drops keys beside the server.
func TestPRIV_SAFE_2_Keys(t *testing.T) {
	d := newDesk(t)
	d.write(1, "My own words.", "")
	list := func() keysReport { return answer[keysReport](t, 0, d.line("keys", "list", "--json")...) }
	before := list()
	if len(before.Keys) != 1 || !before.Keys[0].Current || !before.Keys[0].InRing || before.Keys[0].Values < 10 || before.Unsealed != 0 || !strings.HasSuffix(before.Keyring, "keyring") {
		t.Fatalf("at first there are %+v", before)
	}
	old := before.Keys[0].ID
	for line, want := range map[string]string{"use 000000": "has no key 000000", "drop " + old: "is the current key", "drop 000000": "has no key 000000"} {
		if _, errs, code := franklin(t, "", d.line("keys", strings.Fields(line)...)...); code != 2 || !strings.Contains(errs, want) {
			t.Errorf("keys %s says %q (%d), want %q", line, errs, code, want)
		}
	}
	out, errs, code := franklin(t, "", d.line("keys", "add")...)
	if code != 0 {
		t.Fatal(errs)
	}
	added := list()
	if len(added.Keys) != 2 || added.Keys[1].Current || added.Keys[1].Values != 0 || !strings.Contains(out, "franklin keys use "+added.Keys[1].ID) {
		t.Fatalf("after adding one there are %+v, and it says %q", added, out)
	}
	id := added.Keys[1].ID
	if _, errs, code := franklin(t, "", d.line("keys", "use", id)...); code != 0 {
		t.Fatal(errs)
	}
	if used := list(); used.Keys[0].Current || !used.Keys[1].Current || !used.Since.Equal(noon) {
		t.Errorf("after using it there are %+v", used)
	}
	if _, errs, code := franklin(t, "", d.line("keys", "drop", old)...); code != 2 || !strings.Contains(errs, "not a minute old") {
		t.Errorf("the old one can be dropped at once: %q (%d)", errs, code)
	}
	if out, _, _ := franklin(t, "", d.line("keys", "list")...); !strings.Contains(out, id+"  0 values, the current key since 20") || !strings.Contains(out, old+"  ") {
		t.Errorf("the list says %q", out)
	}
	log, _, _ := franklin(t, "", d.line("audit", "--subject="+id)...)
	if !strings.Contains(log, "key.add") || !strings.Contains(log, "key.use") {
		t.Errorf("the log of acts says %q", log)
	}
}

// TestCommandsNeedTheKeyRing: without it they say so, and show nothing sealed.
func TestCommandsNeedTheKeyRing(t *testing.T) {
	d := newDesk(t)
	l := d.write(1, "My own words.", "")
	line := append(d.line("letter", "show", l.ID), "--keyring-file="+t.TempDir()+"/none")
	out, errs, code := franklin(t, "", line...)
	if code != 2 || out != "" || !strings.Contains(errs, "there is no key ring") || strings.Count(errs, "\n") != 1 {
		t.Errorf("it says %q and %q (%d)", out, errs, code)
	}
}
