package postal

// City writes the name of a city in one spelling for comparison: "St. Paul" and "Saint
// Paul" are ST PAUL, "Ft Worth" is FORT WORTH, "W. Palm Bch" is WEST PALM BEACH. What
// follows a comma is left out.
func City(name string) string {
	var p phrase
	p.fold(name)
	b := p.compose(0, p.firstPart())
	text := make([]byte, 0, 40)
	for i := range b {
		if i > 0 {
			text = append(text, ' ')
		}
		text = append(text, p.cityWord(i, b)...)
	}
	return string(text)
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
