package postal

import "strconv"

// compose puts words together that belong together, in place, among the tokens from a to b:
// number words and ordinals, initials and names such as Mc Donald. It returns the new b; the tokens behind move up.
func (p *phrase) compose(a, b int) int {
	n, again := a, false
	for n < b && !p.mayCompose(n, b) {
		n++
	}
	if n == b {
		return b
	}
	for i := n; i < b; {
		again = again || p.list[i].word.value > 0
		t, used := p.composed(i, b)
		i += used
		p.list[n] = t
		n++
	}
	p.n = n + copy(p.list[n:], p.list[b:p.n])
	if n < b || again { // FIVE T H is 5 TH is 5TH
		return p.compose(a, n)
	}
	return n
}

// mayCompose is false of the usual words, which composed leaves alone.
func (p *phrase) mayCompose(i, b int) bool {
	t := &p.list[i]
	switch t.form {
	case digits:
		return t.text[0] == '0' || i+1 < b && p.list[i+1].form == letters && len(p.list[i+1].text) == 2
	case letters:
		return t.word.value > 0 || i+1 < b && (t.text == "MC" || len(t.text) == 1 && t.word.direction == NoDirection)
	case mixed:
		return true
	case hash:
	}
	return false
}

// composed returns the token made of those from i on, and of how many.
func (p *phrase) composed(i, b int) (token, int) {
	t := p.list[i]
	switch {
	case t.form == digits:
		return p.composedDigits(i, b)
	case t.form == mixed:
		if n, ok := ordinal(t.text); ok {
			t.text = n
		}
	case t.word.value > 0:
		return p.composedNumber(i, b)
	case i+1 < b && p.list[i+1].form == letters && p.list[i+1].before != ',':
		return p.composedLetters(i, b)
	}
	return t, 1
}

// composedDigits strips leading zeros and joins "5 TH", and "1 ST" when another suffix
// follows: 1 ST AVE is 1ST AVE, but 1 ST alone is a street named 1, for there is a "1 Rd" too.
func (p *phrase) composedDigits(i, b int) (token, int) {
	t := p.list[i]
	t.text = withoutZeros(t.text)
	if i+1 == b || p.list[i+1].before == ',' {
		return t, 1
	}
	next := p.list[i+1].text
	ending := next == "TH" || next == "ND"
	if next == "ST" || next == "RD" {
		ending = i+2 < b && p.list[i+2].word.suffix != 0 && ordinalOf(t.text) == t.text+next
	}
	if !ending {
		return t, 1
	}
	return token{text: ordinalOf(t.text), word: &unknown, before: t.before, form: mixed}, 2
}

// composedNumber writes number words in digits: FIRST, TWENTY-FIRST, FORTY TWO.
func (p *phrase) composedNumber(i, b int) (token, int) {
	t := p.list[i]
	value, isOrdinal, used := int(t.word.value), t.word.ordinal, 1
	if i+1 < b && value >= 20 && value%10 == 0 && !isOrdinal {
		if next := p.list[i+1].word; 0 < next.value && next.value < 10 && p.list[i+1].before != ',' {
			value, isOrdinal, used = value+int(next.value), next.ordinal, 2
		}
	}
	t.form = digits
	if isOrdinal {
		t.form = mixed
	}
	if used == 1 {
		t.text = t.word.name
	} else if t.text = strconv.Itoa(value); isOrdinal {
		t.text = ordinalOf(t.text)
	}
	t.word = &unknown
	return t, used
}

// composedLetters joins initials (M L King is ML KING), Mc Donald and O Brien. Letters that
// may be directions stay alone, but for the two after a letter that is none.
func (p *phrase) composedLetters(i, b int) (token, int) {
	t, next := p.list[i], p.list[i+1]
	joins := initial(t) && initial(next) ||
		(t.text == "MC" || t.text == "O") && len(next.text) > 2 && next.word == &unknown
	if !joins {
		return t, 1
	}
	used, text := 2, append([]byte(t.text), next.text...)
	for initial(t) && i+used < b && initial(p.list[i+used]) {
		text = append(text, p.list[i+used].text...)
		used++
	}
	joined := token{text: string(text), before: t.before, form: letters}
	joined.word = p.lex.of(joined.text)
	return joined, used
}

func initial(t token) bool {
	return t.form == letters && len(t.text) == 1 && t.word.direction == NoDirection && t.before != ','
}

// ordinal reads 5TH, also 5ST and 05TH, and returns the ordinal as it should be.
func ordinal(text string) (string, bool) {
	n := len(text) - 2
	if n < 1 {
		return "", false
	}
	switch text[n:] {
	case "ST", "ND", "RD", "TH":
		if formOf(text[:n]) == digits {
			return ordinalOf(text[:n]), true
		}
	}
	return "", false
}

// ordinalOf turns digits into an ordinal: 1 to 1ST, 012 to 12TH.
func ordinalOf(number string) string {
	number = withoutZeros(number)
	last := number[max(0, len(number)-2):]
	value, _ := strconv.Atoi(last) // digits only
	return number + ordinalEnding(value)
}

func ordinalEnding(value int) string {
	if value/10%10 == 1 {
		return "TH"
	}
	switch value % 10 {
	case 1:
		return "ST"
	case 2:
		return "ND"
	case 3:
		return "RD"
	}
	return "TH"
}

func withoutZeros(number string) string {
	for len(number) > 1 && number[0] == '0' {
		number = number[1:]
	}
	return number
}
