package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// TestDistrictReadsAndSaysWhy: what is read as an address or a point, and what is said of
// the rest.
func TestDistrictReadsAndSaysWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query string
		code  int
		want  string
	}{
		{"82001 Cheyenne WY", 0, "WY-00, by zip"},
		{"82001, Cheyenne, WY", 0, "WY-00, by zip"},
		{"82001,WY", 0, "WY-00, by zip"},
		{"82001-1234 WY", 0, "WY-00, by zip"},
		{"85281 Tempe AZ", 1, "one of AZ-01 AZ-04: the ZIP code lies in several districts"},
		{"85281,NY", 1, "belongs to Arizona, not to New York"},
		{"82001 Main St, Cheyenne WY", 0, "WY-00, by state, lines of the 119th Congress"},
		{"82001 Main St, Casper, AZ", 1, `no ZIP code was found in "82001 Main St, Casper, AZ"`},
		{"Anchorage, AK", 0, "AK-00, by state"},
		{"vt", 0, "VT-00, by state"},
		{"Hagatna, GU", 0, "GU-00, by state"},
		{"12 Rue De", 1, "no ZIP code was found"},
		{"PSC 3 Box 1, APO AE", 1, "voting residence (home of record)"},
		{"82001 Broadway WY", 1, "no ZIP code was found"},
		{"1600 Pennsylvania Ave NW, Washington, D.C. 20500", 0, "DC-00"},
		{"5401", 0, "read as 05401"},
		{"5401-1234", 0, "VT-00, by zip"},
		{"Burlington, VT 5401", 0, "read as 05401"},
		{"Burlington, NH 5401", 1, "a leading zero may be missing: 05401?"},
		{"12 Oak Ct 6001", 1, "a leading zero may be missing: 06001?"},
		{"3999", 1, "a leading zero may be missing: 03999?"},
		{"601", 1, "a leading zero may be missing: 00601?"},
		{"Burlington, VT 05401–1234", 0, "VT-00, by zip"},
		{"Burlington, VT 05401 1234", 0, "VT-00, by zip"},
		{"Highway 123", 1, `no ZIP code was found in "Highway 123"`},
		{"", 1, `no ZIP code was found in ""`},
		{"Toronto ON M5V 2T6", 1, `"M5V 2T6" is a postal code of Canada and no U.S. ZIP code`},
		{"PSC 3 Box 1, APO AE 09021", 1, "voting residence (home of record)"},
		{"96940", 1, "voting residence (home of record)"},
		{"Koror PW 96940", 1, "voting residence (home of record)"},
		{"12345", 1, "12345 is a ZIP code of boxes or one large receiver: give the street address and ZIP code of the home"},
		{"00001", 1, "00001 is in no list of ZIP codes"},
		{"40,-40", 1, "No congressional district is within 2 km of this point."},
		{"-111.93,33.423", 1, "latitude and longitude may be swapped"},
		{"-71.06,42.36", 1, "latitude and longitude may be swapped"},
		{"33.423,111.93", 1, "the minus of a western longitude may be missing"},
		{"95.5,200", 1, "a latitude lies between -90 and 90"},
		{"0,0", 1, "0,0 lies in the Atlantic"},
	} {
		out, errs, code := franklin(t, "", "district", "--", c.query)
		if code != c.code || !strings.Contains(out, c.want) || errs != endSoon {
			t.Errorf("%q: exit %d, want %d with %q\n%s%s", c.query, code, c.code, c.want, out, errs)
		}
		if strings.Contains(out, ": \n") || strings.Contains(out, `"" is not`) || strings.Contains(out, "no district:") {
			t.Errorf("%q: an empty reason in\n%s", c.query, out)
		}
	}
}

func TestDistrictWordsWithoutQuotes(t *testing.T) {
	t.Parallel()
	for want, words := range map[int][]string{
		1: {"82001", "Cheyenne", "WY"},
		2: {"82001", "99501"},
		3: {"82001", "99501", "Cheyenne WY 82001"},
	} {
		got := districtCommand{Addresses: words}.queries()
		if len(got) != want {
			t.Errorf("%q: %q", words, got)
		}
	}
}

// TestDistrictNamesTheStreet: a street that is not what was typed is named, and the true
// reason why several districts remain.
func TestDistrictNamesTheStreet(t *testing.T) {
	t.Parallel()
	one, four := congress.Seat{State: "AZ", District: 1}, congress.Seat{State: "AZ", District: 4}
	both := []congress.Seat{one, four}
	for _, c := range []struct {
		result district.Result
		want   []string
	}{
		{district.Result{Seat: one, Basis: district.BasisStreet, Street: "N MAIN ST"}, []string{"AZ-01, by street (N MAIN ST)"}},
		{
			district.Result{Seat: one, Basis: district.BasisStreet, Street: "SOLO CT", Notes: []district.Note{district.NoteStreetCorrected}},
			[]string{"by street (SOLO CT)", `check that it is yours; found as "SOLO CT".`},
		},
		{district.Result{Candidates: both, Street: "SOLO CT", Notes: []district.Note{district.NoteOtherZIP}}, []string{"in another ZIP code only", `found as "SOLO CT"`}},
		{district.Result{Seat: one, Street: "37TH ST", Notes: []district.Note{district.NoteNumberRead}}, []string{`found as "37TH ST"`}},
		{district.Result{Candidates: both, Notes: []district.Note{district.NoteStreetSplit}}, []string{"one of AZ-01 AZ-04: the street lies in several districts"}},
		{district.Result{Candidates: both, Notes: []district.Note{district.NoteStreetAmbiguous}}, []string{"one of AZ-01 AZ-04: several streets can be meant"}},
		{district.Result{Candidates: both, Notes: []district.Note{district.NoteTooClose}}, []string{"the point is too close to another district"}},
		{district.Result{Candidates: both, Notes: []district.Note{district.NoteZIPUnmapped}}, []string{"which ZIP codes lie in which district is not known"}},
		{district.Result{Candidates: both, Notes: []district.Note{district.NoteStreetCorrected}}, []string{"found under another name only"}},
		{district.Result{Class: district.ClassForeign}, []string{"An address abroad", "voting residence"}},
	} {
		var out bytes.Buffer
		printDistrict(console{out: &out, now: time.Now}, districtAnswer{Query: "q", Result: c.result})
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("no %q in\n%s", want, out.String())
			}
		}
	}
}
