package district

import (
	"math"
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// atlas answers for points under one Congress's plans: a tree for each layer, the
// layer of full resolution first. Where layers overlap, the first one is right; where
// neither covers the land, the generalised line fell short of the neighbour's exact one.
type atlas struct {
	seats []congress.Seat // by area; none is the zero Seat
	trees []*tree
}

func newAtlas(ls *lines) *atlas {
	a := &atlas{seats: ls.seats}
	for _, l := range ls.layers {
		a.trees = append(a.trees, newTree(l))
	}
	return a
}

// area returns the area around q and whether its lines are coarse; 0 for none.
func (a *atlas) area(q query) (area uint16, coarse bool) {
	for _, t := range a.trees {
		if area := t.area(q); area != 0 {
			return area, t.coarse
		}
	}
	return 0, false
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
	for _, t := range a.trees {
		if area := t.area(q); area != 0 && area != own {
			return neighbour{area: area, coarse: t.coarse}, true // layers overlap here
		}
		if n, ok := t.nearest(q, own, best.metres); ok {
			best = n
		}
	}
	return best, best.area != 0
}

func (t *tree) nearest(q query, own uint16, limit float64) (neighbour, bool) {
	best := neighbour{coarse: t.coarse}
	v := visitor{ruler: newRuler(q), tree: t, reach: limit * limit}
	v.see = func(s sides, d float64) {
		other := s.a
		if other == own || other == 0 {
			other = s.b
		}
		if other != own && other != 0 {
			best.area, v.reach = other, d
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
	for _, t := range a.trees {
		found[t.area(q)] = true
		v := visitor{ruler: newRuler(q), tree: t, reach: limit * limit}
		v.see = func(s sides, _ float64) { found[s.a], found[s.b] = true, true }
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

// shore returns the area nearest to a point outside all of them. A generalised shape
// comes first, for exact ones reach out to the border or three miles to sea: a point that
// none of them covers but that is near a generalised one most likely belongs to that.
func (a *atlas) shore(q query) (neighbour, bool) {
	for _, coarse := range []bool{true, false} {
		for _, t := range a.trees {
			if t.coarse != coarse {
				continue
			}
			if n, ok := t.nearest(q, 0, shoreMetres); ok {
				return n, true
			}
		}
	}
	return neighbour{}, false
}
