package postal

import "strconv"

// Number is a house number. Value is its last run of digits, Prefix everything before
// that: {"", 1498}, {"37-", 5} for 37-05 in Queens, {"N6W", 23001} in Wisconsin. Letters
// and fractions after the digits are dropped: 12A and 12 1/2 lie where 12 lies.
type Number struct {
	Prefix string
	Value  uint32
}

// String writes the number without leading zeros: "37-5".
func (n Number) String() string {
	return n.Prefix + strconv.FormatUint(uint64(n.Value), 10)
}

// ParseNumber reads a house number such as TIGER/Line writes it in LFROMHN: "1498",
// "117-01", "P99", "LO00", "N6W23001". It reports false when there are no digits, when the
// value does not fit 32 bits, or when the text is far too long for a number.
func ParseNumber(text string) (Number, bool) {
	end := len(text)
	for end > 0 && (text[end-1] < '0' || text[end-1] > '9') {
		end--
	}
	start := end
	for start > 0 && text[start-1] >= '0' && text[start-1] <= '9' {
		start--
	}
	v, err := strconv.ParseUint(text[start:end], 10, 32)
	if err != nil || len(text) > 32 {
		return Number{}, false
	}
	return Number{Prefix: text[:start], Value: uint32(v)}, true
}
