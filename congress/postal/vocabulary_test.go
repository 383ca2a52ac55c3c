package postal_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

// TestEveryLetterOfAWordCounts holds that words are told apart in their first letters, in
// those after the eighth, and beyond the longest that the lexicon knows.
func TestEveryLetterOfAWordCounts(t *testing.T) {
	for typed, want := range map[string]string{
		"Seventyseventh Expressway":           "77TH EXPY",
		"Seventyseventy Expressway":           "SEVENTYSEVENTY EXPY",
		"Seventyseventhh Expressway":          "SEVENTYSEVENTHH EXPY",
		"Main Expresswa":                      "MAIN EXPRESSWA",
		"Main Expressways":                    "MAIN EXPRESSWAYS",
		"Main Xexpressway":                    "MAIN XEXPRESSWAY",
		"Massachusetts Throughway":            "MASSACHUSETTS TRWY",
		"Northwest Constitutionalism":         "NW CONSTITUTIONALISM",
		"Main " + strings.Repeat("Street", 4): "MAIN " + strings.Repeat("STREET", 4),
		"Main StreetStreetStreet":             "MAIN STREETSTREETSTREET",
	} {
		if s := postal.ParseStreet(typed); s.String() != want {
			t.Errorf("%q is %q, not %q", typed, s, want)
		}
	}
}

// TestNamesStandAsTheyAreWritten reads names and units that are a piece of the text as well
// as some that only look like one.
func TestNamesStandAsTheyAreWritten(t *testing.T) {
	for typed, want := range map[string]postal.Line{
		"12 Oak  Ridge-Park Dr, apt. 4":  {Street: postal.ParseStreet("Oak Ridge Park Dr"), Unit: "APT 4"},
		"12 Mtn Oak Mountain Oak Rd #4":  {Street: postal.ParseStreet("Mountain Oak Mountain Oak Rd"), Unit: "# 4"},
		"12 M. L. Oak St Apartment 4-B":  {Street: postal.ParseStreet("ML Oak St"), Unit: "APT 4-B"},
		"12 Oak St Apt 4 Bldg 4":         {Street: postal.ParseStreet("Oak St"), Unit: "APT 4 BLDG 4"},
		"12 Oak St Apt 45, Apt 4":        {Street: postal.ParseStreet("Oak St"), Unit: "APT 45 APT 4"},
		"12 05th Oak 5th Oak Ln 4th flr": {Street: postal.ParseStreet("5th Oak 5th Oak Ln"), Unit: "FL 4"},
	} {
		l := postal.Parse(typed)
		if l.Street != want.Street || l.Unit != want.Unit || l.Number.Value != 12 {
			t.Errorf("%q is %+v, not %+v", typed, l, want)
		}
	}
}
