package streettable

import (
	"errors"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
)

// Parity says which house numbers of a range lie on the side of the street it is for.
type Parity uint8

// The parities. Both is the two of them together.
const (
	Odd  Parity = 1
	Even Parity = 2
	Both Parity = Odd | Even
)

// Range is one side of a piece of street: the house numbers from Low to High of one
// parity lie in the blocks of one unit. The ends may be given in either order. A range
// without any number of its parity, such as the odd ones from 100 to 100, holds all
// numbers between its ends instead: the address is real even when the parity is a slip.
type Range struct {
	ZIP       uint32
	Street    postal.Street
	Prefix    string // of the number, as in postal.Number
	Low, High uint32
	Parity    Parity
	Unit      uint16 // index into Table.Units
}

// Table is what is known of the streets of one state.
type Table struct {
	State      congress.State
	Congresses []congress.Number // ascending
	// Units holds a row for each class of blocks: its seat under each of the Congresses,
	// the zero Seat where that is not known.
	Units  [][]congress.Seat
	Ranges []Range
}

// What the fields of the file have room for.
const (
	maxNames    = 1<<24 - 1
	maxPrefixes = 1 << 14
	maxText     = 255
	maxUnits    = 1 << 16
	maxZIP      = 99999
)

// check refuses what the file cannot say.
func (t Table) check() error {
	if !t.State.Valid() {
		return fmt.Errorf("streets: %q is no state", t.State)
	}
	if len(t.Congresses) == 0 || len(t.Congresses) > maxText {
		return fmt.Errorf("streets of %s: %d Congresses", t.State, len(t.Congresses))
	}
	for i, n := range t.Congresses {
		if n <= 0 || n >= maxUnits || i > 0 && n <= t.Congresses[i-1] {
			return fmt.Errorf("streets of %s: the Congresses %v are not in order", t.State, t.Congresses)
		}
	}
	if err := t.checkUnits(); err != nil {
		return err
	}
	for i, r := range t.Ranges {
		if err := t.checkRange(r); err != nil {
			return fmt.Errorf("streets of %s, range %d: %w", t.State, i, err)
		}
	}
	return nil
}

func (t Table) checkUnits() error {
	if len(t.Units) > maxUnits {
		return fmt.Errorf("streets of %s: %d units, at most %d fit", t.State, len(t.Units), maxUnits)
	}
	for i, unit := range t.Units {
		if len(unit) != len(t.Congresses) {
			return fmt.Errorf("streets of %s: unit %d has %d seats for %d Congresses", t.State, i, len(unit), len(t.Congresses))
		}
		stranger := slices.IndexFunc(unit, func(s congress.Seat) bool {
			return !s.IsZero() && (s.State != t.State || !s.Valid() || s.Class != 0)
		})
		if stranger >= 0 {
			return fmt.Errorf("streets of %s: unit %d lies in %s", t.State, i, unit[stranger])
		}
	}
	return nil
}

func (t Table) checkRange(r Range) error {
	switch {
	case r.ZIP == 0 || r.ZIP > maxZIP:
		return fmt.Errorf("%d is no ZIP code", r.ZIP)
	case r.Street.Name == "" || len(r.Street.Name) > maxText:
		return fmt.Errorf("a street name of %d bytes", len(r.Street.Name))
	case len(r.Prefix) > maxText:
		return fmt.Errorf("a number prefix of %d bytes", len(r.Prefix))
	case r.Street.Pre > postal.NorthWest || r.Street.Post > postal.NorthWest:
		return errors.New("a direction that is none of the eight")
	case r.Parity < Odd || r.Parity > Both:
		return fmt.Errorf("parity %d", r.Parity)
	case int(r.Unit) >= len(t.Units):
		return fmt.Errorf("unit %d of %d", r.Unit, len(t.Units))
	}
	return nil
}
