package postal

import "strings"

// Readings returns the ways to read the street of the line, best first, beginning with
// Street itself; nil when the line has no street. There are more only where the words
// allow it:
//
//   - words after the street, which may be a unit, a city or part of the name,
//   - "Hwy 360", which may be of the state, the United States or the county,
//   - "5 Ave" for 5th Ave, and "1 St" for 1st,
//   - "B Ave" for Avenue B and the other way around,
//   - "123 A Main St", where the letter may belong to the number,
//   - "N Park", which may be Park with a directional or North Park,
//   - "The Alameda" without its article.
func (l Line) Readings() []Street {
	if l.Street.Name == "" {
		return nil
	}
	all := append(make([]Street, 0, 4), l.Street)
	if l.other.Name != "" && l.other != l.Street {
		all = append(all, l.other)
	}
	return l.Street.others(all)
}

// others appends the readings that follow from the street alone.
func (s Street) others(all []Street) []Street {
	switch {
	case hasPrefix(s.Name, "HIGHWAY "):
		for _, sys := range [...]system{state, us, county} {
			all = append(all, s.named(systemNames[sys]+s.Name[len("HIGHWAY"):]))
		}
	case formOf(s.Name) == digits && s.Suffix != 0 && !strings.Contains(s.Name, " "):
		number := ordinalOf(s.Name)
		all = append(all, s.named(number))
		if s.Suffix.String() == number[len(number)-2:] {
			all = append(all, Street{Pre: s.Pre, Name: number, Post: s.Post})
		}
	case len(s.Name) == 1 && (s.Suffix.String() == "AVE" || s.Suffix.String() == "RD"):
		all = append(all, Street{Pre: s.Pre, Name: suffixes[s.Suffix].word + " " + s.Name, Post: s.Post})
	case s.Suffix == 0 && len(s.Name) > 2 && s.Name[len(s.Name)-2] == ' ':
		if w := lexicon().of(s.Name[:len(s.Name)-2]); w.suffix != 0 {
			all = append(all, Street{Pre: s.Pre, Name: s.Name[len(s.Name)-1:], Suffix: w.suffix, Post: s.Post})
		}
	case hasPrefix(s.Name, "THE "):
		all = append(all, s.named(s.Name[len("THE "):]))
	case len(s.Name) > 2 && s.Name[1] == ' ' && s.Name[0] > '9':
		all = append(all, ParseStreet(s.named(s.Name[2:]).String()))
	}
	return s.directed(all)
}

// directed appends Park with a directional for a street read as the park called North.
// Words that are hardly ever a name by themselves, such as Street, are left out.
func (s Street) directed(all []Street) []Street {
	if s.Suffix == 0 || s.Pre != NoDirection || numbered(s.Suffix) {
		return all
	}
	kind := suffixes[s.Suffix].word
	if w := lexicon().of(s.Name); w.direction != NoDirection && !lexicon().of(kind).ordinary {
		all = append(all, Street{Pre: w.direction, Name: kind, Post: s.Post})
	}
	return all
}

// named is the street with another name.
func (s Street) named(name string) Street {
	s.Name = name
	return s
}

func hasPrefix(name, prefix string) bool {
	return len(name) > len(prefix) && name[:len(prefix)] == prefix
}
