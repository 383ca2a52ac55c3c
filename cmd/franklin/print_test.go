package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrint goes from a waiting letter to its hand-over on the command line.
func TestPrint(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(t.TempDir(), "paper.md")
	source := strings.Replace(string(demoCampaign), "goal: 3000\n", "goal: 3000\nchannels: [cwc-house, print]\n", 1)
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	d.says(0, []string{"campaign", d.flags[0], "apply", file})
	d.office.Desk.Channels = nil // no key: the letters go on paper
	out := filepath.Join(t.TempDir(), "out")
	d.says(0, d.line("print", "make", "--out="+out), "No letter waits for paper.")
	d.write(1, "", "")
	d.write(2, "In my own words, please.", "")
	d.says(0, d.line("print", "make", "--out="+out), "2 letters to Rep. Harriet M. Hageman")
	d.says(0, d.line("print", "make", "--out="+out), "No letter waits for paper.")
	files, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(files) != 1 || !strings.HasPrefix(filepath.Base(files[0]), "hwy00-") {
		t.Fatalf("the folder holds %v, %v", files, err)
	}
	content, err := os.ReadFile(files[0])
	if info, statErr := os.Stat(files[0]); err != nil || statErr != nil || info.Mode().Perm() != 0o600 || !strings.HasPrefix(string(content), "%PDF-") {
		t.Errorf("%v, %v: the file is %v", err, statErr, info.Mode())
	}
	list := answer[[]printedBatch](t, 0, d.line("print", "list", "--json")...)
	if len(list) != 1 || list[0].Letters != 2 || list[0].Waiting != 2 || list[0].Delivered != "" {
		t.Fatalf("the list is %+v", list)
	}
	d.says(0, d.line("print", "write", list[0].ID, "--out="+t.TempDir()), "2 letters to")
	if _, errs, code := franklin(t, "", d.line("print", "write", list[0].ID, "--out="+filepath.Join(out, "nowhere"))...); code == 0 || !strings.Contains(errs, "franklin print write "+list[0].ID) {
		t.Errorf("a folder that is not there: exit %d, %s", code, errs)
	}
	d.says(0, d.line("print", "delivered", list[0].ID, "--note=to Jo"), "2 letters are handed over.")
	d.says(0, d.line("print", "delivered", list[0].ID), "0 letters are handed over.")
	d.says(0, d.line("print", "list"), "HWY00", "handed over")
	d.says(0, d.line("audit", "--subject="+list[0].ID), "print.make", "print.hand-over", "to Jo")
}
