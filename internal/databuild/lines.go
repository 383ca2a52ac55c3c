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

// equal reports whether two outlines are the same to the last vertex.
func (o outline) equal(other outline) bool {
	return o.seat == other.seat && slices.EqualFunc(o.rings, other.rings, slices.Equal[[]planar.Point])
}

// compileLines compiles a Congress's lines.bin: the borders of every district that has
// lines of its own in it, in one layer for the states in full resolution, which share
// their vertices, and one for the generalised rest, which fits no neighbour exactly. The
// layout is told at readLines in congress/district.
func (b *builder) compileLines() error {
	for _, t := range b.terms {
		if err := b.ctx.Err(); err != nil {
			return err
		}
		var full, coarse []outline
		for _, state := range congress.States() {
			if slices.Contains(t.coarse, state) {
				coarse = append(coarse, t.own[state]...)
			} else {
				full = append(full, t.own[state]...)
			}
		}
		layers := [][]outline{full}
		if t.number == whole {
			layers = append(layers, coarse)
		}
		if len(t.own) == 0 {
			continue
		}
		if err := b.encodeLines(t.number, layers...); err != nil {
			return err
		}
	}
	return nil
}

// tigerOutlines reads the districts of one state out of its zip file. Files for other
// Congresses, whose columns are named otherwise, are refused.
func tigerOutlines(n congress.Number, state congress.State, raw []byte) ([]outline, error) {
	records, err := shapefile.ReadZip(raw)
	if err != nil {
		return nil, err
	}
	var found []outline
	for i, r := range records {
		column := fmt.Sprintf("CD%dFP", int(n))
		if _, ok := r.Row[column]; !ok {
			return nil, fmt.Errorf("record %d: it has no column %s, so these are not lines of the %s Congress", i+1, column, n)
		}
		geoid, ok := r.Row["GEOID"]
		if !ok {
			geoid = r.Row["GEOID20"]
		}
		seat, ok, err := censusSeat(geoid)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i+1, err)
		}
		if seat.State != state && ok {
			return nil, fmt.Errorf("record %d: %s is not in %s", i+1, seat, state)
		}
		if ok {
			found = append(found, outline{seat: seat, rings: r.Polygon})
		}
	}
	slices.SortStableFunc(found, func(a, b outline) int { return compareSeats(a.seat, b.seat) })
	return found, nil
}

// coarseOutlines reads the districts of one state out of the national file.
func coarseOutlines(packed []byte, state congress.State) ([]outline, error) {
	raw, err := unpack(coarseLines().Name, packed)
	if err != nil {
		return nil, err
	}
	features, err := topojson.Read(raw, func(properties map[string]string) bool {
		of, ok := congress.StateByFIPS(properties["STATEFP"])
		return ok && of == state
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

// complete checks that every seat of the state has exactly one outline.
func complete(state congress.State, outlines []outline) error {
	count := map[congress.Seat]int{}
	for _, o := range outlines {
		if count[o.seat]++; len(o.rings) == 0 {
			return fmt.Errorf("%s has no shape", o.seat)
		}
	}
	for _, seat := range state.HouseSeats() {
		if count[seat] != 1 {
			return fmt.Errorf("%s has %d shapes", seat, count[seat])
		}
	}
	if want := len(state.HouseSeats()); len(count) != want {
		return fmt.Errorf("%d districts, %d expected", len(count), want)
	}
	return nil
}

func (b *builder) encodeLines(n congress.Number, layers ...[]outline) error {
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
	b.compiled(planFile(n, "lines.bin"), out)
	return b.say("%s: %d points of lines in %d bytes", n, points, len(out))
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
