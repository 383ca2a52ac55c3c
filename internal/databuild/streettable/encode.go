package streettable

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
)

// Encode writes the table as the file streets/XX.bin, whose layout is told at streetTable
// in congress/district. The same table gives the same bytes, in whatever order its ranges
// come.
func Encode(t Table) ([]byte, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	e := encoder{state: t.State}
	units, seats := sameUnits(t.Units)
	names, err := e.pool(&e.names, &e.nameEnds, t.Ranges, maxNames, func(r Range) string { return r.Street.Name })
	if err != nil {
		return nil, err
	}
	prefixes, err := e.pool(&e.prefixes, &e.prefixEnds, t.Ranges, maxPrefixes, func(r Range) string { return r.Prefix })
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(t.Ranges))
	for i, r := range t.Ranges {
		rows[i] = newRow(r, names[r.Street.Name], prefixes[r.Prefix], units[r.Unit])
	}
	slices.SortFunc(rows, compareRows)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].street == rows[0].street {
			n++
		}
		e.street(rows[:n])
		rows = rows[n:]
	}
	if e.groupCount > ranged {
		return nil, fmt.Errorf("streets of %s: %d streets in several units, at most %d fit", t.State, e.groupCount, ranged)
	}
	return e.file(t.Congresses, seats), nil
}

// sameUnits gives the units that have the same seats one number. It returns the new
// number of each unit, and the seats of the new units.
func sameUnits(units [][]congress.Seat) (renumbered []uint16, kept [][]congress.Seat) {
	seen := map[string]uint16{}
	renumbered = make([]uint16, len(units))
	for i, unit := range units {
		key := fmt.Sprint(unit)
		number, ok := seen[key]
		if !ok {
			number = uint16(len(kept)) // #nosec G115 -- check allows 65,536 units
			seen[key] = number
			kept = append(kept, unit)
		}
		renumbered[i] = number
	}
	return renumbered, kept
}

// encoder collects the parts of the file.
type encoder struct {
	state                congress.State
	names, prefixes      []byte // the texts one after the other
	nameEnds, prefixEnds []byte // where each begins, and where the last ends
	zips, zipEnds        []byte
	records, groups      []byte
	runs                 []byte
	lastZIP              uint32
	recordCount          uint32
	groupCount, runCount uint32
	merge                merger
}

// pool writes every text that occurs once, in order, and returns the number of each.
func (e *encoder) pool(texts, ends *[]byte, ranges []Range, limit int, of func(Range) string) (map[string]uint32, error) {
	numbers := map[string]uint32{}
	for _, r := range ranges {
		numbers[of(r)] = 0
	}
	if len(numbers) > limit {
		return nil, fmt.Errorf("streets of %s: %d different texts, at most %d fit", e.state, len(numbers), limit)
	}
	for i, text := range slices.Sorted(maps.Keys(numbers)) {
		numbers[text] = uint32(i)           // #nosec G115 -- below the limit
		*ends = put32(*ends, len32(*texts)) // where it begins is where the one before ends
		*texts = append(*texts, text...)
	}
	*ends = put32(*ends, len32(*texts))
	return numbers, nil
}

// street writes the record of one street in one ZIP code, whose rows these are.
func (e *encoder) street(rows []row) {
	zip := uint32(rows[0].street >> streetBits)
	if zip != e.lastZIP {
		e.zips, e.zipEnds = put32(e.zips, zip), put32(e.zipEnds, e.recordCount)
		e.lastZIP = zip
	}
	street := rows[0].street << valueBits // what lies above the street, the ZIP code, falls off
	e.recordCount++
	unanimous := !slices.ContainsFunc(rows, func(r row) bool { return r.unit != rows[0].unit })
	if unanimous {
		e.records = binary.LittleEndian.AppendUint64(e.records, street|uint64(rows[0].unit))
		return
	}
	e.records = binary.LittleEndian.AppendUint64(e.records, street|ranged|uint64(e.groupCount))
	e.groups = put32(e.groups, e.runCount)
	e.groupCount++
	for _, r := range e.merge.runs(rows) {
		e.runs = put32(put32(e.runs, r.low), r.high)
		e.runs = put32(e.runs, uint32(r.parity)<<30|uint32(r.prefix)<<16|uint32(r.unit))
		e.runCount++
	}
}

// file puts the parts together.
func (e *encoder) file(congresses []congress.Number, units [][]congress.Seat) []byte {
	e.zipEnds, e.groups = put32(e.zipEnds, e.recordCount), put32(e.groups, e.runCount)
	fips, _ := strconv.ParseUint(e.state.FIPS(), 10, 8)                     // a valid state has two digits
	head := append([]byte("FRS1"), byte(fips), byte(len(congresses)), 0, 0) // #nosec G115 -- two digits, and checked
	for _, n := range []uint32{
		uint32(len(units)), len32(e.nameEnds)/4 - 1, len32(e.names), len32(e.prefixEnds)/4 - 1, len32(e.prefixes), // #nosec G115 -- at most 65,536
		len32(e.zips) / 4, e.recordCount, e.groupCount, e.runCount,
	} {
		head = put32(head, n)
	}
	for _, n := range congresses {
		head = binary.LittleEndian.AppendUint16(head, uint16(n)) // #nosec G115 -- checked
	}
	for _, unit := range units {
		for _, seat := range unit {
			b := byte(0)
			if !seat.IsZero() {
				b = seat.District + 1
			}
			head = append(head, b)
		}
	}
	return slices.Concat(head, e.nameEnds, e.names, e.prefixEnds, e.prefixes, e.zips, e.zipEnds, e.records, e.groups, e.runs)
}

// A record holds a street and a value: a unit or, marked as ranged, a group of runs.
const (
	valueBits = 24
	ranged    = 1 << (valueBits - 1)
)

func put32(b []byte, v uint32) []byte { return binary.LittleEndian.AppendUint32(b, v) }

func len32(b []byte) uint32 { return uint32(len(b)) } // #nosec G115 -- Encode's parts stay far below 4 GiB

// streetBits is the width of a street in its ZIP code: number of the name, directions, suffix.
const streetBits = 24 + 8 + 8

// row is a Range in numbers.
type row struct {
	street    uint64 // ZIP code and, in the lower 40 bits, the street
	low, high uint32
	prefix    uint16
	unit      uint16
	parity    Parity
}

func newRow(r Range, name, prefix uint32, unit uint16) row {
	street := uint64(r.ZIP)<<streetBits | uint64(name)<<16 |
		uint64(r.Street.Pre)<<12 | uint64(r.Street.Post)<<8 | uint64(r.Street.Suffix)
	return row{
		street: street, low: min(r.Low, r.High), high: max(r.Low, r.High),
		prefix: uint16(prefix), unit: unit, parity: r.Parity, // #nosec G115 -- pool allows 16,384 prefixes
	}
}

func compareRows(a, b row) int {
	return cmp.Or(cmp.Compare(a.street, b.street), cmp.Compare(a.prefix, b.prefix), cmp.Compare(a.low, b.low),
		cmp.Compare(a.high, b.high), cmp.Compare(a.parity, b.parity), cmp.Compare(a.unit, b.unit))
}
