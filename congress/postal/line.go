package postal

import "strings"

// Kind says what sort of delivery address a line is.
type Kind uint8

// The kinds of lines.
const (
	KindNone     Kind = iota // nothing that can be delivered to, such as an empty line
	KindStreet               // a street, mostly with a house number
	KindPOBox                // a post office box and nothing else
	KindRural                // a rural or highway contract route: RR 2 BOX 15, HC 5 BOX 12
	KindMilitary             // PSC, UNIT or CMR with a box, or a ship
	KindGeneral              // general delivery
)

// Line is a delivery address line, taken apart. Number counts only when HasNumber is true.
type Line struct {
	Kind      Kind
	HasNumber bool
	Number    Number
	Street    Street
	// Unit is the secondary unit: "APT 4", "STE 200", "# 4", "FL 3", "REAR".
	Unit string
	// Box is the number of a post office, rural or military box. A KindStreet line has one
	// when the person wrote both a street and a post office box.
	Box string
	// Route is "RR 2", "HC 5", "PSC 3", "UNIT 2050", "CMR 415" or "USS NIMITZ".
	Route string
	// Mailbox is the number of a private mailbox (PMB) at a commercial agency: nobody
	// lives there.
	Mailbox string
	// Urbanization is the name after URB in Puerto Rico.
	Urbanization string

	whole Street // the reading that takes nothing for a unit, if it differs
}

// Parse reads a delivery address line as people type it: "123 1/2 N. Main Street, Apt 4".
// Every text has a reading; an empty one gives the zero Line.
func Parse(line string) Line {
	words := strings.Fields(strings.ToUpper(strings.ReplaceAll(line, ".", "")))
	var l Line
	if len(words) > 1 {
		if n, ok := ParseNumber(words[0]); ok {
			l.HasNumber, l.Number, words = true, n, words[1:]
		}
	}
	l.Street = readStreet(words)
	if l.Street.Name != "" {
		l.Kind = KindStreet
	}
	return l
}

// Readings returns the ways to read the street of the line, best first, beginning with
// Street itself. There is more than one only where the words allow it.
func (l Line) Readings() []Street {
	if l.whole == (Street{}) || l.whole == l.Street {
		return []Street{l.Street}
	}
	return []Street{l.Street, l.whole}
}
