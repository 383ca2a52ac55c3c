package district_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/databuild/streettable" //nolint:depguard // tests read what the writer writes; the package itself does not know it
)

// What users of other services complained of, one test for each, named after the project
// and the number of its report.

func answer(tb testing.TB, l *district.Locator, a district.Address, at time.Time) district.Result {
	tb.Helper()
	r, err := l.ByAddress(a, at)
	if err != nil {
		tb.Fatalf("%+v: %v", a, err)
	}
	return r
}

func holder(tb testing.TB, seat congress.Seat) roster.Answer {
	tb.Helper()
	r, err := roster.Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	h, err := r.Holder(seat, day)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// New lines were drawn, and people missed them: they were not in force until January.
func TestComplaintSunlightCongress526NewLinesOnlyFromTheirDay(t *testing.T) {
	for name, l := range map[string]*district.Locator{"by ZIP code": embedded(t), "by street": charlotte(t)} {
		t.Run(name, func(t *testing.T) {
			a := district.Address{Street: "150 Trade St", City: "Charlotte", State: "NC", ZIP: "28203"}
			r := answer(t, l, a, secondBefore)
			if r.Seat.String() != "NC-14" || r.Plan.Congress != 118 {
				t.Errorf("the old lines still hold: %s, %s", r.Seat, r.Plan)
			}
			if r.Next == nil || r.Next.Seat.String() != "NC-12" || !r.Next.From.Equal(switchNoon) || !strings.Contains(r.Next.Text(), "3 January 2025") {
				t.Errorf("nothing said of the new lines: %+v", r.Next)
			}
		})
	}
}

// charlotte is the built-in data with a street in Charlotte, compiled for both Congresses.
func charlotte(tb testing.TB) *district.Locator {
	tb.Helper()
	table := streetsOf(tb, "NC", "28203 Trade St: 1-999 both NC-14")
	table.Congresses = []congress.Number{118, 119}
	table.Units = [][]congress.Seat{seats(tb, "NC-14 NC-12")}
	return openFolder(tb, builtInWith(tb, table))
}

// builtInWith is the built-in data and street tables.
func builtInWith(tb testing.TB, tables ...streettable.Table) fstest.MapFS {
	tb.Helper()
	files := fstest.MapFS{}
	for _, f := range embedded(tb).Manifest().Files {
		files[f.Name] = &fstest.MapFile{Data: dataFile(tb, f.Name)}
	}
	for _, t := range tables {
		raw, err := streettable.Encode(t)
		if err != nil {
			tb.Fatal(err)
		}
		files["streets/"+string(t.State)+".bin"] = &fstest.MapFile{Data: raw}
	}
	sealFolder(tb, files, embedded(tb).Manifest().Plans)
	return files
}

// In January the new lines were still missing.
func TestComplaintGeoclient54LinesSwitchByTheClock(t *testing.T) {
	for name, l := range map[string]*district.Locator{"by ZIP code": embedded(t), "by street": charlotte(t)} {
		a := district.Address{Street: "150 Trade St", State: "NC", ZIP: "28203"}
		for at, want := range map[time.Time]string{secondBefore: "NC-14 118th", switchNoon: "NC-12 119th", switchNoon.AddDate(1, 0, 0): "NC-12 119th"} {
			r := answer(t, l, a, at)
			if got := r.Seat.String() + " " + r.Plan.Congress.String(); got != want {
				t.Errorf("%s at %s: %s, want %s", name, at, got, want)
			}
		}
	}
	end := congress.Number(119).End()
	var late *district.OutOfDateError
	if _, err := embedded(t).ByZIP("28203", "NC", end); !errors.As(err, &late) || !strings.Contains(err.Error(), "out of date") {
		t.Errorf("lines that ended were used: %v", err)
	}
}

// A full nine-digit code still gave the wrong member. The four digits say nothing that can
// be known offline; the street does.
func TestComplaintFiveCalls503And518NineDigitsAreNoStreet(t *testing.T) {
	l := town(t)
	five := answer(t, l, district.Address{State: "AZ", ZIP: "85257"}, day)
	nine := answer(t, l, district.Address{State: "AZ", ZIP: "85257-1234"}, day)
	if diff := cmp.Diff(five, nine); diff != "" || nine.Unique() {
		t.Errorf("%s %s", nine.Seat, diff)
	}
	for street, want := range map[string]string{"1100 N Hayden Rd": "AZ-01", "1101 N Hayden Rd": "AZ-04"} {
		if r := answer(t, l, district.Address{Street: street, State: "AZ", ZIP: "85257-1234"}, day); r.Seat.String() != want || r.Basis != district.BasisStreet {
			t.Errorf("%s: %s by %q", street, r.Seat, r.Basis)
		}
	}
}

// A divided ZIP code showed only the senators, without a word.
func TestComplaintFiveCalls64HouseSeatIsNeverDropped(t *testing.T) {
	l := embedded(t)
	for n := range 100_000 {
		r, err := l.ByZIP(fmt.Sprintf("%05d", n), "", day)
		if err != nil {
			t.Fatal(err)
		}
		if r.Class == district.ClassStandard && len(r.Candidates) == 0 {
			t.Errorf("%s has no House seat", r.ZIP)
		}
	}
	r := answer(t, town(t), district.Address{Street: "5 N Hayden Rd", State: "AZ", ZIP: "85257"}, day)
	if len(r.Candidates) != 2 || !r.Has(district.NoteStreetSplit) || r.Notes[0].Text() == "" {
		t.Errorf("%+v", r)
	}
}

// One service listed all members, another picked the most likely one.
func TestComplaintOpencongress201AndUSHouse39NeitherAllNorTheLikeliest(t *testing.T) {
	l := town(t)
	r := answer(t, l, district.Address{Street: "9 Nowhere Known Ln", State: "AZ", ZIP: "85257"}, day)
	if r.Unique() || r.Basis != "" || !r.Split() || !r.Has(district.NoteStreetUnknown) {
		t.Fatalf("%+v", r)
	}
	chosen, err := l.Choose(r, r.Candidates[1], day)
	if err != nil || chosen.Basis != district.BasisChoice || chosen.Seat != r.Candidates[1] {
		t.Errorf("%+v, %v", chosen, err)
	}
	var not *district.NotCandidateError
	if _, err := l.Choose(r, congress.Seat{State: "AZ", District: 9}, day); !errors.As(err, &not) {
		t.Errorf("a district far away was taken: %v", err)
	}
	if r = answer(t, l, district.Address{Street: "1100 N Hayden Rd", State: "AZ", ZIP: "85257"}, day); !r.Unique() {
		t.Errorf("the street tells, and the choice is offered all the same: %+v", r)
	}
}

// A stray blank entry made every ZIP code of Maryland ambiguous.
func TestComplaintOpenFEC1599OnlyKnownDistricts(t *testing.T) {
	rows := []zipRow{{zip: 20814, place: "Bethesda", seats: "MD-08"}}
	files := smallFolder(t, rows)
	table := files["119/zips.bin"].Data
	table[len(table)-3]++                                        // two districts instead of one,
	files["119/zips.bin"].Data = append(table, fips(t, "MD"), 0) // the second one blank
	var plans []district.Plan
	for _, s := range congress.States() {
		plans = append(plans, district.Plan{State: s, Congress: 119, From: congress.Number(119).Start(), To: congress.Number(119).End()})
	}
	sealFolder(t, files, plans)
	var format *district.FormatError
	if _, err := district.Open(files); !errors.As(err, &format) || !strings.Contains(err.Error(), "a district is not known") {
		t.Errorf("a blank district was read: %v", err)
	}
	unique := 0
	for n := 20600; n < 22000; n++ {
		r, err := embedded(t).ByZIP(fmt.Sprintf("%05d", n), "", day)
		if err != nil {
			t.Fatal(err)
		}
		for _, seat := range r.Candidates {
			if !seat.Valid() {
				t.Errorf("%05d: %q", n, seat)
			}
		}
		if r.Unique() && r.Seat.State == "MD" {
			unique++
		}
	}
	if unique < 300 {
		t.Errorf("only %d ZIP codes of Maryland lie in one district", unique)
	}
}

// A ZIP code of post office boxes found nothing.
func TestComplaintOpenFECWebApp489PostOfficeBoxZIPHasAClass(t *testing.T) {
	for _, street := range []string{"", "PO Box 4", "100 Main St"} {
		r := answer(t, embedded(t), district.Address{Street: street, City: "Boulder", State: "CO", ZIP: "80306"}, day)
		if r.Class != district.ClassPOBox || len(r.Candidates) > 0 || r.Has(district.NotePOBox) != (street == "PO Box 4") {
			t.Errorf("%q: %+v", street, r)
		}
		if !strings.Contains(district.NotePOBox.Text(), "where you live") {
			t.Error("nobody asks for the address of the home")
		}
	}
}

// Military addresses were unknown or refused.
func TestComplaintZippopotamus47VetsWebsite3423MoveMil86MilitaryMail(t *testing.T) {
	for _, a := range []district.Address{
		{Street: "PSC 1234 Box 5678", City: "APO", State: "AE", ZIP: "09001"},
		{Street: "Unit 2050 Box 4190", City: "APO", State: "AP", ZIP: "96278"},
		{Street: "USS Nimitz", City: "FPO", State: "AP", ZIP: "96620"},
		{Street: "CMR 415 Box 12", City: "DPO", State: "AA", ZIP: "34002-0001"},
		{Street: "PSC 1 Box 2", City: "A.P.O. AE", ZIP: "00001"}, // a post that no list knows yet
		{Street: "PSC 1 Box 2", ZIP: "00001"},
		{ZIP: "09001"},
	} {
		for _, l := range []*district.Locator{embedded(t), town(t)} {
			if r := answer(t, l, a, day); r.Class != district.ClassMilitary || len(r.Candidates) > 0 || r.Unique() {
				t.Errorf("%+v: %+v", a, r)
			}
		}
	}
}

// Delegates had district 79, at-large seats 0 or 1, and a territory without senators
// brought a program down.
func TestComplaintPropublica90And196CallMyCongress35DemocracyIO95OpenStates5And6OneForm(t *testing.T) {
	for zip, want := range map[string]string{
		"20001": "DC-00", "00601": "PR-00", "00802": "VI-00", "96910": "GU-00", "96950": "MP-00", "96799": "AS-00",
		"99501": "AK-00", "82001": "WY-00", "05401": "VT-00", "58501": "ND-00", "57501": "SD-00", "19901": "DE-00",
	} {
		r := answer(t, embedded(t), district.Address{Street: "1 Main St", ZIP: zip}, day)
		if r.Seat.String() != want {
			t.Fatalf("%s: %s, want %s", zip, r.Seat, want)
		}
		state := string(r.Seat.State)
		for _, text := range []string{state + "-00", state + "-98", state + "-AL", state + "-01", state + "1", state} {
			if seat, err := congress.ParseSeat(text); err != nil || seat != r.Seat {
				t.Errorf("%s is %s, %v", text, seat, err)
			}
		}
		if _, err := congress.ParseSeat(state + "-79"); err == nil {
			t.Errorf("%s-79 was read", state)
		}
		if h := holder(t, r.Seat); h.Name() == "" && h.Seated() || !h.Seated() && h.Line() == "" {
			t.Errorf("%s: %+v", r.Seat, h)
		}
		senators := r.Seat.State.SenateSeats()
		if want := map[bool]int{true: 2, false: 0}[r.Seat.Voting()]; len(senators) != want {
			t.Errorf("%s has %d senators, want %d", state, len(senators), want)
		}
		for _, s := range senators {
			holder(t, s)
		}
	}
}

// Vacant seats showed nobody at all.
func TestComplaintTownHallProject394VacancyIsAnAnswer(t *testing.T) {
	for zip, want := range map[string]string{"33313": "FL-20", "79830": "TX-23"} {
		r := answer(t, embedded(t), district.Address{Street: "1 Main St", ZIP: zip}, day)
		if r.Seat.String() != want {
			t.Fatalf("%s: %s, want %s", zip, r.Seat, want)
		}
		if h := holder(t, r.Seat); h.Status != roster.Vacant || !strings.HasPrefix(h.Line(), "Vacant, ") || h.Contact().Phone == "" {
			t.Errorf("%s: %+v", r.Seat, h)
		}
		for _, s := range r.Seat.State.SenateSeats() {
			if h := holder(t, s); !h.Seated() || h.Name() == "" {
				t.Errorf("%s: %+v", s, h)
			}
		}
	}
}

// A ZIP code of Mississippi stood under Arkansas. It lies in both; the state filters, and
// the street decides.
func TestComplaintUSZIPCodesCongress4ZIPsCrossStateLines(t *testing.T) {
	river := openFolder(t, builtInWith(t,
		streetsOf(t, "MS", "38769 Levee Rd: 1-99 both MS-02"), streetsOf(t, "AR", "38769 Island Rd: 1-99 both AR-01")))
	for _, tt := range []struct {
		street string
		state  congress.State
		want   string
	}{
		{"", "", "AR-01 MS-02"},
		{"", "MS", "MS-02"},
		{"", "AR", "AR-01"},
		{"5 Levee Rd", "", "MS-02"},
		{"5 Island Rd", "", "AR-01"},
		{"5 Levee Rd", "MS", "MS-02"},
		{"5 Nowhere Known Rd", "", "AR-01 MS-02"},
	} {
		r := answer(t, river, district.Address{Street: tt.street, State: tt.state, ZIP: "38769"}, day)
		if diff := cmp.Diff(seats(t, tt.want), r.Candidates); diff != "" {
			t.Errorf("%q in %q: %s", tt.street, tt.state, diff)
		}
	}
	var mismatch *district.StateMismatchError
	if _, err := river.ByAddress(district.Address{Street: "5 Levee Rd", State: "LA", ZIP: "38769"}, day); !errors.As(err, &mismatch) || len(mismatch.States) != 2 {
		t.Errorf("Louisiana: %v", err)
	}
}

// A bad shape put a point of Washington into Maryland. Every state has a point of its own
// in TestEveryStateByPointAndZIP; these are on both sides of the District's border.
func TestComplaintVoteview176WashingtonIsNotMaryland(t *testing.T) {
	for _, tt := range []struct {
		place    string
		lat, lon float64
		want     string
	}{
		{"White House", 38.8977, -77.0365, "DC-00"},
		{"Takoma, Washington", 38.9755, -77.0178, "DC-00"},
		{"Friendship Heights, Washington", 38.9560, -77.0800, "DC-00"},
		{"Congress Heights", 38.8450, -76.9980, "DC-00"},
		{"Bolling", 38.8330, -77.0140, "DC-00"},
		{"Silver Spring", 38.9959, -77.0280, "MD-08"},
		{"Bethesda", 38.9847, -77.0947, "MD-08"},
		{"Capitol Heights", 38.8850, -76.9050, "MD-04"},
		{"Arlington", 38.8816, -77.0910, "VA-08"},
	} {
		r, err := embedded(t).ByPoint(tt.lat, tt.lon, 0, day)
		if err != nil || r.Seat.String() != tt.want {
			t.Errorf("%s: %s, want %s (%v)", tt.place, r.Seat, tt.want, err)
		}
	}
}
