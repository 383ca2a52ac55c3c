package public

import (
	"math"
	"strconv"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/letter"
)

// The map's size in its own units, and how long its scale bar may be.
const (
	mapWidth     = 640
	mapHeight    = 400
	longestScale = 160
	kmPerMile    = 1.609344
)

// choiceMap draws the surroundings of a ZIP code with the districts to choose from. There
// is none for a ZIP code without a known place; the page does without.
func (s *Site) choiceMap(rec letter.Recipient) *Map {
	drawn, err := s.Guide().Districts.MapOf(rec.Found.ZIP, rec.Found.Candidates, mapWidth, mapHeight, s.Clock())
	if err != nil {
		return nil
	}
	m := &Map{Width: mapWidth, Height: mapHeight, Marker: pointOf(drawn.Marker), Here: drawn.Here}
	for _, a := range drawn.Areas {
		m.Areas = append(m.Areas, MapArea{Seat: a.Seat, Path: a.Path, Label: *pointOf(a.Label)})
	}
	if drawn.Scale.Kilometres > 0 {
		m.ScaleWidth, m.ScaleMiles = milesBar(drawn.Scale.Length / drawn.Scale.Kilometres * kmPerMile)
	}
	return m
}

func pointOf(p district.MapPoint) *MapPoint {
	return &MapPoint{X: int(math.Round(p.X)), Y: int(math.Round(p.Y))}
}

// milesBar returns the longest bar of a round number of miles that is short enough.
func milesBar(unitsPerMile float64) (width int, miles string) {
	best := 0.0
	for power := 0.1; power <= 1000; power *= 10 {
		for _, n := range []float64{1, 2, 5} {
			if n*power*unitsPerMile <= longestScale {
				best = n * power
			}
		}
	}
	if best == 0 {
		return 0, ""
	}
	return int(math.Round(best * unitsPerMile)), strconv.FormatFloat(best, 'f', -1, 64)
}
