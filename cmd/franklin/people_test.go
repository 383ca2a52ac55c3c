package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/supporter"
)

const importBasis = "--basis=They ticked the box for news on our petition of May 2025."

func TestPeople(t *testing.T) {
	d := newDesk(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "people.csv")
	const table = "Email Address;First;Last;ZIP;Tags\nzoe@example.org;Zoë;Ng;82001;volunteer\nbroken;;;;\nann@example.org;Ann;=1+1;82001;\nann@work.example;Ann;=1+1;82001;\n"
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		t.Fatal(err)
	}
	d.says(2, d.line("people", "import", file, "--list=updates"), "--basis")
	dry := answer[supporter.Imported](t, 1, d.line("people", "import", file, "--list=updates", "--dry-run", importBasis)...)
	if dry.New != 3 || dry.Refused != 1 {
		t.Errorf("%+v", dry)
	}
	d.says(1, d.line("people", "find", "zoe@example.org"), "Nobody was found")
	d.says(1, d.line("people", "import", file, "--list=updates", "--tag=petition", importBasis, "--errors="+filepath.Join(dir, "errors.csv")), "3 new", "3 came on the list", "1 refused")
	if errs, err := os.ReadFile(filepath.Join(dir, "errors.csv")); err != nil || !strings.Contains(string(errs), "\n3,\"the e-mail address: ") {
		t.Errorf("%s, %v", errs, err)
	}
	d.says(0, d.line("segment", "count", "state = WY and tag = petition and list = updates"), "3 people")
	d.says(0, d.line("segment", "save", "volunteers", "TAG=Volunteer"), "Saved volunteers: tag = volunteer")
	d.says(0, d.line("segment", "list"), "volunteers", "tag = volunteer")
	d.says(0, d.line("segment", "show", "volunteers"), "1 person")
	d.says(2, d.line("segment", "count", "tag ="), "at character 6: expected a tag, not the end")
	d.says(2, d.line("segment", "count", "nothing"), `there is no segment "nothing"`)
	d.says(2, d.line("segment", "count", "acted(nothing)"), `there is no campaign "nothing"`)
	d.says(0, d.line("people", "find", "--segment=volunteers"), "z***@example.org", "WY-00", "subscribed")
	d.says(0, d.line("people", "tag", "key", "--segment=volunteers"), "Given to 1 person")
	d.says(0, d.line("people", "untag", "key", "--segment=volunteers"), "Taken from 1 person")
	shown := answer[shownPerson](t, 0, d.line("people", "show", "ZOE@example.org")...)
	if shown.Address != "zoe@example.org" || shown.First != "Zoë" || len(shown.Tags) != 2 || len(shown.Lists) != 1 || len(shown.Consents) != 1 || !shown.Consents[0].Proved || shown.Consents[0].Import == "" {
		t.Errorf("%+v", shown)
	}
	d.says(0, d.line("people", "show", shown.ID), "Zoë Ng <zoe@example.org>", "Consent to updates by import", "people.csv")
	d.says(0, d.line("people", "duplicates"), "a***@example.org", "a***@work.example")
	out := filepath.Join(dir, "out.csv")
	d.says(0, d.line("people", "export", "--segment=zip = 82001", "--out="+out))
	if csv, err := os.ReadFile(out); err != nil || strings.Count(string(csv), "\n") != 4 || !strings.Contains(string(csv), "ann@example.org,Ann,'=1+1,WY,WY-00,82001,,,petition,subscribed,2026-11-23,") {
		t.Errorf("%s, %v", csv, err)
	}
	d.says(2, d.line("people", "export", "--out="+out), "exists")
	kept, gone := answer[shownPerson](t, 0, d.line("people", "show", "ann@example.org")...), answer[shownPerson](t, 0, d.line("people", "show", "ann@work.example")...)
	d.says(1, d.line("people", "merge", kept.ID, gone.ID), "cannot be undone", "Add --yes")
	d.says(0, d.line("people", "merge", kept.ID, gone.ID, "--yes"), "cannot be undone")
	d.says(0, d.line("segment", "count", "everyone"), "2 people")
	d.says(0, d.line("segment", "rebuild"), "2 people")
	d.write(1, "", "")
	views := campaign.NewViews(d.office.DB)
	for range 4 {
		views.Count(d.campaign(), "")
	}
	views.Count(d.campaign(), "radio")
	if err := views.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.says(0, d.line("people", "sources"),
		"         4 ->       1    25.0% ->       1   100.0%  (none named)\n", "         1 ->       0     0.0% ->       0           radio\n")
	if of := answer[[]supporter.SourceCount](t, 0, d.line("people", "sources", "--campaign=close-the-loophole")...); len(of) != 2 || of[0].Views != 4 || of[0].Letters != 1 {
		t.Errorf("%+v", of)
	}
	d.says(0, d.line("segment", "remove", "volunteers"), "Removed")
	d.says(0, d.line("audit", "--limit=50"), "people.import", "people.export", "person.view", "person.merge", "person.tag", "person.find")
}
