package databuild

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// streetLines answers tiger's questions about the lines of one state out of a compiled data
// folder.
type streetLines struct {
	locator    *district.Locator
	state      congress.State
	congresses []congress.Number             // that have lines of their own, ascending
	at         map[congress.Number]time.Time // a moment when they are in force
	official   map[congress.Number]bool      // the Census Bureau's lines, so that its codes and lists hold
}

// linesUnder finds the plans of the state that have lines of their own. Those that keep
// other lines need no column of their own in a street table.
func linesUnder(locator *district.Locator, state congress.State) *streetLines {
	l := &streetLines{locator: locator, state: state, at: map[congress.Number]time.Time{}, official: map[congress.Number]bool{}}
	for _, p := range locator.Manifest().Plans {
		if p.State != state || p.Inherits != 0 {
			continue
		}
		if !slices.Contains(l.congresses, p.Congress) {
			l.congresses = append(l.congresses, p.Congress)
		}
		l.at[p.Congress] = p.From
		l.official[p.Congress] = strings.HasPrefix(p.Source, "https://www2.census.gov/")
	}
	slices.Sort(l.congresses)
	return l
}

// known returns the Congress, or 0 where a state's own file is in place of the Bureau's.
func (l *streetLines) known(_ congress.State, n congress.Number) congress.Number {
	if !l.official[n] {
		return 0
	}
	return n
}

// At returns the seat around a place and the metres to the nearest other district.
func (l *streetLines) At(n congress.Number, lon, lat float64) (congress.Seat, float64, bool) {
	r, err := l.locator.ByPoint(lat, lon, 0, l.at[n])
	ok := err == nil && !r.Seat.IsZero() && !r.Has(district.NoteCoarseLines) && !r.Has(district.NoteShore)
	return r.Seat, r.MarginMetres, ok
}

// Within returns the seats of all districts that come within so many metres; generalised
// lines are taken to be 100 m nearer than drawn. A street on the water or on a bridge lies in
// the state whose streets are read.
func (l *streetLines) Within(n congress.Number, lon, lat, metres float64) []congress.Seat {
	r, err := l.locator.ByPointIn(l.state, lat, lon, max(metres, 1), l.at[n])
	if err != nil {
		return nil
	}
	return r.Candidates
}

// zipSeats returns the seats of the districts that a ZIP code's area meets, none for a ZIP
// code that has no area.
func (l *streetLines) zipSeats(n congress.Number, zip uint32) []congress.Seat {
	r, err := l.locator.ByZIP(fmt.Sprintf("%05d", zip), "", l.at[n])
	if err != nil {
		return nil
	}
	return r.Candidates
}
