package postal

import "encoding/binary"

// vocabulary finds the words of the lexicon by their letters, which is asked so often that
// the general map of the language would take a good part of the time of a Parse.
type vocabulary struct {
	slots [1 << slotBits]spelled // the first free one after that of the hash
}

// slotBits gives each of the thousand spellings two slots.
const slotBits = 11

// spelled is a spelling of the lexicon; word is nil in a free slot.
type spelled struct {
	letters packed
	word    *word
}

// packed is up to maxSpelling letters or digits in two numbers.
type packed struct{ head, tail uint64 }

const maxSpelling = 16

// pack packs a word of at most maxSpelling letters.
func pack(text string) packed {
	var b [maxSpelling]byte
	return packFrom(b[:], copy(b[:], text))
}

// packFrom packs the first n bytes of those given, of which there are at least maxSpelling.
func packFrom(b []byte, n int) packed {
	head, tail := binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])
	if n <= 8 {
		return packed{head: head >> (64 - 8*n)}
	}
	return packed{head, tail >> (128 - 8*n)}
}

// slot returns where to begin. The multiplier is 2 to the 64th by the golden ratio, which
// spreads letters well over the highest bits.
func (p packed) slot() uint64 { return (p.head ^ p.tail*3) * 0x9E3779B97F4A7C15 >> (64 - slotBits) }

func newVocabulary(words map[string]*word) *vocabulary {
	v := &vocabulary{}
	for spelling, w := range words {
		p := pack(spelling)
		slot := p.slot()
		for v.slots[slot].word != nil {
			slot = next(slot)
		}
		v.slots[slot] = spelled{p, w}
	}
	return v
}

func next(slot uint64) uint64 { return (slot + 1) & (1<<slotBits - 1) }

// of returns what the lexicon knows of a spelling, &unknown for nothing.
func (v *vocabulary) of(text string) *word {
	if len(text) > maxSpelling {
		return &unknown
	}
	return v.find(pack(text))
}

// first returns what the lexicon knows of the word that is the first n bytes of those given,
// of which there are at least maxSpelling.
func (v *vocabulary) first(b []byte, n int) *word {
	if n > maxSpelling {
		return &unknown
	}
	return v.find(packFrom(b, n))
}

func (v *vocabulary) find(p packed) *word {
	for slot := p.slot(); ; slot = next(slot) {
		switch s := &v.slots[slot]; {
		case s.word == nil:
			return &unknown
		case s.letters == p:
			return s.word
		}
	}
}
