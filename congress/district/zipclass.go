package district

import (
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// ZIPClass says what kind of place a ZIP code is, as far as districts go.
type ZIPClass string

// The classes. Only standard and territory ZIP codes lie in districts of their own; a
// PO box lies in its state, and in a district only where the state is a single one.
const (
	ClassStandard  ZIPClass = "standard"                // an area people live in
	ClassPOBox     ZIPClass = "po-box-or-unique"        // post office boxes or one large mailer: no area of its own
	ClassMilitary  ZIPClass = "military"                // APO, FPO, DPO: the home of record decides
	ClassTerritory ZIPClass = "territory"               // PR, VI, GU, MP, AS: one delegate who does not vote
	ClassFreely    ZIPClass = "freely-associated-state" // Palau, Micronesia, Marshall Islands: not in the House at all
	ClassForeign   ZIPClass = "foreign"                 // an address in another country
	ClassUnknown   ZIPClass = "unknown"                 // no list knows this ZIP code
)

// zipRule assigns a range of ZIP codes before any table is asked. The lists of ZIP codes in
// circulation lack the territories or the military, and the ranges are fixed by the
// Postal Service.
type zipRule struct {
	class  ZIPClass
	region congress.State // a territory, or a postal code that is no state: AE, PW
}

// ruleFor returns the rule that covers the ZIP code.
func ruleFor(zip uint32) (zipRule, bool) {
	in := func(from, to uint32) bool { return from <= zip && zip <= to }
	switch {
	case in(600, 799), in(900, 999):
		return zipRule{ClassTerritory, "PR"}, true
	case in(800, 899):
		return zipRule{ClassTerritory, "VI"}, true
	case in(9000, 9899):
		return zipRule{ClassMilitary, "AE"}, true
	case in(34000, 34099):
		return zipRule{ClassMilitary, "AA"}, true
	case in(96200, 96699):
		return zipRule{ClassMilitary, "AP"}, true
	case in(96799, 96799):
		return zipRule{ClassTerritory, "AS"}, true
	case in(96910, 96932):
		return zipRule{ClassTerritory, "GU"}, true
	case in(96939, 96940):
		return zipRule{ClassFreely, "PW"}, true
	case in(96941, 96944):
		return zipRule{ClassFreely, "FM"}, true
	case in(96950, 96952):
		return zipRule{ClassTerritory, "MP"}, true
	case in(96960, 96960), in(96970, 96970):
		return zipRule{ClassFreely, "MH"}, true
	}
	return zipRule{}, false
}

// federalRange reports whether the ZIP code is of a range that the Postal Service has given
// to the federal government and the District of Columbia. Some in it lie elsewhere, but those
// are on the lists.
func federalRange(zip uint32) bool {
	first := zip / 100
	return first == 200 || 202 <= first && first <= 205 || first == 569
}

// ParseZIP reads a ZIP code as people write it: "85281", "85281-1234", "852811234",
// " 02134 ", also with a dash of typographers. It returns the first five digits, or a BadZIPError.
func ParseZIP(text string) (string, error) {
	t := strings.TrimSpace(text)
	switch {
	case len(t) == 10 && (t[5] == '-' || t[5] == ' '):
		t = t[:5] + t[6:]
	case len(t) == 12 && (t[5:8] == " - " || strings.Contains("‐‑‒–—−", t[5:8])):
		t = t[:5] + t[8:]
	}
	if len(t) != 5 && len(t) != 9 {
		return "", &BadZIPError{Text: text}
	}
	for _, c := range []byte(t) {
		if c < '0' || c > '9' {
			return "", &BadZIPError{Text: text}
		}
	}
	return t[:5], nil
}

// zipNumber returns the number of five digits that ParseZIP has read.
func zipNumber(zip string) uint32 {
	var n uint32
	for _, c := range []byte(zip) {
		n = n*10 + uint32(c-'0')
	}
	return n
}
