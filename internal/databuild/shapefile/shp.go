package shapefile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// Polygon is the rings of one record. Each ring is closed: its last point repeats its
// first. Which rings are holes is told by parity: a point is inside when an odd number of
// rings encloses it.
type Polygon [][]planar.Point

const (
	shpHeader    = 100
	shpMagic     = 9994
	shpVersion   = 1000
	shapeNull    = 0
	shapePolygon = 5
	recordHeader = 8
	polygonHead  = 44 // type, box, numbers of rings and points
	pointSize    = 16
)

// Polygons reads the contents of a .shp file. A null shape is an empty Polygon, so that
// the numbering stays that of the attribute table.
func Polygons(shp []byte) ([]Polygon, error) {
	if len(shp) < shpHeader || binary.BigEndian.Uint32(shp) != shpMagic || binary.LittleEndian.Uint32(shp[28:]) != shpVersion {
		return nil, errors.New("not a shapefile")
	}
	if t := binary.LittleEndian.Uint32(shp[32:]); t != shapePolygon {
		return nil, fmt.Errorf("shape type %d, only polygons (5) are read", t)
	}
	if words := binary.BigEndian.Uint32(shp[24:]); uint64(words)*2 != uint64(len(shp)) {
		return nil, fmt.Errorf("the header says %d bytes, the file has %d", uint64(words)*2, len(shp))
	}
	var all []Polygon
	for rest := shp[shpHeader:]; len(rest) > 0; {
		number := len(all) + 1
		if len(rest) < recordHeader {
			return nil, fmt.Errorf("record %d is cut off", number)
		}
		size := 2 * int(binary.BigEndian.Uint32(rest[4:]))
		if n := binary.BigEndian.Uint32(rest); uint64(n) != uint64(number) {
			return nil, fmt.Errorf("record %d is numbered %d", number, n)
		}
		if size > len(rest)-recordHeader {
			return nil, fmt.Errorf("record %d is cut off", number)
		}
		p, err := polygon(rest[recordHeader : recordHeader+size])
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", number, err)
		}
		all = append(all, p)
		rest = rest[recordHeader+size:]
	}
	return all, nil
}

func polygon(rec []byte) (Polygon, error) {
	if len(rec) == 4 && binary.LittleEndian.Uint32(rec) == shapeNull {
		return Polygon{}, nil
	}
	if len(rec) < polygonHead || binary.LittleEndian.Uint32(rec) != shapePolygon {
		return nil, errors.New("not a polygon")
	}
	rings := uint64(binary.LittleEndian.Uint32(rec[36:]))
	points := uint64(binary.LittleEndian.Uint32(rec[40:]))
	if polygonHead+4*rings+pointSize*points != uint64(len(rec)) {
		return nil, fmt.Errorf("%d rings and %d points do not make %d bytes", rings, points, len(rec))
	}
	starts, coords := rec[polygonHead:], rec[polygonHead+4*rings:]
	p := make(Polygon, rings)
	for i := range p {
		from, to := uint64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if uint64(i)+1 < rings {
			to = uint64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if (i == 0 && from != 0) || from >= to || to > points {
			return nil, fmt.Errorf("ring %d is out of range", i+1)
		}
		ring, err := ring(coords[from*pointSize : to*pointSize])
		if err != nil {
			return nil, fmt.Errorf("ring %d: %w", i+1, err)
		}
		p[i] = ring
	}
	return p, nil
}

func ring(raw []byte) ([]planar.Point, error) {
	n := len(raw) / pointSize
	if n < 4 {
		return nil, fmt.Errorf("%d points do not make a ring", n)
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
	if points[0] != points[n-1] {
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
