package postal_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]postal.Number{
		"1498": {Value: 1498}, "0": {}, "00123": {Value: 123}, "4294967295": {Value: 4294967295},
		"117-01": {Prefix: "117-", Value: 1}, "2034-0": {Prefix: "2034-"}, "37 - 05": {Prefix: "37-", Value: 5}, "37--05": {Prefix: "37-", Value: 5},
		"P99": {Prefix: "P", Value: 99}, "LO00": {Prefix: "LO"}, "A1": {Prefix: "A", Value: 1}, "r5": {Prefix: "R", Value: 5}, "B-5": {Prefix: "B-", Value: 5},
		"N6W23001": {Prefix: "N6W", Value: 23001}, "n6 w23001": {Prefix: "N6W", Value: 23001}, "1N234": {Prefix: "1N", Value: 234},
		"123A": {Value: 123}, "123-A": {Value: 123}, "123 1/2": {Value: 123}, "123-1/2": {Value: 123}, "1231/2": {Value: 123}, "123½": {Value: 123}, "123 ½": {Value: 123},
		"-5": {Value: 5}, "#12": {Value: 12},
	} {
		if got, ok := postal.ParseNumber(text); !ok || got != want {
			t.Errorf("ParseNumber(%q) = %+v, %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", " ", "A", "1/2", "½", "-", "4294967296", "99999999999999999999999", strings.Repeat("1", 1<<20), "A" + strings.Repeat("0", 40)} {
		if got, ok := postal.ParseNumber(text); ok || got != (postal.Number{}) {
			t.Errorf("ParseNumber(%.40q) = %+v, %v", text, got, ok)
		}
	}
}

func TestDistance1(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"", ""}, {"", "A"}, {"MAIN", "MAIN"}, {"MAIN", "MAINE"}, {"MAIN", "AMAIN"}, {"MAIN", "MAN"}, {"MAIN", "MAIM"}, {"MAIN", "WAIN"}, {"MAIN", "MIAN"}, {"MAIN", "AMIN"}, {"MAIN", "MANI"},
	} {
		if !postal.Distance1(c[0], c[1]) || !postal.Distance1(c[1], c[0]) {
			t.Errorf("%q and %q are one slip apart", c[0], c[1])
		}
	}
	for _, c := range [][2]string{{"", "AB"}, {"MAIN", "MINA"}, {"MAIN", "NAIM"}, {"MAIN", "MAINES"}, {"MAIN", "AMAN"}, {"ABAB", "BABA"}, {"MAIN", "ELM"}} {
		if postal.Distance1(c[0], c[1]) || postal.Distance1(c[1], c[0]) {
			t.Errorf("%q and %q are more than one slip apart", c[0], c[1])
		}
	}
}

func TestCity(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[string][]string{
		"ST PAUL":         {"St. Paul", "Saint Paul", " ST  PAUL ", "St Paul, MN"},
		"STE GENEVIEVE":   {"Ste. Genevieve", "Sainte Geneviève"},
		"FORT WORTH":      {"Ft Worth", "Ft. Worth", "FORT WORTH"},
		"MOUNT VERNON":    {"Mt. Vernon", "Mount Vernon"},
		"WEST PALM BEACH": {"W. Palm Beach", "W Palm Bch", "West Palm Beach"},
		"PORT ST LUCIE":   {"Port Saint Lucie", "Port St. Lucie"},
		"LEES SUMMIT":     {"Lee's Summit", "Lees Summit"},
		"WINSTON SALEM":   {"Winston-Salem", "Winston Salem"},
		"COLORADO SPRINGS": {
			"Colorado Spgs", "Colorado Springs",
		},
		"29 PALMS":   {"Twentynine Palms", "Twenty-Nine Palms", "29 Palms"},
		"MAYAGUEZ":   {"Mayagüez", "Mayaguez"},
		"MCLEAN":     {"Mc Lean", "McLean"},
		"SAN MARINO": {"San Marino"},
		"":           {"", ".", ","},
	} {
		for _, spelling := range spellings {
			if got := postal.City(spelling); got != want {
				t.Errorf("City(%q) = %q, want %q", spelling, got, want)
			}
		}
	}
}
