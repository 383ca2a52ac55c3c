package tiger

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// appendCounty writes a county as varints: every list after its length, texts after
// theirs, points and numbers that rise as steps from the one before.
func appendCounty(b []byte, c *County) []byte {
	b = appendText(b, c.Code)
	b = binary.AppendUvarint(b, uint64(len(c.Congresses)))
	for _, n := range c.Congresses {
		b = binary.AppendUvarint(b, uint64(n)) // #nosec G115 -- a number of three digits
	}
	b = binary.AppendUvarint(b, uint64(len(c.Names)))
	for _, name := range c.Names {
		b = appendText(b, name)
	}
	var at planar.Point
	b = binary.AppendUvarint(b, uint64(len(c.Lines)))
	for _, line := range c.Lines {
		b = binary.AppendUvarint(b, uint64(len(line)))
		for _, part := range line {
			b = binary.AppendUvarint(b, uint64(len(part)))
			for _, v := range part {
				b, at = appendPoint(b, at, v), v
			}
		}
	}
	b = appendPlaces(b, c.Places)
	b = binary.AppendUvarint(b, uint64(len(c.Ranges)))
	var zip, place int64
	for _, r := range c.Ranges {
		b = binary.AppendUvarint(b, uint64(r.Name))      // #nosec G115 -- an index
		b = binary.AppendVarint(b, int64(r.Place)-place) // near the one before
		b = append(binary.AppendVarint(b, int64(r.ZIP)-zip), r.Parity)
		b = appendNumber(appendNumber(b, r.From), r.To)
		zip, place = int64(r.ZIP), int64(r.Place)
	}
	b = binary.AppendUvarint(b, uint64(len(c.Counts)))
	for _, kind := range slices.Sorted(maps.Keys(c.Counts)) {
		b = binary.AppendUvarint(appendText(b, string(kind)), uint64(c.Counts[kind])) // #nosec G115 -- a count
	}
	return b
}

func appendPlaces(b []byte, places []Place) []byte {
	var at planar.Point
	var face, block int64
	b = binary.AppendUvarint(b, uint64(len(places)))
	for _, p := range places {
		side := byte(0)
		if p.Right {
			side = 1
		}
		b = append(b, side)
		b = binary.AppendVarint(b, int64(p.Face)-face)   // #nosec G115 -- ten digits
		b = binary.AppendVarint(b, int64(p.Block)-block) // #nosec G115 -- fifteen digits
		face, block = int64(p.Face), int64(p.Block)      // #nosec G115 -- as above
		b, at = appendPoint(b, at, p.Point), p.Point
		b = binary.AppendVarint(b, int64(p.Reach))
		b = binary.AppendVarint(b, int64(p.Line))
		b = binary.AppendUvarint(b, uint64(len(p.Codes)))
		for _, code := range p.Codes {
			b = append(b, byte(code))
		}
	}
	return b
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func appendPoint(b []byte, from, to planar.Point) []byte {
	b = binary.AppendVarint(b, int64(to.X)-int64(from.X))
	return binary.AppendVarint(b, int64(to.Y)-int64(from.Y))
}

// appendNumber writes a house number: twice its value when the digits are just that,
// else twice the length of the text and one, and the text.
func appendNumber(b []byte, text string) []byte {
	n, err := strconv.ParseUint(text, 10, 32)
	if err == nil && strconv.FormatUint(n, 10) == text {
		return binary.AppendUvarint(b, n<<1)
	}
	return append(binary.AppendUvarint(b, uint64(len(text))<<1|1), text...)
}

// layoutReader reads what appendCounty wrote. After the first fault it gives zeros.
type layoutReader struct {
	rest []byte
	bad  bool
}

func (r *layoutReader) unsigned() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *layoutReader) signed() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// length reads the length of a list, of which each entry takes a byte at least.
func (r *layoutReader) length() int {
	n := r.unsigned()
	if n > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return 0
	}
	return int(n) // #nosec G115 -- at most the length of the file
}

func (r *layoutReader) bytes(n int) []byte {
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return make([]byte, n)
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}

func (r *layoutReader) text() string { return string(r.bytes(r.length())) }

func (r *layoutReader) point(at *planar.Point) planar.Point {
	at.X += int32(r.signed()) // #nosec G115 -- as written
	at.Y += int32(r.signed()) // #nosec G115 -- as written
	return *at
}

func (r *layoutReader) number() string {
	v := r.unsigned()
	if v&1 == 0 {
		return strconv.FormatUint(v>>1, 10)
	}
	if v>>1 > uint64(len(r.rest)) {
		r.bad, r.rest = true, nil
		return ""
	}
	return string(r.bytes(int(v >> 1))) // #nosec G115 -- at most the length of the file
}

// index reads a place in a list of the length.
func (r *layoutReader) index(v int64, length int) int32 {
	if v < 0 || v >= int64(length) {
		r.bad = true
		return 0
	}
	return int32(v) // #nosec G115 -- checked
}

func readCounty(plain []byte) (*County, error) {
	r := &layoutReader{rest: plain}
	c := &County{Code: r.text(), Counts: Counts{}}
	for range r.length() {
		c.Congresses = append(c.Congresses, congress.Number(r.unsigned())) // #nosec G115 -- as written
	}
	c.Names = make([]string, r.length())
	for i := range c.Names {
		c.Names[i] = r.text()
	}
	var at planar.Point
	c.Lines = make([][][]planar.Point, r.length())
	for i := range c.Lines {
		c.Lines[i] = make([][]planar.Point, r.length())
		for j := range c.Lines[i] {
			part := make([]planar.Point, r.length())
			for k := range part {
				part[k] = r.point(&at)
			}
			c.Lines[i][j] = part
		}
	}
	r.places(c)
	c.Ranges = make([]Range, r.length())
	var zip, place int64
	for i := range c.Ranges {
		name := r.index(int64(r.unsigned()), len(c.Names)) // #nosec G115 -- checked by index
		place += r.signed()
		zip += r.signed()
		parity := r.bytes(1)[0]
		c.Ranges[i] = Range{
			Name: name, Place: r.index(place, len(c.Places)), ZIP: uint32(zip), // #nosec G115 -- as written
			Parity: parity, From: r.number(), To: r.number(),
		}
	}
	for range r.length() {
		kind := Kind(r.text())
		c.Counts[kind] = int(r.unsigned()) // #nosec G115 -- a count
	}
	if r.bad || len(r.rest) > 0 {
		return nil, errors.New("its content is not a county")
	}
	return c, nil
}

func (r *layoutReader) places(c *County) {
	var at planar.Point
	var face, block int64
	c.Places = make([]Place, r.length())
	for i := range c.Places {
		right := r.bytes(1)[0] == 1
		face += r.signed()
		block += r.signed()
		p := Place{
			Right: right, Face: uint64(face), Block: uint64(block), // #nosec G115 -- as written
			Point: r.point(&at), Reach: int32(r.signed()), Line: int32(r.signed()), // #nosec G115 -- as written
		}
		if p.Line != -1 {
			p.Line = r.index(int64(p.Line), len(c.Lines))
		}
		for _, code := range r.bytes(r.length()) {
			p.Codes = append(p.Codes, Code(code))
		}
		c.Places[i] = p
	}
}
