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
	from, to uint32
	class    ZIPClass
	region   congress.State // a territory, or a postal code that is no state: AE, PW
}

// zipRules is in ascending order and small enough to be read from the top.
func zipRules() [13]zipRule {
	return [...]zipRule{
		{600, 799, ClassTerritory, "PR"},
		{800, 899, ClassTerritory, "VI"},
		{900, 999, ClassTerritory, "PR"},
		{9000, 9899, ClassMilitary, "AE"},
		{34000, 34099, ClassMilitary, "AA"},
		{96200, 96699, ClassMilitary, "AP"},
		{96799, 96799, ClassTerritory, "AS"},
		{96910, 96932, ClassTerritory, "GU"},
		{96939, 96940, ClassFreely, "PW"},
		{96941, 96944, ClassFreely, "FM"},
		{96950, 96952, ClassTerritory, "MP"},
		{96960, 96960, ClassFreely, "MH"},
		{96970, 96970, ClassFreely, "MH"},
	}
}

// ruleFor returns the rule that covers the ZIP code.
func ruleFor(zip uint32) (zipRule, bool) {
	for _, r := range zipRules() {
		if zip >= r.from && zip <= r.to {
			return r, true
		}
	}
	return zipRule{}, false
}

// ParseZIP reads a ZIP code as people write it: "85281", "85281-1234", "852811234",
// " 02134 ". It returns the first five digits, or a BadZIPError.
func ParseZIP(text string) (string, error) {
	t := strings.TrimSpace(text)
	if len(t) == 10 && (t[5] == '-' || t[5] == ' ') {
		t = t[:5] + t[6:]
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
