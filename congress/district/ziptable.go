package district

import (
	"math"
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// zipSlots is the number of five-digit codes: the tables are plain arrays.
const zipSlots = 100000

// zipInfo is what is known about a ZIP code under every plan.
//
// It is 16 bytes, so that each lies in one line of the processor's cache, and without a
// pointer, so that the collector of garbage need not look through all of them. One that is not
// known is the zero zipInfo.
type zipInfo struct {
	x, y     int32  // 1e-6 degrees east and north
	place    uint16 // index into the names of places
	states   uint16 // index into the lists of states
	known    bool
	area     bool // a ZIP code tabulation area exists: people live there
	hasPoint bool
}

// zipTable holds the plan-independent facts.
//
// zips.bin: "FRZ1"; the number of place names, then each as length and bytes; the number
// of ZIP codes, then for each in ascending order: the step from the one before; a flag
// byte (1 area, 2 point); the number of states and a Census number for each; the place
// plus one, or 0; and for a point the step in latitude and longitude from the point
// before, in 1e-6 degrees. Numbers are varints, the steps of points signed.
type zipTable struct {
	info   [zipSlots]zipInfo
	places []string // the first is empty
	states [][]congress.State
}

// zipSeats holds each ZIP code area's districts under one Congress's plans. A Congress's folder holds only the states that have lines of their own in it.
//
// zips.bin in the folder of the Congress: "FRD1"; the number of ZIP codes, then for each
// in ascending order: the step from the one before, the number of districts, and for
// each district the Census number of the state and of the district (0 at large).
type zipSeats struct {
	slot  [zipSlots]uint16 // index into the lists of seats
	seats [][]congress.Seat
}

// find returns what is known about a ZIP code, to be read only.
func (t *zipTable) find(zip uint32) *zipInfo { return &t.info[zip] }

// appendOf appends the seats of the ZIP code that lie in the state.
func (t *zipSeats) appendOf(seats []congress.Seat, zip uint32, state congress.State) []congress.Seat {
	all := t.seats[t.slot[zip]]
	seats = slices.Grow(seats, len(all))
	for _, s := range all {
		if s.State == state {
			seats = append(seats, s)
		}
	}
	return seats
}

// Flags of a record of zips.bin.
const (
	zipFlagArea  = 1
	zipFlagPoint = 2
)

func readZIPTable(raw []byte) (*zipTable, error) {
	r := newReader("zips.bin", raw, "FRZ1")
	t := &zipTable{places: readPlaces(r)}
	n := r.count(4)
	states := newLists[congress.State]()
	var x, y int64
	r.zips(n, func(zip uint32) {
		flags := r.byte()
		info := zipInfo{known: true, area: flags&zipFlagArea != 0, states: states.read(r, 1, r.state)}
		if p := r.number(); p < uint64(len(t.places)) {
			info.place = uint16(p) // #nosec G115 -- readPlaces allows 65,535
		} else {
			r.fail("a place is out of range")
		}
		if flags&zipFlagPoint != 0 {
			y, x = y+r.signed(), x+r.signed()
			if x < -180e6 || x > 180e6 || y < -90e6 || y > 90e6 {
				r.fail("a point is out of range")
			}
			info.hasPoint, info.x, info.y = true, int32(x), int32(y) // #nosec G115 -- checked above
		}
		t.info[zip] = info
	})
	t.states = states.all
	return t, r.end()
}

// readPlaces reads the names of places, after an empty one for codes without.
func readPlaces(r *reader) []string {
	n := r.count(1)
	if n >= math.MaxUint16 {
		r.fail("more places than ZIP codes")
		n = 0
	}
	places := make([]string, 1, n+1)
	for range n {
		places = append(places, r.text())
	}
	return places
}

func readZIPSeats(name string, raw []byte) (*zipSeats, error) {
	r := newReader(name, raw, "FRD1")
	n := r.count(3)
	t, seats := &zipSeats{}, newLists[congress.Seat]()
	r.zips(n, func(zip uint32) { t.slot[zip] = seats.read(r, 2, r.seat) })
	t.seats = seats.all
	return t, r.end()
}
