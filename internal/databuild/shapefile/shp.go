package shapefile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// Polygon is the rings of one record. Each ring is closed: its last point repeats its
// first. Which rings are holes is told by parity: a point is inside when an odd number of
// rings encloses it.
type Polygon [][]planar.Point

// Kind is a type of shape, by its number in the file.
type Kind uint32

// The shapes that are read. NoShapes stands for reading attributes alone.
const (
	NoShapes      Kind = 0
	LineShapes    Kind = 3
	PolygonShapes Kind = 5
)

const (
	shpHeader    = 100
	shpMagic     = 9994
	shpVersion   = 1000
	recordHeader = 8
	shapeHead    = 44 // type, box, numbers of parts and points
	pointSize    = 16
)

// names says what a shape of the kind and one of its parts are called in messages.
func (k Kind) names() (shape, part string) {
	if k == LineShapes {
		return "line", "part"
	}
	return "polygon", "ring"
}

// shapes reads a .shp file record by record.
type shapes struct {
	r      io.Reader
	kind   Kind
	left   int64 // bytes not yet read
	number int   // of the last record
	record bytes.Buffer
}

// newShapes reads the header of a .shp file of so many bytes, which must hold shapes of
// the kind.
func newShapes(r io.Reader, size int64, kind Kind) (*shapes, error) {
	head := make([]byte, shpHeader)
	if _, err := io.ReadFull(r, head); err != nil && !cut(err) {
		return nil, err
	} else if err != nil || binary.BigEndian.Uint32(head) != shpMagic || binary.LittleEndian.Uint32(head[28:]) != shpVersion {
		return nil, errors.New("not a shapefile")
	}
	if t := Kind(binary.LittleEndian.Uint32(head[32:])); t != kind {
		shape, _ := kind.names()
		return nil, fmt.Errorf("shape type %d, not %ss (%d)", t, shape, kind)
	}
	if words := int64(binary.BigEndian.Uint32(head[24:])); words*2 != size {
		return nil, fmt.Errorf("the header says %d bytes, the file has %d", words*2, size)
	}
	return &shapes{r: r, kind: kind, left: size - shpHeader}, nil
}

// next returns the parts of the next shape, none for a null shape, or io.EOF when the
// file ended as it should.
func (s *shapes) next() ([][]planar.Point, error) {
	if s.left == 0 {
		return nil, s.end()
	}
	s.number++
	raw, err := s.raw()
	if err != nil {
		return nil, fmt.Errorf("record %d %w", s.number, err)
	}
	parts, err := readParts(raw, s.kind)
	if err != nil {
		return nil, fmt.Errorf("record %d: %w", s.number, err)
	}
	return parts, nil
}

var errCutOff = errors.New("is cut off")

// raw returns the content of the next record, which holds until the call after. The
// buffer grows with what really comes, not with what the record claims.
func (s *shapes) raw() ([]byte, error) {
	var head [recordHeader]byte
	if s.left < recordHeader {
		return nil, errCutOff
	}
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		return nil, cutOff(err, errCutOff.Error())
	}
	s.left -= recordHeader
	size := 2 * int64(binary.BigEndian.Uint32(head[4:]))
	if n := binary.BigEndian.Uint32(head[:]); uint64(n) != uint64(s.number) { // #nosec G115 -- counts from 1
		return nil, fmt.Errorf("is numbered %d", n)
	}
	if size > s.left {
		return nil, errCutOff
	}
	s.left -= size
	s.record.Reset()
	if _, err := io.CopyN(&s.record, s.r, size); err != nil {
		return nil, cutOff(err, errCutOff.Error())
	}
	return s.record.Bytes(), nil
}

// end returns io.EOF when the file really ends where its header says.
func (s *shapes) end() error {
	n, err := io.ReadFull(s.r, make([]byte, 1))
	if n > 0 {
		return errors.New("the file goes on after its end")
	}
	return err
}

// Polygons reads the contents of a .shp file of polygons. A null shape is an empty
// Polygon, so that the numbering stays that of the attribute table.
func Polygons(shp []byte) ([]Polygon, error) {
	s, err := newShapes(bytes.NewReader(shp), int64(len(shp)), PolygonShapes)
	if err != nil {
		return nil, err
	}
	var all []Polygon
	for {
		parts, err := s.next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, parts)
	}
}

// readParts reads the content of a record.
func readParts(rec []byte, kind Kind) ([][]planar.Point, error) {
	shape, part := kind.names()
	if len(rec) == 4 && Kind(binary.LittleEndian.Uint32(rec)) == NoShapes {
		return [][]planar.Point{}, nil
	}
	if len(rec) < shapeHead || Kind(binary.LittleEndian.Uint32(rec)) != kind {
		return nil, fmt.Errorf("not a %s", shape)
	}
	count := uint64(binary.LittleEndian.Uint32(rec[36:]))
	points := uint64(binary.LittleEndian.Uint32(rec[40:]))
	if shapeHead+4*count+pointSize*points != uint64(len(rec)) {
		return nil, fmt.Errorf("%d %ss and %d points do not make %d bytes", count, part, points, len(rec))
	}
	starts, coords := rec[shapeHead:], rec[shapeHead+4*count:]
	all := make([][]planar.Point, count)
	for i := range all {
		from, to := uint64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if uint64(i)+1 < count {
			to = uint64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if (i == 0 && from != 0) || from >= to || to > points {
			return nil, fmt.Errorf("%s %d is out of range", part, i+1)
		}
		one, err := readPart(coords[from*pointSize:to*pointSize], kind)
		if err != nil {
			return nil, fmt.Errorf("%s %d: %w", part, i+1, err)
		}
		all[i] = one
	}
	return all, nil
}

// readPart reads the points of a line, of which there must be two, or of a ring, which
// has four and ends where it began.
func readPart(raw []byte, kind Kind) ([]planar.Point, error) {
	n := len(raw) / pointSize
	if n < 2 || (kind == PolygonShapes && n < 4) {
		_, part := kind.names()
		return nil, fmt.Errorf("%d points do not make a %s", n, part)
	}
	points := make([]planar.Point, n)
	for i := range points {
		x, okX := micro(raw[i*pointSize:], 180)
		y, okY := micro(raw[i*pointSize+8:], 90)
		if !okX || !okY {
			return nil, fmt.Errorf("point %d is no place on Earth", i+1)
		}
		points[i] = planar.Point{X: x, Y: y}
	}
	if kind == PolygonShapes && points[0] != points[n-1] {
		return nil, errors.New("it is not closed")
	}
	return points, nil
}

// micro reads degrees as millionths, rounded; it is not ok beyond the limit or for a NaN.
func micro(raw []byte, limit float64) (int32, bool) {
	v := math.Float64frombits(binary.LittleEndian.Uint64(raw))
	if !(math.Abs(v) <= limit) {
		return 0, false
	}
	return int32(math.Round(v * 1e6)), true
}
