package postal

import (
	"math"
	"strconv"
)

// maxNumber is the longest house number that is read, in bytes. Real ones have at most
// a dozen.
const maxNumber = 32

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
// "117-01", "P99", "LO00", "N6W23001". Spaces do not matter. It reports false when there
// are no digits, when the value does not fit 32 bits, or when the text is too long.
func ParseNumber(text string) (Number, bool) {
	if value, ok := decimal(text); ok {
		return Number{Value: value}, true
	}
	var buf [maxNumber]byte
	n, part := 0, 0 // part is where the last word began
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z':
			c -= 'a' - 'A'
		case c == '-' || c == ' ':
			if part = n; c == ' ' || n == 0 || buf[min(n, maxNumber)-1] == '-' {
				continue
			}
			part++
		case c == '/' || c >= 0x80: // a fraction: forget its numerator
			return splitNumber(buf[:numerator(buf[:n], part, c == '/')])
		case capitals[c] == 0:
			continue
		}
		if n == len(buf) {
			return Number{}, false
		}
		buf[n] = c
		n++
	}
	return splitNumber(buf[:n])
}

// decimal reads one to nine digits, which most house numbers are.
func decimal(text string) (value uint32, ok bool) {
	if len(text) > 9 {
		return 0, false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		value = 10*value + uint32(text[i]-'0')
	}
	return value, text != ""
}

// numerator returns how much of a number stays when a slash follows: of "123 1" all but
// the last word, of "1231" all but the last digit.
func numerator(number []byte, part int, slash bool) int {
	switch {
	case !slash:
		return len(number)
	case part > 0:
		return part
	}
	return max(0, len(number)-1)
}

// splitNumber parts upper-case letters, digits and hyphens into prefix and value.
func splitNumber(text []byte) (Number, bool) {
	end := len(text)
	for end > 0 && (text[end-1] < '0' || text[end-1] > '9') {
		end--
	}
	start, value := end, uint64(0)
	for start > 0 && text[start-1] >= '0' && text[start-1] <= '9' {
		start--
	}
	for _, c := range text[start:end] {
		value = min(10*value+uint64(c-'0'), math.MaxUint32+1)
	}
	if start == end || value > math.MaxUint32 {
		return Number{}, false
	}
	return Number{Prefix: string(text[:start]), Value: uint32(value)}, true
}
