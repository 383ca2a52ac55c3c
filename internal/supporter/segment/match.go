package segment

import (
	"encoding/binary"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// test is a filter that can be worked out on a block: its campaigns are known by their ids,
// its parties by their seats.
type test interface {
	// facets adds those that the test reads.
	facets(to map[string]bool)
	// of returns who of a block's people passes, in a new set.
	of(b block) (set, error)
}

// block is what a test is worked out on.
type block struct {
	people int
	facets map[string][]byte
}

// column returns a facet with so many bytes a person, nil when nobody has it.
func (b block) column(facet string, width int) ([]byte, error) {
	data := b.facets[facet]
	if data != nil && len(data) != width*b.people {
		return nil, errDamaged
	}
	return data, nil
}

type (
	testAll  []test
	testAny  []test
	testNot  struct{ part test }
	everyone struct{}
)

func (everyone) facets(map[string]bool) {}

func (everyone) of(b block) (set, error) {
	s := newSet(b.people)
	s.invert(b.people)
	return s, nil
}

func (t testAll) facets(to map[string]bool) {
	for _, part := range t {
		part.facets(to)
	}
}

func (t testAll) of(b block) (set, error) {
	s, err := t[0].of(b)
	for _, part := range t[1:] {
		if err != nil || s.empty() {
			return s, err
		}
		var o set
		if o, err = part.of(b); err == nil {
			s.and(o)
		}
	}
	return s, err
}

func (t testAny) facets(to map[string]bool) { testAll(t).facets(to) }

func (t testAny) of(b block) (set, error) {
	s := newSet(b.people)
	for _, part := range t {
		o, err := part.of(b)
		if err != nil {
			return nil, err
		}
		s.or(o)
	}
	return s, nil
}

func (t testNot) facets(to map[string]bool) { t.part.facets(to) }

func (t testNot) of(b block) (set, error) {
	s, err := t.part.of(b)
	if err == nil {
		s.invert(b.people)
	}
	return s, err
}

// testPlace passes people of some states or districts.
type testPlace struct{ in *[1 << 16]bool }

func testStates(states []string) testPlace {
	t := testPlace{new([1 << 16]bool)}
	for _, s := range states {
		for district := range uint16(1 << 6) {
			t.in[stateBits(s)|district] = true
		}
	}
	return t
}

func testSeats(seats []congress.Seat) testPlace {
	t := testPlace{new([1 << 16]bool)}
	for _, s := range seats {
		t.in[placeOf("", s.String())] = true
	}
	return t
}

func (testPlace) facets(to map[string]bool) { to[facetPlace] = true }

func (t testPlace) of(b block) (set, error) {
	s := newSet(b.people)
	data, err := b.column(facetPlace, 2)
	for i := 0; i < len(data); i += 2 {
		if t.in[binary.LittleEndian.Uint16(data[i:])] {
			s.add(i / 2)
		}
	}
	return s, err
}

// testZIP passes people whose ZIP code lies in one of the ranges.
type testZIP [][2]uint32

func testZIPs(values []string) testZIP {
	var t testZIP
	for _, v := range values {
		first, whole := strings.CutSuffix(v, "*")
		n, _ := strconv.ParseUint(first+strings.Repeat("0", 5-len(first)), 10, 32) // the parser has seen it
		size := uint32(1)
		for range 5 - len(first) {
			size *= 10
		}
		if !whole {
			size = 1
		}
		t = append(t, [2]uint32{uint32(n) + 1, uint32(n) + size})
	}
	return t
}

func (testZIP) facets(to map[string]bool) { to[facetZIP] = true }

func (t testZIP) of(b block) (set, error) {
	s := newSet(b.people)
	data, err := b.column(facetZIP, 4)
	for i := 0; i < len(data); i += 4 {
		zip := binary.LittleEndian.Uint32(data[i:])
		for _, r := range t {
			if zip >= r[0] && zip <= r[1] {
				s.add(i / 4)
				break
			}
		}
	}
	return s, err
}

// testWord passes people with one of the words; a star stands for any rest.
type testWord struct {
	facet  string
	values []string
}

func (t testWord) facets(to map[string]bool) { to[t.facet] = true }

func (t testWord) of(b block) (set, error) {
	s := newSet(b.people)
	if b.facets[t.facet] == nil {
		return s, nil
	}
	list, each, err := readWords(b.facets[t.facet])
	if err != nil || len(each) != 2*b.people {
		return nil, errDamaged
	}
	in := make([]bool, len(list)+1)
	for i, word := range list {
		in[i+1] = slices.ContainsFunc(t.values, func(v string) bool {
			head, open := strings.CutSuffix(v, "*")
			return v == word || open && strings.HasPrefix(word, head)
		})
	}
	for i := 0; i < len(each); i += 2 {
		at := int(binary.LittleEndian.Uint16(each[i:]))
		if at >= len(in) {
			return nil, errDamaged
		}
		if in[at] {
			s.add(i / 2)
		}
	}
	return s, nil
}

// testListed passes people who are on a list since a day of the range.
type testListed struct {
	list        string
	first, last day
}

func (t testListed) facets(to map[string]bool) { to[facetList+t.list] = true }

func (t testListed) of(b block) (set, error) {
	s := newSet(b.people)
	data, err := b.column(facetList+t.list, 2)
	for i := 0; i < len(data); i += 2 {
		if d := binary.LittleEndian.Uint16(data[i:]); d > 0 && day(d)-1 >= t.first && day(d)-1 <= t.last {
			s.add(i / 2)
		}
	}
	return s, err
}

// testMarked passes people who are in the set of a facet.
type testMarked string

func (t testMarked) facets(to map[string]bool) { to[string(t)] = true }

func (t testMarked) of(b block) (set, error) {
	s := newSet(b.people)
	data := b.facets[string(t)]
	if data == nil {
		return s, nil
	}
	if len(data) != 8*len(s) {
		return nil, errDamaged
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint64(data[8*i:])
	}
	return s, nil
}
