package tiger_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
)

func origin() planar.Point { return planar.Point{X: -120_000_000, Y: 47_000_000} }

func file(raw []byte) tiger.File {
	return tiger.File{ReaderAt: bytes.NewReader(raw), Size: int64(len(raw))}
}

func county(t *testing.T, code string, files tiger.Files) *tiger.County {
	t.Helper()
	c, err := tiger.ReadCounty(code, files)
	if err != nil {
		t.Fatal(err)
	}
	if c.Counts[tiger.Sides] != c.Counts[tiger.Kept]+c.Counts[tiger.Unnamed] || len(c.Ranges) != c.Counts[tiger.Kept]+c.Counts[tiger.ZIPRepeats] {
		t.Errorf("%d sides in, %d kept, %d without a name, %d ranges", c.Counts[tiger.Sides], c.Counts[tiger.Kept], c.Counts[tiger.Unnamed], len(c.Ranges))
	}
	return c
}

func blocks(t *testing.T, text string) []*tiger.Blocks {
	t.Helper()
	b, _, err := tiger.ReadBlocks(strings.NewReader(text), int64(len(text)), []congress.State{"WA"})
	if err != nil {
		t.Fatal(err)
	}
	return []*tiger.Blocks{b}
}

// compile makes the table and a way to look addresses up in it that shares nothing with
// congress/district.
func compile(t *testing.T, plans *tiger.Plans, zipSeats tiger.ZIPSeats, counties ...*tiger.County) (lookup, tiger.Counts) {
	t.Helper()
	state, _ := congress.StateByFIPS(counties[0].Code[:2])
	c := tiger.NewCompiler(state, plans)
	for _, county := range counties {
		c.Survey(county)
	}
	for _, county := range counties {
		c.Add(county)
	}
	table := c.Table(zipSeats, true)
	if _, err := streettable.Encode(table); err != nil {
		t.Fatalf("the table cannot be written: %v", err)
	}
	l := lookup{table: table, streets: map[streetKey][]streettable.Range{}}
	for _, r := range table.Ranges {
		key := streetKey{r.ZIP, r.Street}
		l.streets[key] = append(l.streets[key], r)
	}
	return l, c.Counts()
}

type streetKey struct {
	zip    uint32
	street postal.Street
}

type lookup struct {
	table   streettable.Table
	streets map[streetKey][]streettable.Range
}

// find returns the seats of an address, as text, under the i-th Congress.
func (l lookup) find(zip uint32, street, number string, i int) []string {
	n, ok := postal.ParseNumber(number)
	if !ok {
		n = postal.Number{Prefix: number}
	}
	var seats []string
	for _, r := range l.streets[streetKey{zip, postal.ParseStreet(street)}] {
		if r.Prefix != n.Prefix || n.Value < r.Low || n.Value > r.High || r.Parity != streettable.Both && (r.Parity == streettable.Odd) != (n.Value%2 == 1) {
			continue
		}
		if seat := l.table.Units[r.Unit][i].String(); !slices.Contains(seats, seat) {
			seats = append(seats, seat)
		}
	}
	slices.Sort(seats)
	return seats
}

// tally compares every address of the grid with what the geometry says.
type tally struct{ right, ambiguous, unknown int }

func (l lookup) check(t *testing.T, addresses []tigertest.Address, n congress.Number) tally {
	t.Helper()
	column := slices.Index(l.table.Congresses, n)
	var sum tally
	wrong := 0
	for _, a := range addresses {
		want := tigertest.Seat(n, a.X, a.Y).String()
		got := l.find(a.ZIP, a.Street, a.Number, column)
		switch {
		case len(got) == 1 && got[0] == want:
			sum.right++
		case len(got) > 1 && slices.Contains(got, want):
			sum.ambiguous++
		case len(got) == 1 && got[0] == "":
			sum.unknown++
		default:
			if wrong++; wrong <= 10 {
				t.Errorf("%s: %s %s, %05d at %.2f %.2f: got %q, want %s", n, a.Number, a.Street, a.ZIP, a.X, a.Y, got, want)
			}
		}
	}
	if wrong > 10 {
		t.Errorf("%s: %d addresses are wrong", n, wrong)
	}
	return sum
}

func inEdges(all []tigertest.Address) []tigertest.Address {
	return slices.DeleteFunc(slices.Clone(all), func(a tigertest.Address) bool { return !a.InEdges })
}

// mapLines is one line between district 1 in the west and district 2 in the east,
// measured by brute force. It goes on to the north and south.
type mapLines []planar.Point

func (m mapLines) At(_ congress.Number, lon, lat float64) (congress.Seat, float64, bool) {
	seat := congress.Seat{State: "WA", District: 2}
	nearest := math.Inf(1)
	inside := false
	squeeze := math.Cos(lat * math.Pi / 180)
	for i := range m[1:] {
		ax, ay := float64(m[i].X)/1e6, float64(m[i].Y)/1e6
		bx, by := float64(m[i+1].X)/1e6, float64(m[i+1].Y)/1e6
		if (ay > lat) != (by > lat) && lon < ax+(lat-ay)/(by-ay)*(bx-ax) {
			inside = !inside
		}
		dx, dy, px, py := (bx-ax)*squeeze, by-ay, (lon-ax)*squeeze, lat-ay
		along := min(max((px*dx+py*dy)/(dx*dx+dy*dy), 0), 1)
		nearest = min(nearest, math.Hypot(px-along*dx, py-along*dy)*111_320)
	}
	if inside {
		seat.District = 1
	}
	return seat, nearest, true
}

func (m mapLines) Within(n congress.Number, lon, lat, metres float64) []congress.Seat {
	seat, nearest, _ := m.At(n, lon, lat)
	if nearest > metres {
		return []congress.Seat{seat}
	}
	return []congress.Seat{seat, {State: "WA", District: 3 - seat.District}}
}

// gridLines are the lines of the grid's 119th Congress, drawn on beyond the county.
func gridLines(g *tigertest.Grid) mapLines {
	line := g.Line(119)
	first, last := line[0], line[len(line)-1]
	return slices.Concat(mapLines{{X: first.X, Y: first.Y - 1_000_000}}, line, mapLines{{X: last.X, Y: last.Y + 1_000_000}})
}

func (s tally) String() string {
	return fmt.Sprintf("%d right, %d ambiguous, %d unknown", s.right, s.ambiguous, s.unknown)
}
