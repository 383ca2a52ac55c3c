package district

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/franklin-letters/franklin/congress"
)

// reader takes apart a compiled file. It remembers the first fault and from then on
// returns zeros, so that callers check once, at the end; it never reads past the end
// and never allocates more than the file's length allows.
type reader struct {
	name  string
	raw   []byte
	fault error
	codes [100]congress.State // by Census number
}

func newReader(name string, raw []byte, magic string) *reader {
	r := &reader{name: name, raw: raw}
	if len(raw) < len(magic) || string(raw[:len(magic)]) != magic {
		r.fail("it does not begin with " + magic)
		return r
	}
	r.raw = raw[len(magic):]
	for _, s := range congress.States() {
		f := s.FIPS()
		r.codes[int(f[0]-'0')*10+int(f[1]-'0')] = s
	}
	return r
}

func (r *reader) fail(reason string) {
	if r.fault == nil {
		r.fault = &FormatError{File: r.name, Reason: reason}
	}
	r.raw = nil
}

// end returns the first fault; bytes left over are one.
func (r *reader) end() error {
	if r.fault == nil && len(r.raw) > 0 {
		r.fail(fmt.Sprintf("%d bytes too many", len(r.raw)))
	}
	return r.fault
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.raw)
	if n <= 0 {
		r.fail("a number is cut off")
		return 0
	}
	r.raw = r.raw[n:]
	return v
}

// signed reads a step that fits 32 bits.
func (r *reader) signed() int64 {
	v, n := binary.Varint(r.raw)
	if n <= 0 || v < math.MinInt32 || v > math.MaxInt32 {
		r.fail("a step is cut off or too long")
		return 0
	}
	r.raw = r.raw[n:]
	return v
}

// count reads how many items follow, each of at least size bytes.
func (r *reader) count(size int) int {
	v := r.number()
	if v > uint64(len(r.raw)/size) { // #nosec G115 -- a length
		r.fail("it is shorter than it says")
		return 0
	}
	return int(v) // #nosec G115 -- at most the length of the file
}

func (r *reader) byte() byte {
	if len(r.raw) == 0 {
		r.fail("a byte is cut off")
		return 0
	}
	b := r.raw[0]
	r.raw = r.raw[1:]
	return b
}

// take returns the next n bytes as they stand in the file.
func (r *reader) take(n int) []byte {
	if n > len(r.raw) {
		r.fail("it is shorter than it says")
		return nil
	}
	b := r.raw[:n:n]
	r.raw = r.raw[n:]
	return b
}

func (r *reader) text() string {
	n := r.count(1)
	t := string(r.raw[:n])
	r.raw = r.raw[n:]
	return t
}

func (r *reader) state() congress.State { return r.stateOf(r.byte()) }

// stateOf returns the state with the Census number.
func (r *reader) stateOf(number byte) congress.State {
	if number < 100 && r.codes[number] != "" {
		return r.codes[number]
	}
	r.fail("a state number is not known")
	return ""
}

// lists holds each list once, to be read only: thousands of ZIP codes share one. The first is
// empty.
type lists[T any] struct {
	all   [][]T
	known map[string]uint16 // where the list is that stands so in the file
}

func newLists[T any]() *lists[T] {
	return &lists[T]{all: make([][]T, 1), known: map[string]uint16{"": 0}}
}

// read reads a list of things of so many bytes each, and returns its place among the lists.
func (l *lists[T]) read(r *reader, size int, thing func() T) uint16 {
	n := r.count(size)
	raw := r.raw[:n*size]
	if i, ok := l.known[string(raw)]; ok {
		r.raw = r.raw[len(raw):]
		return i
	}
	list := make([]T, n)
	for i := range list {
		list[i] = thing()
	}
	i := uint16(len(l.all)) // #nosec G115 -- not more than ZIP codes, of which zips allows 65,535
	l.all, l.known[string(raw)] = append(l.all, list), i
	return i
}

func (r *reader) seat() congress.Seat {
	seat := congress.Seat{State: r.state(), District: r.byte()}
	if !seat.Valid() {
		r.fail("a district is not known")
	}
	return seat
}

// zips reads n records that begin with the step from the ZIP code before.
func (r *reader) zips(n int, record func(zip uint32)) {
	if n >= math.MaxUint16 {
		r.fail("more ZIP codes than there are")
	}
	var zip uint64
	for i := 0; i < n && r.fault == nil; i++ {
		step := r.number()
		if zip += step; step == 0 || step > zipSlots || zip >= zipSlots {
			r.fail("a ZIP code is out of order")
			return
		}
		record(uint32(zip))
	}
}
