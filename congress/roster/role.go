package roster

import "github.com/franklin-letters/franklin/congress"

// Role is what the holder of a seat is called.
type Role string

// The four roles. Only Representatives and Senators vote on the floor.
const (
	Representative       Role = "Representative"
	Senator              Role = "Senator"
	Delegate             Role = "Delegate"
	ResidentCommissioner Role = "Resident Commissioner"
)

// RoleOf returns what the holder of a seat is called. Puerto Rico sends a Resident
// Commissioner, the District of Columbia and the other territories send a Delegate.
func RoleOf(seat congress.Seat) Role {
	switch {
	case seat.Chamber() == congress.Senate:
		return Senator
	case seat.Voting():
		return Representative
	case seat.State == "PR":
		return ResidentCommissioner
	default:
		return Delegate
	}
}

// Title returns the form of address that stands before a name: "Rep.", "Sen.", "Del.",
// "Resident Commissioner".
func (r Role) Title() string {
	switch r {
	case Representative:
		return "Rep."
	case Senator:
		return "Sen."
	case Delegate:
		return "Del."
	case ResidentCommissioner:
		return "Resident Commissioner"
	default:
		return string(r)
	}
}

// Place returns in English what a seat stands for: "Arizona's 4th District", "Alaska's
// At-Large District", and the bare name of the state for senators and delegates. Other
// languages build their own from the seat's state and number.
func Place(seat congress.Seat) string {
	name := seat.State.Name()
	switch {
	case seat.Chamber() == congress.Senate, !seat.Voting():
		return name
	case seat.State.AtLarge():
		return name + "'s At-Large District"
	default:
		// Districts take the same ordinals as Congresses.
		return name + "'s " + congress.Number(seat.District).String() + " District"
	}
}
