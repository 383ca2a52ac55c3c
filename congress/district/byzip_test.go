package district_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

func embedded(tb testing.TB) *district.Locator {
	tb.Helper()
	l, err := district.Embedded()
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func seats(tb testing.TB, names string) []congress.Seat {
	tb.Helper()
	list := []congress.Seat{}
	for name := range strings.FieldsSeq(names) {
		seat, err := congress.ParseSeat(name)
		if err != nil {
			tb.Fatal(err)
		}
		list = append(list, seat)
	}
	return list
}

func TestByZIP(t *testing.T) {
	for _, tt := range []struct {
		name, zip  string
		state      congress.State
		class      district.ZIPClass
		candidates string
	}{
		{"one district", "85204", "AZ", district.ClassStandard, "AZ-04"},
		{"no state given", "85204", "", district.ClassStandard, "AZ-04"},
		{"nine digits", "85204-1234", "AZ", district.ClassStandard, "AZ-04"},
		{"nine digits and a dash of typographers", "85204–1234", "AZ", district.ClassStandard, "AZ-04"},
		{"nine digits and a hyphen that stands free", "85204 - 1234", "AZ", district.ClassStandard, "AZ-04"},
		{"nine digits without hyphen", "852041234", "AZ", district.ClassStandard, "AZ-04"},
		{"spaces", " 02134 ", "MA", district.ClassStandard, "MA-07"},
		{"split", "85257", "AZ", district.ClassStandard, "AZ-01 AZ-04"},
		{"two states", "59221", "", district.ClassStandard, "MT-02 ND-00"},
		{"two states, the typed one filters", "59221", "ND", district.ClassStandard, "ND-00"},
		{"at large", "99501", "AK", district.ClassStandard, "AK-00"},
		{"Washington", "20001", "DC", district.ClassStandard, "DC-00"},
		{"federal mail in Washington", "20301", "DC", district.ClassPOBox, "DC-00"},
		{"federal mail in Maryland", "20588", "MD", district.ClassPOBox, ""},
		{"a number of Washington's that no list has", "20014", "", district.ClassPOBox, "DC-00"},
		{"the same, with its state", "56999", "DC", district.ClassPOBox, "DC-00"},
		{"the same, with another state", "20014", "MD", district.ClassUnknown, ""},
		{"PO boxes", "80306", "CO", district.ClassPOBox, ""},
		{"PO boxes of a state with one seat", "99509", "AK", district.ClassPOBox, "AK-00"},
		{"Europe", "09001", "AE", district.ClassMilitary, ""},
		{"Americas", "34002", "AA", district.ClassMilitary, ""},
		{"Pacific", "96201", "AP", district.ClassMilitary, ""},
		{"Palau", "96940", "PW", district.ClassFreely, ""},
		{"Micronesia", "96941", "FM", district.ClassFreely, ""},
		{"Marshall Islands", "96960", "MH", district.ClassFreely, ""},
		{"unknown", "00000", "", district.ClassUnknown, ""},
		{"unknown, with a state", "99999", "AK", district.ClassUnknown, ""},
		{"a territory's ZIP code that no list has", "00999", "PR", district.ClassTerritory, "PR-00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := embedded(t).ByZIP(tt.zip, tt.state, day)
			if err != nil {
				t.Fatal(err)
			}
			want := seats(t, tt.candidates)
			if diff := cmp.Diff(want, r.Candidates); diff != "" || r.Class != tt.class {
				t.Errorf("class %s, candidates %s", r.Class, diff)
			}
			if r.Unique() != (len(want) == 1) || (r.Unique() && (r.Seat != want[0] || r.Basis != district.BasisZIP)) {
				t.Errorf("seat %s, basis %q", r.Seat, r.Basis)
			}
			if len(want) > 0 && (r.Plan.State != want[0].State || r.Plan.Congress != 119) {
				t.Errorf("plan %s", r.Plan)
			}
		})
	}
}

// TestFederalRange: numbers that are on no list are Washington's by their range, and say so.
func TestFederalRange(t *testing.T) {
	ranged := 0
	for n := range 100_000 {
		r, err := embedded(t).ByZIP(fmt.Sprintf("%05d", n), "", day)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Has(district.NoteZIPRange) {
			continue
		}
		ranged++
		if first := n / 100; !slices.Contains([]int{200, 202, 203, 204, 205, 569}, first) || r.Seat.String() != "DC-00" || r.Place != "" || r.Has(district.NoteStatewide) {
			t.Errorf("%05d: %s in %q, %v", n, r.Seat, r.Place, r.Notes)
		}
	}
	if ranged == 0 || ranged >= 600 {
		t.Errorf("%d numbers by their range", ranged)
	}
}

func TestByState(t *testing.T) {
	for _, state := range congress.States() {
		r, err := embedded(t).ByState(state, day)
		if diff := cmp.Diff(state.HouseSeats(), r.Candidates); err != nil || diff != "" {
			t.Errorf("%s: %v %s", state, err, diff)
		}
		if one := state.AtLarge(); r.Unique() != one || (r.Basis == district.BasisState) != one || r.Plan.State != state {
			t.Errorf("%s: %s by %q, %s", state, r.Seat, r.Basis, r.Plan)
		}
		if territory := !state.Voting() && state != "DC"; (r.Class == district.ClassTerritory) != territory {
			t.Errorf("%s is of the class %q", state, r.Class)
		}
	}
	for code, class := range map[congress.State]district.ZIPClass{
		"AA": district.ClassMilitary, "AE": district.ClassMilitary, "AP": district.ClassMilitary,
		"PW": district.ClassFreely, "FM": district.ClassFreely, "MH": district.ClassFreely, "": "", "XX": "", "wy": "",
	} {
		if r, err := embedded(t).ByState(code, day); err != nil || r.Class != class || r.Candidates == nil || len(r.Candidates) > 0 {
			t.Errorf("%q: %+v, %v", code, r, err)
		}
	}
	var late *district.OutOfDateError
	if r, err := embedded(t).ByState("WY", congress.Number(120).Start()); !errors.As(err, &late) || r.Unique() {
		t.Errorf("after the last lines: %s, %v", r.Seat, err)
	}
}

func TestByZIPRefuses(t *testing.T) {
	for _, text := range []string{"", "8528", "852811", "8528a", "85281-12", "K1A 0B1", "SW1A 1AA", "８５２８１", "85281-12345", "85281–12", "85281ab-1234", "85281\xe2\x80 1234"} {
		var bad *district.BadZIPError
		if _, err := embedded(t).ByZIP(text, "AZ", day); !errors.As(err, &bad) {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, tt := range []struct {
		zip   string
		state congress.State
		want  string
	}{
		{"85204", "NY", "ZIP code 85204 belongs to Arizona, not to New York"},
		{"59221", "NY", "belongs to Montana and North Dakota"},
		{"09001", "NY", "belongs to military mail"},
		{"85204", "AE", "belongs to Arizona, not to AE"},
		{"00601", "NY", "belongs to Puerto Rico"},
		{"96940", "GU", "belongs to freely-associated-state mail"},
		{"80306", "UT", "belongs to Colorado"},
	} {
		r, err := embedded(t).ByZIP(tt.zip, tt.state, day)
		var mismatch *district.StateMismatchError
		if !errors.As(err, &mismatch) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s in %s: %v", tt.zip, tt.state, err)
		}
		if len(r.Candidates) > 0 || r.Class == "" {
			t.Errorf("%s in %s: %+v", tt.zip, tt.state, r)
		}
	}
}

// TestLinesOutOfDate stands on both sides of the noons of January.
func TestLinesOutOfDate(t *testing.T) {
	start := time.Date(2023, time.January, 3, 17, 0, 0, 0, time.UTC)
	end := time.Date(2027, time.January, 3, 17, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{start.Add(-time.Second), "no district lines are loaded"},
		{start, ""},
		{end.Add(-time.Second), ""},
		{end, "out of date"},
		{time.Time{}, "no district lines are loaded"},
	} {
		l := embedded(t)
		_, byZIP := l.ByZIP("85204", "AZ", tt.at)
		_, byPoint := l.ByPoint(33.4, -111.9, 0, tt.at)
		_, byAddress := l.ByAddress(district.Address{ZIP: "85204"}, tt.at)
		_, byMap := l.MapOf("85257", seats(t, "AZ-01 AZ-04"), 320, 240, tt.at)
		_, plans := l.Plans(tt.at)
		_, chosen := l.Choose(district.Result{Candidates: seats(t, "AZ-01 AZ-04")}, congress.Seat{State: "AZ", District: 1}, tt.at)
		for i, err := range []error{byZIP, byPoint, byAddress, byMap, plans, chosen, l.Warm(tt.at)} {
			var late *district.OutOfDateError
			if tt.want == "" && err != nil {
				t.Errorf("%s, way %d: %v", tt.at, i, err)
			}
			if tt.want != "" && (!errors.As(err, &late) || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("%s, way %d: %v, want %q", tt.at, i, err, tt.want)
			}
		}
		if r, err := l.ByZIP("09001", "AE", tt.at); err != nil || r.Class != district.ClassMilitary {
			t.Errorf("%s: a military address needs no lines: %v", tt.at, err)
		}
	}
}

func TestByAddress(t *testing.T) {
	for _, tt := range []struct {
		name    string
		address district.Address
		class   district.ZIPClass
		want    string
		poBox   bool
	}{
		{"street", district.Address{Street: "31 E 5th St", City: "Tempe", State: "AZ", ZIP: "85281"}, district.ClassStandard, "AZ-01 AZ-04", false},
		{"PO box", district.Address{Street: "P.O. Box 12", State: "AZ", ZIP: "85204"}, district.ClassStandard, "AZ-04", true},
		{"post office box", district.Address{Street: "post office box 12", State: "AZ", ZIP: "85204"}, district.ClassStandard, "AZ-04", true},
		{"a PO box where the whole state is one seat", district.Address{Street: "PO Box 12", State: "WY", ZIP: "82001"}, district.ClassStandard, "WY-00", false},
		{"a rented mailbox there", district.Address{Street: "12 Main St PMB 5", State: "DC", ZIP: "20001"}, district.ClassStandard, "DC-00", false},
		{"Boxwood is a street", district.Address{Street: "12 Po Boxwood Ln", State: "AZ", ZIP: "85204"}, district.ClassStandard, "AZ-04", false},
		{"APO", district.Address{Street: "PSC 1234 Box 5", City: "APO", State: "AE", ZIP: "09001"}, district.ClassMilitary, "", false},
		{"a post no list knows", district.Address{Street: "Unit 2050 Box 4190", City: "F.P.O.", ZIP: "00001"}, district.ClassMilitary, "", false},
		{"a unit in a building", district.Address{Street: "Unit 7 Box 3", State: "AZ", ZIP: "85204"}, district.ClassStandard, "AZ-04", false},
		{"abroad", district.Address{Street: "10 Downing Street", City: "London", ZIP: "SW1A 2AA", Country: "United Kingdom"}, district.ClassForeign, "", false},
		{"at home", district.Address{ZIP: "85204", Country: "U.S.A."}, district.ClassStandard, "AZ-04", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := embedded(t).ByAddress(tt.address, day)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(seats(t, tt.want), r.Candidates); diff != "" || r.Class != tt.class || r.Has(district.NotePOBox) != tt.poBox {
				t.Errorf("%+v %s", r, diff)
			}
		})
	}
	if _, err := embedded(t).ByAddress(district.Address{City: "APO", State: "AE", ZIP: "85204"}, day); err == nil {
		t.Error("an Arizona ZIP code in Europe was taken")
	}
}

func TestChoose(t *testing.T) {
	l := embedded(t)
	split, err := l.ByZIP("59221", "", day)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Choose(split, congress.Seat{State: "ND"}, day)
	if err != nil || r.Seat.String() != "ND-00" || r.Basis != district.BasisChoice || r.Plan.State != "ND" || r.ZIP != "59221" {
		t.Errorf("%+v, %v", r, err)
	}
	if again, err := l.Choose(r, r.Seat, day); err != nil || again.Basis != district.BasisChoice {
		t.Errorf("choosing again: %+v, %v", again, err)
	}
	one, _ := l.ByZIP("85204", "AZ", day)
	if r, err = l.Choose(one, one.Seat, day); err != nil || r.Basis != district.BasisZIP {
		t.Errorf("choosing the only one: %+v, %v", r, err)
	}
	none, _ := l.ByZIP("80306", "CO", day)
	for _, tt := range []struct {
		from district.Result
		seat congress.Seat
		want string
	}{
		{split, congress.Seat{State: "AZ", District: 4}, "AZ-04 is not one of the possible districts (MT-02, ND-00)"},
		{split, congress.Seat{}, "is not one"},
		{none, congress.Seat{State: "CO", District: 2}, "there is no candidate"},
	} {
		var not *district.NotCandidateError
		if _, err := l.Choose(tt.from, tt.seat, day); !errors.As(err, &not) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want %q", err, tt.want)
		}
	}
}

// TestEveryZIPCode asks for all 100,000 numbers: every answer is of a class, every
// candidate a seat of one of the states, and the counts are those of the sources.
func TestEveryZIPCode(t *testing.T) {
	l := embedded(t)
	count := map[district.ZIPClass]int{}
	split := 0
	for n := range 100_000 {
		r, err := l.ByZIP(fmt.Sprintf("%05d", n), "", day)
		if err != nil {
			t.Fatal(err)
		}
		count[r.Class]++
		for _, seat := range r.Candidates {
			if !seat.Valid() || seat.Chamber() != congress.House {
				t.Errorf("%05d: %s", n, seat)
			}
		}
		if r.Split() {
			split++
		}
		if r.Class == district.ClassStandard && len(r.Candidates) == 0 {
			t.Errorf("%05d has an area and no district", n)
		}
	}
	want := map[district.ZIPClass]int{
		district.ClassStandard: 33642, district.ClassPOBox: 8052 + 307, // 307 by their range
		// By rule, whole ranges: lists never have all of them.
		district.ClassMilitary: 1500, district.ClassTerritory: 427, district.ClassFreely: 8,
	}
	want[district.ClassUnknown] = 100_000 - 33642 - 8052 - 307 - 1500 - 427 - 8
	if diff := cmp.Diff(want, count); diff != "" || split != 5862 {
		t.Errorf("%d split; %s", split, diff)
	}
}

func TestConcurrentUse(t *testing.T) {
	l := embedded(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				r, err := l.ByZIP("85257", "AZ", day)
				if err != nil || len(r.Candidates) != 2 {
					t.Error(r, err)
					return
				}
				r.Candidates[0], r.States[0] = congress.Seat{}, "" // the caller's own copies
				if p, err := l.ByPoint(33.4255, -111.94, 0, day); err != nil || p.Seat.String() != "AZ-04" {
					t.Error(p, err)
				}
			}
		})
	}
	group.Wait()
}

func FuzzParseZIP(f *testing.F) {
	for _, text := range []string{"85281", "85281-1234", "852811234", " 02134", "８５２８１", "85281 1234", "85281–1234"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		zip, err := district.ParseZIP(text)
		if err != nil {
			return
		}
		if len(zip) != 5 || strings.Trim(zip, "0123456789") != "" || !strings.Contains(text, zip) {
			t.Errorf("%q became %q", text, zip)
		}
		if _, err := embedded(t).ByZIP(text, "", day); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}
