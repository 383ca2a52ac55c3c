package postal

// Direction is one of the eight directionals of USPS Publication 28, or NoDirection.
// The codes are part of file formats and never change.
type Direction uint8

// The directionals.
const (
	NoDirection Direction = iota
	North
	NorthEast
	East
	SouthEast
	South
	SouthWest
	West
	NorthWest
)

var directions = [...]struct{ short, long string }{
	{"", ""},
	{"N", "NORTH"},
	{"NE", "NORTHEAST"},
	{"E", "EAST"},
	{"SE", "SOUTHEAST"},
	{"S", "SOUTH"},
	{"SW", "SOUTHWEST"},
	{"W", "WEST"},
	{"NW", "NORTHWEST"},
}

// String returns the abbreviation of Publication 28, such as "NE", and "" for none or
// an unknown code.
func (d Direction) String() string {
	if int(d) >= len(directions) {
		return ""
	}
	return directions[d].short
}

// diagonal joins "SOUTH EAST" to SouthEast. There is none for "EAST SOUTH" or "NORTH SOUTH".
func diagonal(first, second Direction) (Direction, bool) {
	switch {
	case first == North && second == East:
		return NorthEast, true
	case first == North && second == West:
		return NorthWest, true
	case first == South && second == East:
		return SouthEast, true
	case first == South && second == West:
		return SouthWest, true
	}
	return NoDirection, false
}
