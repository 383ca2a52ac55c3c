package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// A facet of a block is what its people have in one respect, one after the other in the
// order of their ids. A facet that nobody in the block has is not stored, but that of places
// always is: it tells where the blocks begin.
const (
	facetIDs    = ""       // 16 bytes a person, in pieces
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

// packed is a block that is being made. Its people are added in the order of their ids; what
// else is known of them may follow as long as nobody stands behind them.
type packed struct {
	ids, places, zips []byte
	langs, sources    words
	facets            map[string][]byte // the others, up to the last person who has them
}

func newPacked() *packed { return &packed{facets: map[string][]byte{}} }

func (p *packed) people() int { return len(p.ids) / 16 }

// add adds a person behind all others.
func (p *packed) add(one face) error {
	id, err := rawID(one.ID)
	if err != nil {
		return err
	}
	p.ids = append(p.ids, id[:]...)
	p.places = binary.LittleEndian.AppendUint16(p.places, placeOf(one.State, one.Seat))
	p.zips = binary.LittleEndian.AppendUint32(p.zips, zipOf(one.Zip))
	p.langs.add(one.Lang)
	p.sources.add(one.Source)
	return nil
}

// list notes that a person is on a list since a moment.
func (p *packed) list(id, list string, since stamp.Time) {
	if i, ok := placeIn(p.ids, id); ok {
		days := p.sized(facetList+list, 2*(i+1))
		binary.LittleEndian.PutUint16(days[2*i:], uint16(min(max(int64(dayOf(since.Time())), 0)+1, 65535)))
	}
}

// mark notes that a person is in the set of a facet.
func (p *packed) mark(id, facet string) {
	if i, ok := placeIn(p.ids, id); ok {
		p.sized(facet, i/8+1)[i/8] |= 1 << (i % 8)
	}
}

// sized returns a facet with so many bytes at least.
func (p *packed) sized(facet string, size int) []byte {
	data := p.facets[facet]
	if more := size - len(data); more > 0 {
		data = append(data, make([]byte, more)...)
		p.facets[facet] = data
	}
	return data
}

// block is the block that was made.
func (p *packed) block() block {
	n := p.people()
	for facet := range p.facets {
		if strings.HasPrefix(facet, facetList) {
			p.sized(facet, 2*n)
		} else {
			p.sized(facet, 8*len(newSet(n)))
		}
	}
	all := map[string][]byte{
		facetPlace: p.places, facetZIP: p.zips, facetLang: p.langs.bytes(), facetSource: p.sources.bytes(),
	}
	maps.Copy(all, p.facets)
	return block{n, all}
}

// rawID is an id in 16 bytes. Ids are UUIDs, written in the usual way: else two texts were one.
func rawID(id string) (uuid.UUID, error) {
	raw, err := uuid.Parse(id)
	if err != nil || len(id) != 36 || strings.ToLower(id) != id {
		return raw, fmt.Errorf("the id %q of a person is not a UUID", id)
	}
	return raw, nil
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
	if seat != "" { // most have none where addresses are not asked for
		if s, err := congress.ParseSeat(seat); err == nil && s.Chamber() == congress.House {
			state, district = string(s.State), uint16(s.District)
		}
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

func (w *words) add(word string) {
	at, ok := w.known[word]
	if !ok && word != "" {
		if w.known == nil {
			w.known = map[string]uint16{}
		}
		w.list = append(w.list, word)
		at = uint16(len(w.list)) //nolint:gosec // a block has fewer people than that
		w.known[word] = at
	}
	w.each = binary.LittleEndian.AppendUint16(w.each, at)
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
		if size <= 0 || length > uint64(len(b[size:])) {
			return nil, nil, errDamaged
		}
		list = append(list, string(b[size:size+int(length)])) //nolint:gosec // no longer than b
		b = b[size+int(length):]                              //nolint:gosec // no longer than b
	}
	return list, b, nil
}
