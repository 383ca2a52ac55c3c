package postal

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
	text := make([]byte, 0, 48)
	text = appendWord(text, s.Pre.String())
	text = appendWord(text, s.Name)
	text = appendWord(text, s.Suffix.String())
	return string(appendWord(text, s.Post.String()))
}

// appendWord appends a word after a space, and nothing for none.
func appendWord(text []byte, word string) []byte {
	if word == "" {
		return text
	}
	if len(text) > 0 {
		text = append(text, ' ')
	}
	return append(text, word...)
}

// ParseStreet reads a street name without house number or unit, as TIGER/Line writes it
// in FULLNAME ("N Main St", "State Hwy 360", "I- 10", "Avenue B") or in any other spelling.
// Every text has a reading; that of an empty text is the zero Street.
// What follows a comma is left out.
func ParseStreet(name string) Street {
	return readStreet(name).settled()
}

// readStreet is ParseStreet of words that are not looked at again.
func readStreet(name string) Street {
	var p phrase
	p.fold(name)
	return p.read(0, p.compose(0, p.firstPart()))
}

// settled is the street as its own spelling is read. They differ where a number came to
// stand before ST or RD only by the way its neighbours are written: the 1 Str St that is
// written 1 ST ST is a 1ST ST.
func (s Street) settled() Street {
	for range 3 {
		if !endsNumber(s.Name) {
			break
		}
		again := readStreet(s.String())
		if again == s {
			break
		}
		s = again
	}
	return s
}

// endsNumber reports whether a word that may be the ending of an ordinal follows a number.
func endsNumber(name string) bool {
	for i := 1; i+2 < len(name); i++ {
		if name[i] == ' ' && name[i-1] >= '0' && name[i-1] <= '9' {
			switch name[i+1 : i+3] {
			case "ST", "ND", "RD", "TH":
				return true
			}
		}
	}
	return false
}

// firstPart returns how many tokens stand before the first comma.
func (p *phrase) firstPart() int {
	b := min(1, p.n)
	for b < p.n && p.list[b].before != ',' {
		b++
	}
	return b
}

// street reads the tokens from a to b, which are composed, as their spelling is read.
func (p *phrase) street(a, b int) Street { return p.read(a, b).settled() }

// read reads the tokens from a to b, which are composed.
func (p *phrase) read(a, b int) Street {
	if s, ok := p.highwayStreet(a, b); ok {
		return s
	}
	var s Street
	s.Post, b = p.post(a, b)
	s.Pre, a = p.pre(a, b)
	s.Suffix, b = p.suffix(a, b)
	s.Name = p.name(a, b)
	return s
}

// post takes the directional from the end, unless nothing would be left for a name: in
// "Avenue N" the letter is the name.
func (p *phrase) post(a, b int) (Direction, int) {
	if b-a < 2 {
		return NoDirection, b
	}
	d := p.list[b-1].word.direction
	if d == NoDirection {
		return NoDirection, b
	}
	if both, ok := diagonal(p.list[b-2].word.direction, d); ok && !p.nameless(a, b-2) && p.list[b-3].text != "AND" {
		return both, b - 2
	}
	if p.nameless(a, b-1) || p.list[b-2].text == "AND" {
		return NoDirection, b
	}
	return d, b - 1
}

// pre takes the directional from the front, unless only a suffix would be left: the names
// of "South St" and "N St" are SOUTH and N.
func (p *phrase) pre(a, b int) (Direction, int) {
	if b-a < 2 {
		return NoDirection, a
	}
	d := p.list[a].word.direction
	if d == NoDirection || p.list[a].text == "NO" && p.list[a+1].form == digits {
		return NoDirection, a
	}
	if both, ok := diagonal(d, p.list[a+1].word.direction); ok && !p.nameless(a+2, b) && p.list[a+2].text != "AND" {
		return both, a + 2
	}
	if b-a == 2 && p.list[a+1].word.suffix != 0 || p.list[a+1].text == "AND" {
		return NoDirection, a
	}
	return d, a + 1
}

// nameless reports whether the tokens hold no name: nothing, a suffix that waits for the
// name after it (Avenue, Calle), or a directional.
func (p *phrase) nameless(a, b int) bool {
	if b <= a {
		return true
	}
	w := p.list[a].word
	return b-a == 1 && (w.suffix != 0 || w.article || w.direction != NoDirection)
}

// article reports whether the token stands before the name it belongs to, as it is written
// in a name that goes from it to b: Avenida is written AVENUE, which does not.
func (p *phrase) article(a, b int) bool {
	return p.list[a].word.article && p.lex.of(p.spelling(a, a, b)).article
}

// suffix takes the last word when it is one and a name remains. Of two suffixes only the
// last counts: "Jackson Ln Rd" is the road JACKSON LANE.
func (p *phrase) suffix(a, b int) (Suffix, int) {
	if b-a < 2 {
		return 0, b
	}
	if b-a == 2 && (p.list[a].text == "THE" || p.article(a, b)) {
		return 0, b
	}
	s := p.list[b-1].word.suffix
	if s == 0 {
		return 0, b
	}
	return s, b - 1
}
