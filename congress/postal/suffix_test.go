package postal_test

import (
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

func TestCodesOfSuffixesNeverChange(t *testing.T) {
	t.Parallel()
	for code, want := range map[postal.Suffix]string{0: "", 1: "ALY", 4: "AVE", 11: "BLVD", 35: "CT", 49: "DR", 85: "HWY", 103: "LN", 154: "RD", 173: "ST", 199: "WAY", 202: "WLS", 203: "", 255: ""} {
		if got := code.String(); got != want {
			t.Errorf("code %d is %q, files were written with %q", code, got, want)
		}
	}
	if postal.Suffixes != 203 {
		t.Errorf("%d codes: add the last of them to this test", postal.Suffixes)
	}
	for code, want := range []string{"", "N", "NE", "E", "SE", "S", "SW", "W", "NW", ""} {
		if got := postal.Direction(code).String(); got != want { // #nosec G115 -- ten rows
			t.Errorf("direction %d is %q, files were written with %q", code, got, want)
		}
	}
}

func TestEverySpellingOfASuffixIsRead(t *testing.T) {
	t.Parallel()
	spellings := 0
	owner := map[string]postal.Suffix{}
	for code := 1; code < postal.Suffixes; code++ {
		s := postal.Suffix(code) // #nosec G115 -- fewer than 256
		all, same := s.Spellings()
		for _, spelling := range all {
			spellings++
			if before, taken := owner[spelling]; taken && before != s {
				t.Errorf("%s is %s and %s", spelling, before, s)
			}
			owner[spelling] = s
			if got := postal.ParseStreet("Elm " + spelling); got != (postal.Street{Name: "ELM", Suffix: s}) {
				t.Errorf("ELM %s = %+v, want %s", spelling, got, s)
			}
		}
		for _, spelling := range same {
			inside, full := postal.ParseStreet("Old "+spelling+" Mill Way"), postal.ParseStreet("Old "+same[1]+" Mill Way")
			if spelling != "ML" && spelling != "VIA" && inside != full {
				t.Errorf("inside a name %s is %q and %s is %q", spelling, inside.Name, same[1], full.Name)
			}
		}
	}
	if spellings < 480 {
		t.Errorf("only %d spellings", spellings)
	}
}
