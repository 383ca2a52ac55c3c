package databuild

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/topojson"
)

// outline is one district's rings.
type outline struct {
	seat  congress.Seat
	rings [][]planar.Point
}

// compileLines compiles lines.bin: the borders of every district, in one layer for the
// states in full resolution, which share their vertices, and one for the generalised
// rest, which fits no neighbour exactly. The layout is told at readLines in
// congress/district.
func (b *builder) compileLines() error {
	var full, coarse []outline
	for _, lines := range b.lines {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		if lines.coarse {
			continue
		}
		found, err := tigerOutlines(lines)
		if err != nil {
			return fmt.Errorf("%s: %w", tigerLines(lines.state).Name, err)
		}
		full = append(full, found...)
	}
	if b.coarse != nil {
		var err error
		if coarse, err = coarseOutlines(b.coarse, b.coarseStates()); err != nil {
			return fmt.Errorf("%s: %w", coarseLines().Name, err)
		}
	}
	if err := complete(full, coarse); err != nil {
		return err
	}
	return b.encodeLines(full, coarse)
}

func (b *builder) coarseStates() []congress.State {
	var states []congress.State
	for _, l := range b.lines {
		if l.coarse {
			states = append(states, l.state)
		}
	}
	return states
}

// tigerOutlines reads the districts of one state out of its zip file.
func tigerOutlines(lines stateLines) ([]outline, error) {
	records, err := shapefile.ReadZip(lines.raw)
	if err != nil {
		return nil, err
	}
	var found []outline
	for i, r := range records {
		geoid := r.Row["GEOID"]
		seat, ok, err := censusSeat(geoid)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		if seat.State != lines.state && ok {
			return nil, fmt.Errorf("record %d: %s is not in %s", i+1, seat, lines.state)
		}
		if ok {
			found = append(found, outline{seat: seat, rings: r.Polygon})
		}
	}
	return found, nil
}

// coarseOutlines reads the districts of some states out of the national file.
func coarseOutlines(packed []byte, states []congress.State) ([]outline, error) {
	raw, err := unpack(coarseLines().Name, packed)
	if err != nil {
		return nil, err
	}
	features, err := topojson.Read(raw, func(properties map[string]string) bool {
		state, ok := congress.StateByFIPS(properties["STATEFP"])
		return ok && slices.Contains(states, state)
	})
	if err != nil {
		return nil, err
	}
	var found []outline
	for _, f := range features {
		seat, ok, err := censusSeat(f.Properties["GEOID"])
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, outline{seat: seat, rings: f.Rings})
		}
	}
	return found, nil
}

// complete checks that every seat in the House has exactly one outline.
func complete(layers ...[]outline) error {
	count := map[congress.Seat]int{}
	for _, layer := range layers {
		for _, o := range layer {
			if count[o.seat]++; len(o.rings) == 0 {
				return fmt.Errorf("%s has no shape", o.seat)
			}
		}
	}
	for _, seat := range congress.AllHouseSeats() {
		if count[seat] != 1 {
			return fmt.Errorf("%s has %d shapes", seat, count[seat])
		}
	}
	if want := len(congress.AllHouseSeats()); len(count) != want {
		return fmt.Errorf("%d districts, %d expected", len(count), want)
	}
	return nil
}

func (b *builder) encodeLines(layers ...[]outline) error {
	seats := congress.AllHouseSeats()
	slices.SortFunc(seats, compareSeats)
	out := binary.AppendUvarint([]byte("FRL1"), uint64(len(seats)))
	for _, s := range seats {
		out = append(out, censusNumber(s.State), s.District)
	}
	out = binary.AppendUvarint(out, uint64(len(layers)))
	points := 0
	for i, layer := range layers {
		areas := make([]planar.Area, len(layer))
		for j, o := range layer {
			id, _ := slices.BinarySearchFunc(seats, o.seat, compareSeats)
			areas[j] = planar.Area{ID: uint16(id + 1), Rings: o.rings} // #nosec G115 -- of 441
		}
		slices.SortFunc(areas, func(a, b planar.Area) int { return int(a.ID) - int(b.ID) })
		arcs, err := planar.Share(areas)
		if err != nil {
			return err
		}
		out = append(out, byte(min(i, 1)))
		out = appendArcs(out, arcs)
		for _, a := range arcs {
			points += len(a.Points)
		}
	}
	b.compiled("119/lines.bin", out)
	return b.say("%d points of lines in %d bytes", points, len(out))
}

// appendArcs writes the number of arcs and each of them: the areas on its sides, the
// number of points, and the step to each point from the one before, across arcs too.
func appendArcs(out []byte, arcs []planar.Arc) []byte {
	out = binary.AppendUvarint(out, uint64(len(arcs)))
	var x, y int32
	for _, a := range arcs {
		out = binary.AppendUvarint(out, uint64(a.A))
		out = binary.AppendUvarint(out, uint64(a.B))
		out = binary.AppendUvarint(out, uint64(len(a.Points)))
		for _, p := range a.Points {
			out = binary.AppendVarint(out, int64(p.X)-int64(x))
			out = binary.AppendVarint(out, int64(p.Y)-int64(y))
			x, y = p.X, p.Y
		}
	}
	return out
}
