package congress

import (
	"fmt"
	"strings"
)

// OfficeCode returns the code by which Communicating With Congress addresses the
// seat's office: "HAZ04", "HAK00", "SAZ01". American Samoa is "HAQ00", because the
// prose of the House's documentation and its test list say so (its table of 2023 says
// HAS00); a client must still use the spelling of the offices list it fetched, which
// is what SeatOfOffice is for.
func (s Seat) OfficeCode() string {
	if s.Class != 0 {
		return fmt.Sprintf("S%s%02d", s.State, s.Class)
	}
	state := s.State
	if state == "AS" {
		state = "AQ"
	}
	return fmt.Sprintf("H%s%02d", state, s.District)
}

// SeatOfOffice reads an office code in any spelling seen in the wild: either case,
// "HAS00" or "HAQ00", and "MP00", which live lists of 2018 and 2021 gave without the H.
// It reports false for a code that names no existing seat.
func SeatOfOffice(code string) (Seat, bool) {
	c := strings.ToUpper(strings.TrimSpace(code))
	if len(c) == 4 && c[2:] == "00" {
		c = "H" + c
	}
	if len(c) != 5 || !isDigit(c[3]) || !isDigit(c[4]) {
		return Seat{}, false
	}
	seat := Seat{State: State(c[1:3])}
	if seat.State == "AQ" {
		seat.State = "AS"
	}
	n := (c[3]-'0')*10 + c[4] - '0'
	switch c[0] {
	case 'H':
		seat.District = n
	case 'S':
		if seat.Class = n; n == 0 {
			return Seat{}, false
		}
	default:
		return Seat{}, false
	}
	return seat, seat.Valid()
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }
