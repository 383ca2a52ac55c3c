package postal

// houseNumber reads the house number at token a of the segment that ends at b, whose
// tokens are not yet composed. It returns where the rest begins; a when there is none.
func (p *phrase) houseNumber(a, b int) (Number, bool, int) {
	i := a
	if i+1 < b && p.list[i+1].form == digits {
		switch p.list[i].text {
		case "#", "NO", "NUM", "NUMBER":
			i++
		}
	}
	switch t := &p.list[i]; {
	case t.form == digits, t.form == mixed && t.text[0] <= '9':
		return p.plainNumber(a, i, b)
	case t.word.value > 0 && !t.word.ordinal:
		return p.spelledNumber(a, b)
	case t.form == mixed || len(t.text) == 1 && i+1 < b:
		return p.letteredNumber(a, b)
	}
	return Number{}, false, a
}

// plainNumber reads 123, 123A, 123-A, 37-05, 123 1/2 and 123-125.
func (p *phrase) plainNumber(a, i, b int) (Number, bool, int) {
	text := p.list[i].text
	if _, isOrdinal := ordinal(text); isOrdinal || p.joinedTo(i+1, b, '-') && p.list[i+1].text == "MILE" {
		return Number{}, false, a
	}
	i++
	if p.joinedTo(i, b, '/') && denominator(p.list[i].text) { // 1231/2
		text = text[:max(1, len(text)-1)]
		i++
	} else if !p.fraction(i, b) {
		text, i = p.numberTail(text, i, b)
	}
	if p.fraction(i, b) {
		i += 2
	}
	n, ok := ParseNumber(text)
	return n, ok, i
}

// numberTail reads what a hyphen, a slash or an ampersand adds to the number before token i.
func (p *phrase) numberTail(text string, i, b int) (string, int) {
	switch {
	case p.joinedTo(i, b, '-'):
		next := &p.list[i]
		_, isOrdinal := ordinal(next.text)
		switch {
		case next.text[0] <= '9' && next.form != hash && !isOrdinal: // 37-05
			return text + "-" + next.text, i + 1
		case next.form == letters && len(next.text) == 1: // 123-A
			return text, i + 1
		}
	case p.joinedTo(i, b, '/') && p.list[i].form == digits: // 123/125
		return text, i + 1
	case p.text(i, b) == "AND" && i+2 < b && p.list[i+1].form == digits: // 123 & 125
		return text, i + 2
	}
	return text, i
}

func (p *phrase) joinedTo(i, b int, by byte) bool {
	return i < b && p.list[i].before == by
}

// fraction says whether the tokens from i are a fraction of a house number, such as 1/2.
// A fraction of a mile belongs to the street.
func (p *phrase) fraction(i, b int) bool {
	return i+1 < b && p.list[i+1].before == '/' && len(p.list[i].text) == 1 && p.list[i].form == digits &&
		denominator(p.list[i+1].text) && p.text(i+2, b) != "MILE"
}

func denominator(text string) bool {
	return text == "2" || text == "3" || text == "4" || text == "8"
}

// spelledNumber reads "One Main St" and "Twenty-Two Oak Dr", but not "Seventh" or
// "One Hundred".
func (p *phrase) spelledNumber(a, b int) (Number, bool, int) {
	value, i := uint32(p.list[a].word.value), a+1
	if i < b && value >= 20 && value%10 == 0 {
		if w := p.list[i].word; 0 < w.value && w.value < 10 {
			if w.ordinal {
				return Number{}, false, a
			}
			value, i = value+uint32(w.value), i+1
		}
	}
	switch p.text(i, b) {
	case "", "MILE", "HUNDRED", "THOUSAND":
		return Number{}, false, a
	}
	return Number{Value: value}, true, i
}

// letteredNumber reads the grids of Wisconsin and Illinois (N6W23001, N6 W23001, W1234)
// and numbers with a block letter (A12, B-5), when a street follows.
func (p *phrase) letteredNumber(a, b int) (Number, bool, int) {
	if _, next := p.road(a, b); next > a {
		return Number{}, false, a
	}
	text, i := p.list[a].text, a+1
	switch {
	case i < b && gridPart(text) && p.list[i].form == mixed && gridPart(p.list[i].text):
		text, i = text+p.list[i].text, i+1
	case i+2 < b && p.grid4(a):
		text, i = text+p.list[i].text+p.list[i+1].text+p.list[i+2].text, i+3
	case p.list[a].form == letters:
		if !p.joinedTo(i, b, '-') || p.list[i].form == letters {
			return Number{}, false, a
		}
		text, i = text+"-"+p.list[i].text, i+1
	}
	if last := text[len(text)-1]; i >= b || last > '9' {
		return Number{}, false, a
	}
	n, ok := ParseNumber(text)
	if !ok {
		return n, false, a
	}
	return n, true, i
}

// gridPart recognises N6: a direction and digits.
func gridPart(text string) bool {
	switch text[0] {
	case 'N', 'S', 'E', 'W':
		return len(text) > 1 && formOf(text[1:]) == digits
	}
	return false
}

// grid4 recognises N 6 W 23001.
func (p *phrase) grid4(a int) bool {
	t := p.list[a : a+4]
	return t[0].word.direction != NoDirection && t[1].form == digits && t[2].word.direction != NoDirection && t[3].form == digits
}
