package district

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
)

// districts is a set of districts of one state: bit n is district n, bit 0 at large.
type districts uint64

// districtsOf returns the districts of the seats that are the state's.
func districtsOf(seats []congress.Seat, state congress.State) districts {
	var set districts
	for _, s := range seats {
		if s.State == state {
			set |= 1 << s.District
		}
	}
	return set
}

func (d districts) count() int { return bits.OnesCount64(uint64(d)) }

// appendTo appends the seats of the set to a list, in order.
func (d districts) appendTo(seats []congress.Seat, state congress.State) []congress.Seat {
	if seats == nil && d != 0 {
		seats = make([]congress.Seat, 0, d.count())
	}
	for rest := uint64(d); rest != 0; rest &= rest - 1 {
		seats = append(seats, congress.Seat{State: state, District: uint8(bits.TrailingZeros64(rest))}) // #nosec G115 -- below 64
	}
	return seats
}

// span is records or runs that follow each other.
type span struct{ from, to int }

// indexZIPs gives every ZIP code from the first to the last a slot, so that its records
// are found in one step.
func (t *streetTable) indexZIPs() {
	n := len(t.zips) / 4
	if n == 0 {
		return
	}
	t.firstZIP = int(word(t.zips, 0))
	t.zipSlots = make([]zipSlot, int(word(t.zips, n-1))-t.firstZIP+1)
	for i := range n {
		t.zipSlots[int(word(t.zips, i))-t.firstZIP] = zipSlot{word(t.zipEnds, i), word(t.zipEnds, i+1) + 1}
	}
}

// zipSlot is where the records of a ZIP code begin, and where they end plus one: 0 for a ZIP
// code that the table does not cover.
type zipSlot struct{ from, after uint32 }

// streetsIn returns the records of a ZIP code. It reports false when the table does not cover it.
func (t *streetTable) streetsIn(number uint32) (span, bool) {
	slot := int(number) - t.firstZIP
	if slot < 0 || slot >= len(t.zipSlots) || t.zipSlots[slot].after == 0 {
		return span{}, false
	}
	return span{int(t.zipSlots[slot].from), int(t.zipSlots[slot].after) - 1}, true
}

// record returns the street of a record in 40 bits (name, directions, suffix) and its value.
func (t *streetTable) record(i int) (street uint64, value uint32) {
	r := binary.LittleEndian.Uint64(t.records[recordSize*i:])
	return r >> 24, uint32(r & (1<<24 - 1))
}

// streetKey packs a street as record returns it.
func streetKey(name int, s postal.Street) uint64 {
	return uint64(name)<<16 | uint64(s.Pre)<<12 | uint64(s.Post)<<8 | uint64(s.Suffix) // #nosec G115 -- a name has 24 bits
}

// street unpacks what streetKey packed.
func (t *streetTable) street(key uint64) postal.Street {
	return postal.Street{
		Pre: postal.Direction(key >> 12 & 15), Post: postal.Direction(key >> 8 & 15), // #nosec G115 -- four bits
		Name: string(t.names.at(int(key >> 16))), Suffix: postal.Suffix(key & 255), // #nosec G115 -- eight and 24 bits
	}
}

// from returns the first of the records whose street is not less than the key. It begins
// where the key would be if the names of the ZIP code were spread evenly over those of the
// state, which is mostly in the same line of the processor's cache or the next.
func (t *streetTable) from(in span, key uint64) int {
	in = t.around(in, key, in.from+int(key>>16)*(in.to-in.from)/max(t.names.len(), 1)) // #nosec G115 -- 24 bits
	for in.from < in.to {
		middle := int(uint(in.from+in.to) >> 1) // #nosec G115 -- not negative
		if street, _ := t.record(middle); street < key {
			in.from = middle + 1
		} else {
			in.to = middle
		}
	}
	return in.from
}

// around narrows the records to a stretch beside the guess in which from finds its answer,
// in steps that double.
func (t *streetTable) around(in span, key uint64, guess int) span {
	for step := 2; guess > in.from && guess < in.to; step *= 2 {
		if street, _ := t.record(guess); street < key {
			in.from = guess + 1
			guess += step
		} else {
			in.to = guess
			guess -= step
		}
	}
	return in
}

// exact returns the record of a street.
func (t *streetTable) exact(in span, s postal.Street) (record int, ok bool) {
	name, ok := t.names.lookup(s.Name)
	if !ok {
		return 0, false
	}
	key := streetKey(name, s)
	record = t.from(in, key)
	if record == in.to {
		return 0, false
	}
	street, _ := t.record(record)
	return record, street == key
}

// named returns the records of all streets of a name, whatever their directions and suffix.
func (t *streetTable) named(in span, name string) span {
	number, ok := t.names.lookup(name)
	if !ok {
		return span{}
	}
	return span{t.from(in, streetKey(number, postal.Street{})), t.from(in, streetKey(number+1, postal.Street{}))}
}

// streetRun is house numbers of one prefix that lie in the same unit.
type streetRun struct {
	low, high    uint32
	prefix, unit uint16
	parity       uint8 // 1 odd, 2 even, 3 both
}

func (t *streetTable) run(i int) streetRun {
	b := t.runs[runSize*i : runSize*(i+1)]
	packed := word(b, 2)
	return streetRun{
		low: word(b, 0), high: word(b, 1), prefix: uint16(packed >> 16 & 0x3fff), unit: uint16(packed & 0xffff), // #nosec G115 -- masked
		parity: uint8(packed >> 30), // #nosec G115 -- two bits
	}
}

func (r streetRun) holds(number uint32) bool {
	return number >= r.low && number <= r.high && r.parity&(2-uint8(number&1)) != 0
}

// reach says how a house number was found on a street.
type reach uint8

const (
	reachNumber  reach = iota // the number, or a street of one unit
	reachReading              // the number in another spelling
	reachWhole                // not: all of the street is meant
)

// finding is the districts that an address may lie in.
type finding struct {
	districts districts
	unknown   bool // some of it lies in blocks whose district is not known
	reach     reach
}

func (f *finding) add(other finding) {
	f.districts |= other.districts
	f.unknown = f.unknown || other.unknown
	f.reach = max(f.reach, other.reach)
}

// column returns the place of a Congress in the rows of seats.
func (t *streetTable) column(n congress.Number) (int, bool) {
	return slices.BinarySearch(t.congresses, n)
}

func (t *streetTable) unit(f *finding, unit, column int) {
	if b := t.seats[unit*len(t.congresses)+column]; b > 0 {
		f.districts |= 1 << (b - 1)
	} else {
		f.unknown = true
	}
}

// find tells where a house number of the record's street lies: a number of its runs, else
// one in another spelling, else anywhere on the street.
func (t *streetTable) find(record, column int, line *postal.Line) finding {
	var f finding
	_, value := t.record(record)
	if value&ranged == 0 {
		if t.unit(&f, int(value), column); !line.HasNumber {
			f.reach = reachWhole
		}
		return f
	}
	group := int(value &^ ranged)
	runs := span{int(word(t.groups, group)), int(word(t.groups, group+1))}
	if line.HasNumber {
		if t.number(&f, runs, column, line.Number) {
			return f
		}
		f.reach = reachReading
		found := false
		for _, n := range readings(line.Number) {
			found = t.number(&f, runs, column, n) || found
		}
		if found {
			return f
		}
	}
	f.reach = reachWhole
	for i := runs.from; i < runs.to; i++ {
		t.unit(&f, int(t.run(i).unit), column)
	}
	return f
}

// number adds the units of the runs that hold the number, and reports whether any does.
func (t *streetTable) number(f *finding, runs span, column int, n postal.Number) bool {
	prefix, ok := t.prefixes.find(n.Prefix)
	if !ok {
		return false
	}
	found := false
	for i := runs.from; i < runs.to; i++ {
		r := t.run(i)
		if int(r.prefix) > prefix || int(r.prefix) == prefix && r.low > n.Value {
			break
		}
		if int(r.prefix) == prefix && r.holds(n.Value) {
			t.unit(f, int(r.unit), column)
			found = true
		}
	}
	return found
}

// readings returns other spellings of a house number: 3705 for 37-05 as in Queens and the
// other way round, and both ends of a building that has the numbers 123-125.
func readings(n postal.Number) []postal.Number {
	text := strconv.FormatUint(uint64(n.Value), 10)
	if n.Prefix == "" {
		var list []postal.Number
		for cut := 1; cut < len(text); cut++ {
			list = append(list, postal.Number{Prefix: text[:cut] + "-", Value: numberOf(text[cut:])})
		}
		return list
	}
	block, hyphen := strings.CutSuffix(n.Prefix, "-")
	if !hyphen || block == "" || len(block) > 6 || strings.Trim(block, "0123456789") != "" {
		return nil
	}
	list := []postal.Number{{Value: numberOf(block)}, {Value: n.Value}}
	if n.Value < 10 {
		text = "0" + text
	}
	if len(block)+len(text) <= 9 {
		list = append(list, postal.Number{Value: numberOf(block + text)})
	}
	return list
}

// numberOf reads at most nine digits.
func numberOf(digits string) uint32 {
	n, _ := strconv.ParseUint(digits, 10, 32) // digits only, and few of them
	return uint32(n)                          // #nosec G115 -- read as 32 bits
}
