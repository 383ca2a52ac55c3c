package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// A facet of a block is what its people have in one respect, one after the other in the
// order of their ids. A facet that nobody in the block has is not stored.
const (
	facetIDs    = ""       // 16 bytes a person
	facetPlace  = "place"  // state and district, 2 bytes
	facetZIP    = "zip"    // 4 bytes: 0 for none, else the number and 1
	facetLang   = "lang"   // a list of words, then 2 bytes: 0 for none, else the word's place and 1
	facetSource = "source" // the same
	facetList   = "list:"  // 2 bytes: 0, or the day on which they joined and 1
	facetTag    = "tag:"   // a set
	facetActed  = "acted:" // a set
)

// errDamaged says that a block is not what this program writes.
var errDamaged = errors.New("what people are chosen by is damaged; run franklin segment rebuild")

// face is what one person is chosen by.
type face query.ListFacesRow

// packed is a block before it is stored, or one of people who are looked at as they are now.
type packed struct {
	ids    []string
	places map[string]int // of the ids
	facets map[string][]byte
}

// pack packs people, who stand in the order of their ids.
func pack(people []face) (*packed, error) {
	p := &packed{ids: make([]string, len(people)), places: make(map[string]int, len(people)), facets: map[string][]byte{}}
	places, zips := make([]byte, 2*len(people)), make([]byte, 4*len(people))
	langs, sources := newWords(len(people)), newWords(len(people))
	var ids []byte
	for i, one := range people {
		p.ids[i], p.places[one.ID] = one.ID, i
		raw, err := rawID(one.ID)
		if err != nil {
			return nil, err
		}
		ids = append(ids, raw...)
		binary.LittleEndian.PutUint16(places[2*i:], placeOf(one.State, one.Seat))
		binary.LittleEndian.PutUint32(zips[4*i:], zipOf(one.Zip))
		langs.set(i, one.Lang)
		sources.set(i, one.Source)
	}
	p.facets[facetIDs], p.facets[facetPlace], p.facets[facetZIP] = ids, places, zips
	p.facets[facetLang], p.facets[facetSource] = langs.bytes(), sources.bytes()
	return p, nil
}

// list notes that a person is on a list since a moment.
func (p *packed) list(id, list string, since stamp.Time) {
	i, ok := p.places[id]
	if !ok {
		return
	}
	days := p.facets[facetList+list]
	if days == nil {
		days = make([]byte, 2*len(p.ids))
		p.facets[facetList+list] = days
	}
	binary.LittleEndian.PutUint16(days[2*i:], uint16(min(max(int64(dayOf(since.Time())), 0)+1, 65535))) //nolint:gosec // bounded just here
}

// mark notes that a person is in the set of a facet.
func (p *packed) mark(id, facet string) {
	i, ok := p.places[id]
	if !ok {
		return
	}
	members := p.facets[facet]
	if members == nil {
		members = make([]byte, 8*len(newSet(len(p.ids))))
		p.facets[facet] = members
	}
	members[i/8] |= 1 << (i % 8)
}

// rawID is an id in 16 bytes. Ids are UUIDs.
func rawID(id string) ([]byte, error) {
	raw, err := uuid.Parse(id)
	if err != nil || raw.String() != id {
		return nil, fmt.Errorf("the id %q of a person is not a UUID", id)
	}
	return raw[:], nil
}

// idAt is the id of a person of a block.
func idAt(ids []byte, i int) string {
	return uuid.UUID(ids[16*i : 16*i+16]).String()
}

// noDistrict stands for a district that is not known; the largest number of one is 52.
const noDistrict = 63

// placeOf packs a state and a seat into two bytes; 0 is nowhere.
func placeOf(state, seat string) uint16 {
	district := uint16(noDistrict)
	if s, err := congress.ParseSeat(seat); err == nil && s.Chamber() == congress.House {
		state, district = string(s.State), uint16(s.District)
	}
	if len(state) != 2 || state[0] < 'A' || state[0] > 'Z' || state[1] < 'A' || state[1] > 'Z' {
		return 0
	}
	return stateBits(state) | district
}

// stateBits are those of a place that tell the state; never 0 for one.
func stateBits(state string) uint16 {
	return (uint16(state[0]-'A')*26 + uint16(state[1]-'A') + 1) << 6
}

func zipOf(zip string) uint32 {
	n, err := strconv.ParseUint(zip, 10, 32)
	if err != nil || len(zip) != 5 {
		return 0
	}
	return uint32(n) + 1
}

// words packs texts of which many are the same.
type words struct {
	known map[string]uint16
	list  []string
	each  []byte
}

func newWords(n int) *words { return &words{known: map[string]uint16{}, each: make([]byte, 2*n)} }

func (w *words) set(i int, word string) {
	if word == "" {
		return
	}
	at, ok := w.known[word]
	if !ok {
		w.list = append(w.list, word)
		at = uint16(len(w.list)) //nolint:gosec // a block has fewer people than that
		w.known[word] = at
	}
	binary.LittleEndian.PutUint16(w.each[2*i:], at)
}

// bytes is nil when nobody has a word.
func (w *words) bytes() []byte {
	if len(w.list) == 0 {
		return nil
	}
	b := binary.AppendUvarint(nil, uint64(len(w.list)))
	for _, word := range w.list {
		b = append(binary.AppendUvarint(b, uint64(len(word))), word...)
	}
	return append(b, w.each...)
}

// readWords returns the list of words, and the bytes with the place of each person's.
func readWords(b []byte) (list []string, each []byte, err error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)) {
		return nil, nil, errDamaged
	}
	b = b[size:]
	for range n {
		length, size := binary.Uvarint(b)
		if size <= 0 || length > uint64(len(b)-size) {
			return nil, nil, errDamaged
		}
		list = append(list, string(b[size:size+int(length)])) //nolint:gosec // no longer than b
		b = b[size+int(length):]                              //nolint:gosec // no longer than b
	}
	return list, b, nil
}

// stored are the facets that are worth a row, in order.
func (p *packed) stored() []string {
	var names []string
	for name, data := range p.facets {
		if data != nil || name == facetIDs {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
