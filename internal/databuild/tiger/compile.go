package tiger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
)

// Compiler makes the table of one state's streets. Counties may be surveyed first, each of
// them, so that faces that one county's streets share with another are known; then each
// is added. The order of counties does not matter.
type Compiler struct {
	state  congress.State
	plans  *Plans
	counts Counts

	tuples   register[string] // of seats, one for each Congress, as text
	choices  register[string] // of tuples, as text
	seats    [][]congress.Seat
	options  [][]uint32        // the tuples of each choice
	faces    map[uint64]uint32 // choices by face
	names    register[string]
	prefixes register[string]
	rows     []row
}

// row is a streettable.Range with numbers in place of texts.
type row struct {
	zip, name, prefix, tuple uint32
	low, high                uint32
	parity                   streettable.Parity
}

// register numbers what it is given in order of first appearance.
type register[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func (r *register[T]) number(v T) (n uint32, isNew bool) {
	if n, ok := r.numbers[v]; ok {
		return n, false
	}
	if r.numbers == nil {
		r.numbers = map[T]uint32{}
	}
	n = uint32(len(r.list)) // #nosec G115 -- as many as rows of a state
	r.numbers[v] = n
	r.list = append(r.list, v)
	return n, true
}

// NewCompiler begins a state.
func NewCompiler(state congress.State, plans *Plans) *Compiler {
	return &Compiler{state: state, plans: plans, counts: Counts{}, faces: map[uint64]uint32{}}
}

// Counts tells how seats were found and what the house numbers were like.
func (c *Compiler) Counts() Counts { return c.counts.Clone() }

// Survey finds the seats of a county's faces.
func (c *Compiler) Survey(county *County) {
	for _, p := range county.Places {
		if p.Line < 0 {
			c.face(county, p)
		}
	}
}

func (c *Compiler) face(county *County, p Place) uint32 {
	choice, ok := c.faces[p.Face]
	if !ok {
		choice = c.choice(func(n congress.Number) ([]congress.Seat, Kind) { return c.plans.inFace(county, p, n) })
		c.faces[p.Face] = choice
	}
	return choice
}

// Add adds the streets of a county.
func (c *Compiler) Add(county *County) {
	choices := make([]uint32, len(county.Places))
	for i, p := range county.Places {
		other, known := c.faces[p.Face]
		switch {
		case p.Line < 0:
			choices[i] = c.face(county, p)
		case known && p.Face != 0:
			c.counts[FromOthers]++
			choices[i] = other
		default:
			choices[i] = c.choice(func(n congress.Number) ([]congress.Seat, Kind) { return c.plans.besideLine(county, p, n) })
		}
	}
	names := make([]uint32, len(county.Names))
	for i, name := range county.Names {
		names[i], _ = c.names.number(name)
	}
	for _, r := range county.Ranges {
		for _, s := range r.spans(c.counts) {
			prefix, _ := c.prefixes.number(s.prefix)
			for _, tuple := range c.options[choices[r.Place]] {
				c.rows = append(c.rows, row{zip: r.ZIP, name: names[r.Name], prefix: prefix, tuple: tuple, low: s.low, high: s.high, parity: s.parity})
			}
		}
	}
}

// choice registers the tuples of seats that are possible at a place: as many as the
// Congress with most has seats, so that each seat stands in one of them. Among several, a
// seat of another state is as good as unknown: it must not leave the others certain.
func (c *Compiler) choice(seatsOf func(congress.Number) ([]congress.Seat, Kind)) uint32 {
	possible := make([][]congress.Seat, len(c.plans.Congresses))
	count := 1
	for i, n := range c.plans.Congresses {
		seats, kind := seatsOf(n)
		c.counts[kind]++
		possible[i] = seats
		count = max(count, len(seats))
	}
	var tuples []uint32
	for k := range count {
		seats := make([]congress.Seat, len(possible))
		for i := range possible {
			seats[i] = possible[i][k%len(possible[i])]
			if len(possible[i]) > 1 && seats[i].State != c.state {
				seats[i] = congress.Seat{}
			}
		}
		n, isNew := c.tuples.number(fmt.Sprint(seats))
		if isNew {
			c.seats = append(c.seats, seats)
		}
		tuples = append(tuples, n)
	}
	choice, isNew := c.choices.number(fmt.Sprint(tuples))
	if isNew {
		c.options = append(c.options, tuples)
	}
	return choice
}

// ZIPSeats returns the seats of the districts that a ZIP code's area meets.
type ZIPSeats func(n congress.Number, zip uint32) []congress.Seat

// Table makes the table of the streets that are worth asking for: those of ZIP codes
// that have not exactly one seat under some Congress, or in which a street lies elsewhere
// than the ZIP code's area says. Without zipSeats it keeps all. It can be called once.
//
// Sides in a county without any ZIP code are counted and left out, for the table is ordered
// by ZIP code and nobody asks without one; so are sides that lie in another state, whose
// own files have them.
//
// When not every county of the state has been added, whole being false, a street may go on
// where nothing is known of it. In ZIP codes of which some district has no street in the
// table, every street then has a part whose seat is unknown: its numbers answer, but never
// the street as a whole.
func (c *Compiler) Table(zipSeats ZIPSeats, whole bool) streettable.Table {
	if !whole {
		c.openEnds(zipSeats)
	}
	keep := c.keep(zipSeats)
	units, seats := c.units()
	streets := make([]postal.Street, len(c.names.list))
	for i, name := range c.names.list {
		streets[i] = postal.ParseStreet(name)
	}
	t := streettable.Table{State: c.state, Congresses: c.plans.Congresses, Units: seats}
	for _, r := range c.rows {
		switch unit := units[r.tuple]; {
		case r.zip == 0:
			c.counts[RowsNoZIP]++
		case unit < 0:
			c.counts[RowsElsewhere]++
		case streets[r.name].Name == "":
			c.counts[RowsUnread]++
		case keep != nil && !keep[r.zip]:
			c.counts[RowsSettled]++
		default:
			c.counts[RowsWritten]++
			t.Ranges = append(t.Ranges, streettable.Range{
				ZIP: r.zip, Street: streets[r.name], Prefix: c.prefixes.list[r.prefix],
				Low: r.low, High: r.high, Parity: r.parity, Unit: uint16(unit), // #nosec G115 -- checked by streettable.Encode
			})
		}
	}
	c.rows = nil
	return t
}

// openEnds adds to streets that may go on elsewhere a piece without any number.
func (c *Compiler) openEnds(zipSeats ZIPSeats) {
	if zipSeats == nil {
		return
	}
	type street struct{ zip, name uint32 }
	streets := map[street]bool{}
	seen := map[uint32][][]congress.Seat{} // by ZIP code and Congress
	for _, r := range c.rows {
		streets[street{r.zip, r.name}] = true
		if seen[r.zip] == nil {
			seen[r.zip] = make([][]congress.Seat, len(c.plans.Congresses))
		}
		for i, seat := range c.seats[r.tuple] {
			if !slices.Contains(seen[r.zip][i], seat) {
				seen[r.zip][i] = append(seen[r.zip][i], seat)
			}
		}
	}
	open := map[uint32]bool{}
	for zip, found := range seen {
		for i, n := range c.plans.Congresses {
			for _, seat := range zipSeats(n, zip) {
				open[zip] = open[zip] || !slices.Contains(found[i], seat)
			}
		}
	}
	unknown := make([]congress.Seat, len(c.plans.Congresses))
	tuple, isNew := c.tuples.number(fmt.Sprint(unknown))
	if isNew {
		c.seats = append(c.seats, unknown)
	}
	none, _ := c.prefixes.number(openEnd)
	for s := range streets {
		if open[s.zip] {
			c.counts[OpenEnds]++
			c.rows = append(c.rows, row{zip: s.zip, name: s.name, prefix: none, tuple: tuple, parity: streettable.Both})
		}
	}
}

// openEnd is the prefix of a piece without numbers. No house number begins so.
const openEnd = "?"

// keep tells which ZIP codes' streets are needed; nil stands for all.
func (c *Compiler) keep(zipSeats ZIPSeats) map[uint32]bool {
	if zipSeats == nil {
		return nil
	}
	keep, areas := map[uint32]bool{}, map[uint32][][]congress.Seat{}
	for _, r := range c.rows {
		if keep[r.zip] {
			continue
		}
		area, ok := areas[r.zip]
		if !ok {
			for _, n := range c.plans.Congresses {
				area = append(area, zipSeats(n, r.zip))
			}
			areas[r.zip] = area
		}
		for i, seat := range c.seats[r.tuple] {
			if len(area[i]) != 1 || !seat.IsZero() && seat != area[i][0] {
				keep[r.zip] = true
			}
		}
	}
	return keep
}

// units numbers the tuples in the order of their seats. A seat of another state is not
// this table's: it becomes unknown, and a tuple of nothing else has unit -1.
func (c *Compiler) units() (units []int32, seats [][]congress.Seat) {
	own := make([][]congress.Seat, len(c.seats))
	units = make([]int32, len(c.seats))
	for i, tuple := range c.seats {
		own[i] = slices.Clone(tuple)
		foreign := false
		for j, s := range tuple {
			if !s.IsZero() && s.State != c.state {
				own[i][j], foreign = congress.Seat{}, true
			}
		}
		if foreign && !slices.ContainsFunc(own[i], func(s congress.Seat) bool { return !s.IsZero() }) {
			units[i] = -1
		} else {
			seats = append(seats, own[i])
		}
	}
	slices.SortFunc(seats, compareTuples)
	seats = slices.CompactFunc(seats, slices.Equal)
	for i := range units {
		if units[i] == 0 {
			n, _ := slices.BinarySearchFunc(seats, own[i], compareTuples)
			units[i] = index(n)
		}
	}
	return units, seats
}

func compareTuples(a, b []congress.Seat) int {
	return slices.CompareFunc(a, b, func(a, b congress.Seat) int {
		return cmp.Or(strings.Compare(string(a.State), string(b.State)), cmp.Compare(a.District, b.District))
	})
}
