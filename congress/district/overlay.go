package district

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/franklin-letters/franklin/congress"
)

// atlasLoader returns the function that reads the lines of a folder and builds their
// index once.
func atlasLoader(fsys fs.FS, m Manifest, name string) func() (*atlas, error) {
	return sync.OnceValues(func() (*atlas, error) {
		raw, err := m.read(fsys, name)
		if err != nil {
			return nil, err
		}
		ls, err := readLines(name, raw)
		if err != nil {
			return nil, fmt.Errorf("load district lines: %w", err)
		}
		return newAtlas(ls), nil
	})
}

// overlayLoader returns the function that makes the atlas of a set of plans once. Its
// sheets are those of the folders the plans' lines are in, shared with all other sets, so
// lines that several Congresses have in common are read and indexed once.
func overlayLoader(line timeline, set *planSet, folders map[congress.Number]*folder) func() (*atlas, error) {
	return sync.OnceValues(func() (*atlas, error) {
		from := map[congress.State]congress.Number{}
		for state := range line {
			// A state without a plan keeps its place on the map, so that a point in it is
			// known to lie there.
			from[state] = line.near(state, set.from).lines()
		}
		return overlay(congress.CongressAt(set.from), from, folders)
	})
}

// overlay puts the folders' sheets on top of each other, each showing the states whose
// lines come from its folder. Lines of the Congress that sits lie above those inherited,
// as a state's own newer border is the better one.
func overlay(sitting congress.Number, from map[congress.State]congress.Number, folders map[congress.Number]*folder) (*atlas, error) {
	numbers := slices.Compact(slices.Sorted(maps.Values(from)))
	slices.SortStableFunc(numbers, func(a, b congress.Number) int {
		return cmp.Or(cmp.Compare(max(a-sitting, sitting-a), max(b-sitting, sitting-b)), cmp.Compare(b, a))
	})
	var a *atlas
	for _, n := range numbers {
		whole, err := folders[n].whole()
		if err != nil {
			return nil, err
		}
		if a == nil {
			a = &atlas{seats: whole.seats}
		}
		if !slices.Equal(a.seats, whole.seats) {
			return nil, &FormatError{File: planFile(n, "lines.bin"), Reason: "its districts are numbered unlike those of " + planFile(numbers[0], "lines.bin")}
		}
		for _, s := range whole.sheets {
			if hidden, some := hide(s, a.seats, from, n); some {
				a.sheets = append(a.sheets, sheet{tree: s.tree, hidden: hidden})
			}
		}
	}
	slices.SortStableFunc(a.sheets, func(s, t sheet) int {
		switch {
		case s.coarse == t.coarse:
			return 0
		case t.coarse:
			return -1
		}
		return 1
	})
	return a, nil
}

// hide returns which areas of a sheet of the folder do not show, nil for none, and
// whether any does.
func hide(s sheet, seats []congress.Seat, from map[congress.State]congress.Number, folder congress.Number) (hidden []bool, some bool) {
	hidden = make([]bool, len(seats))
	all := true
	for _, area := range s.codes.used {
		hidden[area] = from[seats[area].State] != folder
		all, some = all && !hidden[area], some || !hidden[area]
	}
	if all {
		return nil, some
	}
	return hidden, some
}
