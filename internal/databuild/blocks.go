package databuild

import (
	"archive/zip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
)

// block is a census block of 2020 with its district.
type block struct {
	id       uint64 // fifteen digits: state, county, tract, block
	district uint8
}

// overlaps tells for each district of the states in the whole Congress which districts of
// the term share a block with it. A ZIP code area that lay in the one can only lie in
// these. Both lists of blocks are needed; without them it tells nothing.
//
// A block that a line cuts has one district in the lists, so a corner of it without an
// entry of its own may be left out; the Bureau lists those few blocks beside its files.
func (b *builder) overlaps(t *term, states []congress.State) (map[congress.Seat][]congress.Seat, error) {
	if t.number == whole || !b.has(blockFile(whole)) || !b.has(blockFile(t.number)) {
		return nil, nil //nolint:nilnil // no overlap is known: the caller looks for none
	}
	before, err := b.readBlocks(whole, states)
	if err != nil {
		return nil, err
	}
	after, err := b.readBlocks(t.number, states)
	if err != nil {
		return nil, err
	}
	found := map[congress.Seat][]congress.Seat{}
	for _, state := range states {
		old, now := before[state], after[state]
		if !slices.EqualFunc(old, now, func(a, b block) bool { return a.id == b.id }) || len(old) == 0 {
			return nil, fmt.Errorf("%s and %s: they do not list the same blocks of %s", blockFile(whole).Name, blockFile(t.number).Name, state)
		}
		for i := range old {
			from, to := congress.Seat{State: state, District: old[i].district}, congress.Seat{State: state, District: now[i].district}
			if !slices.Contains(found[from], to) {
				found[from] = append(found[from], to)
			}
		}
		for _, seat := range state.HouseSeats() {
			if found[seat] == nil {
				return nil, fmt.Errorf("%s: no block of %s", blockFile(whole).Name, seat)
			}
		}
	}
	return found, nil
}

// readBlocks reads the blocks of some states that lie in a district, in order.
func (b *builder) readBlocks(n congress.Number, states []congress.State) (map[congress.State][]block, error) {
	in := blockFile(n)
	raw, err := b.input(in)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(filepath.Join(b.raw, filepath.FromSlash(in.Name)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	blocks, err := nationalBlocks(file, int64(len(raw)), n, states)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	for state := range blocks {
		slices.SortFunc(blocks[state], func(a, b block) int { return int(int64(a.id) - int64(b.id)) }) // #nosec G115 -- fifteen digits
	}
	return blocks, nil
}

// nationalBlocks reads the one member of the zip file that lists all blocks, a CSV file
// with the columns GEOID and CDFP.
func nationalBlocks(file io.ReaderAt, size int64, n congress.Number, states []congress.State) (map[congress.State][]block, error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("NationalCD%d.txt", int(n))
	i := slices.IndexFunc(z.File, func(f *zip.File) bool { return strings.HasSuffix(f.Name, name) })
	if i < 0 {
		return nil, fmt.Errorf("there is no %s in it", name)
	}
	member, err := z.File[i].Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = member.Close() }()
	rows := csv.NewReader(io.LimitReader(member, maxUnpacked))
	rows.ReuseRecord, rows.FieldsPerRecord = true, 2
	header, err := rows.Read()
	if err != nil || strings.TrimPrefix(header[0], "\ufeff") != "GEOID" {
		return nil, fmt.Errorf("%s does not begin with GEOID,CDFP: %w", name, errors.Join(err, io.ErrUnexpectedEOF))
	}
	blocks := map[congress.State][]block{}
	for line := 2; ; line++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return blocks, nil
		}
		if err == nil {
			err = addBlock(blocks, states, row[0], row[1])
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, line, err)
		}
	}
}

func addBlock(blocks map[congress.State][]block, states []congress.State, geoid, cd string) error {
	id, err := strconv.ParseUint(geoid, 10, 64)
	if err != nil || len(geoid) != 15 {
		return fmt.Errorf("%q is not the number of a block", geoid)
	}
	seat, ok, err := censusSeat(geoid[:2] + cd)
	if err != nil {
		return fmt.Errorf("block %s: %w", geoid, err)
	}
	if ok && slices.Contains(states, seat.State) {
		blocks[seat.State] = append(blocks[seat.State], block{id: id, district: seat.District})
	}
	return nil
}
