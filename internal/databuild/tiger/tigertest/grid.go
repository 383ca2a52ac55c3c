// Package tigertest invents a county of square blocks and writes it as the Census Bureau
// would: streets, faces, blocks and district lines. Its addresses know their place on the
// ground, so the district of each is known without any of what is tested.
package tigertest

import (
	"fmt"
	"math"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// The places of the county's two lines, in blocks from its south-western corner. The
// lines of the 119th Congress follow the avenue LineColumn, except that they cut the block
// (LineColumn, CutRow) through its middle: the southern half is in district 1. Those of
// the 120th follow the street LineRow and cut the block (CutColumn, LineRow): the western
// half is in district 1. Faces know the first cut and not the second.
const (
	LineColumn = 5
	CutRow     = 6
	LineRow    = 4
	CutColumn  = 8
	// ZIPColumn is the first column of the second ZIP code.
	ZIPColumn = 7
)

// The two ZIP codes.
const (
	WestZIP = 98801
	EastZIP = 98802
)

// StepMicros is the length of a block in millionths of a degree.
const StepMicros = 1500

// Grid is the county. Its state is Washington, its districts are 1 and 2.
type Grid struct {
	Code   string // state and county, five digits
	Blocks int    // on each side, at least 12
	Origin planar.Point

	// Shift moves the vertices of streets, not those of the district lines, as in another
	// edition. It may be nil.
	Shift func(planar.Point) planar.Point

	pieces []piece
}

// New returns a county of n by n blocks whose south-western corner is the origin.
func New(n int, origin planar.Point) *Grid {
	g := &Grid{Code: "53999", Blocks: n, Origin: origin}
	for c := range n + 1 {
		for r := range n {
			g.avenue(c, r)
		}
	}
	for r := range n + 1 {
		for c := range n {
			g.street(r, c)
		}
	}
	g.courts()
	for i := range g.pieces {
		g.pieces[i].tlid = uint64(600_000_000 + i)
	}
	return g
}

// place is a point in blocks from the origin.
type place struct{ x, y float64 }

// numbers are the house numbers of a side; none when step is 0.
type numbers struct {
	prefix   string
	from, to int
	step     int // 2, or 1 for both parities
	width    int // with leading zeros up to this many digits
}

func (n numbers) text(v int) string { return fmt.Sprintf("%s%0*d", n.prefix, n.width, v) }

func (n numbers) all() []string {
	var list []string
	if n.step == 0 {
		return nil
	}
	for v := min(n.from, n.to); v <= max(n.from, n.to); v += n.step {
		list = append(list, n.text(v))
	}
	if n.from > n.to {
		for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
			list[i], list[j] = list[j], list[i]
		}
	}
	return list
}

// parity is the letter of the column PARITYL.
func (n numbers) parity() string {
	switch {
	case n.step == 0:
		return ""
	case n.step == 1:
		return "B"
	case n.from%2 == 0:
		return "E"
	default:
		return "O"
	}
}

// piece is a feature: what lies between two crossings.
type piece struct {
	tlid        uint64
	names       []string
	line        []place
	left, right numbers
	leftZIP     string // in place of the true one
	rightZIP    string
	second      bool // of several with one line: not in the file of edges
	own         float64
}

// block returns the block that a place lies in; it is not ok outside the county.
func (g *Grid) block(p place) (column, row int, ok bool) {
	column, row = int(math.Floor(p.x)), int(math.Floor(p.y))
	return column, row, column >= 0 && row >= 0 && column < g.Blocks && row < g.Blocks
}

// District returns the district of a place under the lines of the 119th or 120th Congress.
func District(n congress.Number, x, y float64) uint8 {
	column, row := int(math.Floor(x)), int(math.Floor(y))
	south := n == 119 && column == LineColumn && row == CutRow && y < CutRow+0.5
	west := n == 120 && column == CutColumn && row == LineRow && x < CutColumn+0.5
	if south || west || n == 119 && x < LineColumn || n == 120 && y < LineRow {
		return 1
	}
	return 2
}

// Seat is District as a seat.
func Seat(n congress.Number, x, y float64) congress.Seat {
	return congress.Seat{State: "WA", District: District(n, x, y)}
}

// ZIP returns the ZIP code of a place.
func ZIP(x float64) uint32 {
	if x < ZIPColumn {
		return WestZIP
	}
	return EastZIP
}

func (g *Grid) at(p place) planar.Point {
	return planar.Point{X: g.Origin.X + int32(math.Round(p.x*StepMicros)), Y: g.Origin.Y + int32(math.Round(p.y*StepMicros))}
}

// avenue adds the block of an avenue, which runs north and bends a little. Even avenues
// are drawn southwards, so that their numbers descend and their sides change places.
func (g *Grid) avenue(c, r int) {
	x, y, base := float64(c), float64(r), 100*(r+1)
	whole := []place{{x, y}, {x + 0.05, y + 0.3}, {x - 0.05, y + 0.8}, {x, y + 1}}
	west, east := numbers{from: base + 1, to: base + 99, step: 2}, numbers{from: base, to: base + 98, step: 2}
	if r == 10 && c == LineColumn { // mixed parity on a line: the low numbers are west
		west, east = numbers{from: base + 1, to: base + 49, step: 1}, numbers{from: base + 50, to: base + 98, step: 1}
	}
	if r == CutRow && (c == LineColumn || c == LineColumn+1) {
		lower, upper := west, west
		lower.to, upper.from = base+49, base+51
		lowerEast, upperEast := east, east
		lowerEast.to, upperEast.from = base+48, base+50
		g.add(c, piece{line: []place{whole[0], whole[1], {x, y + 0.5}}, left: lower, right: lowerEast})
		g.add(c, piece{line: []place{{x, y + 0.5}, whole[2], whole[3]}, left: upper, right: upperEast})
		return
	}
	g.add(c, piece{line: whole, left: west, right: east})
}

func (g *Grid) add(c int, p piece) {
	if c == 0 {
		p.left = numbers{}
	}
	if c == g.Blocks {
		p.right = numbers{}
	}
	p.names = []string{avenueName(c)}
	if c%2 == 0 {
		p = p.reversed()
	}
	g.keep(p)
}

func (p piece) reversed() piece {
	line := make([]place, len(p.line))
	for i, v := range p.line {
		line[len(line)-1-i] = v
	}
	p.line, p.left, p.right = line, p.right, p.left
	p.left.from, p.left.to = p.left.to, p.left.from
	p.right.from, p.right.to = p.right.to, p.right.from
	return p
}

// street adds the block of a street, which runs east.
func (g *Grid) street(r, c int) {
	x, y, base := float64(c), float64(r), 100*(c+1)
	p := piece{
		names: streetNames(r), line: []place{{x, y}, {x + 0.3, y + 0.05}, {x + 1, y}},
		left: numbers{from: base + 1, to: base + 99, step: 2}, right: numbers{from: base, to: base + 98, step: 2},
	}
	if r == 0 {
		p.right = numbers{}
	}
	if r == g.Blocks {
		p.left = numbers{}
	}
	g.keep(p)
}

// keep adds a piece; of every few it takes the ZIP code from one side.
func (g *Grid) keep(p piece) {
	both := p.left.step != 0 && p.right.step != 0 && ZIP(p.line[0].x-0.2) == ZIP(p.line[0].x+0.2)
	switch i := len(g.pieces); {
	case both && i%7 == 3:
		p.leftZIP = " "
	case both && i%11 == 5:
		p.rightZIP = "99999"
	}
	g.pieces = append(g.pieces, p)
}

func avenueName(c int) string {
	ending := "th"
	switch {
	case c%100/10 == 1:
	case c%10 == 1:
		ending = "st"
	case c%10 == 2:
		ending = "nd"
	case c%10 == 3:
		ending = "rd"
	}
	return fmt.Sprintf("%d%s Ave", c, ending)
}

// streetNames returns the names of a street; some have two.
func streetNames(r int) []string {
	names := [][]string{
		{"Elm St"},
		{"N Main St"},
		{"S Main St"},
		{"Co Rd 100", "W Denneys Rd"},
		{"State Hwy 360", "Hwy 360"},
		{"Avenue B"},
		{"St Marys Rd"},
		{"Perrys Bridge Rd"},
		{"Park Ave W"},
		{"Co Rd 9"},
		{"Old Mill Pl"},
		{"E Hall Creek Rd"},
		{"Broadway"},
	}
	if r < len(names) {
		return names[r]
	}
	return []string{avenueName(r)[:len(avenueName(r))-3] + "St"}
}

// courts adds dead ends inside blocks, with the odd house numbers that real counties have.
func (g *Grid) courts() {
	court := func(name string, x, y float64, left, right numbers, second bool) {
		g.pieces = append(g.pieces, piece{
			names: []string{name}, left: left, right: right, second: second, own: 0.05,
			line: []place{{x, y}, {x, y + 0.1}},
		})
	}
	none := numbers{}
	court("Weeping Willow Ct", 4.4, 1.3, numbers{from: 22, to: 15, step: 1}, numbers{from: 7, to: 14, step: 1}, false)
	court("Weeping Willow Ct", 9.4, 1.3, numbers{from: 99, to: 23, step: 1}, numbers{from: 1, to: 6, step: 1, width: 2}, false)
	court("Cactus Bnd", 2.4, 2.3, numbers{from: 1, to: 98, step: 1, width: 2}, none, false)
	court("Taraila Rd", 3.4, 9.3, none, numbers{from: 18612, to: 18676, step: 2}, false)
	court("Taraila Rd", 3.4, 9.3, none, numbers{from: 18600, to: 18608, step: 2}, true)
	court("Taraila Rd", 8.4, 9.3, none, numbers{from: 200, to: 200, step: 2}, false)
	court("Merciers Ln", 4.4, 2.3, numbers{prefix: "117-", from: 1, to: 99, step: 2, width: 2}, numbers{prefix: "113-", from: 98, to: 0, step: 2, width: 2}, false)
	court("Merciers Ln", 9.4, 2.3, numbers{prefix: "119-", from: 1, to: 99, step: 2, width: 2}, none, false)
	court("Walnut St", 4.4, 3.3, none, numbers{prefix: "2034-", from: 98, to: 0, step: 2}, false)
	court("Walnut St", 4.4, 3.3, none, numbers{prefix: "2035-", from: 98, to: 0, step: 2}, true)
	court("Walnut St", 6.4, 3.3, none, numbers{prefix: "2036-", from: 98, to: 0, step: 2}, false)
	court("Raleigh Trl", 3.4, 3.3, none, numbers{prefix: "P", from: 99, to: 1, step: 2, width: 2}, false)
	court("Raleigh Trl", 6.4, 7.3, numbers{prefix: "R", from: 501, to: 599, step: 2}, none, false)
	court("Hollowell Cir", 4.4, 8.3, none, numbers{prefix: "LO", from: 0, to: 98, step: 2, width: 2}, false)
	court("Hollowell Cir", 5.4, 8.3, none, numbers{prefix: "LO", from: 100, to: 198, step: 2}, false)
	court("Ontario Ave", 1.4, 4.3, numbers{prefix: "A", from: 12, to: 98, step: 2}, numbers{prefix: "A", from: 1, to: 3, step: 2}, false)
	court("Ontario Ave", 5.4, 4.3, numbers{prefix: "A", from: 125, to: 109, step: 2}, none, false)
	court("Hill Rd", 2.4, 8.3, numbers{prefix: "N6W", from: 23001, to: 23099, step: 2}, none, false)
	court("Hill Rd", 8.4, 8.3, numbers{prefix: "N7W", from: 23001, to: 23099, step: 2}, none, false)
	court("Halfway Ct", 5.4, 6.2, numbers{from: 1, to: 9, step: 2}, numbers{from: 2, to: 8, step: 2}, false)
	court("Halfway Ct", 5.4, 6.7, numbers{from: 11, to: 19, step: 2}, numbers{from: 12, to: 18, step: 2}, false)
	court("", 2.6, 5.3, numbers{from: 1, to: 99, step: 2}, none, false)
}
