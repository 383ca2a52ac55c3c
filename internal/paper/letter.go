package paper

import (
	"fmt"
	"strings"
)

// letter sets one letter on a new page.
func (p *page) letter(n int, l Letter) {
	p.AddPage() // which ends the page before, with its own foot
	p.foot = fmt.Sprintf("Letter %d of %d to %s (%s)  ·  %s", n, len(p.batch.Letters), p.batch.Office, p.batch.Code, l.Number)
	for i, line := range l.From {
		style := ""
		if i == 0 {
			style = "B"
		}
		p.say(style, textSize, lineText, line)
	}
	p.Ln(lineText)
	p.say("", textSize, lineText, day(l.Date))
	p.Ln(lineText)
	for _, line := range p.batch.To {
		p.say("", textSize, lineText, line)
	}
	p.Ln(lineText)
	p.say("B", textSize, lineText, l.Subject)
	p.Ln(lineText)
	for line := range strings.SplitSeq(l.Text, "\n") {
		if strings.TrimSpace(line) == "" {
			p.Ln(lineText * 0.7)
			continue
		}
		p.say("", textSize, lineText, line)
	}
	p.Ln(lineText * 1.6)
	p.say("", textSize, lineText, l.Name)
	p.Ln(lineText)
	p.gray()
	p.say("", noteSize, lineNote, fmt.Sprintf("Written on the campaign \u201c%s\u201d and printed by its organisers, %s.", p.batch.Campaign, p.batch.Organization))
	p.black()
}
