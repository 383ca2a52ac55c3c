package streettable_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
)

// table is Arizona with the ranges, in units of AZ-01, AZ-04, AZ-01 once more, and nowhere.
func table(ranges ...streettable.Range) streettable.Table {
	one, four := congress.Seat{State: "AZ", District: 1}, congress.Seat{State: "AZ", District: 4}
	return streettable.Table{
		State: "AZ", Congresses: []congress.Number{119},
		Units:  [][]congress.Seat{{one}, {four}, {one}, {{}}},
		Ranges: ranges,
	}
}

func sides(low, high uint32, parity streettable.Parity, unit uint16) streettable.Range {
	return streettable.Range{ZIP: 85257, Street: postal.ParseStreet("N Main St"), Low: low, High: high, Parity: parity, Unit: unit}
}

func encode(t *testing.T, table streettable.Table) []byte {
	t.Helper()
	raw, err := streettable.Encode(table)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestEncodeFolds holds tables that say the same to the same bytes.
func TestEncodeFolds(t *testing.T) {
	other := sides(1, 99, streettable.Both, 1) // makes the street one of several units
	for _, tt := range []struct {
		name      string
		one, same []streettable.Range
	}{
		{"order", []streettable.Range{sides(101, 199, streettable.Odd, 0), other}, []streettable.Range{other, sides(101, 199, streettable.Odd, 0)}},
		{"twice, as alias rows are", []streettable.Range{sides(101, 199, streettable.Odd, 0), other}, []streettable.Range{other, sides(101, 199, streettable.Odd, 0), other}},
		{"descending", []streettable.Range{sides(101, 199, streettable.Odd, 0), other}, []streettable.Range{sides(199, 101, streettable.Odd, 0), other}},
		{"neighbours", []streettable.Range{sides(101, 299, streettable.Odd, 0), other}, []streettable.Range{sides(101, 199, streettable.Odd, 0), sides(201, 299, streettable.Odd, 0), other}},
		{"one inside another", []streettable.Range{sides(101, 299, streettable.Odd, 0), other}, []streettable.Range{sides(101, 299, streettable.Odd, 0), sides(151, 199, streettable.Odd, 0), other}},
		{"both sides", []streettable.Range{sides(100, 199, streettable.Both, 0), other}, []streettable.Range{sides(101, 199, streettable.Odd, 0), sides(100, 198, streettable.Even, 0), other}},
		{"ends of the other parity", []streettable.Range{sides(101, 199, streettable.Odd, 0), other}, []streettable.Range{sides(100, 200, streettable.Odd, 0), other}},
		{"no number of the parity", []streettable.Range{sides(100, 100, streettable.Even, 0), other}, []streettable.Range{sides(100, 100, streettable.Odd, 0), other}},
		{"units of the same seats", []streettable.Range{sides(100, 199, streettable.Both, 0), sides(200, 299, streettable.Both, 0)}, []streettable.Range{sides(100, 199, streettable.Both, 0), sides(200, 299, streettable.Both, 2)}},
		{"the greatest numbers", []streettable.Range{sides(0, 1<<32-1, streettable.Both, 0), other}, []streettable.Range{sides(1<<32-1, 0, streettable.Odd, 0), sides(0, 1<<32-1, streettable.Even, 0), other}},
		{"one district needs no numbers", []streettable.Range{sides(1, 9, streettable.Both, 0)}, []streettable.Range{sides(1, 9, streettable.Odd, 0), sides(1001, 1099, streettable.Both, 0)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !bytes.Equal(encode(t, table(tt.one...)), encode(t, table(tt.same...))) {
				t.Error("the two tables differ")
			}
		})
	}
	gap := []streettable.Range{sides(101, 199, streettable.Odd, 0), sides(203, 299, streettable.Odd, 0), other}
	if bytes.Equal(encode(t, table(gap...)), encode(t, table(sides(101, 299, streettable.Odd, 0), other))) {
		t.Error("the gap at number 201 was filled")
	}
}

// TestEncodeAnyOrder shuffles a table of many streets.
func TestEncodeAnyOrder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var ranges []streettable.Range
	for range 500 {
		r := sides(rnd.Uint32N(1000), rnd.Uint32N(1000), streettable.Parity(1+rnd.IntN(3)), uint16(rnd.IntN(4)))
		r.ZIP = 85250 + rnd.Uint32N(4)
		r.Street = postal.ParseStreet([]string{"N Main St", "S Main St", "Oak Ave", "Elm Ct", "1st St"}[rnd.IntN(5)])
		r.Prefix = []string{"", "", "37-", "N6W"}[rnd.IntN(4)]
		ranges = append(ranges, r)
	}
	first := encode(t, table(ranges...))
	for range 5 {
		rnd.Shuffle(len(ranges), func(i, j int) { ranges[i], ranges[j] = ranges[j], ranges[i] })
		if !bytes.Equal(first, encode(t, table(ranges...))) {
			t.Fatal("another order gave other bytes")
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	long := strings.Repeat("X", 256)
	change := func(f func(*streettable.Range)) func(*streettable.Table) {
		return func(t *streettable.Table) { f(&t.Ranges[0]) }
	}
	for _, tt := range []struct {
		name, want string
		change     func(*streettable.Table)
	}{
		{"no state", "no state", func(t *streettable.Table) { t.State = "ZZ" }},
		{"no Congress", "0 Congresses", func(t *streettable.Table) { t.Congresses = nil }},
		{"Congresses out of order", "not in order", func(t *streettable.Table) { t.Congresses = []congress.Number{119, 118} }},
		{"a unit without its seats", "0 seats for 1", func(t *streettable.Table) { t.Units[2] = nil }},
		{"a unit in another state", "lies in UT-01", func(t *streettable.Table) { t.Units[2] = []congress.Seat{{State: "UT", District: 1}} }},
		{"a unit in no district", "lies in AZ-10", func(t *streettable.Table) { t.Units[2] = []congress.Seat{{State: "AZ", District: 10}} }},
		{"a unit in the Senate", "lies in AZ-S1", func(t *streettable.Table) { t.Units[2] = []congress.Seat{{State: "AZ", Class: 1}} }},
		{"too many units", "65537 units", func(t *streettable.Table) { t.Units = make([][]congress.Seat, 1<<16+1) }},
		{"no ZIP code", "0 is no ZIP code", change(func(r *streettable.Range) { r.ZIP = 0 })},
		{"too great a ZIP code", "100000 is no", change(func(r *streettable.Range) { r.ZIP = 100000 })},
		{"no name", "street name", change(func(r *streettable.Range) { r.Street.Name = "" })},
		{"a long name", "street name of 256", change(func(r *streettable.Range) { r.Street.Name = long })},
		{"a long prefix", "prefix of 256", change(func(r *streettable.Range) { r.Prefix = long })},
		{"a ninth direction", "none of the eight", change(func(r *streettable.Range) { r.Street.Post = 9 })},
		{"no parity", "parity 0", change(func(r *streettable.Range) { r.Parity = 0 })},
		{"a unit that is not there", "unit 4 of 4", change(func(r *streettable.Range) { r.Unit = 4 })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := table(sides(1, 9, streettable.Both, 0))
			tt.change(&bad)
			if _, err := streettable.Encode(bad); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	if raw := encode(t, table()); len(raw) == 0 {
		t.Error("a state without streets has no file")
	}
}
