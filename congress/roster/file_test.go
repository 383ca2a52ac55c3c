package roster_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

func TestEncodeDecodeRoundTrip(t *testing.T) {
	committed, err := os.ReadFile("data/roster.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := roster.Decode(bytes.NewReader(committed))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := roster.Encode(&again, f); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Bytes(), committed) {
		t.Error("encoding the decoded file gives other bytes")
	}
	if lines := bytes.Count(committed, []byte("\n")); lines != len(f.Members)+len(f.Vacancies)+5 {
		t.Errorf("%d lines: not one for each member", lines)
	}
}

func TestManifestDescribesTheSnapshot(t *testing.T) {
	m, err := roster.EmbeddedManifest()
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("data/roster.json")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(committed)
	if m.SHA256 != hex.EncodeToString(sum[:]) {
		t.Error("the manifest is not of this roster.json")
	}
	if m.Voting+m.NonVoting+m.Senators+m.Vacant != 541 || m.AsOf != embedded(t).AsOf() {
		t.Errorf("%+v", m)
	}
	for _, in := range m.Inputs {
		if in.Source == "" || in.Version == "" || in.Licence == "" || in.Date == "" || len(in.SHA256) != 64 {
			t.Errorf("half a provenance: %+v", in)
		}
	}
	for _, c := range m.Changes {
		if c.Basis == "" || c.Seat == "" {
			t.Errorf("a change without basis or seat: %+v", c)
		}
	}
}

func good() roster.File {
	doe := roster.Member{
		Bioguide: "D000001", Name: "Jane Doe", First: "Jane", Last: "Doe", Party: roster.Democrat,
		Seat: congress.Seat{State: "AZ", District: 4}, Start: "2025-01-03", Phone: "202-225-0000", URL: "https://doe.house.gov",
	}
	roe := doe
	roe.Bioguide, roe.Seat = "R000001", congress.Seat{State: "AZ", District: 5}
	return roster.File{
		Format: roster.Format, Congress: 119, AsOf: "2026-09-13", Members: []roster.Member{doe, roe},
		Vacancies: []roster.Vacancy{{Seat: congress.Seat{State: "TX", District: 23}, Since: "2026-04-14"}},
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*roster.File){
		"no such seat":        func(f *roster.File) { f.Members[0].Seat.District = 10 },
		"two for one seat":    func(f *roster.File) { f.Members[1].Seat = f.Members[0].Seat },
		"one for two seats":   func(f *roster.File) { f.Members[1].Bioguide = f.Members[0].Bioguide },
		"no key":              func(f *roster.File) { f.Members[0].Bioguide = "" },
		"no name":             func(f *roster.File) { f.Members[0].Name = "" },
		"no party":            func(f *roster.File) { f.Members[0].Party = "" },
		"no start":            func(f *roster.File) { f.Members[0].Start = "" },
		"odd phone":           func(f *roster.File) { f.Members[0].Phone = "(202) 225-0000" },
		"script for a page":   func(f *roster.File) { f.Members[0].URL = "javascript:alert(1)//.gov" },
		"page elsewhere":      func(f *roster.File) { f.Members[0].ContactForm = "https://doe.example" },
		"gov only as a user":  func(f *roster.File) { f.Members[0].URL = "https://house.gov@evil.example/" },
		"held and vacant":     func(f *roster.File) { f.Vacancies[0].Seat = f.Members[0].Seat },
		"vacant since never":  func(f *roster.File) { f.Vacancies[0].Since = "spring" },
		"as of a month":       func(f *roster.File) { f.AsOf = "2026-09" },
		"without a Congress":  func(f *roster.File) { f.Congress = 0 },
		"of a newer format":   func(f *roster.File) { f.Format = "franklin roster 2" },
		"user in the address": func(f *roster.File) { f.Members[0].URL = "https://a:b@doe.house.gov" },
	} {
		t.Run(name, func(t *testing.T) {
			f := good()
			spoil(&f)
			var b bytes.Buffer
			if err := roster.Encode(&b, f); err != nil {
				t.Fatal(err)
			}
			if _, err := roster.Load(&b); err == nil {
				t.Error("accepted")
			}
		})
	}
	if _, err := roster.Load(strings.NewReader(`{"format": "franklin roster 1", `)); err == nil {
		t.Error("half a file is accepted")
	}
	f := good()
	f.AsOf = ""
	if _, err := roster.New(f); err == nil {
		t.Error("New does not check")
	}
}

func TestAnswerAsJSON(t *testing.T) {
	r := embedded(t)
	got, err := json.Marshal([]roster.Answer{holder(t, r, "FL-20", autumn2026), holder(t, r, "CA-01", autumn2026)})
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"seat":"FL-20","role":"Representative","status":"vacant","since":"2026-04-21","as_of":"2026-09-13"},` +
		`{"seat":"CA-01","role":"Representative","status":"seated","member":{"bioguide":"G000607","name":"James Gallagher","first":"James","last":"Gallagher",` +
		`"party":"Republican","seat":"CA-01","start":"2026-06-10"},"since":"2026-06-10","as_of":"2026-09-13"}]`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := roster.Encode(&b, good()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := roster.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		r, err := roster.New(file)
		if err != nil {
			t.Fatalf("Decode accepted what New refuses: %v", err)
		}
		for _, m := range file.Members {
			a, err := r.Holder(m.Seat, file.Congress.Start())
			if err == nil && a.Seated() && a.Member != m {
				t.Errorf("%s is answered with %+v", m.Seat, a.Member)
			}
		}
	})
}
