package district_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable" //nolint:depguard // tests read what the writer writes; the package itself does not know it
)

// modelTable draws a table of a few streets whose ranges overlap, descend, disagree and lie
// in blocks of no known district.
func modelTable(t *rapid.T) streettable.Table {
	table := streettable.Table{State: "AZ", Congresses: []congress.Number{118, 119}}
	seat := rapid.SampledFrom([]congress.Seat{{}, {State: "AZ", District: 1}, {State: "AZ", District: 2}, {State: "AZ", District: 4}})
	table.Units = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []congress.Seat {
		return []congress.Seat{seat.Draw(t, "in the 118th"), seat.Draw(t, "in the 119th")}
	}), 1, 6).Draw(t, "units")
	number := rapid.Uint32Range(0, 45)
	table.Ranges = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) streettable.Range {
		return streettable.Range{
			ZIP:    rapid.SampledFrom([]uint32{85204, 85257}).Draw(t, "ZIP code"),
			Street: postal.ParseStreet(rapid.SampledFrom([]string{"N Main St", "S Main St", "Oak Ave"}).Draw(t, "street")),
			Prefix: rapid.SampledFrom([]string{"", "", "", "3-", "N"}).Draw(t, "prefix"),
			Low:    number.Draw(t, "low"), High: number.Draw(t, "high"),
			Parity: streettable.Parity(rapid.IntRange(1, 3).Draw(t, "parity")),
			Unit:   uint16(rapid.IntRange(0, len(table.Units)-1).Draw(t, "unit")),
		}
	}), 1, 25).Draw(t, "ranges")
	return table
}

// holds is the meaning of a range, told without any of the tricks of the file.
func holds(r streettable.Range, n postal.Number) bool {
	low, high := min(r.Low, r.High), max(r.Low, r.High)
	fits := func(v uint32) bool { return r.Parity&streettable.Parity(2-v%2) != 0 }
	empty := true
	for v := low; v <= high; v++ {
		empty = empty && !fits(v)
	}
	return r.Prefix == n.Prefix && n.Value >= low && n.Value <= high && (empty || fits(n.Value))
}

// spellings are the other ways to write a number of the model.
func spellings(n postal.Number) []postal.Number {
	switch {
	case n.Prefix == "3-":
		joined, _ := strconv.ParseUint(fmt.Sprintf("3%02d", n.Value), 10, 32)
		return []postal.Number{{Value: 3}, {Value: n.Value}, {Value: uint32(joined)}}
	case n.Prefix == "" && n.Value >= 30 && n.Value < 40:
		return []postal.Number{{Prefix: "3-", Value: n.Value - 30}}
	}
	return nil
}

// modelAnswer is the candidates by brute force, and whether the streets gave them.
func modelAnswer(table streettable.Table, zip uint32, street postal.Street, n postal.Number) ([]congress.Seat, bool) {
	byZIP := map[uint32][]congress.Seat{85204: {{State: "AZ", District: 4}}, 85257: {{State: "AZ", District: 1}, {State: "AZ", District: 4}}}[zip]
	var all []streettable.Range
	kinds := map[string]bool{}
	for _, r := range table.Ranges {
		if r.ZIP == zip && r.Street == street {
			all = append(all, r)
			kinds[fmt.Sprint(table.Units[r.Unit])] = true
		}
	}
	matching := func(numbers ...postal.Number) []streettable.Range {
		return slices.DeleteFunc(slices.Clone(all), func(r streettable.Range) bool {
			return !slices.ContainsFunc(numbers, func(n postal.Number) bool { return holds(r, n) })
		})
	}
	left := all
	if some := matching(n); len(some) > 0 {
		left = some
	} else if some = matching(spellings(n)...); len(some) > 0 {
		left = some
	}
	if len(kinds) == 1 { // such a street does not know its numbers
		left = all
	}
	found, unknown := map[congress.Seat]bool{}, false
	for _, r := range left {
		if seat := table.Units[r.Unit][1]; seat.IsZero() {
			unknown = true
		} else {
			found[seat] = true
		}
	}
	if unknown {
		for _, seat := range byZIP {
			found[seat] = true
		}
	}
	list := slices.SortedFunc(maps.Keys(found), func(a, b congress.Seat) int { return int(a.District) - int(b.District) })
	return list, !unknown || !slices.Equal(list, byZIP)
}

// TestStreetsAgreeWithTheModel writes random tables and asks for every number of every
// street of theirs.
func TestStreetsAgreeWithTheModel(t *testing.T) {
	rows := []zipRow{{zip: 85204, place: "Mesa", seats: "AZ-04"}, {zip: 85257, place: "Scottsdale", seats: "AZ-01 AZ-04"}}
	rapid.Check(t, func(rt *rapid.T) {
		table := modelTable(rt)
		l := openFolder(t, smallFolder(t, rows, table))
		for _, r := range table.Ranges {
			for _, n := range []postal.Number{{Value: r.Low}, {Value: r.High}, {Value: r.Low + 1}, {Value: r.High + 1}, {Prefix: r.Prefix, Value: r.Low}, {Prefix: "3-", Value: r.High}} {
				text := n.String()
				if n.Prefix == "3-" && n.Value < 10 {
					text = fmt.Sprintf("3-%02d", n.Value)
				}
				a := district.Address{Street: text + " " + r.Street.String(), State: "AZ", ZIP: strconv.Itoa(int(r.ZIP))}
				got, err := l.ByAddress(a, day)
				if err != nil {
					rt.Fatal(err)
				}
				want, byStreet := modelAnswer(table, r.ZIP, r.Street, n)
				if !slices.Equal(got.Candidates, want) {
					rt.Fatalf("%s in %s: %v %v, want %v", a.Street, a.ZIP, got.Candidates, got.Notes, want)
				}
				if got.Unique() && (got.Basis == district.BasisStreet) != byStreet {
					rt.Fatalf("%s in %s: by %q, want by the street: %t", a.Street, a.ZIP, got.Basis, byStreet)
				}
			}
		}
	})
}

// FuzzByAddress takes any text for an address: every answer is of a class, a seat is one
// of the candidates, and whatever is not a street address names no street.
func FuzzByAddress(f *testing.F) {
	for _, a := range []district.Address{
		{Street: "1100 N Hayden Rd", City: "Scottsdale", State: "AZ", ZIP: "85257"},
		{Street: "37-05 Hyphen Ave # 4", ZIP: "85257-1234"},
		{Street: "PO Box 1", State: "AZ", ZIP: "85252"},
		{Street: "PSC 1 Box 2", City: "APO", State: "AE", ZIP: "09001"},
		{Street: "5 Granit Reef Rd", ZIP: "85257"},
		{Street: "URB Las Flores 5 Calle 3", State: "PR", ZIP: "00926"},
		{Street: "5 Mesa Rd", ZIP: "84536"},
		{Country: "France"},
	} {
		f.Add(a.Street, a.City, string(a.State), a.ZIP, a.Country)
	}
	l := town(f)
	f.Fuzz(func(t *testing.T, street, city, state, zip, country string) {
		r, err := l.ByAddress(district.Address{Street: street, City: city, State: congress.State(state), ZIP: zip, Country: country}, day)
		if err != nil {
			if len(r.Candidates) > 0 {
				t.Errorf("candidates beside %v", err)
			}
			return
		}
		if r.Class == "" || r.Unique() != (len(r.Candidates) == 1) || r.Unique() && r.Seat != r.Candidates[0] {
			t.Errorf("%+v", r)
		}
		for _, seat := range r.Candidates {
			if !seat.Valid() || !slices.Contains(r.States, seat.State) {
				t.Errorf("%s is not in %v", seat, r.States)
			}
		}
		if r.Street != strings.ToUpper(r.Street) || r.Basis == district.BasisStreet && !r.Unique() {
			t.Errorf("%+v", r)
		}
	})
}
