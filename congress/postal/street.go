package postal

import "strings"

// Street is the name of a street in one spelling, comparable with ==. Name is upper-case
// ASCII, words separated by single spaces: "MAIN", "1ST", "STATE HIGHWAY 360", "AVENUE B".
// Pre and Post are the directionals before and after, Suffix the kind of street.
type Street struct {
	Pre    Direction
	Name   string
	Suffix Suffix
	Post   Direction
}

// String writes the street as Publication 28 does: "N MAIN ST", "PARK AVE W". Reading it
// again with ParseStreet gives the same street.
func (s Street) String() string {
	parts := make([]string, 0, 4)
	for _, p := range [...]string{s.Pre.String(), s.Name, s.Suffix.String(), s.Post.String()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, " ")
}

// ParseStreet reads a street name without house number or unit, as TIGER/Line writes it
// in FULLNAME ("N Main St", "State Hwy 360", "I- 10", "Avenue B") or in any other spelling.
// Every text has a reading; that of an empty text is the zero Street.
func ParseStreet(name string) Street {
	return readStreet(strings.Fields(strings.ToUpper(strings.ReplaceAll(name, ".", ""))))
}

func readStreet(words []string) (s Street) {
	if len(words) > 2 {
		if d := readDirection(words[0]); d != NoDirection {
			s.Pre, words = d, words[1:]
		}
	}
	if len(words) > 2 {
		if d := readDirection(words[len(words)-1]); d != NoDirection {
			s.Post, words = d, words[:len(words)-1]
		}
	}
	if len(words) > 1 {
		if x := readSuffix(words[len(words)-1]); x != 0 {
			s.Suffix, words = x, words[:len(words)-1]
		}
	}
	s.Name = strings.Join(words, " ")
	return s
}

func readDirection(word string) Direction {
	for i, d := range directions {
		if word != "" && (word == d.short || word == d.long) {
			return Direction(i) // #nosec G115 -- nine rows
		}
	}
	return NoDirection
}

func readSuffix(word string) Suffix {
	for i, row := range suffixes[1:] {
		if word == row.short || word == row.word {
			return Suffix(i + 1) // #nosec G115 -- fewer than 256 rows
		}
	}
	return 0
}
