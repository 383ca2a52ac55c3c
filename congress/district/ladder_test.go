package district_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// townZIPs is a small Arizona: two divided ZIP codes and a whole one of Scottsdale, a
// whole one of Mesa, one that no table of streets covers, and post office boxes.
func townZIPs() []zipRow {
	return []zipRow{
		{zip: 85250, place: "Scottsdale", seats: "AZ-01"},
		{zip: 85251, place: "Scottsdale", seats: "AZ-01 AZ-04"},
		{zip: 85252, place: "Scottsdale", states: []congress.State{"AZ"}},
		{zip: 85257, place: "Scottsdale", seats: "AZ-01 AZ-04"},
		{zip: 85204, place: "Mesa", seats: "AZ-04"},
		{zip: 85281, place: "Tempe", seats: "AZ-01 AZ-04"},
		{zip: 84536, place: "Monument Valley", seats: "AZ-02 UT-03"},
		{zip: 99501, place: "Anchorage", seats: "AK-00"},
	}
}

const townStreets = `
	85257 N Hayden Rd: 1000-1198 even AZ-01, 1001-1199 odd AZ-04, 1200-1299 both AZ-04
	85257 E Oak St: 7000-7099 both AZ-01, 7100-7199 both AZ-01
	85257 N Main St: 100-199 both AZ-01
	85257 S Main St: 300-399 both AZ-04
	85257 E Palm Ln: 1-99 both AZ-04
	85257 E Palm Ct: 1-99 both AZ-04
	85257 W Palm Blvd: 1-99 both AZ-01
	85257 Border St: 1-99 both AZ-01, 50-149 both AZ-04
	85257 Fog St: 1-99 both ?, 101-199 odd AZ-04, 200-299 both AZ-01
	85257 Mist St: 1-99 both ?
	85257 Hyphen Ave: 37-1-37-99 odd AZ-01, 37-2-37-98 even AZ-04
	85257 Row Ave: 3701-3799 odd AZ-01, 3700-3798 even AZ-04
	85257 5th St: 1-99 both AZ-01
	85257 Granite Reef Rd: 1-99 both AZ-01
	85257 State Hwy 9: 1-99 both AZ-01
	85257 US Hwy 9: 1-99 both AZ-04
	85257 US Hwy 60: 1-99 both AZ-04
	85257 Willow Dr: 1-99 both AZ-01
	85257 Pillow Dr: 1-99 both AZ-01
	85251 Indian School Rd: 1-99 both AZ-04
	85250 Indian School Rd: 100-199 both AZ-04
	85251 Camelback Rd: 1-99 both AZ-04
	85250 Camelback Rd: 1-99 both AZ-01
	85250 Lincoln Dr: 1-99 both AZ-02
	85251 N Hayden Rd: 1000-1199 both AZ-04
	85204 Edge Rd: 1-99 both AZ-01
	85204 Gilbert Rd: 1-99 both AZ-04
	85252 Depot St: 1-99 both AZ-01
	84536 Mesa Rd: 1-99 both AZ-02
	84536 Cliff Rd: 1-99 both AZ-02`

func town(tb testing.TB) *district.Locator {
	tb.Helper()
	utah := streetsOf(tb, "UT", "84536 Mesa Rd: 1-99 both UT-03\n84536 Dune Rd: 1-99 both UT-03")
	return openFolder(tb, smallFolder(tb, townZIPs(), streetsOf(tb, "AZ", townStreets), utah))
}

func TestLadder(t *testing.T) {
	l := town(t)
	for _, tt := range []struct {
		name, street, zip string
		want              string // candidates
		basis             district.Basis
		matched           string
		notes             string
	}{
		{"even side", "1100 N Hayden Rd", "85257", "AZ-01", "street", "N HAYDEN RD", ""},
		{"odd side", "1101 N Hayden Rd", "85257", "AZ-04", "street", "N HAYDEN RD", ""},
		{"both sides", "1222 N. Hayden Road", "85257", "AZ-04", "street", "N HAYDEN RD", ""},
		{"the same street in another ZIP code", "1100 N Hayden Rd", "85251", "AZ-04", "street", "N HAYDEN RD", ""},
		{"number unknown, several districts", "5 N Hayden Rd", "85257", "AZ-01 AZ-04", "", "N HAYDEN RD", "street-split"},
		{"no number, several districts", "N Hayden Rd", "85257", "AZ-01 AZ-04", "", "N HAYDEN RD", "street-split"},
		{"no number, one district", "E Oak St", "85257", "AZ-01", "street", "E OAK ST", "whole-street"},
		{"number unknown, one district", "9 E Oak St", "85257", "AZ-01", "street", "E OAK ST", ""},
		{"direction missing, several districts", "150 Main St", "85257", "AZ-01 AZ-04", "", "", "street-ambiguous"},
		{"another direction is another street", "150 W Main St", "85257", "AZ-01 AZ-04", "", "", "street-unknown"},
		{"direction and suffix missing", "1100 Hayden", "85257", "AZ-01", "street", "N HAYDEN RD", "street-corrected"},
		{"direction too many", "5 S Granite Reef Rd", "85257", "AZ-01", "street", "GRANITE REEF RD", "street-corrected"},
		{"another suffix is another street", "5 Granite Reef Ave", "85257", "AZ-01 AZ-04", "", "", "street-unknown"},
		{"suffix missing, one district", "5 E Palm", "85257", "AZ-04", "street", "", "street-corrected"},
		{"everything missing, several districts", "5 Palm", "85257", "AZ-01 AZ-04", "", "", "street-ambiguous"},
		{"another suffix and a slip", "5 Granit Reef Ave", "85257", "AZ-01 AZ-04", "", "", "street-unknown"},
		{"ranges that disagree", "75 Border St", "85257", "AZ-01 AZ-04", "", "BORDER ST", "street-split"},
		{"ranges that disagree, elsewhere", "120 Border St", "85257", "AZ-04", "street", "BORDER ST", ""},
		{"blocks of no known district", "5 Mist St", "85257", "AZ-01 AZ-04", "", "", ""},
		{"some of no known district", "5 Fog St", "85257", "AZ-01 AZ-04", "", "", ""},
		{"the rest of it", "101 Fog St", "85257", "AZ-04", "street", "FOG ST", ""},
		{"hyphen", "37-05 Hyphen Ave", "85257", "AZ-01", "street", "HYPHEN AVE", ""},
		{"hyphen left out", "3706 Hyphen Ave", "85257", "AZ-04", "street", "HYPHEN AVE", "number-read"},
		{"hyphen put in", "37-05 Row Ave", "85257", "AZ-01", "street", "ROW AVE", "number-read"},
		{"two numbers of one building", "3701-3703 Row Ave", "85257", "AZ-01", "street", "ROW AVE", "number-read"},
		{"two numbers of two sides", "3701-3702 Row Ave", "85257", "AZ-01 AZ-04", "", "ROW AVE", "street-split"},
		{"other ZIP codes of the city", "5 Indian School Rd", "85257", "AZ-04", "street", "INDIAN SCHOOL RD", "other-zip"},
		{"other ZIP codes that disagree", "5 Camelback Rd", "85257", "AZ-01 AZ-04", "", "CAMELBACK RD", "other-zip street-split"},
		{"another ZIP code against this one", "5 Lincoln Dr", "85257", "AZ-01 AZ-02 AZ-04", "", "", "street-ambiguous"},
		{"a slip of the pen", "5 Granit Reef Rd", "85257", "AZ-01", "street", "GRANITE REEF RD", "street-corrected"},
		{"a slip with two meanings", "5 Tillow Dr", "85257", "AZ-01 AZ-04", "", "", "street-unknown"},
		{"an exact name beside a similar one", "5 Pillow Dr", "85257", "AZ-01", "street", "PILLOW DR", ""},
		{"another digit is another street", "5 6th St", "85257", "AZ-01 AZ-04", "", "", "street-unknown"},
		{"a highway of two systems", "5 Hwy 9", "85257", "AZ-01 AZ-04", "", "", "street-ambiguous"},
		{"a highway of one system", "5 Hwy 60", "85257", "AZ-04", "street", "US HIGHWAY 60", ""},
		{"one of two highways", "5 U.S. Route 9", "85257", "AZ-04", "street", "US HIGHWAY 9", ""},
		{"an ordinal without its ending", "5 5 St", "85257", "AZ-01", "street", "5TH ST", ""},
		{"two slips", "5 Granit Reff Rd", "85257", "AZ-01 AZ-04", "", "", "street-unknown"},
		{"no such street, one district", "5 Nowhere Ln", "85204", "AZ-04", "zip", "", "street-unknown"},
		{"the street wins over the ZIP code", "5 Edge Rd", "85204", "AZ-01", "street", "EDGE RD", ""},
		{"the street agrees with the ZIP code", "5 Gilbert Rd", "85204", "AZ-04", "street", "GILBERT RD", ""},
		{"a street in a ZIP code without an area", "5 Depot St", "85252", "AZ-01", "street", "DEPOT ST", ""},
		{"a ZIP code no table covers", "5 Mill Ave", "85281", "AZ-01 AZ-04", "", "", ""},
		{"no street", "", "85257", "AZ-01 AZ-04", "", "", ""},
		{"a state of one seat", "5 C St", "99501", "AK-00", "zip", "", ""},
		{"post office box", "PO Box 12", "85257", "AZ-01 AZ-04", "", "", "po-box"},
		{"rural route", "RR 2 Box 12", "85257", "AZ-01 AZ-04", "", "", ""},
		{"general delivery", "General Delivery", "85257", "AZ-01 AZ-04", "", "", ""},
		{"rented mailbox", "1100 N Hayden Rd PMB 12", "85257", "AZ-01", "street", "N HAYDEN RD", "po-box"},
		{"two states, one of them has the street", "5 Cliff Rd", "84536", "AZ-02", "street", "CLIFF RD", ""},
		{"two states, the other has it", "5 Dune Rd", "84536", "UT-03", "street", "DUNE RD", ""},
		{"two states with the same street", "5 Mesa Rd", "84536", "AZ-02 UT-03", "", "", "street-ambiguous"},
		{"two states, neither has it", "5 Rock Rd", "84536", "AZ-02 UT-03", "", "", "street-unknown"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := l.ByAddress(district.Address{Street: tt.street, ZIP: tt.zip}, day)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(seats(t, tt.want), r.Candidates); diff != "" || r.Basis != tt.basis || r.Street != tt.matched {
				t.Errorf("basis %q, street %q, candidates %s", r.Basis, r.Street, diff)
			}
			var notes []string
			for _, n := range r.Notes {
				notes = append(notes, string(n))
				if n.Text() == string(n) || !strings.HasSuffix(n.Text(), ".") {
					t.Errorf("note %s has no sentence", n)
				}
			}
			if got := strings.Join(notes, " "); got != tt.notes {
				t.Errorf("notes %q, want %q", got, tt.notes)
			}
			if len(r.Candidates) > 0 && (r.Plan.Congress != 119 || r.Unique() != (len(r.Candidates) == 1)) {
				t.Errorf("plan %s, seat %s", r.Plan, r.Seat)
			}
		})
	}
}

// TestCityTyped widens the search to the city that was written, beside the one that the
// ZIP code is known for.
func TestCityTyped(t *testing.T) {
	files := smallFolder(t, townZIPs(), streetsOf(t, "AZ", "85204 Gilbert Rd: 1-99 both AZ-04\n85281 Mill Ave: 1-99 both AZ-01"))
	l := openFolder(t, files)
	for _, tt := range []struct {
		city, want string
	}{{"Mesa", "AZ-04"}, {" mesa ", "AZ-04"}, {"Scottsdale", ""}, {"", ""}} {
		r, err := l.ByAddress(district.Address{Street: "5 Gilbert Rd", City: tt.city, State: "AZ", ZIP: "85281"}, day)
		if err != nil || r.Seat.String() != tt.want || r.Has(district.NoteOtherZIP) != (tt.want != "") {
			t.Errorf("in %q: %s %v, %v", tt.city, r.Seat, r.Notes, err)
		}
	}
}

// TestStateTypedFilters keeps the other state of a ZIP code out, with its streets.
func TestStateTypedFilters(t *testing.T) {
	l := town(t)
	for _, tt := range []struct {
		state              congress.State
		street, want, note string
	}{
		{"AZ", "5 Mesa Rd", "AZ-02", ""},
		{"UT", "5 Mesa Rd", "UT-03", ""},
		{"UT", "5 Cliff Rd", "UT-03", "street-unknown"}, // Arizona's street is not Utah's
	} {
		r, err := l.ByAddress(district.Address{Street: tt.street, State: tt.state, ZIP: "84536"}, day)
		if err != nil || r.Seat.String() != tt.want || r.Has(district.NoteStreetUnknown) != (tt.note != "") {
			t.Errorf("%s in %s: %s %v, %v", tt.street, tt.state, r.Seat, r.Notes, err)
		}
	}
	if r, err := l.ByAddress(district.Address{Street: "5 Gilbert Rd", State: "UT", ZIP: "85204"}, day); err == nil || len(r.Candidates) > 0 {
		t.Errorf("a ZIP code in the wrong state was answered: %+v", r)
	}
}

// TestOneStateWithoutStreets leaves the districts of that state possible.
func TestOneStateWithoutStreets(t *testing.T) {
	l := openFolder(t, smallFolder(t, townZIPs(), streetsOf(t, "AZ", townStreets)))
	r, err := l.ByAddress(district.Address{Street: "5 Cliff Rd", ZIP: "84536"}, day)
	if err != nil || !slices.Equal(r.Candidates, seats(t, "AZ-02 UT-03")) {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err = l.ByAddress(district.Address{Street: "5 Cliff Rd", ZIP: "84536", State: "AZ"}, day); err != nil || r.Seat.String() != "AZ-02" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestEveryClassBesideStreets asks for addresses of all classes while street tables are
// there: each keeps its class, and no district is made up.
func TestEveryClassBesideStreets(t *testing.T) {
	l := openFolder(t, builtInWith(t, streetsOf(t, "AZ", "85257 Main St: 1-99 both AZ-01"), streetsOf(t, "PR", "00926 Calle 3: 1-99 both PR-00"), streetsOf(t, "DC", "20001 Main St: 1-99 both DC-00")))
	for _, tt := range []struct {
		name    string
		address district.Address
		class   district.ZIPClass
		want    string
	}{
		{"street", district.Address{Street: "5 Main St", State: "AZ", ZIP: "85257"}, district.ClassStandard, "AZ-01"},
		{"post office box in a divided ZIP code", district.Address{Street: "PO Box 5", State: "AZ", ZIP: "85257"}, district.ClassStandard, "AZ-01 AZ-04"},
		{"military", district.Address{Street: "PSC 5 Box 5", City: "APO", State: "AE", ZIP: "09001"}, district.ClassMilitary, ""},
		{"a street with a military ZIP code", district.Address{Street: "5 Main St", State: "AE", ZIP: "09001"}, district.ClassMilitary, ""},
		{"Washington", district.Address{Street: "5 Main St NW", State: "DC", ZIP: "20001"}, district.ClassStandard, "DC-00"},
		{"federal mail", district.Address{Street: "1000 Defense Pentagon", State: "DC", ZIP: "20301"}, district.ClassPOBox, "DC-00"},
		{"Puerto Rico", district.Address{Street: "URB Las Flores, 5 Calle 3", State: "PR", ZIP: "00926"}, district.ClassTerritory, "PR-00"},
		{"Virgin Islands", district.Address{Street: "5 Main St", State: "VI", ZIP: "00802"}, district.ClassTerritory, "VI-00"},
		{"Guam", district.Address{Street: "5 Marine Dr", State: "GU", ZIP: "96910"}, district.ClassTerritory, "GU-00"},
		{"Northern Mariana Islands", district.Address{Street: "5 Beach Rd", State: "MP", ZIP: "96950"}, district.ClassTerritory, "MP-00"},
		{"American Samoa", district.Address{Street: "5 Main St", State: "AS", ZIP: "96799"}, district.ClassTerritory, "AS-00"},
		{"Palau", district.Address{Street: "5 Main St", State: "PW", ZIP: "96940"}, district.ClassFreely, ""},
		{"Micronesia", district.Address{Street: "5 Main St", State: "FM", ZIP: "96941"}, district.ClassFreely, ""},
		{"Marshall Islands", district.Address{Street: "5 Main St", State: "MH", ZIP: "96960"}, district.ClassFreely, ""},
		{"ZIP code of post office boxes", district.Address{Street: "5 Main St", State: "CO", ZIP: "80306"}, district.ClassPOBox, ""},
		{"unknown ZIP code", district.Address{Street: "5 Main St", State: "AZ", ZIP: "00000"}, district.ClassUnknown, ""},
		{"abroad", district.Address{Street: "5 Main St", ZIP: "85257", Country: "Canada"}, district.ClassForeign, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := answer(t, l, tt.address, day)
			if diff := cmp.Diff(seats(t, tt.want), r.Candidates); diff != "" || r.Class != tt.class {
				t.Errorf("class %s, candidates %s", r.Class, diff)
			}
		})
	}
}
