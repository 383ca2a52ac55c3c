package paper

import "strconv"

// cover sets the sheet in front: to whom, from whom, how many, and what to do with them.
func (p *page) cover() {
	p.foot = "Batch " + p.batch.ID
	p.AddPage()
	b := p.batch
	p.gray()
	p.say("", 10, 5, b.Organization)
	p.black()
	p.Ln(24)
	p.say("", 13, 7, counted(len(b.Letters))+" to")
	p.Ln(1)
	p.say("B", 24, 11, b.Office)
	p.say("", 13, 7, b.Place)
	p.Ln(8)
	for i, line := range b.To {
		if i > 0 { // the first is the name again
			p.say("", textSize, lineText, line)
		}
	}
	if b.Phone != "" {
		p.say("", textSize, lineText, b.Phone)
	}
	p.Ln(8)
	p.rule()
	p.Ln(4)
	for _, fact := range [][2]string{
		{"Campaign", b.Campaign}, {"Letters", strconv.Itoa(len(b.Letters))}, {"Printed", day(b.Made)}, {"Office code", b.Code}, {"Batch", b.ID},
	} {
		p.fact(fact[0], fact[1])
	}
	p.Ln(3)
	p.rule()
	p.Ln(6)
	p.say("B", textSize, lineText, "How to hand these over")
	p.Ln(1)
	for i, step := range steps {
		p.step(i+1, step)
	}
	if spoiled := p.spoiled(); spoiled != "" {
		p.Ln(3)
		p.say("", 10, 5, spoiled)
	}
	p.Ln(12)
	p.sign("Handed over on", "to (name)", "by (name)")
}

var steps = []string{
	"Count the letters. Take out those that franklin print list names as taken back since this batch was made.",
	"Call the office first: deliveries to the Capitol's buildings go through screening, and a district office is often quicker.",
	"Hand over all letters together, and ask for the name of whoever takes them.",
	"Write the day and the names below, keep this sheet, and record it: franklin print delivered, with the batch above. Only then do the writers read that their letters were handed over.",
}

func counted(n int) string {
	if n == 1 {
		return "One letter"
	}
	return strconv.Itoa(n) + " letters"
}

// fact sets a name and what it is, side by side.
func (p *page) fact(name, value string) {
	const nameWidth = 32
	p.SetFont(family, "", 10)
	p.gray()
	p.CellFormat(nameWidth, 6, name, "", 0, "L", false, 0, "")
	p.black()
	p.MultiCell(textWidth-nameWidth, 6, p.face.printable(value), "", "L", false)
}

func (p *page) step(n int, text string) {
	const numberWidth = 8
	p.SetFont(family, "", 10)
	p.CellFormat(numberWidth, 5.2, strconv.Itoa(n)+".", "", 0, "L", false, 0, "")
	p.MultiCell(textWidth-numberWidth, 5.2, text, "", "L", false)
	p.Ln(1.2)
}

// sign leaves lines to write on.
func (p *page) sign(names ...string) {
	const gap = 6.0
	width := (textWidth - gap*float64(len(names)-1)) / float64(len(names))
	y := p.GetY()
	p.SetDrawColor(0, 0, 0)
	p.SetLineWidth(0.3)
	p.gray()
	p.SetFont(family, "", noteSize)
	for i, name := range names {
		x := margin + float64(i)*(width+gap)
		p.Line(x, y, x+width, y)
		p.SetXY(x, y+1.5)
		p.CellFormat(width, lineNote, name, "", 0, "L", false, 0, "")
	}
	p.black()
}

// spoiled says which letters could not be set as they were written.
func (p *page) spoiled() string {
	var numbers string
	for i, l := range p.batch.Letters {
		if p.face.spoils(l) {
			if numbers != "" {
				numbers += ", "
			}
			numbers += strconv.Itoa(i + 1)
		}
	}
	if numbers == "" {
		return ""
	}
	return "Signs that cannot be printed here stand as \u25a1 in letter " + numbers + "."
}
