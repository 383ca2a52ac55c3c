package postal

// Kind says what sort of delivery address a line is.
type Kind uint8

// The kinds of lines.
const (
	KindNone     Kind = iota // nothing that can be delivered to, such as an empty line
	KindStreet               // a street, mostly with a house number
	KindPOBox                // a post office box and nothing else
	KindRural                // a rural or highway contract route: RR 2 BOX 15, HC 5 BOX 12
	KindMilitary             // PSC, UNIT or CMR with a box, or a ship
	KindGeneral              // general delivery
)

// Line is a delivery address line, taken apart. Number counts only when HasNumber is true.
type Line struct {
	Kind      Kind
	HasNumber bool
	Number    Number
	Street    Street
	// Unit is the secondary unit: "APT 4", "STE 200", "# 4", "FL 3", "REAR".
	Unit string
	// Box is the number of a post office, rural or military box. A KindStreet line has one
	// when the person wrote both a street and a post office box.
	Box string
	// Route is "RR 2", "HC 5", "PSC 3", "UNIT 2050", "CMR 415" or "USS NIMITZ".
	Route string
	// Mailbox is the number of a private mailbox (PMB) at a commercial agency: nobody
	// lives there.
	Mailbox string
	// Urbanization is the name after URB in Puerto Rico.
	Urbanization string

	other Street // another reading of the words after the street, if there is one
}

// Parse reads a delivery address line as people type it: "123 1/2 N. Main Street, Apt 4".
// Of several parts between commas or line ends, the first with a house number is the street.
// Every text has a reading; an empty one gives the zero Line.
func Parse(line string) Line {
	var p phrase
	p.fold(line)
	var l Line
	for a := 0; a < p.n; {
		a = l.segment(&p, a, p.segmentEnd(a))
	}
	switch {
	case l.Street.Name != "" && (l.HasNumber || l.Kind == KindNone):
		l.Kind = KindStreet
	case l.Kind != KindNone:
		l.Street, l.other = Street{}, Street{}
	}
	return l
}

// segmentEnd returns the end of the segment that begins at token a. A number alone before
// a comma belongs to what follows: "123, Main St".
func (p *phrase) segmentEnd(a int) int {
	b := a + 1
	if p.list[a].form == digits && b < p.n {
		b++
	}
	for b < p.n && p.list[b].before != ',' {
		b++
	}
	return b
}

// segment reads the tokens from a to b and returns where the next segment begins, for
// composing moves it.
func (l *Line) segment(p *phrase, a, b int) int {
	a = l.urbanization(p, a, b)
	if a == b || l.delivery(p, a, b) {
		return b
	}
	start := a
	a = l.leadingUnits(p, a, b)
	if a == b || l.HasNumber && l.Street.Name != "" || a > start && l.delivery(p, a, b) {
		return b
	}
	number, ok, i := p.houseNumber(a, b)
	if i == b {
		if l.Street.Name == "" && ok {
			l.HasNumber, l.Number = true, number
		}
		return b
	}
	if i > a {
		i = l.innerUnit(p, i, b)
	}
	if !ok && l.Street.Name != "" {
		return b
	}
	b = p.compose(i, b)
	l.other = Street{}
	street := p.street(i, l.tail(p, i, b))
	if street.Name != "" {
		l.HasNumber, l.Number, l.Street = ok, number, street
	}
	return b
}

// urbanization takes URB and the name after it, up to a number.
func (l *Line) urbanization(p *phrase, a, b int) int {
	if t := p.list[a].text; t != "URB" && t != "URBANIZACION" || b-a < 2 {
		return a
	}
	i := a + 1
	for i++; i < b && p.list[i].form == letters && !p.list[i].word.article; {
		i++
	}
	l.Urbanization = p.join(a+1, i, ' ')
	return i
}

// innerUnit takes a unit between house number and street: "123 Apt 4 Main St".
func (l *Line) innerUnit(p *phrase, i, b int) int {
	w := p.list[i].word
	if p.list[i].form != hash && (w.unit == "" || w.shy || w.bare) || i+2 >= b || !p.idAt(i+1, true) {
		return i
	}
	_, end := p.id(i+1, b)
	if end >= b || b-end == 1 && p.list[end].word.suffix != 0 {
		return i
	}
	l.units(p, i, end)
	return end
}
