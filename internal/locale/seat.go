package locale

import (
	"strconv"
	"strings"

	"golang.org/x/text/collate"

	"github.com/franklin-letters/franklin/congress"
)

// StateName is a state, the District of Columbia or a territory under its name in one
// language.
type StateName struct {
	State congress.State
	Name  string
}

// States returns the 56 in the alphabetical order of the language.
func (l *Locale) States() []StateName { return l.states }

func (l *Locale) sortedStates() []StateName {
	states := make([]StateName, 0, 56)
	for _, s := range congress.States() {
		states = append(states, StateName{s, l.State(s)})
	}
	collate.New(l.lang.tag(), collate.IgnoreDiacritics).Sort(byName(states))
	return states
}

type byName []StateName

func (b byName) Len() int           { return len(b) }
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
func (b byName) Bytes(i int) []byte { return []byte(b[i].Name) }

// State returns the name of a state, DC or a territory.
func (l *Locale) State(s congress.State) string {
	if l.lang == Spanish {
		if name, ok := spanishStates[s]; ok {
			return name
		}
	}
	return s.Name()
}

// Only the names that differ from the English ones.
var spanishStates = map[congress.State]string{
	"AS": "Samoa Americana", "DC": "Distrito de Columbia", "HI": "Hawái", "LA": "Luisiana", "MI": "Míchigan",
	"MO": "Misuri", "MP": "Islas Marianas del Norte", "MS": "Misisipi", "NC": "Carolina del Norte",
	"ND": "Dakota del Norte", "NH": "Nuevo Hampshire", "NJ": "Nueva Jersey", "NM": "Nuevo México",
	"NY": "Nueva York", "OR": "Oregón", "PA": "Pensilvania", "SC": "Carolina del Sur",
	"SD": "Dakota del Sur", "VI": "Islas Vírgenes de EE. UU.", "WV": "Virginia Occidental",
}

// District names the area of a seat: "Arizona’s 4th District", "Distrito 4 de Arizona";
// for an at-large seat "Alaska (the whole state)", for a delegate's or a Senate seat the name alone.
func (l *Locale) District(seat congress.Seat) string {
	state := l.State(seat.State)
	switch {
	case seat.Chamber() == congress.Senate || !seat.Voting():
		return state
	case seat.District == 0:
		return l.SeatAtLarge(state)
	default:
		return l.SeatNumbered(l.ordinal(int(seat.District)), l.owner(state))
	}
}

// owner puts a state's name in front of what it owns: "Arizona’s", "Texas’".
func (l *Locale) owner(state string) string {
	switch {
	case l.lang != English:
		return state
	case strings.HasSuffix(state, "s"):
		return state + "’"
	default:
		return state + "’s"
	}
}

// ordinal writes a district's number: "4th" in English, "4" in Spanish.
func (l *Locale) ordinal(n int) string {
	if l.lang == English {
		return congress.Number(n).String()
	}
	return strconv.Itoa(n)
}

// Office is the kind of office a seat is, under its title.
type office int

const (
	representative office = iota
	delegate
	commissioner
	senator
)

func officeOf(seat congress.Seat) office {
	switch {
	case seat.Chamber() == congress.Senate:
		return senator
	case seat.State == "PR":
		return commissioner
	case !seat.Voting():
		return delegate
	default:
		return representative
	}
}

// Honorific is the short title in front of a name: "Rep.", "Del.", "Sen.",
// "Resident Commissioner".
func (l *Locale) Honorific(seat congress.Seat) string {
	switch officeOf(seat) {
	case senator:
		return l.SeatSen()
	case commissioner:
		return l.SeatCommissioner()
	case delegate:
		return l.SeatDel()
	default:
		return l.SeatRep()
	}
}

// YourOffice says what the holder of a seat is to the reader: "Your Representative".
func (l *Locale) YourOffice(seat congress.Seat) string {
	switch officeOf(seat) {
	case senator:
		return l.SeatYourSenator()
	case commissioner:
		return l.SeatYourCommissioner()
	case delegate:
		return l.SeatYourDelegate()
	default:
		return l.SeatYourRepresentative()
	}
}

// Party names a party from its word or letter in the official rosters ("Democrat", "D");
// a party it does not know keeps its own word.
func (l *Locale) Party(name string) string {
	switch name {
	case "Democrat", "Democratic", "D":
		return l.SeatDemocrat()
	case "Republican", "R":
		return l.SeatRepublican()
	case "Independent", "I":
		return l.SeatIndependent()
	default:
		return name
	}
}
