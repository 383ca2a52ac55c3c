package postal

// City writes the name of a city in one spelling for comparison: "St. Paul" and "Saint
// Paul" are ST PAUL, "Ft Worth" is FORT WORTH, "W. Palm Bch" is WEST PALM BEACH. What
// follows a comma is left out.
func City(name string) string {
	var p phrase
	p.fold(name)
	b := p.cityEnd()
	b = p.compose(0, b)
	text := make([]byte, 0, 40)
	for i := range b {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(text, p.cityWord(i, b)...)
	}
	return string(text)
}

// cityEnd returns how many tokens stand before the first comma.
func (p *phrase) cityEnd() int {
	b := min(1, p.n)
	for b < p.n && p.list[b].before != ',' {
		b++
	}
	return b
}

func (p *phrase) cityWord(i, b int) string {
	t := &p.list[i]
	switch {
	case t.text == "STE", t.text == "SAINTE":
		return "STE"
	case t.word.direction != NoDirection:
		return directions[t.word.direction].long
	case t.word.article:
		return t.text
	}
	return p.spelling(i, 0, b)
}
