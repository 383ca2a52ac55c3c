package postal

import "strings"

// tail finds the end of the street among the composed tokens from a to b and takes what
// follows apart: units, a private mailbox, a post office box.
func (l *Line) tail(p *phrase, a, b int) int {
	first, seen := a, -1 // where the name begins, and the last ordinary suffix after that
	if p.list[a].word.direction != NoDirection {
		first++
	}
	_, start := p.road(a, b)
	for i := max(a+1, start); i < b; i++ {
		t := &p.list[i]
		if p.unitAt(i, b, seen) {
			l.units(p, i, b)
			return i
		}
		if t.text == "PMB" {
			l.units(p, i, b)
			return i
		}
		if t.text == "PO" || t.text == "POB" || t.text == "POBOX" || t.text == "P" && p.text(i+1, b) == "O" {
			if id, ok := p.box(i, b); ok {
				l.Box = id
				return i
			}
		}
		if t.word.ordinary && i > first {
			seen = i
		}
	}
	if seen < 0 || seen == b-1 {
		return b
	}
	return l.stray(p, a, b, seen)
}

// stray decides on words after an ordinary suffix. One number or letter is a unit
// ("123 Main St 4B"); what stands before a state and ZIP code is a city. Other words stay
// with the name, and the shorter street is the other reading.
func (l *Line) stray(p *phrase, a, b, seen int) int {
	end := seen + 1
	for end < b && p.list[end].word.direction != NoDirection {
		end++
	}
	if end == b || p.list[b-1].word.suffix != 0 {
		return b
	}
	last := &p.list[b-1]
	if _, isOrdinal := ordinal(last.text); end == b-1 && !isOrdinal && (last.form != letters || len(last.text) == 1) {
		l.units(p, end, b)
		l.other = p.street(a, b)
		return end
	}
	l.other = p.street(a, end)
	if b-end >= 2 && last.form == digits && len(last.text) == 5 && len(p.list[b-2].text) == 2 {
		l.other = Street{}
		return end
	}
	return b
}

// unitAt says whether a unit begins at token i, seen being the last ordinary suffix.
func (p *phrase) unitAt(i, b, seen int) bool {
	t := &p.list[i]
	w := t.word
	after := seen == i-1 || seen >= 0 && seen == i-2 && p.list[i-1].word.direction != NoDirection
	switch {
	case t.form == hash:
		return true
	case p.floorAt(i, b):
		return after || i+2 == b
	case w.unit == "":
		return false
	case w.bare:
		return i+1 == b && (after || !w.shy) || i+1 < b && after && (p.list[i+1].form == hash || p.list[i+1].word.unit != "" || !w.shy)
	case i+1 == b:
		return after && !w.shy
	case after && !w.shy:
		return true
	case !p.idAt(i+1, w.shy):
		return false
	case after:
		return true
	}
	return (!w.shy || roomy(w.unit)) && (i+2 >= b || p.list[i+2].word.unit != "" || p.list[i+2].form == hash || seen >= 0)
}

// roomy lists the units that are seldom part of a street's name when a number follows.
func roomy(unit string) bool {
	switch unit {
	case "BLDG", "DEPT", "FL", "LOT", "RM", "SPC", "TRLR":
		return true
	}
	return false
}

// floorAt recognises "4TH FLOOR".
func (p *phrase) floorAt(i, b int) bool {
	if i+1 >= b || p.list[i+1].word.unit != "FL" {
		return false
	}
	_, isOrdinal := ordinal(p.list[i].text)
	return isOrdinal || p.list[i].word.ordinal
}

// idAt says whether token i can be the number of a unit: 4, 4B, # or a letter.
func (p *phrase) idAt(i int, shy bool) bool {
	t := &p.list[i]
	switch t.form {
	case digits, hash:
		return true
	case mixed:
		_, isOrdinal := ordinal(t.text)
		return !isOrdinal
	case letters:
	}
	return len(t.text) == 1 || !shy && len(t.text) == 2 && t.word.suffix == 0
}

// units writes the units from token i on into the line.
func (l *Line) units(p *phrase, i, b int) {
	for i < b {
		t := &p.list[i]
		switch {
		case t.text == "PMB":
			l.Mailbox, i = p.id(i+1, b)
		case p.floorAt(i, b):
			n := t.text
			if t.word.name != "" {
				n = t.word.name
			}
			l.addUnit(p, t, "FL", n[:len(n)-2])
			i += 2
		case t.word.unit != "" && !t.word.bare:
			short := t.word.unit
			var id string
			id, i = p.id(i+1, b)
			l.addUnit(p, t, short, id)
		case t.word.unit != "":
			short := t.word.unit
			i++
			var id string
			if short == "PH" && i < b && p.list[i].word.unit == "" && p.idAt(i, true) {
				id, i = p.id(i, b)
			}
			l.addUnit(p, t, short, id)
		case t.form == hash || l.Unit == "" && p.idAt(i, true):
			var id string
			id, i = p.id(i, b)
			l.addUnit(p, t, "#", id)
		default:
			return
		}
	}
}

// addUnit adds a unit, whose first token is given.
func (l *Line) addUnit(p *phrase, first *token, short, id string) {
	unit := short
	if id != "" {
		unit = p.pair(first, short, id)
	}
	if l.Unit != "" {
		unit = l.Unit + " " + unit
	}
	l.Unit = unit
}

// pair returns two words with a space between, which mostly stand so at the token.
func (p *phrase) pair(at *token, first, second string) string {
	text, ok := strings.CutPrefix(p.folded[at.start:], first)
	if ok && len(text) > len(second) && text[0] == ' ' && text[1:1+len(second)] == second {
		return p.folded[at.start:][:len(first)+1+len(second)]
	}
	return first + " " + second
}

// id reads the number of a unit or box at token i, with the parts that hyphens join, and
// returns where it ends.
func (p *phrase) id(i, b int) (string, int) {
	for i < b && (p.list[i].form == hash || i+1 < b && (p.list[i].text == "NO" || p.list[i].text == "NUMBER")) {
		i++
	}
	if i >= b {
		return "", i
	}
	first := i
	for i++; i < b && p.list[i].before == '-'; i++ {
	}
	return p.join(first, i, '-'), i
}

// join writes the tokens from a to b with a byte between them.
func (p *phrase) join(a, b int, between byte) string {
	if b-a == 1 {
		return p.list[a].text
	}
	var text []byte
	for i := a; i < b; i++ {
		if i > a {
			text = append(text, between)
		}
		text = append(text, p.list[i].text...)
	}
	return string(text)
}

// leadingUnits takes the units before the street or the house number: "Apt 4, 123 Main St",
// "Lot 5 Main St". A "#" before the only number is that of the house.
func (l *Line) leadingUnits(p *phrase, a, b int) int {
	for a < b {
		next := p.unitEnd(a, b, l.Street.Name != "")
		if next == a {
			return a
		}
		l.units(p, a, next)
		a = next
	}
	return a
}

// unitEnd returns the end of the unit that begins at token a, or a when none does. A
// segment after the street may be a unit as a whole.
func (p *phrase) unitEnd(a, b int, later bool) int {
	t := &p.list[a]
	next := a + 1
	switch {
	case p.floorAt(a, b):
		next++
	case t.text == "PMB" || t.form == hash || t.word.unit != "" && !t.word.bare:
		if next < b && (later && !t.word.shy || p.idAt(next, t.word.shy)) {
			_, next = p.id(next, b)
		} else if next < b {
			return a
		}
	case t.word.unit == "":
		return a
	}
	if next >= b || later && (p.list[next].word.unit != "" || p.list[next].form == hash) {
		return next
	}
	begins := p.list[next].form == digits || p.list[next].form == mixed || p.list[next].word.value > 0 && !p.list[next].word.ordinal
	switch {
	case t.word.bare || t.form == hash || p.floorAt(a, b):
		begins = begins && b-next > 1
	case t.word.shy && !roomy(t.word.unit):
	default:
		begins = b-next > 1 || p.list[next].word.suffix == 0
	}
	if !begins {
		return a
	}
	return next
}
