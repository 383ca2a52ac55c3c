package tiger

import (
	"strings"

	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
)

// span is a run of house numbers with one prefix.
type span struct {
	prefix    string
	low, high uint32
	parity    streettable.Parity
}

// spans makes the house numbers of a range out of what the file says. Nothing is lost:
//   - ends in descending order are turned round, one end alone is a single number;
//   - ends with different prefixes are two single numbers, for nobody knows what lies
//     between N6W23001 and N7W100;
//   - an end without digits keeps the street under its own text as a prefix, so that the
//     street is known to have a house there.
func (r Range) spans(counts Counts) []span {
	from, okFrom := postal.ParseNumber(strings.ToUpper(r.From))
	to, okTo := postal.ParseNumber(strings.ToUpper(r.To))
	switch {
	case okFrom && okTo && from.Prefix == to.Prefix:
		return []span{r.between(from, to, counts)}
	case okFrom && okTo:
		counts[PrefixDiffers]++
	case r.From == "" || r.To == "":
		counts[OneEnd]++
	default:
		counts[NotNumeric]++
	}
	var list []span
	for _, end := range []struct {
		text   string
		number postal.Number
		ok     bool
	}{{r.From, from, okFrom}, {r.To, to, okTo}} {
		switch {
		case end.ok:
			list = append(list, span{end.number.Prefix, end.number.Value, end.number.Value, streettable.Both})
		case end.text != "":
			list = append(list, span{strings.ToUpper(end.text), 0, 0, streettable.Both})
		}
	}
	return list
}

// between is the ordinary case.
func (r Range) between(from, to postal.Number, counts Counts) span {
	s := span{prefix: from.Prefix, low: min(from.Value, to.Value), high: max(from.Value, to.Value)}
	if from.Value > to.Value {
		counts[Descending]++
	}
	if s.low == s.high {
		counts[SingleNumber]++
	}
	if s.prefix != "" {
		counts[Prefixed]++
	}
	s.parity = streettable.Both
	if s.low%2 == s.high%2 {
		s.parity = []streettable.Parity{streettable.Even, streettable.Odd}[s.low%2]
	}
	switch r.Parity {
	case 'B':
		s.parity = streettable.Both
	case 'O', 'E':
		if stated := map[byte]streettable.Parity{'O': streettable.Odd, 'E': streettable.Even}[r.Parity]; stated != s.parity {
			counts[ParityWrong]++
			s.parity = streettable.Both
		}
	default:
		counts[ParityDerived]++
	}
	return s
}
