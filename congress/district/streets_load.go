package district

import (
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
)

// streets is the street tables of all states that have one. Each is read and checked when
// the first address of its state is asked about.
type streets struct {
	zips   *zipTable
	tables byState[func() (*streetTable, error)] // nil for a state without one
	cities func() map[city][]uint32              // the ZIP codes of each city
}

// city is a place as postal.City writes it, in its state.
type city struct {
	state congress.State
	place string
}

// streetFile returns the name of a state's street table in the data folder.
func streetFile(s congress.State) string { return "streets/" + string(s) + ".bin" }

func newStreets(fsys fs.FS, m Manifest, zips *zipTable) *streets {
	s := &streets{zips: zips}
	s.cities = sync.OnceValue(s.listCities)
	for _, state := range congress.States() {
		name := streetFile(state)
		if !slices.ContainsFunc(m.Files, func(f File) bool { return f.Name == name }) {
			continue
		}
		s.tables.set(state, sync.OnceValues(func() (*streetTable, error) {
			raw, err := m.read(fsys, name)
			if err != nil {
				return nil, err
			}
			t, err := readStreets(name, raw)
			if err != nil {
				return nil, fmt.Errorf("load streets: %w", err)
			}
			if t.state != state {
				return nil, &FormatError{File: name, Reason: "it is the table of " + string(t.state)}
			}
			return t, nil
		}))
	}
	return s
}

// warm reads all tables.
func (s *streets) warm() error {
	for _, state := range congress.States() {
		if load := s.tables.of(state); load != nil {
			if _, err := load(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *streets) listCities() map[city][]uint32 {
	all := map[city][]uint32{}
	for zip := range s.zips.info {
		info := &s.zips.info[zip]
		if info.place == 0 {
			continue
		}
		place := postal.City(s.zips.places[info.place])
		for _, state := range s.zips.states[info.states] {
			key := city{state, place}
			all[key] = append(all[key], uint32(zip)) // #nosec G115 -- below 100,000
		}
	}
	return all
}

// near returns the other ZIP codes of the cities named, in one state.
func (s *streets) near(zip uint32, state congress.State, places ...string) []uint32 {
	var list []uint32
	for _, place := range places {
		for _, other := range s.cities()[city{state, postal.City(place)}] {
			if other != zip && !slices.Contains(list, other) {
				list = append(list, other)
			}
		}
	}
	return list
}
