package tiger

import (
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// Plans is what is known of the districts of several Congresses.
type Plans struct {
	Congresses []congress.Number // ascending
	// LinesOf names the Congress whose lines hold in a state for a Congress: itself, an
	// earlier one when the state kept its lines, or 0 when neither the Census Bureau's codes
	// nor its lists of blocks know them, so that only Lines can tell. Nil stands for each
	// having its own.
	LinesOf func(congress.State, congress.Number) congress.Number
	// Blocks holds lists of blocks for each Congress; the first that has a block decides.
	Blocks map[congress.Number][]*Blocks
	// Lines answers where no list does; it may be nil.
	Lines Lines
}

// linesOf returns 0 when the Bureau's files do not know the lines.
func (p *Plans) linesOf(state congress.State, n congress.Number) congress.Number {
	if p.LinesOf == nil {
		return n
	}
	return p.LinesOf(state, n)
}

// inFace returns the seats that are possible in a face, the zero Seat standing for one
// that is not known. The face's own code is the finest, for it knows blocks that a line
// cuts; then the list of blocks; then the lines.
func (p *Plans) inFace(c *County, place Place, n congress.Number) ([]congress.Seat, Kind) {
	state, ok := stateOf(place.Block)
	if !ok {
		state, _ = congress.StateByFIPS(c.Code[:min(2, len(c.Code))])
	}
	if state.AtLarge() {
		return []congress.Seat{{State: state}}, ByState
	}
	lines := p.linesOf(state, n)
	if i := slices.Index(c.Congresses, lines); i >= 0 {
		if seat, ok := place.Codes[i].seat(state); ok {
			return []congress.Seat{seat}, ByFace
		}
	}
	listed := p.inBlock(state, place.Block, lines)
	if len(listed) == 1 {
		return listed, ByBlock
	}
	found := p.aroundPoint(place, n, lines == 0 || len(listed) > 1)
	switch {
	case len(found) == 1:
		return found, ByPoint
	case len(listed) > 1:
		return listed, Ambiguous
	case len(found) > 1:
		return found, Ambiguous
	}
	return []congress.Seat{{}}, SeatUnknown
}

// inBlock asks the lists of blocks.
func (p *Plans) inBlock(state congress.State, block uint64, lines congress.Number) []congress.Seat {
	for _, list := range p.Blocks[lines] {
		var seats []congress.Seat
		for _, code := range list.Districts(block) {
			if seat, ok := code.seat(state); ok {
				seats = append(seats, seat)
			}
		}
		if len(seats) > 0 {
			return seats
		}
	}
	return nil
}

// aroundPoint asks the lines at the point inside the face. The Bureau's district lines
// follow the edges of faces, except that a face of an older edition may be cut by a newer
// line. Where a face may be cut, in a block that the plan splits or under lines that are
// not the Bureau's, it returns all seats within reach of the streets along the face.
func (p *Plans) aroundPoint(place Place, n congress.Number, cut bool) []congress.Seat {
	if p.Lines == nil || place.Point.X == 0 && place.Point.Y == 0 {
		return nil
	}
	lon, lat := float64(place.Point.X)/1e6, float64(place.Point.Y)/1e6
	if cut {
		return p.Lines.Within(n, lon, lat, float64(place.Reach)+farMetres)
	}
	if seat, _, ok := p.Lines.At(n, lon, lat); ok {
		return []congress.Seat{seat}
	}
	return nil
}

// besideLine returns the seats that are possible on one side of a street whose face is
// not known.
func (p *Plans) besideLine(c *County, place Place, n congress.Number) ([]congress.Seat, Kind) {
	if p.Lines == nil {
		state, _ := congress.StateByFIPS(c.Code[:min(2, len(c.Code))])
		if state.AtLarge() {
			return []congress.Seat{{State: state}}, ByState
		}
		return []congress.Seat{{}}, SeatUnknown
	}
	seats, sure := sideSeats(p.Lines, n, c.Lines[place.Line], place.Right)
	switch {
	case sure:
		return seats, BySide
	case len(seats) == 1 && seats[0].IsZero():
		return seats, SeatUnknown
	default:
		return seats, Ambiguous
	}
}
