package congress_test

import (
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

func TestSeatCounts(t *testing.T) {
	house, senate := congress.AllHouseSeats(), congress.AllSenateSeats()
	voting := 0
	for _, s := range house {
		if s.Voting() {
			voting++
		}
	}
	if len(house) != 441 || voting != 435 || len(senate) != 100 {
		t.Fatalf("got %d House seats (%d voting) and %d Senate seats, want 441 (435) and 100", len(house), voting, len(senate))
	}
	for _, s := range append(house, senate...) {
		if !s.Valid() {
			t.Errorf("%s is not valid", s)
		}
		if back, err := congress.ParseSeat(s.String()); err != nil || back != s {
			t.Errorf("ParseSeat(%q) = %v, %v", s.String(), back, err)
		}
		if back, ok := congress.SeatOfOffice(s.OfficeCode()); !ok || back != s {
			t.Errorf("SeatOfOffice(%q) = %v, %v", s.OfficeCode(), back, ok)
		}
	}
}

func TestParseSeat(t *testing.T) {
	for text, want := range map[string]string{
		"AZ-04": "AZ-04", "az4": "AZ-04", "AZ 4": "AZ-04", "HAZ04": "AZ-04", "AK": "AK-00", "ak-al": "AK-00",
		"AK-1": "AK-00", "DC-98": "DC-00", "HAS00": "AS-00", "HAQ00": "AS-00", "MP00": "MP-00", "HMP00": "MP-00",
		"AZ-S1": "AZ-S1", "SAZ03": "AZ-S3", "az-sen3": "AZ-S3", "WY-At-Large": "WY-00", "pr": "PR-00",
	} {
		got, err := congress.ParseSeat(text)
		if err != nil || got.String() != want {
			t.Errorf("ParseSeat(%q) = %v, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "AZ", "AZ-0", "AZ-10", "AZ-S2", "DC-S1", "XX-01", "AZ-AL", "HAZ99", "AZ-004", "DC-2", "é"} {
		if got, err := congress.ParseSeat(text); err == nil {
			t.Errorf("ParseSeat(%q) = %v, want an error", text, got)
		}
	}
}

func TestCongressAtChangesAtNoonInWashington(t *testing.T) {
	for at, want := range map[string]congress.Number{
		"2025-01-03T11:59:59-05:00": 118, "2025-01-03T12:00:00-05:00": 119, "2026-11-23T00:00:00Z": 119,
		"2027-01-03T16:59:59Z": 119, "2027-01-03T17:00:00Z": 120, "2024-06-01T00:00:00Z": 118,
		"1935-01-01T00:00:00Z": 0, "1935-01-04T00:00:00Z": 74,
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := congress.CongressAt(when); got != want {
			t.Errorf("CongressAt(%s) = %d, want %d", at, got, want)
		}
	}
	if got := congress.Number(119).String() + congress.Number(121).String() + congress.Number(111).String(); got != "119th121st111th" {
		t.Errorf("ordinals: %s", got)
	}
}

func TestParseBill(t *testing.T) {
	for text, want := range map[string]congress.Bill{
		"H.R. 2172": {Congress: 119, Type: congress.HouseBill, Number: 2172}, "hr2172-118": {Congress: 118, Type: congress.HouseBill, Number: 2172},
		"S. J. Res. 5": {Congress: 119, Type: congress.SenateJointResolution, Number: 5}, "S 22": {Congress: 119, Type: congress.SenateBill, Number: 22},
	} {
		if got, err := congress.ParseBill(text, 119); err != nil || got != want {
			t.Errorf("ParseBill(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "2172", "H.R.", "H.R. 0", "X.R. 5", "H.R. 2172a"} {
		if got, err := congress.ParseBill(text, 119); err == nil {
			t.Errorf("ParseBill(%q) = %v, want an error", text, got)
		}
	}
	if got := congress.HouseConcurrentResolution.SenateSpelling(); got != "H.Con.Res" {
		t.Errorf("the Senate writes H.Con.Res without its last dot, got %q", got)
	}
}

func TestStatesAndTopics(t *testing.T) {
	if n := len(congress.States()); n != 56 {
		t.Errorf("%d states, want 56", n)
	}
	if n := len(congress.Topics()); n != 32 {
		t.Errorf("%d topics, want 32", n)
	}
	if s, err := congress.ParseState(" new york "); err != nil || s != "NY" {
		t.Errorf("ParseState: %v, %v", s, err)
	}
	if s, ok := congress.StateByFIPS("72"); !ok || s != "PR" || s.Voting() {
		t.Errorf("StateByFIPS(72) = %v, %v", s, ok)
	}
}

func TestParseState(t *testing.T) {
	for text, want := range map[string]congress.State{
		"az": "AZ", " new  york ": "NY", "Wash. DC": "DC", "d.c.": "DC", "Washington, D.C.": "DC",
		"Virgin Islands": "VI", "USVI": "VI", "U.S. Virgin Islands": "VI", "United States Virgin Islands": "VI", "Virgin Islands of the United States": "VI",
		"CNMI": "MP", "northern marianas": "MP", "Northern Mariana Islands": "MP", "Commonwealth of the Northern Mariana Islands": "MP",
		"Puerto Rico": "PR", "Commonwealth of Puerto Rico": "PR", "American Samoa": "AS", "Guam": "GU",
		"": "", "XX": "", "British Virgin Islands": "", "Samoa": "", "AE": "",
	} {
		if got, err := congress.ParseState(text); got != want || (err == nil) != (want != "") {
			t.Errorf("ParseState(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func FuzzParseSeat(f *testing.F) {
	for _, s := range []string{"AZ-04", "AK", "HAQ00", "AZ-S1", "MP00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seat, err := congress.ParseSeat(text)
		if err == nil && !seat.Valid() {
			t.Errorf("ParseSeat(%q) gave the impossible seat %v", text, seat)
		}
	})
}
