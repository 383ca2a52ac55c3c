package district

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math/bits"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
)

// streetTable knows the streets of one state. It is looked up in the bytes of its file,
// which are checked once; only the names and ZIP codes get an index beside it.
//
// streets/AZ.bin: "FRS1"; a byte each for the Census number of the state and the number
// of Congresses, two bytes 0; then nine counts of 4 bytes: units, names, bytes of names,
// prefixes, bytes of prefixes, ZIP codes, records, groups, runs. Then come
//
//   - the number of each Congress, 2 bytes, ascending;
//   - for each unit, which is a class of census blocks, a byte per Congress: its
//     district plus one, or 0 where that is not known;
//   - where each street name begins and the last one ends, 4 bytes; the names, ascending;
//   - the same for the prefixes of house numbers, such as "37-";
//   - the ZIP codes, 4 bytes, ascending; where the records of each begin and those of the
//     last end, 4 bytes;
//   - the records, 8 bytes, ascending: from the highest, 24 bits for the number of the
//     name, 4 and 4 for the directions before and after it, 8 for the suffix, and 24 for
//     the unit of the whole street or, with the highest of them set, the number of its
//     group;
//   - where the runs of each group begin and those of the last end, 4 bytes;
//   - the runs, 12 bytes, by prefix and low number: low and high house number, and 4
//     bytes: unit (16 bits), prefix (14), odd (1), even (1).
//
// All numbers are little-endian.
type streetTable struct {
	state      congress.State
	congresses []congress.Number
	seats      []byte // a row of len(congresses) for each unit
	names      textIndex
	prefixes   textPool
	zips       []byte
	zipEnds    []byte
	firstZIP   int
	zipSlots   []zipSlot // of each ZIP code from the first on
	records    []byte
	groups     []byte
	runs       []byte
}

const (
	streetHead = 44
	recordSize = 8
	runSize    = 12
	ranged     = 1 << 23 // marks the value of a record as a group of runs
)

// readStreets checks a whole file, so that no lookup can go wrong later.
func readStreets(file string, raw []byte) (*streetTable, error) {
	r := newReader(file, raw, "FRS1")
	t := &streetTable{state: r.state()}
	congresses := int(r.byte())
	if r.take(2); r.fault != nil {
		return nil, r.fault
	}
	var n [9]int
	for i, b := 0, r.take(36); i < len(n) && r.fault == nil; i++ {
		n[i] = int(word(b, i))
	}
	units, names, nameBytes, prefixes, prefixBytes, zips, records, groups, runs := n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8]
	numbers := r.take(2 * congresses)
	t.seats = r.take(congresses * units)
	t.names.textPool = textPool{ends: r.take(4 * (names + 1)), texts: r.take(nameBytes)}
	t.prefixes = textPool{ends: r.take(4 * (prefixes + 1)), texts: r.take(prefixBytes)}
	t.zips, t.zipEnds = r.take(4*zips), r.take(4*(zips+1))
	t.records = r.take(recordSize * records)
	t.groups, t.runs = r.take(4*(groups+1)), r.take(runSize*runs)
	if err := r.end(); err != nil {
		return nil, err
	}
	if names > maxNumber-1 {
		return nil, &FormatError{File: file, Reason: "it has more street names than records can tell apart"}
	}
	for i := range congresses {
		t.congresses = append(t.congresses, congress.Number(binary.LittleEndian.Uint16(numbers[2*i:])))
	}
	if reason := t.check(units); reason != "" {
		return nil, &FormatError{File: file, Reason: reason}
	}
	t.names = newTextIndex(t.names.textPool)
	t.indexZIPs()
	return t, nil
}

// check returns what is wrong with the table, or nothing.
func (t *streetTable) check(units int) string {
	for i, n := range t.congresses {
		if n == 0 || i > 0 && n <= t.congresses[i-1] {
			return "its Congresses are out of order"
		}
	}
	for _, b := range t.seats {
		if b > 0 && !(congress.Seat{State: t.state, District: b - 1}).Valid() {
			return fmt.Sprintf("%s has no district %d", t.state, b-1)
		}
	}
	switch {
	case !t.names.ordered():
		return "its street names are out of order"
	case t.names.longest() > maxText:
		return "a street name is too long"
	case !t.prefixes.ordered():
		return "its number prefixes are out of order"
	case !ascends(t.zips, false) || len(t.zips) > 0 && word(t.zips, len(t.zips)/4-1) >= zipSlots:
		return "its ZIP codes are out of order"
	case !spans(t.zipEnds, len(t.records)/recordSize):
		return "its records are out of order"
	case !spans(t.groups, len(t.runs)/runSize):
		return "its runs are out of order"
	}
	return cmp.Or(t.checkRecords(units), t.checkRuns(units))
}

func (t *streetTable) checkRecords(units int) string {
	names, groups := t.names.len(), len(t.groups)/4-1
	for z := range len(t.zips) / 4 {
		last := uint64(0)
		for i := word(t.zipEnds, z); i < word(t.zipEnds, z+1); i++ {
			key, value := t.record(int(i))
			if key < last || key == last && i > word(t.zipEnds, z) {
				return "its streets are out of order"
			}
			last = key
			if int(key>>16) >= names || key>>12&15 > uint64(postal.NorthWest) || key>>8&15 > uint64(postal.NorthWest) {
				return "a street has a name or direction that is not there"
			}
			if value&ranged == 0 && int(value) >= units || value&ranged != 0 && int(value&^ranged) >= groups {
				return "a street lies in a unit that is not there"
			}
		}
	}
	return ""
}

func (t *streetTable) checkRuns(units int) string {
	prefixes := t.prefixes.len()
	for g := range len(t.groups)/4 - 1 {
		var last streetRun
		for i := word(t.groups, g); i < word(t.groups, g+1); i++ {
			r := t.run(int(i))
			if r.parity == 0 || r.low > r.high || int(r.prefix) >= prefixes || int(r.unit) >= units {
				return "a run of house numbers is not valid"
			}
			if i > word(t.groups, g) && (r.prefix < last.prefix || r.prefix == last.prefix && r.low < last.low) {
				return "house numbers are out of order"
			}
			last = r
		}
	}
	return ""
}

// word returns the i-th number of four bytes.
func word(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }

// ascends reports whether the words grow; equal ones may follow each other when said so.
func ascends(words []byte, equal bool) bool {
	for i := 1; i < len(words)/4; i++ {
		if a, b := word(words, i-1), word(words, i); a > b || a == b && !equal {
			return false
		}
	}
	return true
}

// spans reports whether the words cut n things into pieces that follow each other.
func spans(words []byte, n int) bool {
	return ascends(words, true) && word(words, 0) == 0 && int(word(words, len(words)/4-1)) == n
}

// textPool is texts in ascending order, each once.
type textPool struct{ ends, texts []byte }

// textIndex finds texts of a pool by their hash. A slot holds the number of a text plus
// one, from the highest bit where the text begins, and the length of the text, so that
// hardly any other text is looked at. It is made when the file is read.
type textIndex struct {
	textPool
	seed  maphash.Seed
	slots []uint64
}

// A slot has 32 bits for where a text begins and, as a record has, 24 for its number.
const (
	slotBegin  = 32
	slotNumber = 8
	maxText    = 1<<slotNumber - 1
	maxNumber  = 1<<(slotBegin-slotNumber) - 1
)

func newTextIndex(p textPool) textIndex {
	x := textIndex{textPool: p, seed: maphash.MakeSeed(), slots: make([]uint64, 1<<bits.Len(uint(2*p.len())))} // #nosec G115 -- not negative
	for i := range p.len() {
		text := p.at(i)
		slot := x.slot(maphash.Bytes(x.seed, text))
		for x.slots[slot] != 0 {
			slot = x.slot(slot + 1)
		}
		x.slots[slot] = uint64(word(p.ends, i))<<slotBegin | uint64(i+1)<<slotNumber | uint64(len(text)) // #nosec G115 -- not negative
	}
	return x
}

// slot returns where to begin; at least every other one is free.
func (x *textIndex) slot(hash uint64) uint64 { return hash & uint64(len(x.slots)-1) } // #nosec G115 -- not negative

// lookup returns the number of the text, which then stands there byte for byte.
func (x *textIndex) lookup(text string) (int, bool) {
	for slot := x.slot(maphash.String(x.seed, text)); x.slots[slot] != 0; slot = x.slot(slot + 1) {
		in := x.slots[slot]
		if begin := in >> slotBegin; in&maxText == uint64(len(text)) && string(x.texts[begin:begin+in&maxText]) == text {
			return int(in>>slotNumber&maxNumber) - 1, true // #nosec G115 -- masked
		}
	}
	return 0, false
}

func (p textPool) len() int { return len(p.ends)/4 - 1 }

func (p textPool) at(i int) []byte { return p.texts[word(p.ends, i):word(p.ends, i+1)] }

func (p textPool) ordered() bool {
	if !spans(p.ends, len(p.texts)) {
		return false
	}
	for i := 1; i < p.len(); i++ {
		if string(p.at(i-1)) >= string(p.at(i)) {
			return false
		}
	}
	return true
}

// longest returns the length of the longest text.
func (p textPool) longest() int {
	longest := 0
	for i := range p.len() {
		longest = max(longest, len(p.at(i)))
	}
	return longest
}

// find returns the number of the text, which then stands there byte for byte.
func (p textPool) find(text string) (int, bool) {
	low, high := 0, p.len()
	for low < high {
		if middle := int(uint(low+high) >> 1); string(p.at(middle)) < text {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < p.len() && string(p.at(low)) == text
}
