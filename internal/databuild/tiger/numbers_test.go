package tiger_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

const (
	odd  = streettable.Odd
	even = streettable.Even
	both = streettable.Both
)

// TestHouseNumbers has the odd cases of real counties: Kent, Delaware (A12, 2034-98, 22 to
// 15), Perquimans, North Carolina (P99 to P01, 117-01, LO00, 1-400) and the grids of
// Wisconsin.
func TestHouseNumbers(t *testing.T) {
	type numbers struct {
		prefix    string
		low, high uint32
		parity    streettable.Parity
	}
	for _, tt := range []struct {
		from, to string
		parity   byte
		want     []numbers
		kinds    []tiger.Kind
	}{
		{"3601", "3899", 'O', []numbers{{"", 3601, 3899, odd}}, nil},
		{"3600", "3898", 'E', []numbers{{"", 3600, 3898, even}}, nil},
		{"1498", "1494", 'E', []numbers{{"", 1494, 1498, even}}, []tiger.Kind{tiger.Descending}},
		{"22", "15", 'B', []numbers{{"", 15, 22, both}}, []tiger.Kind{tiger.Descending}},
		{"7", "99", 'B', []numbers{{"", 7, 99, both}}, nil},
		{"01", "98", 'B', []numbers{{"", 1, 98, both}}, nil},
		{"200", "200", 'E', []numbers{{"", 200, 200, even}}, []tiger.Kind{tiger.SingleNumber}},
		{"101", "199", 0, []numbers{{"", 101, 199, odd}}, []tiger.Kind{tiger.ParityDerived}},
		{"100", "198", 0, []numbers{{"", 100, 198, even}}, []tiger.Kind{tiger.ParityDerived}},
		{"100", "199", 0, []numbers{{"", 100, 199, both}}, []tiger.Kind{tiger.ParityDerived}},
		{"100", "198", 'O', []numbers{{"", 100, 198, both}}, []tiger.Kind{tiger.ParityWrong}},
		{"101", "198", 'E', []numbers{{"", 101, 198, both}}, []tiger.Kind{tiger.ParityWrong}},
		{"117-01", "117-99", 'O', []numbers{{"117-", 1, 99, odd}}, []tiger.Kind{tiger.Prefixed}},
		{"2034-98", "2034-0", 'E', []numbers{{"2034-", 0, 98, even}}, []tiger.Kind{tiger.Descending, tiger.Prefixed}},
		{"1-400", "1-498", 0, []numbers{{"1-", 400, 498, even}}, []tiger.Kind{tiger.Prefixed, tiger.ParityDerived}},
		{"P99", "P1", 0, []numbers{{"P", 1, 99, odd}}, []tiger.Kind{tiger.Descending, tiger.Prefixed, tiger.ParityDerived}},
		{"p198", "P000", 'E', []numbers{{"P", 0, 198, even}}, []tiger.Kind{tiger.Descending, tiger.Prefixed}},
		{"LO00", "LO98", 'E', []numbers{{"LO", 0, 98, even}}, []tiger.Kind{tiger.Prefixed}},
		{"N6W23001", "N6W23099", 'O', []numbers{{"N6W", 23001, 23099, odd}}, []tiger.Kind{tiger.Prefixed}},
		{"N6W23001", "N7W100", 'O', []numbers{{"N6W", 23001, 23001, both}, {"N7W", 100, 100, both}}, []tiger.Kind{tiger.PrefixDiffers}},
		{"A1", "99", 'O', []numbers{{"", 99, 99, both}, {"A", 1, 1, both}}, []tiger.Kind{tiger.PrefixDiffers}},
		{"12", "", 'E', []numbers{{"", 12, 12, both}}, []tiger.Kind{tiger.OneEnd}},
		{"", "B7", 'O', []numbers{{"B", 7, 7, both}}, []tiger.Kind{tiger.OneEnd}},
		{"Mill", "12", 'E', []numbers{{"", 12, 12, both}, {"MILL", 0, 0, both}}, []tiger.Kind{tiger.NotNumeric}},
		{"99999999999", "7", 'O', []numbers{{"", 7, 7, both}, {"99999999999", 0, 0, both}}, []tiger.Kind{tiger.NotNumeric}},
		{"-", "", 0, []numbers{{"-", 0, 0, both}}, []tiger.Kind{tiger.OneEnd}},
	} {
		t.Run(tt.from+" to "+tt.to, func(t *testing.T) {
			c := &tiger.County{
				Code: "53001", Names: []string{"Elm St"}, Places: []tiger.Place{{Face: 1, Block: 530_010_001_001_000, Line: -1}},
				Ranges: []tiger.Range{{ZIP: 98801, From: tt.from, To: tt.to, Parity: tt.parity}},
			}
			l, counts := compile(t, &tiger.Plans{Congresses: []congress.Number{119}}, nil, c)
			var got []numbers
			for _, r := range l.table.Ranges {
				got = append(got, numbers{r.Prefix, r.Low, r.High, r.Parity})
			}
			slices.SortFunc(got, func(a, b numbers) int { return slices.Compare([]byte(a.prefix), []byte(b.prefix)) })
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(numbers{})); diff != "" {
				t.Error(diff)
			}
			for _, kind := range []tiger.Kind{
				tiger.Descending, tiger.SingleNumber, tiger.OneEnd, tiger.Prefixed, tiger.PrefixDiffers, tiger.NotNumeric, tiger.ParityDerived, tiger.ParityWrong,
			} {
				if want := slices.Contains(tt.kinds, kind); (counts[kind] == 1) != want {
					t.Errorf("%s is counted %d times", kind, counts[kind])
				}
			}
		})
	}
}

// TestRangesThatAreNotWritten are counted instead.
func TestRangesThatAreNotWritten(t *testing.T) {
	place := []tiger.Place{{Face: 1, Block: 530_010_001_001_000, Codes: []tiger.Code{1}, Line: -1}, {Face: 2, Block: 410_010_001_001_000, Codes: []tiger.Code{2}, Line: -1}}
	c := &tiger.County{
		Code: "53001", Congresses: []congress.Number{119}, Names: []string{"Elm St", " "}, Places: place,
		Ranges: []tiger.Range{
			{ZIP: 98801, From: "1", To: "99", Parity: 'O'},
			{ZIP: 0, From: "101", To: "199", Parity: 'O'},
			{ZIP: 97035, From: "1", To: "99", Parity: 'O', Place: 1}, // across the line to Oregon
			{ZIP: 98801, From: "1", To: "99", Parity: 'O', Name: 1},
		},
	}
	l, counts := compile(t, &tiger.Plans{Congresses: []congress.Number{119}}, nil, c)
	if len(l.table.Ranges) != 1 || l.table.Ranges[0].ZIP != 98801 || len(l.table.Units) != 1 {
		t.Errorf("%v", l.table)
	}
	for _, kind := range []tiger.Kind{tiger.RowsWritten, tiger.RowsNoZIP, tiger.RowsElsewhere, tiger.RowsUnread} {
		if counts[kind] != 1 {
			t.Errorf("%s is counted %d times", kind, counts[kind])
		}
	}
}
