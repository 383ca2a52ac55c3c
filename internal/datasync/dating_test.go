package datasync

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
)

const changesHeader = "chamber,state,district,date,event,bioguide,name,party,basis\n"

// TestRosterOfACopy: when a file was copied says nothing about the day of the list in it.
// The roster in use is of 2026-06-15 and calls no seat vacant.
func TestRosterOfACopy(t *testing.T) {
	t.Parallel()
	b, _ := country(t)
	az4 := congress.Seat{State: "AZ", District: 4}
	sworn := changesHeader + "house,AZ,4,2026-09-01,sworn in,B001328,Cy Ce,Democrat,the Clerk\n"
	for name, c := range map[string]struct {
		changes, content string
		mirror           bool
		asOf, says       string
	}{
		"the list alone":          {"", "", false, "2026-06-15", "is of 2025-01-03 at the latest; the one in use is of 2026-06-15 and stays"},
		"later changes":           {"changes-2026-06-15-to-2026-09-13.csv", sworn, false, "2026-09-13", "roster as of 2026-09-13"},
		"of the same day":         {"changes-2026-05-01-to-2026-06-15.csv", changesHeader, false, "2026-06-15", "lacks the present state of AZ-04; the one in use is of 2026-06-15 and stays"},
		"older changes":           {"changes-2026-05-01-to-2026-06-14.csv", changesHeader, false, "2026-06-15", "is of 2026-06-14 at the latest; the one in use is of 2026-06-15 and stays"},
		"changes before the list": {"changes-2024-05-01-to-2026-11-14.csv", changesHeader, false, "2026-06-15", "changes-2024-05-01-to-2026-11-14.csv is left out"},
		"a copy on a server":      {"", "", true, "2026-06-15", "lacks the present state of AZ-04"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := rawtest.Roster(t, []congress.Seat{az4})
			p := publish(t, map[string][]byte{rawtest.Members: list})
			dir := t.TempDir()
			o, out := options(dir, b, p)
			o.Only, o.From, o.Client = OnlyRoster, p.URL, http.DefaultClient
			if !c.mirror {
				o.From = t.TempDir()
				writeFile(t, filepath.Join(o.From, filepath.Base(rawtest.Members)), list)
			}
			if c.changes != "" {
				writeFile(t, filepath.Join(o.From, c.changes), []byte(c.content))
				writeFile(t, filepath.Join(o.From, "changes-2023-01-01-to-2023-02-01.csv"), []byte(changesHeader))
			}
			got, err := Sync(t.Context(), o)
			data := b.Open(dir)
			if err != nil || string(data.Roster.AsOf()) != c.asOf || got.Changed != data.People.Synced || !strings.Contains(out.text(), c.says) {
				t.Errorf("%+v, %v, as of %s\n%s", got, err, data.Roster.AsOf(), out.text())
			}
			if a, err := data.Roster.Holder(az4, now); err != nil || !a.Seated() {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// TestMirrorThatLacksAListedFile names the file.
func TestMirrorThatLacksAListedFile(t *testing.T) {
	t.Parallel()
	b, _ := country(t)
	p := publish(t, map[string][]byte{rawtest.Members: rawtest.Roster(t, nil)})
	p.sums()
	p.oddly(rawtest.Members, notFound)
	o, _ := options(t.TempDir(), b, p)
	o.Only, o.From = OnlyRoster, p.URL
	if _, err := Sync(t.Context(), o); err == nil || !strings.Contains(err.Error(), "names legislators-current.json, but it is missing") || !strings.Contains(err.Error(), rawtest.Members) {
		t.Errorf("%v", err)
	}
}
