package tiger_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
)

// TestEveryAddressOfTheGrid goes through all ways in which a county's files may tell the
// district. No address may ever get a wrong one.
func TestEveryAddressOfTheGrid(t *testing.T) {
	g := tigertest.New(12, origin())
	all := g.Addresses()
	addrFeat, edges := file(g.AddrFeat(t)), file(g.Edges(t))
	coded, plain := file(g.Faces(t, 118, 119)), file(g.Faces(t))
	lists := map[congress.Number][]*tiger.Blocks{119: blocks(t, g.BlockList(119))}
	for _, tt := range []struct {
		name      string
		files     tiger.Files
		plans     tiger.Plans
		addresses []tigertest.Address
		exact     bool
		kind      tiger.Kind // that must have been of use
	}{
		{"codes of faces", tiger.Files{AddrFeat: addrFeat, Faces: coded}, tiger.Plans{}, all, true, tiger.ByFace},
		{"codes of faces before a list of blocks", tiger.Files{AddrFeat: addrFeat, Faces: coded}, tiger.Plans{Blocks: lists}, all, true, tiger.ByFace},
		{"edges", tiger.Files{Edges: edges, Faces: coded}, tiger.Plans{}, inEdges(all), true, tiger.ByFace},
		{"edges beside address ranges", tiger.Files{AddrFeat: addrFeat, Edges: edges, Faces: coded}, tiger.Plans{}, all, true, tiger.ByFace},
		{"blocks", tiger.Files{AddrFeat: addrFeat, Faces: plain}, tiger.Plans{Blocks: lists}, all, false, tiger.Ambiguous},
		{"points in faces", tiger.Files{AddrFeat: addrFeat, Faces: plain}, tiger.Plans{Lines: gridLines(g)}, all, true, tiger.ByPoint},
		{"lines alone", tiger.Files{AddrFeat: addrFeat}, tiger.Plans{Lines: gridLines(g)}, all, true, tiger.BySide},
		{"lines and edges alone", tiger.Files{Edges: edges}, tiger.Plans{Lines: gridLines(g)}, inEdges(all), true, tiger.BySide},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.plans.Congresses = []congress.Number{119}
			l, counts := compile(t, &tt.plans, nil, county(t, g.Code, tt.files))
			got := l.check(t, tt.addresses, 119)
			t.Logf("%s of %d; %v", got, len(tt.addresses), counts)
			if counts[tt.kind] == 0 {
				t.Errorf("nothing was found as %s: %v", tt.kind, counts)
			}
			if tt.exact && got.right != len(tt.addresses) {
				t.Error("not every address has its district")
			}
			if !tt.exact && (got.ambiguous == 0 || got.ambiguous > 400 || got.unknown > 0) {
				t.Error("not only the streets of the block that is cut are ambiguous")
			}
		})
	}
}

// TestNextPlanFromTheCacheAlone compiles the 119th and the 120th Congress of a county that
// was read before anybody knew the 120th, under whose lines one block is cut.
func TestNextPlanFromTheCacheAlone(t *testing.T) {
	g := tigertest.New(12, origin())
	cache := tiger.Cache{Dir: t.TempDir()}
	key := tiger.Key{1}
	if err := cache.Store(county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 119))}), key); err != nil {
		t.Fatal(err)
	}
	stored, err := cache.Load(g.Code, key)
	if err != nil {
		t.Fatal(err)
	}
	plans := &tiger.Plans{Congresses: []congress.Number{119, 120}, Blocks: map[congress.Number][]*tiger.Blocks{120: blocks(t, g.BlockList(120))}}
	l, _ := compile(t, plans, nil, stored)
	all := g.Addresses()
	if now := l.check(t, all, 119); now.right != len(all) {
		t.Errorf("119th: %s", now)
	}
	next := l.check(t, all, 120)
	if next.unknown > 0 || next.ambiguous == 0 {
		t.Errorf("120th: %s", next)
	}
	for _, a := range all { // only sides of the block that is cut may be ambiguous
		inside := a.X > tigertest.CutColumn && a.X < tigertest.CutColumn+1 && a.Y > tigertest.LineRow && a.Y < tigertest.LineRow+1
		if seats := l.find(a.ZIP, a.Street, a.Number, 1); (len(seats) > 1) != inside {
			t.Errorf("%s %s at %.2f %.2f: %q", a.Number, a.Street, a.X, a.Y, seats)
		}
	}
}

// TestAStateMayKeepItsLines is what a court did to a file of the 120th Congress.
func TestAStateMayKeepItsLines(t *testing.T) {
	g := tigertest.New(12, origin())
	plans := &tiger.Plans{
		Congresses: []congress.Number{119, 120, 121},
		Blocks:     map[congress.Number][]*tiger.Blocks{119: blocks(t, g.BlockList(119)), 120: blocks(t, g.BlockList(120))},
		LinesOf: func(_ congress.State, n congress.Number) congress.Number {
			return map[congress.Number]congress.Number{119: 119, 120: 119}[n]
		},
	}
	l, counts := compile(t, plans, nil, county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 119, 120))}))
	for _, unit := range l.table.Units {
		if unit[0] != unit[1] || !unit[2].IsZero() {
			t.Errorf("a unit has the seats %v", unit)
		}
	}
	if counts[tiger.ByBlock] != 0 || counts[tiger.ByFace] == 0 {
		t.Errorf("%v", counts)
	}
}

// TestLinesThatNoFileOfTheBureauKnows has a state's own plan in place of the one in the
// codes and lists: only its lines tell, and a face may be cut by them anywhere.
func TestLinesThatNoFileOfTheBureauKnows(t *testing.T) {
	g := tigertest.New(12, origin())
	plans := &tiger.Plans{
		Congresses: []congress.Number{119}, Lines: gridLines(g), Blocks: map[congress.Number][]*tiger.Blocks{119: blocks(t, g.BlockList(120))},
		LinesOf: func(congress.State, congress.Number) congress.Number { return 0 },
	}
	l, counts := compile(t, plans, nil, county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 120))}))
	all := g.Addresses()
	if got := l.check(t, all, 119); got.right < len(all)/2 || got.ambiguous == 0 || got.unknown > 0 {
		t.Errorf("%s; %v", got, counts)
	}
}

// TestStreetsOfAnotherEdition moves the streets' vertices by some metres: without faces
// what lies near the line must become ambiguous, and nothing may be wrong.
func TestStreetsOfAnotherEdition(t *testing.T) {
	for seed := range uint64(3) {
		g := tigertest.New(12, origin())
		g.Shift = shift(seed, 0)
		l, counts := compile(t, &tiger.Plans{Congresses: []congress.Number{119}, Lines: gridLines(g)}, nil, county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t))}))
		got := l.check(t, g.Addresses(), 119)
		t.Logf("seed %d: %s; %v", seed, got, counts)
		if got.ambiguous < 1000 || got.ambiguous > len(g.Addresses())/2 || got.unknown > 0 {
			t.Errorf("seed %d: %s", seed, got)
		}
	}
	t.Run("some vertices shared", func(t *testing.T) {
		for seed := range uint64(6) {
			g := tigertest.New(12, origin())
			g.Shift = shift(seed, 0.7)
			l, _ := compile(t, &tiger.Plans{Congresses: []congress.Number{119}, Lines: gridLines(g)}, nil, county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t))}))
			if got := l.check(t, g.Addresses(), 119); got.ambiguous == 0 {
				t.Errorf("seed %d: %s", seed, got)
			}
		}
	})
}

// shift moves every vertex up to about ten metres, the same way whenever it comes, but
// leaves a share of them alone.
func shift(seed uint64, still float64) func(planar.Point) planar.Point {
	return func(p planar.Point) planar.Point {
		r := rand.New(rand.NewPCG(seed, uint64(uint32(p.X))<<32|uint64(uint32(p.Y))))
		if r.Float64() < still {
			return p
		}
		return planar.Point{X: p.X + r.Int32N(200) - 100, Y: p.Y + r.Int32N(150) - 75}
	}
}

// TestFaceInTheNeighbouringCounty has streets on a county line whose far side lies in a face
// of the county next door.
func TestFaceInTheNeighbouringCounty(t *testing.T) {
	g := tigertest.New(12, origin())
	whole := county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 119))})
	bare := county(t, "53001", tiger.Files{AddrFeat: file(g.AddrFeat(t))})
	l, counts := compile(t, &tiger.Plans{Congresses: []congress.Number{119}}, nil, bare, whole)
	all := g.Addresses()
	if got := l.check(t, all, 119); got.right != len(all) || counts[tiger.FromOthers] == 0 {
		t.Errorf("%s of %d; %v", got, len(all), counts)
	}
}

func TestOnlyStreetsThatMatterAreKept(t *testing.T) {
	g := tigertest.New(12, origin())
	c := county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 119))})
	plans := &tiger.Plans{Congresses: []congress.Number{119}}
	one, two := congress.Seat{State: "WA", District: 1}, congress.Seat{State: "WA", District: 2}
	for _, tt := range []struct {
		name       string
		west, east []congress.Seat
		want       []uint32
	}{
		{"split ZIP code", []congress.Seat{one, two}, []congress.Seat{two}, []uint32{tigertest.WestZIP}},
		{"area of another district", []congress.Seat{one, two}, []congress.Seat{one}, []uint32{tigertest.WestZIP, tigertest.EastZIP}},
		{"area unknown", []congress.Seat{one, two}, nil, []uint32{tigertest.WestZIP, tigertest.EastZIP}},
		{"a street outside the area's district", []congress.Seat{one}, []congress.Seat{two}, []uint32{tigertest.WestZIP}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, counts := compile(t, plans, func(_ congress.Number, zip uint32) []congress.Seat {
				return map[uint32][]congress.Seat{tigertest.WestZIP: tt.west, tigertest.EastZIP: tt.east}[zip]
			}, c)
			var zips []uint32
			for _, r := range l.table.Ranges {
				if !slices.Contains(zips, r.ZIP) {
					zips = append(zips, r.ZIP)
				}
			}
			slices.Sort(zips)
			if diff := cmp.Diff(tt.want, zips); diff != "" {
				t.Error(diff)
			}
			if counts[tiger.RowsWritten] != len(l.table.Ranges) || counts[tiger.RowsWritten]+counts[tiger.RowsSettled] != len(c.Ranges) {
				t.Errorf("%d rows of %d; %v", len(l.table.Ranges), len(c.Ranges), counts)
			}
		})
	}
}
