package congress

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// State is the two-letter postal code of one of the 50 states, the District of
// Columbia or the five territories that send a delegate: "AZ", "DC", "PR".
type State string

type stateFacts struct {
	name    string
	fips    string // two digits, Census Bureau
	seats   uint8  // voting House seats after the 2020 census; 0 where there is only a delegate
	classes string // Senate classes of the two seats, empty outside the states
}

// Apportionment of the 2020 census (435 seats) and the Senate classes of each state.
var states = map[State]stateFacts{
	"AL": {"Alabama", "01", 7, "23"}, "AK": {"Alaska", "02", 1, "23"}, "AZ": {"Arizona", "04", 9, "13"},
	"AR": {"Arkansas", "05", 4, "23"}, "CA": {"California", "06", 52, "13"}, "CO": {"Colorado", "08", 8, "23"},
	"CT": {"Connecticut", "09", 5, "13"}, "DE": {"Delaware", "10", 1, "12"}, "FL": {"Florida", "12", 28, "13"},
	"GA": {"Georgia", "13", 14, "23"}, "HI": {"Hawaii", "15", 2, "13"}, "ID": {"Idaho", "16", 2, "23"},
	"IL": {"Illinois", "17", 17, "23"}, "IN": {"Indiana", "18", 9, "13"}, "IA": {"Iowa", "19", 4, "23"},
	"KS": {"Kansas", "20", 4, "23"}, "KY": {"Kentucky", "21", 6, "23"}, "LA": {"Louisiana", "22", 6, "23"},
	"ME": {"Maine", "23", 2, "12"}, "MD": {"Maryland", "24", 8, "13"}, "MA": {"Massachusetts", "25", 9, "12"},
	"MI": {"Michigan", "26", 13, "12"}, "MN": {"Minnesota", "27", 8, "12"}, "MS": {"Mississippi", "28", 4, "12"},
	"MO": {"Missouri", "29", 8, "13"}, "MT": {"Montana", "30", 2, "12"}, "NE": {"Nebraska", "31", 3, "12"},
	"NV": {"Nevada", "32", 4, "13"}, "NH": {"New Hampshire", "33", 2, "23"}, "NJ": {"New Jersey", "34", 12, "12"},
	"NM": {"New Mexico", "35", 3, "12"}, "NY": {"New York", "36", 26, "13"}, "NC": {"North Carolina", "37", 14, "23"},
	"ND": {"North Dakota", "38", 1, "13"}, "OH": {"Ohio", "39", 15, "13"}, "OK": {"Oklahoma", "40", 5, "23"},
	"OR": {"Oregon", "41", 6, "23"}, "PA": {"Pennsylvania", "42", 17, "13"}, "RI": {"Rhode Island", "44", 2, "12"},
	"SC": {"South Carolina", "45", 7, "23"}, "SD": {"South Dakota", "46", 1, "23"}, "TN": {"Tennessee", "47", 9, "12"},
	"TX": {"Texas", "48", 38, "12"}, "UT": {"Utah", "49", 4, "13"}, "VT": {"Vermont", "50", 1, "13"},
	"VA": {"Virginia", "51", 11, "12"}, "WA": {"Washington", "53", 10, "13"}, "WV": {"West Virginia", "54", 2, "12"},
	"WI": {"Wisconsin", "55", 8, "13"}, "WY": {"Wyoming", "56", 1, "12"},
	"DC": {"District of Columbia", "11", 0, ""}, "AS": {"American Samoa", "60", 0, ""}, "GU": {"Guam", "66", 0, ""},
	"MP": {"Northern Mariana Islands", "69", 0, ""}, "PR": {"Puerto Rico", "72", 0, ""}, "VI": {"U.S. Virgin Islands", "78", 0, ""},
}

// States returns the 56 codes in alphabetical order.
func States() []State {
	all := make([]State, 0, len(states))
	for s := range states {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// ParseState reads a two-letter code or a full English name in any case, with or without
// periods, and what people write for the District of Columbia: "Washington, D.C.".
func ParseState(text string) (State, error) {
	t := plainState(text)
	switch t {
	case "D C", "WASHINGTON DC", "WASHINGTON D C", "WASH DC", "DIST OF COLUMBIA", "WASHINGTON DISTRICT OF COLUMBIA":
		return "DC", nil
	case "VIRGIN ISLANDS", "USVI", "VIRGIN ISLANDS OF THE UNITED STATES", "UNITED STATES VIRGIN ISLANDS":
		return "VI", nil
	case "CNMI", "NORTHERN MARIANAS", "COMMONWEALTH OF THE NORTHERN MARIANA ISLANDS":
		return "MP", nil
	case "COMMONWEALTH OF PUERTO RICO":
		return "PR", nil
	}
	if s := State(t); s.Valid() {
		return s, nil
	}
	if s, known := named()[t]; known {
		return s, nil
	}
	return "", fmt.Errorf("%q is not a state, the District of Columbia or a territory with a delegate", text)
}

// named are the states by their names, as plainState leaves them.
var named = sync.OnceValue(func() map[string]State {
	all := make(map[string]State, len(states))
	for s, f := range states {
		all[plainState(f.name)] = s
	}
	return all
})

// plainState returns the words in capitals, without periods and commas.
func plainState(text string) string {
	words := strings.ReplaceAll(strings.ReplaceAll(strings.ToUpper(text), ".", ""), ",", " ")
	return strings.Join(strings.Fields(words), " ")
}

// StateByFIPS returns the state with the Census Bureau's two-digit number ("04" is AZ).
func StateByFIPS(fips string) (State, bool) {
	for s, f := range states {
		if f.fips == fips {
			return s, true
		}
	}
	return "", false
}

// Valid reports whether s is one of the 56 codes.
func (s State) Valid() bool { _, ok := states[s]; return ok }

// Name returns the English name, or the code itself when it is not one of the 56.
func (s State) Name() string {
	if f, ok := states[s]; ok {
		return f.name
	}
	return string(s)
}

// FIPS returns the Census Bureau's two-digit number, or "" for an unknown code.
func (s State) FIPS() string { return states[s].fips }

// Voting reports whether the people of s elect a Representative who votes on the
// floor: true for the 50 states, false for DC and the territories.
func (s State) Voting() bool { return states[s].seats > 0 }

// AtLarge reports whether the whole of s is one House seat, voting or not.
func (s State) AtLarge() bool {
	f, ok := states[s]
	return ok && f.seats <= 1
}

// HouseSeats returns the seats of s in the House in order of district; for DC and
// the territories the one non-voting seat.
func (s State) HouseSeats() []Seat {
	if !s.Valid() {
		return nil
	}
	if s.AtLarge() {
		return []Seat{{State: s}}
	}
	seats := make([]Seat, 0, states[s].seats)
	for d := uint8(1); d <= states[s].seats; d++ {
		seats = append(seats, Seat{State: s, District: d})
	}
	return seats
}

// SenateSeats returns the two Senate seats of a state, none for DC and the territories.
func (s State) SenateSeats() []Seat {
	var seats []Seat
	for _, c := range states[s].classes {
		seats = append(seats, Seat{State: s, Class: uint8(c - '0')}) //nolint:gosec // the table has the digits 1 to 3
	}
	return seats
}
