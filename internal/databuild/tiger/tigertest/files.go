package tigertest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile/shapetest"
)

// Address is one address of the county and its place, in blocks from the origin.
type Address struct {
	Number, Street string
	ZIP            uint32
	X, Y           float64
	InEdges        bool // whether the file of edges has it
}

// Addresses returns all addresses that have a street name, under each of the names.
func (g *Grid) Addresses() []Address {
	var list []Address
	for _, p := range g.pieces {
		for _, right := range []bool{false, true} {
			side := p.left
			if right {
				side = p.right
			}
			all := side.all()
			for i, number := range all {
				v := p.beside((float64(i)+0.5)/float64(len(all)), right)
				for j, name := range p.names {
					if name != "" {
						list = append(list, Address{number, name, ZIP(v.x), v.x, v.y, j == 0 && !p.second && side.toldByEnds(i)})
					}
				}
			}
		}
	}
	return list
}

// toldByEnds reports whether the i-th number lies in the range that edges tell, which have
// no parity: between two odd numbers only odd ones.
func (n numbers) toldByEnds(i int) bool {
	return n.step == 2 || n.from%2 != n.to%2 || i%2 == 0
}

// beside returns a place on one side of the piece, so far along it from 0 to 1.
func (p piece) beside(along float64, right bool) place {
	a, b := p.line[0], p.line[len(p.line)-1]
	dx, dy := b.x-a.x, b.y-a.y
	length := math.Hypot(dx, dy)
	off := p.own
	if off == 0 {
		off = 0.2
	}
	if right {
		off = -off
	}
	return place{a.x + dx*along - dy/length*off, a.y + dy*along + dx/length*off}
}

// face returns the number of the face that a place lies in, 0 outside the county.
func (g *Grid) face(p place) uint64 {
	column, row, ok := g.block(p)
	if !ok {
		return 0
	}
	id := uint64(200_000_000 + 2*(row*g.Blocks+column)) // #nosec G115 -- a small county
	if column == LineColumn && row == CutRow && p.y >= CutRow+0.5 {
		id++
	}
	return id
}

func blank(id uint64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatUint(id, 10)
}

// sideValues returns the columns of one side: face, first and last number, ZIP, parity.
func (g *Grid) sideValues(p piece, right bool) (face, from, to, zip, parity string) {
	side, given := p.left, p.leftZIP
	if right {
		side, given = p.right, p.rightZIP
	}
	v := p.beside(0.5, right)
	face = blank(g.face(v))
	if side.step == 0 {
		return face, "", "", "", ""
	}
	if given == "" {
		given = fmt.Sprintf("%05d", ZIP(v.x))
	}
	return face, side.text(side.from), side.text(side.to), strings.TrimSpace(given), side.parity()
}

func (g *Grid) shape(p piece) [][]planar.Point {
	line := make([]planar.Point, len(p.line))
	for i, v := range p.line {
		line[i] = g.at(v)
		if g.Shift != nil {
			line[i] = g.Shift(line[i])
		}
	}
	return [][]planar.Point{line}
}

func column(name string, kind byte, width int) shapetest.Field {
	return shapetest.Field{Name: name, Kind: kind, Width: width}
}

// AddrFeat writes the address range features.
func (g *Grid) AddrFeat(tb testing.TB) []byte {
	tb.Helper()
	fields := []shapetest.Field{
		column("TLID", 'N', 10), column("TFIDL", 'N', 10), column("TFIDR", 'N', 10), column("ARIDL", 'C', 22), column("FULLNAME", 'C', 100),
		column("LFROMHN", 'C', 12), column("LTOHN", 'C', 12), column("RFROMHN", 'C', 12), column("RTOHN", 'C', 12),
		column("ZIPL", 'C', 5), column("ZIPR", 'C', 5), column("PARITYL", 'C', 1), column("PARITYR", 'C', 1), column("OFFSETL", 'C', 1),
	}
	var features []shapetest.Feature
	for _, p := range g.pieces {
		faceL, fromL, toL, zipL, parityL := g.sideValues(p, false)
		faceR, fromR, toR, zipR, parityR := g.sideValues(p, true)
		for _, name := range p.names {
			features = append(features, shapetest.Feature{
				Values: []string{blank(p.tlid), faceL, faceR, "", name, fromL, toL, fromR, toR, zipL, zipR, parityL, parityR, "N"},
				Parts:  g.shape(p),
			})
		}
	}
	return shapetest.Pack(tb, "tl_2025_"+g.Code+"_addrfeat", shapefile.LineShapes, fields, features)
}

// Edges writes the edges: a piece once, with the first of its names.
func (g *Grid) Edges(tb testing.TB) []byte {
	tb.Helper()
	fields := []shapetest.Field{
		column("STATEFP", 'C', 2), column("COUNTYFP", 'C', 3), column("TLID", 'N', 10), column("TFIDL", 'N', 10), column("TFIDR", 'N', 10),
		column("MTFCC", 'C', 5), column("FULLNAME", 'C', 100), column("LFROMADD", 'C', 12), column("LTOADD", 'C', 12),
		column("RFROMADD", 'C', 12), column("RTOADD", 'C', 12), column("ZIPL", 'C', 5), column("ZIPR", 'C', 5),
	}
	features := []shapetest.Feature{{
		Values: []string{g.Code[:2], g.Code[2:], "1", "", "", "H3010", "Muddy Cr", "", "", "", "", "", ""},
		Parts:  [][]planar.Point{{g.Origin, {X: g.Origin.X + 10, Y: g.Origin.Y + 10}}},
	}}
	for _, p := range g.pieces {
		if p.second {
			continue
		}
		faceL, fromL, toL, zipL, _ := g.sideValues(p, false)
		faceR, fromR, toR, zipR, _ := g.sideValues(p, true)
		features = append(features, shapetest.Feature{
			Values: []string{g.Code[:2], g.Code[2:], blank(p.tlid), faceL, faceR, "S1400", p.names[0], fromL, toL, fromR, toR, zipL, zipR},
			Parts:  g.shape(p),
		})
	}
	return shapetest.Pack(tb, "tl_2025_"+g.Code+"_edges", shapefile.LineShapes, fields, features)
}

// Faces writes the faces, with the district codes of the Congresses. The face of the
// block (2,2) lies in no ZIP code area.
func (g *Grid) Faces(tb testing.TB, codes ...congress.Number) []byte {
	tb.Helper()
	fields := []shapetest.Field{
		column("TFID", 'N', 10), column("STATEFP20", 'C', 2), column("COUNTYFP20", 'C', 3), column("TRACTCE20", 'C', 6),
		column("BLKGRPCE20", 'C', 1), column("BLOCKCE20", 'C', 4), column("ZCTA5CE20", 'C', 5), column("LWFLAG", 'C', 1),
		column("INTPTLAT", 'C', 11), column("INTPTLON", 'C', 12),
	}
	for _, n := range codes {
		fields = append(fields, column(fmt.Sprintf("CD%dFP", n), 'C', 2))
	}
	var features []shapetest.Feature
	add := func(low, high place) {
		middle := place{(low.x + high.x) / 2, (low.y + high.y) / 2}
		column, row, _ := g.block(middle)
		geoid := g.geoid(column, row)
		zcta := fmt.Sprintf("%05d", ZIP(middle.x))
		if column == 2 && row == 2 {
			zcta = ""
		}
		at := g.at(middle)
		values := []string{
			blank(g.face(middle)), geoid[:2], geoid[2:5], geoid[5:11], geoid[11:12], geoid[11:], zcta, "L",
			fmt.Sprintf("%+011.7f", float64(at.Y)/1e6), fmt.Sprintf("%+012.7f", float64(at.X)/1e6),
		}
		for _, n := range codes {
			values = append(values, fmt.Sprintf("%02d", District(n, middle.x, middle.y)))
		}
		ring := []planar.Point{g.at(low), g.at(place{low.x, high.y}), g.at(high), g.at(place{high.x, low.y}), g.at(low)}
		features = append(features, shapetest.Feature{Values: values, Parts: [][]planar.Point{ring}})
	}
	for r := range g.Blocks {
		for c := range g.Blocks {
			x, y := float64(c), float64(r)
			if c == LineColumn && r == CutRow {
				add(place{x, y}, place{x + 1, y + 0.5})
				add(place{x, y + 0.5}, place{x + 1, y + 1})
				continue
			}
			add(place{x, y}, place{x + 1, y + 1})
		}
	}
	return shapetest.Pack(tb, "tl_2025_"+g.Code+"_faces", shapefile.PolygonShapes, fields, features)
}

// geoid returns the fifteen digits of a block.
func (g *Grid) geoid(column, row int) string {
	return fmt.Sprintf("%s%06d%04d", g.Code, 100*(row+1), 1000+column)
}

// BlockList writes the block equivalency file of a Congress. The block that its line cuts
// stands in it with both districts.
func (g *Grid) BlockList(n congress.Number) string {
	var b strings.Builder
	b.WriteString("GEOID,CDFP\r\n")
	for r := range g.Blocks {
		for c := range g.Blocks {
			x, y := float64(c), float64(r)
			first, last := District(n, x+0.1, y+0.1), District(n, x+0.9, y+0.9)
			fmt.Fprintf(&b, "%s,%02d\r\n", g.geoid(c, r), first)
			if last != first {
				fmt.Fprintf(&b, "%s,%02d\r\n", g.geoid(c, r), last)
			}
		}
	}
	return b.String()
}

// Line returns the line between the districts of the 119th Congress from south to north, or
// of the 120th from west to east, with the vertices of the streets it follows. District 1
// is west of the one and south of the other.
func (g *Grid) Line(n congress.Number) []planar.Point {
	var line []planar.Point
	add := func(points ...place) {
		for _, p := range points {
			line = append(line, g.at(p))
		}
	}
	for i := range g.Blocks {
		at := float64(i)
		switch {
		case n == 119 && i == CutRow:
			const x = LineColumn
			add(place{x, at}, place{x + 0.3, at + 0.05}, place{x + 1, at}, place{x + 1.05, at + 0.3}, place{x + 1, at + 0.5}, place{x, at + 0.5}, place{x - 0.05, at + 0.8})
		case n == 119:
			add(place{LineColumn, at}, place{LineColumn + 0.05, at + 0.3}, place{LineColumn - 0.05, at + 0.8})
		case i == CutColumn:
			const y = LineRow
			add(place{at, y}, place{at + 0.05, y + 0.3}, place{at - 0.05, y + 0.8}, place{at, y + 1}, place{at + 0.3, y + 1.05}, place{at + 0.5, y + 1}, place{at + 0.5, y})
		default:
			add(place{at, LineRow}, place{at + 0.3, LineRow + 0.05})
		}
	}
	if n == 119 {
		add(place{LineColumn, float64(g.Blocks)})
	} else {
		add(place{float64(g.Blocks), LineRow})
	}
	return line
}
