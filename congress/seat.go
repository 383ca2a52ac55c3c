package congress

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Chamber is a house of Congress.
type Chamber string

// The two chambers.
const (
	House  Chamber = "house"
	Senate Chamber = "senate"
)

// Seat is one of the 441 seats in the House (435 voting, six delegates and the
// resident commissioner among them) or one of the 100 in the Senate. A seat outlives
// whoever holds it, so campaigns and letters name seats.
//
// District is 1..52 in the House and 0 for an at-large or delegate seat. Class is 0
// in the House and 1, 2 or 3 in the Senate. The zero Seat is no seat.
type Seat struct {
	State    State
	District uint8
	Class    uint8
}

// AllHouseSeats returns the 441 House seats ordered by state and district.
func AllHouseSeats() []Seat {
	seats := make([]Seat, 0, 441)
	for _, s := range States() {
		seats = append(seats, s.HouseSeats()...)
	}
	return seats
}

// AllSenateSeats returns the 100 Senate seats ordered by state and class.
func AllSenateSeats() []Seat {
	seats := make([]Seat, 0, 100)
	for _, s := range States() {
		seats = append(seats, s.SenateSeats()...)
	}
	return seats
}

var seatForm = regexp.MustCompile(`^([A-Z]{2})[- ]?(?:(AL|AT[- ]?LARGE|\d{1,2})|S(?:EN)?[- ]?(\d))$`)

// ParseSeat reads a seat as people and other systems write it: "AZ-04", "az4",
// "AK-00", "AK-AL", "DC-98" (the Census number of delegates), "AK" for a state with a
// single seat, "AZ-S1" for the Senate seat of class 1, and the office codes "HAZ04",
// "SAZ01", "HAQ00", "MP00".
func ParseSeat(text string) (Seat, error) {
	t := strings.ToUpper(strings.TrimSpace(text))
	if seat, ok := SeatOfOffice(t); ok {
		return seat, nil
	}
	if s := State(t); s.AtLarge() {
		return Seat{State: s}, nil
	}
	m := seatForm.FindStringSubmatch(t)
	if m == nil {
		return Seat{}, fmt.Errorf("%q is not a seat: write AZ-04, AK-00 or AZ-S1", text)
	}
	seat := Seat{State: State(m[1])}
	switch {
	case !seat.State.Valid():
		return Seat{}, fmt.Errorf("%q is not a seat: there is no state %s", text, m[1])
	case m[3] != "":
		seat.Class = m[3][0] - '0'
	case m[2][0] == 'A':
		if !seat.State.AtLarge() {
			return Seat{}, fmt.Errorf("%s has %d districts, so it has no at-large seat", seat.State.Name(), states[seat.State].seats)
		}
	default:
		n, _ := strconv.ParseUint(m[2], 10, 8) // two digits always fit
		seat.District = normalDistrict(seat.State, uint8(n))
	}
	if !seat.Valid() {
		return Seat{}, fmt.Errorf("there is no seat %s", seat)
	}
	return seat, nil
}

// normalDistrict folds the ways of writing "the whole state" (0, 1 and 98) into 0.
func normalDistrict(s State, n uint8) uint8 {
	if s.AtLarge() && (n == 1 || n == 98) {
		return 0
	}
	return n
}

// Valid reports whether the seat exists under the apportionment in force.
func (s Seat) Valid() bool {
	f, ok := states[s.State]
	switch {
	case !ok:
		return false
	case s.Class != 0:
		return s.District == 0 && strings.ContainsRune(f.classes, rune('0'+s.Class))
	case f.seats <= 1:
		return s.District == 0
	default:
		return s.District >= 1 && s.District <= f.seats
	}
}

// Chamber returns the chamber the seat belongs to.
func (s Seat) Chamber() Chamber {
	if s.Class != 0 {
		return Senate
	}
	return House
}

// Voting reports whether the seat's holder votes on the floor.
func (s Seat) Voting() bool { return s.State.Voting() }

// IsZero reports whether s is no seat at all.
func (s Seat) IsZero() bool { return s == Seat{} }

// String returns the canonical form: "AZ-04", "AK-00", "AZ-S1"; "" for the zero Seat.
func (s Seat) String() string {
	switch {
	case s.IsZero():
		return ""
	case s.Class != 0:
		return fmt.Sprintf("%s-S%d", s.State, s.Class)
	default:
		return fmt.Sprintf("%s-%02d", s.State, s.District)
	}
}

// MarshalText writes the canonical form, so that a Seat stands in JSON as "AZ-04".
func (s Seat) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseSeat reads; empty text is the zero Seat.
func (s *Seat) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Seat{}
		return nil
	}
	seat, err := ParseSeat(string(text))
	if err != nil {
		return err
	}
	*s = seat
	return nil
}
