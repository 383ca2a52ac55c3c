package postal

// A numbered road has many spellings: State Hwy 360, State Route 360, SR-360, Montana 360.
// system is what they have in common. Roads of different systems stay different, because
// US 89 and State 89 are; the words road, highway and route do not tell roads apart.
type system uint8

const (
	noSystem   system = iota
	bare              // Hwy 360, Route 360: some system, which one is not said
	us                // US Hwy 89
	interstate        // I- 10, Interstate Hwy 10, IH-10
	state             // State Hwy 360, SR 360, SH 360, Montana 360
	county            // Co Rd 100, County Hwy A, CR 100, CSAH 5
	township          // Twp Rd 12, TR 12
	farm              // FM 1960, RM 620, Ranch Rd 12, Farm Rd 195: in Texas one numbering
	forest            // NFS Rd 211, Forest Service Rd 211
	private           // Private Rd 4412
	bia               // BIA Rte 5
	indian            // Indian Service Rte 5
)

var systemNames = [...]string{
	"", "HIGHWAY", "US HIGHWAY", "INTERSTATE", "STATE HIGHWAY", "COUNTY ROAD", "TOWNSHIP ROAD", "FM", "FOREST ROAD", "PRIVATE ROAD",
	"BIA ROUTE", "INDIAN ROUTE",
}

// highwayStreet reads the tokens as a numbered road: a directional, OLD, the system, a
// qualifier such as BUS, the number, and what follows.
func (p *phrase) highwayStreet(a, b int) (Street, bool) {
	if b-a < 2 {
		return Street{}, false
	}
	pre, i := p.roadPre(a, b)
	s := Street{Pre: pre}
	old := p.text(i, b) == "OLD"
	if old {
		i++
	}
	qualifier, i := p.qualifier(i, b)
	sys, i := p.system(i, b)
	if sys == noSystem {
		return Street{}, false
	}
	if qualifier == "" {
		qualifier, i = p.qualifier(i, b)
	}
	if t := p.text(i, b); i+1 < b && (t == "NO" || t == "NUMBER") {
		i++
	}
	if i >= b || !p.roadNumber(sys, i, b) {
		return Street{}, false
	}
	number, post := splitRoadNumber(p.list[i].text)
	i++
	if post == NoDirection {
		post, b = p.roadPost(i, b)
	}
	s.Post = post
	s.Suffix, b = p.roadSuffix(i, b)
	s.Name = p.roadName(old, sys, number, qualifier, i, b)
	return s, true
}

// roadPre takes the directional before the road, but not the North of North Carolina.
func (p *phrase) roadPre(a, b int) (Direction, int) {
	d := p.list[a].word.direction
	if b-a < 3 || d == NoDirection {
		return NoDirection, a
	}
	switch next := p.list[a+1].text; {
	case next == "CAROLINA", next == "DAKOTA":
		return NoDirection, a + 1
	case next == "VIRGINIA" && d == West:
		return NoDirection, a + 1
	case next == "R" && p.list[a].text == "S" && p.list[a+2].form != letters: // S R 5
		return NoDirection, a
	}
	if both, ok := diagonal(d, p.list[a+1].word.direction); ok {
		return both, a + 2
	}
	return d, a + 1
}

// roadName writes OLD, the system, the number, the qualifier and the words from i to b.
func (p *phrase) roadName(old bool, sys system, number, qualifier string, i, b int) string {
	var buf [2 * maxFolded]byte
	text := buf[:0]
	if old {
		text = append(text, "OLD "...)
	}
	text = append(text, systemNames[sys]...)
	text = append(append(text, ' '), number...)
	if qualifier != "" {
		text = append(append(text, ' '), qualifier...)
	}
	for j := i; j < b; j++ {
		text = append(append(text, ' '), p.spelling(j, i, b)...)
	}
	return string(text)
}

// qualifier reads the word that tells a side road of the same number: US BUS 17.
func (p *phrase) qualifier(i, b int) (string, int) {
	if i+1 >= b {
		return "", i
	}
	switch p.list[i].text {
	case "BUS", "BUSINESS":
		return "BUSINESS", i + 1
	case "ALT", "ALTERNATE":
		return "ALTERNATE", i + 1
	}
	return "", i
}

// roadPost takes the directional after the number.
func (p *phrase) roadPost(i, b int) (Direction, int) {
	if b <= i {
		return NoDirection, b
	}
	d := p.list[b-1].word.direction
	if d == NoDirection {
		return NoDirection, b
	}
	if b-2 >= i {
		if both, ok := diagonal(p.list[b-2].word.direction, d); ok {
			return both, b - 2
		}
	}
	return d, b - 1
}

// roadSuffix takes the suffix after the number. Road, highway and route right after it
// say nothing new: "Old US 17 Rd", "NC 54 Hwy".
func (p *phrase) roadSuffix(i, b int) (Suffix, int) {
	for b-i == 1 && numbered(p.list[i].word.suffix) {
		b--
	}
	if b > i && p.list[b-1].word.suffix != 0 {
		return p.list[b-1].word.suffix, b - 1
	}
	return 0, b
}

// splitRoadNumber parts the direction from a number: 9W is 9 and West.
func splitRoadNumber(text string) (string, Direction) {
	n := len(text) - 1
	if n < 1 || formOf(text[:n]) != digits {
		return text, NoDirection
	}
	switch text[n] {
	case 'N':
		return text[:n], North
	case 'S':
		return text[:n], South
	case 'E':
		return text[:n], East
	case 'W':
		return text[:n], West
	}
	return text, NoDirection
}

// roadNumber says whether token i can be the number of a road of the system. Counties and
// a few states use letters: County Rd K, Highway AA.
func (p *phrase) roadNumber(sys system, i, b int) bool {
	t := &p.list[i]
	switch t.form {
	case digits:
		return true
	case mixed:
		_, isOrdinal := ordinal(t.text)
		return len(t.text) <= 6 && !isOrdinal
	case letters:
		lettered := sys == county || (sys == bare || sys == state) && p.list[i-1].word.suffix.String() != "RD"
		return lettered && p.roadLetters(i, b)
	case hash:
	}
	return false
}

// roadLetters accepts a letter, or the same twice, at the end or before a directional.
func (p *phrase) roadLetters(i, b int) bool {
	t := &p.list[i]
	if len(t.text) > 2 || len(t.text) == 2 && t.text[0] != t.text[1] {
		return false
	}
	for j := i + 1; j < b; j++ {
		if p.list[j].word.direction == NoDirection {
			return false
		}
	}
	before := p.text(i-1, b)
	return p.list[i-1].word.suffix != 0 || before == "CR" || before == "CTH"
}
