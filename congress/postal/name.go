package postal

// name writes the tokens from a to b as the name of a street. Abbreviations of suffixes
// inside it are spelled out (MTN VIEW is MOUNTAIN VIEW), Saint is ST.
func (p *phrase) name(a, b int) string {
	if b <= a {
		return ""
	}
	if b-a == 1 && p.list[a].text != "MLK" {
		return p.spelling(a, a, b)
	}
	text := make([]byte, 0, 64)
	for i := a; i < b; i++ {
		if i > a {
			text = append(text, ' ')
		}
		text = append(text, p.spelling(i, a, b)...)
	}
	if kings(text) {
		return "MARTIN LUTHER KING"
	}
	if n := int(p.list[a].start); n+len(text) <= len(p.folded) && p.folded[n:n+len(text)] == string(text) {
		return p.folded[n : n+len(text)] // mostly it stands there as it is written
	}
	return string(text)
}

// spelling is how token i is written in a name that goes from a to b.
func (p *phrase) spelling(i, a, b int) string {
	t := &p.list[i]
	w := t.word
	switch {
	case w.direction != NoDirection && len(t.text) == 1:
		if i > a && p.list[i-1].text == "AND" || i+1 < b && p.list[i+1].text == "AND" {
			return directions[w.direction].long // N and S Road is North and South Road
		}
	case t.text == "NO" && i+1 < b && p.list[i+1].form == digits:
		// Number, not North.
	case w.last != "" && i+1 == b:
		return w.last
	case w.name != "":
		return w.name
	}
	return t.text
}

// kings recognises the one name that is written in a dozen ways. Titles before and JR
// after it do not matter.
func kings(name []byte) bool {
	if len(name) < 3 || len(name) > 48 {
		return false
	}
	name = trimWord(trimWord(name, "REV "), "DR ")
	if n := len(name) - len(" JR"); n > 0 && string(name[n:]) == " JR" {
		name = name[:n]
	}
	switch string(name) {
	case "MLK", "ML KING", "MLKING", "MARTIN L KING", "MARTIN LUTHER KING":
		return true
	}
	return false
}

func trimWord(name []byte, word string) []byte {
	if len(name) > len(word) && string(name[:len(word)]) == word {
		return name[len(word):]
	}
	return name
}
