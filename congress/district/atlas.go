package district

import (
	"math"
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// atlas answers for points under one set of plans: a sheet for each layer of lines, those
// of full resolution first. Where sheets overlap, the first one is right; where none
// covers the land, two lines that should be the same leave a gap.
type atlas struct {
	seats  []congress.Seat // by area; none is the zero Seat
	sheets []sheet
}

// sheet is the tree of one layer, of which some areas may be hidden: those of states that
// have other lines under the plans of the atlas. Hidden areas count as none.
type sheet struct {
	*tree
	hidden []bool // by area; nil when all of them show
}

func newAtlas(ls *lines) *atlas {
	a := &atlas{seats: ls.seats}
	for _, l := range ls.layers {
		a.sheets = append(a.sheets, sheet{tree: newTree(l)})
	}
	return a
}

// area returns the area around q and whether its lines are coarse; 0 for none.
func (a *atlas) area(q query) (area uint16, coarse bool) {
	for i := range a.sheets {
		s := &a.sheets[i]
		if area := s.area(q); area != 0 && s.shows(area) {
			return area, s.coarse
		}
	}
	return 0, false
}

func (s *sheet) shows(area uint16) bool { return s.hidden == nil || !s.hidden[area] }

// shown returns the area, or none when it is hidden.
func (s *sheet) shown(area uint16) uint16 {
	if s.shows(area) {
		return area
	}
	return 0
}

// neighbour is an area near a query.
type neighbour struct {
	area   uint16
	coarse bool
	metres float64
}

// nearest returns the nearest area other than own within the limit, in metres.
func (a *atlas) nearest(q query, own uint16, limit float64) (neighbour, bool) {
	best := neighbour{metres: limit}
	other := sought{not: own}
	for i := range a.sheets {
		s := &a.sheets[i]
		if area := s.shown(s.area(q)); other.is(area) {
			return neighbour{area: area, coarse: s.coarse}, true // sheets overlap here
		}
		if n, ok := s.nearest(q, other, best.metres); ok {
			best = n
		}
	}
	return best, best.area != 0
}

// sought says which areas are: all but one, and of one state when there are seats to tell.
type sought struct {
	not   uint16
	seats []congress.Seat // by area; nil for any state
	state congress.State
}

func (w *sought) is(area uint16) bool {
	return area != 0 && area != w.not && (w.seats == nil || w.seats[area].State == w.state)
}

// nearest returns the nearest of the areas sought within the limit, in metres.
func (s *sheet) nearest(q query, wanted sought, limit float64) (neighbour, bool) {
	best := neighbour{coarse: s.coarse}
	v := visitor{ruler: newRuler(q), tree: s.tree, reach: limit * limit}
	v.see = func(beside sides, d float64) {
		area := s.shown(beside.a)
		if !wanted.is(area) {
			area = s.shown(beside.b)
		}
		if wanted.is(area) {
			best.area, v.reach = area, d
		}
	}
	v.visit()
	best.metres = math.Sqrt(v.reach)
	return best, best.area != 0
}

// within returns the areas that come within the limit of q, in metres, the one around q
// included, in ascending order.
func (a *atlas) within(q query, limit float64) []uint16 {
	found := map[uint16]bool{}
	for i := range a.sheets {
		s := &a.sheets[i]
		found[s.shown(s.area(q))] = true
		v := visitor{ruler: newRuler(q), tree: s.tree, reach: limit * limit}
		v.see = func(beside sides, _ float64) { found[s.shown(beside.a)], found[s.shown(beside.b)] = true, true }
		v.visit()
	}
	delete(found, 0)
	areas := make([]uint16, 0, len(found))
	for area := range found {
		areas = append(areas, area)
	}
	slices.Sort(areas)
	return areas
}

// shore returns the area nearest to a point outside all of them: of the state that the
// point is said to lie in within 2 km, of any within what the lines may be wrong by. A
// generalised shape comes first, for exact ones reach out to the border or three miles to
// sea: a point that none of them covers but that is near a generalised one most likely
// belongs to that.
func (a *atlas) shore(q query, state congress.State) (neighbour, bool) {
	if state != "" {
		return a.around(q, state, shoreMetres, shoreMetres)
	}
	return a.around(q, state, CoarseMetres, gapMetres)
}

// beyond says of a point that shore has nothing for whether its state would help.
func (a *atlas) beyond(q query, state congress.State) Note {
	if _, near := a.around(q, "", shoreMetres, shoreMetres); near && state == "" {
		return NoteStateNeeded
	}
	return NoteOutside
}

// around returns the nearest area of a state, or of any, within a limit for generalised
// shapes and one for exact ones.
func (a *atlas) around(q query, state congress.State, coarse, exact float64) (neighbour, bool) {
	var of sought
	if state != "" {
		of.seats, of.state = a.seats, state
	}
	for _, rough := range []bool{true, false} {
		best := neighbour{metres: exact}
		if rough {
			best.metres = coarse
		}
		for i := range a.sheets {
			if s := &a.sheets[i]; s.coarse == rough {
				if n, ok := s.nearest(q, of, best.metres); ok {
					best = n
				}
			}
		}
		if best.area != 0 {
			return best, true
		}
	}
	return neighbour{}, false
}
