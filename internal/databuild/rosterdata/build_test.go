package rosterdata_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/databuild/rosterdata"
)

// The raw data of development lies beside the source tree; a plain clone lacks it.
const realRaw = "../../../../shared/geo"

func TestRebuildEqualsCommittedBytes(t *testing.T) {
	if _, err := os.Stat(realRaw); err != nil {
		t.Skip("the raw data is not here (../shared/geo): the rebuild of the committed roster is not checked")
	}
	out := t.TempDir()
	if err := rosterdata.Build(t.Context(), realRaw, out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"roster.json", "manifest.json"} {
		got, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join("../../../congress/roster/data", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, committed) {
			t.Errorf("%s differs from the committed one", name)
		}
	}
}

// rawFolder is an invented raw folder: every seat but two is held by somebody made up.
type rawFolder struct {
	list       string
	changes    string
	changesTo  string
	provenance string
	sums       func(string) string // spoils the checksums
}

const changesHeader = "chamber,state,district,date,event,bioguide,name,party,basis\n"

func invented() rawFolder {
	var list strings.Builder
	for i, seat := range append(congress.AllHouseSeats(), congress.AllSenateSeats()...) {
		if seat.String() == "TX-23" || seat.String() == "GA-13" {
			continue
		}
		fmt.Fprintf(&list, "- id:\n    bioguide: A%06d\n  name:\n    first: Ann\n    last: Number%d\n", i, i)
		if i != 7 {
			fmt.Fprintf(&list, "    official_full: Ann B. Number%d\n", i)
		}
		fmt.Fprintf(&list, "  terms:\n  - type: rep\n    start: '2019-01-03'\n    end: '2021-01-03'\n    state: ZZ\n    party: Whig\n")
		if seat.Chamber() == congress.House {
			fmt.Fprintf(&list, "  - type: rep\n    district: %d\n    start: '2025-01-03'\n    end: '2027-01-03'\n", seat.District)
		} else {
			fmt.Fprintf(&list, "  - type: sen\n    class: %d\n    start: '2025-01-21'\n    end: '2026-11-03'\n    how: appointment\n", seat.Class)
		}
		fmt.Fprintf(&list, "    state: %s\n    party: Democrat\n    phone: 202-225-%04d\n    contact_form: hhttps://number%d.house.gov/form\n", seat.State, i, i)
	}
	return rawFolder{
		list: list.String(), changesTo: "2026-09-13",
		changes: changesHeader + "house,GA,13,2026-09-01,sworn in,B001328,Everton Q. Blair Jr.,Democrat,\"the Clerk: phone 202-225-9999, url https://blair.house.gov; was vacant since 2026-04-22\"\n" +
			"house,TX,23,2026-09-13,still vacant,,,,\"the Clerk; since 2026-04-14\"\n",
		provenance: "| `roster/other.yaml` | other | github who/what : other.yaml | 1 | CC0 | 2026-01-01 | |\n" +
			"| `roster/legislators-current.yaml.gz` | members | same repo : list.yaml | abc123 | CC0 1.0 | 2026-06-15 | |\n" +
			"| `roster/changes-2026-06-15-to-2026-09-13.csv` | changes | own reading | def456 | facts | to 2026-09-13 | |\n",
		sums: func(s string) string { return s },
	}
}

func (r rawFolder) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := io.WriteString(w, r.list); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"roster/legislators-current.yaml.gz": zipped.Bytes()}
	if r.changes != "" {
		files["roster/changes-2026-06-15-to-"+r.changesTo+".csv"] = []byte(r.changes)
	}
	var sums strings.Builder
	for name, data := range files {
		fmt.Fprintf(&sums, "%x  ./%s\n", sha256.Sum256(data), name)
	}
	files["SHA256SUMS"] = []byte(r.sums(sums.String()))
	files["PROVENANCE.md"] = []byte("# Provenance\n\n| File | What | From | Version | Licence | Vintage | Caveats |\n|---|---|---|---|---|---|---|\n" + r.provenance)
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func build(t *testing.T, raw rawFolder) (roster.File, string) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "data")
	var progress strings.Builder
	if err := rosterdata.Build(t.Context(), raw.write(t), out, &progress); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(out, "roster.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	file, err := roster.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return file, progress.String()
}

func member(t *testing.T, f roster.File, seat string) roster.Member {
	t.Helper()
	for _, m := range f.Members {
		if m.Seat.String() == seat {
			return m
		}
	}
	t.Fatalf("nobody holds %s", seat)
	return roster.Member{}
}

func TestBuildWithChanges(t *testing.T) {
	f, progress := build(t, invented())
	if f.Congress != 119 || f.AsOf != "2026-09-13" || len(f.Members) != 540 {
		t.Errorf("%s Congress as of %s with %d members", f.Congress, f.AsOf, len(f.Members))
	}
	want := roster.Member{
		Bioguide: "B001328", Name: "Everton Q. Blair Jr.", First: "Everton", Last: "Blair", Party: roster.Democrat,
		Seat: congress.Seat{State: "GA", District: 13}, Start: "2026-09-01", Phone: "202-225-9999", URL: "https://blair.house.gov",
	}
	if got := member(t, f, "GA-13"); got != want {
		t.Errorf("got %+v", got)
	}
	if len(f.Vacancies) != 1 || f.Vacancies[0].Seat.String() != "TX-23" || f.Vacancies[0].Since != "2026-04-14" {
		t.Errorf("vacancies %+v", f.Vacancies)
	}
	// AK-00 is seat 0 and took its name, its last term and no broken link from the list.
	if m := member(t, f, "AK-00"); m.Name != "Ann B. Number0" || m.Start != "2025-01-03" || m.ContactForm != "" || m.Appointed {
		t.Errorf("%+v", m)
	}
	if m := member(t, f, "AL-07"); m.Name != "Ann Number7" {
		t.Errorf("without an official name: %+v", m)
	}
	if m := member(t, f, "OH-S3"); !m.Appointed || m.Start != "2025-01-21" {
		t.Errorf("appointed and past the expected election: %+v", m)
	}
	if !strings.Contains(progress, "AK-00 A000000: left out the link") || !strings.Contains(progress, "434 voting members, 6 delegates, 100 senators, 1 vacant") {
		t.Errorf("progress:\n%s", progress[max(0, len(progress)-300):])
	}
}

func TestBuildWithoutChanges(t *testing.T) {
	raw := invented()
	raw.changes = ""
	if f, _ := build(t, raw); f.AsOf != "2026-06-15" || len(f.Members) != 539 || len(f.Vacancies) != 0 {
		t.Errorf("as of %s with %d members, %v", f.AsOf, len(f.Members), f.Vacancies)
	}
}

func TestBuildASenatorsSuccession(t *testing.T) {
	raw := invented()
	raw.changes = ""
	before, _ := build(t, raw)
	gone := member(t, before, "SC-S2").Bioguide
	raw.changes = changesHeader + "senate,SC,,2026-07-11,died," + gone + ",Ann,Democrat,news\nsenate,SC,,2026-07,appointed,G000608,Darline Graham Nordone,Republican,the list\n"
	f, _ := build(t, raw)
	if len(f.Members) != len(before.Members) {
		t.Errorf("%d members became %d", len(before.Members), len(f.Members))
	}
	if m := member(t, f, "SC-S2"); m.Bioguide != "G000608" || !m.Appointed || m.Last != "Nordone" || m.Start != "2026-07" {
		t.Errorf("%+v", m)
	}
}

func TestBadInputsWriteNothing(t *testing.T) {
	for name, spoil := range map[string]func(*rawFolder){
		"checksum":           func(r *rawFolder) { r.sums = func(s string) string { return strings.Replace(s, s[:4], "0000", 1) } },
		"no provenance":      func(r *rawFolder) { r.provenance = "" },
		"no date":            func(r *rawFolder) { r.provenance = strings.Replace(r.provenance, "2026-06-15 |", "this year |", 1) },
		"gap before changes": func(r *rawFolder) { r.provenance = strings.Replace(r.provenance, "2026-06-15 |", "2026-06-08 |", 1) },
		"end of changes": func(r *rawFolder) {
			r.provenance = strings.Replace(r.provenance, "to 2026-09-13 |", "to 2026-09-14 |", 1)
		},
		"no yaml":  func(r *rawFolder) { r.list = "- id: [" },
		"no terms": func(r *rawFolder) { r.list += "- id:\n    bioguide: Z000001\n" },
		"half the list": func(r *rawFolder) {
			r.list = r.list[:strings.Index(r.list, "- id:\n    bioguide: A000200")]
			r.changes = ""
		},
		"unknown type":          func(r *rawFolder) { r.list = strings.Replace(r.list, "type: sen", "type: king", 1) },
		"senator without class": func(r *rawFolder) { r.list = strings.Replace(r.list, "    class: 3\n", "", 1) },
		"unknown seat":          func(r *rawFolder) { r.list = strings.Replace(r.list, "district: 52", "district: 53", 1) },
		"seat held twice":       func(r *rawFolder) { r.list = strings.Replace(r.list, "district: 52", "district: 51", 1) },
		"terms end apart":       func(r *rawFolder) { r.list = strings.Replace(r.list, "end: '2027-01-03'", "end: '2029-01-03'", 1) },
		"odd columns":           func(r *rawFolder) { r.changes = strings.Replace(r.changes, "district", "number", 1) },
		"unknown event":         func(r *rawFolder) { r.changes = strings.Replace(r.changes, "sworn in", "crowned", 1) },
		"no basis": func(r *rawFolder) {
			r.changes = changesHeader + "house,GA,13,2026-09-01,sworn in,B001328,Everton Blair,Democrat,\n"
		},
		"no date of change":     func(r *rawFolder) { r.changes = strings.Replace(r.changes, "2026-09-01", "autumn", 1) },
		"no district":           func(r *rawFolder) { r.changes = strings.Replace(r.changes, "GA,13", "GA,", 1) },
		"no chamber":            func(r *rawFolder) { r.changes = strings.Replace(r.changes, "house,GA", "court,GA", 1) },
		"one name only":         func(r *rawFolder) { r.changes = strings.Replace(r.changes, "Everton Q. Blair Jr.", "Blair", 1) },
		"arrives in a held one": func(r *rawFolder) { r.changes = strings.Replace(r.changes, "GA,13", "GA,12", 1) },
		"vacant but held":       func(r *rawFolder) { r.changes = strings.Replace(r.changes, "TX,23", "TX,22", 1) },
		"a stranger leaves":     func(r *rawFolder) { r.changes += "house,AZ,4,2026-09-01,resigned,Z999999,Nobody,,news\n" },
		"leaves another state":  func(r *rawFolder) { r.changes += "house,AZ,4,2026-09-01,resigned,A000000,Ann,,news\n" },
		"torn row":              func(r *rawFolder) { r.changes += "house,AZ\n" },
	} {
		t.Run(name, func(t *testing.T) {
			raw := invented()
			spoil(&raw)
			out := t.TempDir()
			if err := rosterdata.Build(t.Context(), raw.write(t), out, io.Discard); err == nil {
				t.Error("accepted")
			}
			if left, _ := os.ReadDir(out); len(left) != 0 {
				t.Errorf("%d files were written", len(left))
			}
		})
	}
}

func TestBuildStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := rosterdata.Build(ctx, invented().write(t), t.TempDir(), io.Discard); err == nil {
		t.Error("built after the context was cancelled")
	}
	if err := rosterdata.Build(t.Context(), t.TempDir(), t.TempDir(), io.Discard); err == nil {
		t.Error("built from an empty folder")
	}
}
