package databuild

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// pairs is the districts of every ZIP code area.
type pairs map[uint32][]congress.Seat

// readRelation reads the relation of a Congress's districts and ZIP code areas once: the
// file as published, or its pairs. Nil says that there is neither. Every pair counts,
// also those whose overlap is water only, which the pairs cannot tell; `ZZ`, water that
// belongs to no district, is left out.
func (b *builder) readRelation(n congress.Number) (pairs, error) {
	if known, ok := b.relation[n]; ok {
		return known, nil
	}
	var known pairs
	var err error
	switch {
	case b.has(relationFile(n)):
		known, err = b.publishedRelation(n)
	case b.has(relationPairs(n)):
		known, err = b.reducedRelation(n)
	}
	if err != nil {
		return nil, err
	}
	for _, seats := range known {
		slices.SortFunc(seats, compareSeats)
	}
	b.relation[n] = known
	return known, nil
}

// wholeRelation makes sure of the relation that everything else builds on.
func (b *builder) wholeRelation() error {
	known, err := b.readRelation(whole)
	if err == nil && known == nil {
		err = fmt.Errorf("neither %s nor %s: no such file", relationFile(whole).Name, relationPairs(whole).Name)
	}
	return err
}

func (b *builder) reducedRelation(n congress.Number) (pairs, error) {
	in := relationPairs(n)
	rows, err := b.table(in, "zcta", fmt.Sprintf("geoid_cd%d", int(n)))
	if err != nil {
		return nil, err
	}
	known := pairs{}
	for i, row := range rows {
		if err := known.add(row[0], row[1]); err != nil {
			return nil, fmt.Errorf("%s, row %d: %w", in.Name, i+2, err)
		}
	}
	return known, nil
}

// publishedRelation reads the Census Bureau's file: a byte order mark, a line of column
// names, and bars between the columns. A row without an area is the part of a district
// outside all areas; one without a district is refused, for a blank entry would make
// every ZIP code it touches lie in several districts.
func (b *builder) publishedRelation(n congress.Number) (pairs, error) {
	in := relationFile(n)
	raw, err := b.input(in)
	if err != nil {
		return nil, err
	}
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	rows.Comma, rows.LazyQuotes, rows.ReuseRecord = '|', true, true
	header, err := rows.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	column := fmt.Sprintf("GEOID_CD%d_20", int(n))
	zcta, seat := slices.Index(header, "GEOID_ZCTA5_20"), slices.Index(header, column)
	if zcta < 0 || seat < 0 {
		return nil, fmt.Errorf("%s: it has no columns GEOID_ZCTA5_20 and %s", in.Name, column)
	}
	known := pairs{}
	for line := 2; ; line++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return known, nil
		}
		if err == nil && row[zcta] != "" {
			err = known.add(row[zcta], row[seat])
		}
		if err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", in.Name, line, err)
		}
	}
}

func (p pairs) add(zcta, geoid string) error {
	zip, err := zipCode(zcta)
	if err != nil {
		return err
	}
	seat, ok, err := censusSeat(geoid)
	if err != nil {
		return fmt.Errorf("ZIP code %s: %w", zcta, err)
	}
	if ok && !slices.Contains(p[zip], seat) {
		p[zip] = append(p[zip], seat)
	}
	return nil
}

// zipSeats compiles each Congress's zips.bin: the districts of every ZIP code area in the
// states with lines of their own. Where nobody has published them, they follow from the
// blocks, and where these are not at hand either, the plan says that they are not known.
func (b *builder) zipSeats() error {
	for _, t := range b.terms {
		if len(t.own) == 0 {
			continue
		}
		found, err := b.seatsOf(t)
		if err != nil {
			return err
		}
		b.compiled(planFile(t.number, "zips.bin"), encodeSeats(found))
		split := 0
		for _, seats := range found {
			if len(seats) > 1 {
				split++
			}
		}
		if err := b.say("%s: %d ZIP code areas, %d of them in several districts", t.number, len(found), split); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) seatsOf(t *term) (pairs, error) {
	known, err := b.readRelation(t.number)
	if err != nil {
		return nil, err
	}
	var told, untold []congress.State
	for _, state := range congress.States() {
		switch {
		case t.own[state] == nil:
		case known != nil && !slices.Contains(t.given, state):
			told = append(told, state)
		default:
			untold = append(untold, state)
		}
	}
	found := pairs{}
	for zip, seats := range known {
		for _, s := range seats {
			if slices.Contains(told, s.State) {
				found[zip] = append(found[zip], s)
			}
		}
	}
	if err := found.nameAll(told); err != nil {
		return nil, fmt.Errorf("ZIP codes of the %s Congress: %w", t.number, err)
	}
	return found, b.follow(t, untold, found)
}

// nameAll checks that every district of the states has a ZIP code area: a relation that
// lacks one is cut.
func (p pairs) nameAll(states []congress.State) error {
	named := map[congress.Seat]bool{}
	for _, seats := range p {
		for _, s := range seats {
			named[s] = true
		}
	}
	for _, state := range states {
		for _, s := range state.HouseSeats() {
			if !named[s] {
				return fmt.Errorf("no area lies in %s", s)
			}
		}
	}
	return nil
}

// follow finds the districts of ZIP code areas in states for which no relation holds, or
// marks their plans.
func (b *builder) follow(t *term, states []congress.State, found pairs) error {
	if len(states) == 0 {
		return nil
	}
	before, err := b.readRelation(whole)
	if err != nil {
		return err
	}
	overlaps, err := b.overlaps(t, states)
	if err != nil {
		return err
	}
	for zip, seats := range before {
		for _, s := range seats {
			for _, now := range overlaps[s] {
				if !slices.Contains(found[zip], now) {
					found[zip] = append(found[zip], now)
				}
			}
		}
	}
	for _, seats := range found {
		slices.SortFunc(seats, compareSeats)
	}
	return b.noteZIPs(t, states, overlaps)
}

// noteZIPs writes into the plans of the states how the districts of their ZIP codes were
// found, or that they are not known.
func (b *builder) noteZIPs(t *term, states []congress.State, overlaps map[congress.Seat][]congress.Seat) error {
	var unmapped []congress.State
	for i := range b.manifest.Plans {
		p := &b.manifest.Plans[i]
		if p.Congress != t.number || p.Inherits != 0 || !slices.Contains(states, p.State) {
			continue
		}
		note := overlapNote
		if p.NoZIPs = overlaps[p.State.HouseSeats()[0]] == nil; p.NoZIPs {
			note = unmappedNote
			unmapped = append(unmapped, p.State)
		}
		p.Note = joinNotes(p.Note, note)
	}
	if len(unmapped) == 0 {
		return nil
	}
	return b.say("%s: which districts ZIP codes lie in is not known in %s; %s and %s would tell",
		t.number, stateNames(unmapped), blockFile(whole).Name, blockFile(t.number).Name)
}

func encodeSeats(found pairs) []byte {
	out := binary.AppendUvarint([]byte("FRD1"), uint64(len(found)))
	var last uint32
	for _, zip := range slices.Sorted(maps.Keys(found)) {
		out = binary.AppendUvarint(out, uint64(zip-last))
		last = zip
		out = binary.AppendUvarint(out, uint64(len(found[zip])))
		for _, s := range found[zip] {
			out = append(out, censusNumber(s.State), s.District)
		}
	}
	return out
}

// planFile names a file of a Congress's folder in the data folder.
func planFile(n congress.Number, name string) string { return fmt.Sprintf("%d/%s", int(n), name) }
