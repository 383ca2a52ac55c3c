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

// road is the beginning of a numbered road, up to its number.
type road struct {
	pre       Direction
	old       bool
	system    system
	qualifier string // BUSINESS or ALTERNATE
	number    string
}

// road reads a directional, OLD, the system, a qualifier and the number, and returns where
// the rest begins; a when the tokens are no numbered road.
func (p *phrase) road(a, b int) (r road, next int) {
	if b-a < 2 {
		return r, a
	}
	pre, i := p.roadPre(a, b)
	r.pre = pre
	if r.old = p.text(i, b) == "OLD"; r.old {
		i++
	}
	r.qualifier, i = p.qualifier(i, b)
	if r.system, i = p.system(i, b); r.system == noSystem {
		return r, a
	}
	if r.qualifier == "" {
		r.qualifier, i = p.qualifier(i, b)
	}
	if i+1 < b && p.numberSign(i, r.system) { // Highway #12, but Forest Rd #4 is a unit
		i++
	}
	if i >= b || !p.roadNumber(r.system, i, b) {
		return r, a
	}
	r.number = p.list[i].text
	if d := p.list[i].word.direction; d != NoDirection { // County Rd North is County Rd N
		r.number = d.String()
	}
	return r, i + 1
}

func (p *phrase) numberSign(i int, sys system) bool {
	t := &p.list[i]
	return t.form == hash && sys < forest || (t.text == "NO" || t.text == "NUMBER") && p.list[i+1].form != letters
}

// highwayStreet reads the tokens as a numbered road and what follows its number.
func (p *phrase) highwayStreet(a, b int) (Street, bool) {
	r, i := p.road(a, b)
	if i == a {
		return Street{}, false
	}
	s := Street{Pre: r.pre}
	s.Post, b = p.roadPost(i, b)
	s.Suffix, b = p.roadSuffix(i, b)
	if i == b && s.Post == NoDirection {
		r.number, s.Post = splitRoadNumber(r.number)
	}
	s.Name = p.roadName(r, i, b)
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
	case next == "R" && d == South && p.list[a+2].form != letters: // S R 5
		return NoDirection, a
	}
	if both, ok := diagonal(d, p.list[a+1].word.direction); ok {
		return both, a + 2
	}
	return d, a + 1
}

// roadName writes OLD, the system, the number, the qualifier and the words from i to b.
func (p *phrase) roadName(r road, i, b int) string {
	var buf [2 * maxFolded]byte
	text := buf[:0]
	if r.old {
		text = append(text, "OLD "...)
	}
	text = append(text, systemNames[r.system]...)
	text = append(append(text, ' '), r.number...)
	if r.qualifier != "" {
		text = append(append(text, ' '), r.qualifier...)
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

// numbered says which suffixes stand before and after the number of a road.
func numbered(s Suffix) bool {
	short := s.String()
	return short == "HWY" || short == "RTE" || short == "RD"
}

// splitRoadNumber parts the direction from a number: 9W is 9 and West.
func splitRoadNumber(text string) (string, Direction) {
	n := len(text) - 1
	if n < 1 || formOf(text[:n]) != digits {
		return text, NoDirection
	}
	switch text[n] {
	case 'N':
		return withoutZeros(text[:n]), North
	case 'S':
		return withoutZeros(text[:n]), South
	case 'E':
		return withoutZeros(text[:n]), East
	case 'W':
		return withoutZeros(text[:n]), West
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
	letter := len(t.text) == 1 || len(t.text) == 2 && t.text[0] == t.text[1] || len(t.word.direction.String()) == 1
	if !letter {
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
