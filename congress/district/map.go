package district

import (
	"fmt"
	"math"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Map is a small map of the surroundings of a ZIP code that lies in several districts,
// ready to be drawn: every length is in units of a view box Width by Height, from the
// upper left corner. North is up. What no area covers is another district, another
// country or the open sea.
type Map struct {
	Width, Height float64
	Areas         []MapArea     // one for each candidate, in the same order
	Marker        MapPoint      // a point inside the ZIP code's area
	Here          congress.Seat // the candidate whose district holds the marker; zero for none of them
	Scale         MapScale
}

// MapArea is the part of one candidate's district that the map shows.
type MapArea struct {
	Seat congress.Seat
	// Path is SVG path data, to be filled by the even-odd rule. It reaches a little
	// beyond the view box, so that only real borders show when it is stroked.
	Path  string
	Label MapPoint // the middle of a text: inside the area, roomy, clear of the marker where it can be
}

// MapPoint is a place on a Map.
type MapPoint struct{ X, Y float64 }

// MapScale is a round distance and its length on the map.
type MapScale struct {
	Kilometres float64 // 1, 2 or 5 times a power of ten
	Length     float64
}

// NoMapError says why no map can be drawn for a ZIP code.
type NoMapError struct{ ZIP, Reason string }

func (e *NoMapError) Error() string { return fmt.Sprintf("no map of ZIP code %s: %s", e.ZIP, e.Reason) }

const (
	minMapMetres  = 6_000     // the narrowest map
	maxMapMetres  = 1_200_000 // the widest
	mapGrowth     = 1.2       // from one width tried to the next
	maxPathBytes  = 6_000     // of all areas together
	mapTolerance  = 0.5       // how far a border may be moved to save points, in view box units
	mapBeyond     = 4         // how far paths go on outside the view box
	maxMapSize    = 4096
	maxCandidates = 16
)

// MapOf draws the surroundings of a ZIP code with the districts of the candidates, on a
// map of the given size in units (320 by 240, say). The map is as narrow as it can be
// while each district takes a visible part of it. No point known for the ZIP code, no
// candidates or districts too far apart are a NoMapError, a moment without lines an
// OutOfDateError.
func (l *Locator) MapOf(zip string, candidates []congress.Seat, width, height int, at time.Time) (Map, error) {
	centre, ok := l.ZIPCentre(zip)
	switch {
	case !ok:
		return Map{}, &NoMapError{ZIP: zip, Reason: "no point is known for it"}
	case len(candidates) == 0 || len(candidates) > maxCandidates:
		return Map{}, &NoMapError{ZIP: zip, Reason: fmt.Sprintf("%d candidates", len(candidates))}
	case width < 16 || height < 16 || width > maxMapSize || height > maxMapSize:
		return Map{}, &NoMapError{ZIP: zip, Reason: fmt.Sprintf("%d by %d is no size for a map", width, height)}
	}
	set, err := l.plansAt(at)
	if err != nil {
		return Map{}, err
	}
	if state, ok := set.lacks(candidates); ok {
		return Map{}, l.outOfDate(state, at)
	}
	atlas, err := set.atlas()
	if err != nil {
		return Map{}, err
	}
	areas, ok := atlas.areasOf(candidates)
	q, onGlobe := newQuery(centre.Lat, centre.Lon)
	if !ok || !onGlobe {
		return Map{}, &NoMapError{ZIP: zip, Reason: "a candidate has no district"}
	}
	w, ok := atlas.window(q, areas, float64(width), float64(height))
	if !ok {
		return Map{}, &NoMapError{ZIP: zip, Reason: "its districts are too far apart"}
	}
	m := Map{Width: w.width, Height: w.height, Marker: MapPoint{w.width / 2, w.height / 2}, Scale: w.scale()}
	here, _ := atlas.area(q)
	labels := atlas.labels(w, areas)
	for i, path := range atlas.paths(w, areas) {
		m.Areas = append(m.Areas, MapArea{Seat: candidates[i], Path: path, Label: labels[i]})
		if areas[i] == here {
			m.Here = candidates[i]
		}
	}
	return m, nil
}

// areasOf returns the numbers of the seats' areas.
func (a *atlas) areasOf(seats []congress.Seat) ([]uint16, bool) {
	areas := make([]uint16, len(seats))
	for i, seat := range seats {
		for area := 1; area < len(a.seats); area++ {
			if a.seats[area] == seat {
				areas[i] = uint16(area) // #nosec G115 -- less than maxAreas
			}
		}
		if areas[i] == 0 {
			return nil, false
		}
	}
	return areas, true
}

// scale picks the round distance that takes a fifth to a half of the map's width.
func (w window) scale() MapScale {
	km := w.width * w.metres / 1000
	power := math.Pow(10, math.Floor(math.Log10(km/5)))
	for _, step := range []float64{10, 5, 2, 1} {
		if d := step * power; d <= km/2 {
			return MapScale{Kilometres: d, Length: d * 1000 / w.metres}
		}
	}
	return MapScale{Kilometres: power, Length: power * 1000 / w.metres}
}
