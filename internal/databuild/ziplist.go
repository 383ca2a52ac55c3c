package databuild

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// zipRecord is one ZIP code on its way into zips.bin.
type zipRecord struct {
	area     bool
	hasPoint bool
	lat, lon float64
	place    string
	states   []congress.State
}

// zipTable compiles zips.bin: every ZIP code of the list and every tabulation area, with
// its states, a point and a place name. The layout is told at zipTable in congress/district.
func (b *builder) zipTable() error {
	if b.lacksZIPList() {
		return b.zipTableOfBase()
	}
	zips := map[uint32]*zipRecord{}
	for _, step := range []func(map[uint32]*zipRecord) error{b.listedZIPs, b.areaPoints, b.areaStates} {
		if err := step(zips); err != nil {
			return err
		}
	}
	b.compiled("zips.bin", encodeZIPs(zips))
	return b.say("%d ZIP codes", len(zips))
}

func (b *builder) listedZIPs(zips map[uint32]*zipRecord) error {
	in := zipList()
	rows, err := b.table(in, "zip", "city", "state", "lat", "lon")
	if err != nil {
		return err
	}
	for i, row := range rows {
		zip, err := zipCode(row[0])
		if err != nil {
			return fmt.Errorf("%s, row %d: %w", in.Name, i+2, err)
		}
		r := &zipRecord{place: row[1]}
		if s := congress.State(row[2]); s.Valid() {
			r.states = []congress.State{s}
		}
		// The list writes 0,0 where it knows no point.
		if row[3] != "0" && row[3] != "" {
			if r.lat, r.lon, err = degrees(row[3], row[4]); err != nil {
				return fmt.Errorf("%s, row %d: %w", in.Name, i+2, err)
			}
			r.hasPoint = true
		}
		zips[zip] = r
	}
	return nil
}

// areaPoints takes the Census Bureau's point wherever there is one: it lies inside the
// area, while the list's may be anywhere near.
func (b *builder) areaPoints(zips map[uint32]*zipRecord) error {
	in := zctaPoints()
	rows, err := b.table(in, "zcta", "lat", "lon")
	if err != nil {
		return err
	}
	for i, row := range rows {
		zip, err := zipCode(row[0])
		if err != nil {
			return fmt.Errorf("%s, row %d: %w", in.Name, i+2, err)
		}
		r := record(zips, zip)
		if r.lat, r.lon, err = degrees(row[1], row[2]); err != nil {
			return fmt.Errorf("%s, row %d: %w", in.Name, i+2, err)
		}
		r.hasPoint = true
	}
	return nil
}

func (b *builder) areaStates(zips map[uint32]*zipRecord) error {
	known, err := b.readRelation(whole)
	if err != nil {
		return err
	}
	for zip, seats := range known {
		r := record(zips, zip)
		r.area = true
		for _, s := range seats {
			if !slices.Contains(r.states, s.State) {
				r.states = append(r.states, s.State)
			}
		}
		slices.Sort(r.states)
	}
	return nil
}

func record(zips map[uint32]*zipRecord, zip uint32) *zipRecord {
	r, ok := zips[zip]
	if !ok {
		r = &zipRecord{}
		zips[zip] = r
	}
	return r
}

func encodeZIPs(zips map[uint32]*zipRecord) []byte {
	index := map[string]int{}
	for _, r := range zips {
		index[r.place] = 0
	}
	delete(index, "")
	places := slices.Sorted(maps.Keys(index))
	out := binary.AppendUvarint([]byte("FRZ1"), uint64(len(places)))
	for i, p := range places {
		index[p] = i + 1
		out = append(binary.AppendUvarint(out, uint64(len(p))), p...)
	}
	out = binary.AppendUvarint(out, uint64(len(zips)))
	var last uint32
	var y, x int64
	for _, zip := range slices.Sorted(maps.Keys(zips)) {
		r := zips[zip]
		out = binary.AppendUvarint(out, uint64(zip-last))
		last = zip
		out = append(out, r.flags())
		out = binary.AppendUvarint(out, uint64(len(r.states)))
		for _, s := range r.states {
			out = append(out, censusNumber(s))
		}
		out = binary.AppendUvarint(out, uint64(index[r.place])) // #nosec G115 -- an index of a slice
		if r.hasPoint {
			ny, nx := micro(r.lat), micro(r.lon)
			out = binary.AppendVarint(binary.AppendVarint(out, ny-y), nx-x)
			y, x = ny, nx
		}
	}
	return out
}

func (r *zipRecord) flags() byte {
	var f byte
	if r.area {
		f |= 1
	}
	if r.hasPoint {
		f |= 2
	}
	return f
}

func zipCode(text string) (uint32, error) {
	zip, err := district.ParseZIP(text)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseUint(zip, 10, 32)
	return uint32(n), err
}

func degrees(lat, lon string) (float64, float64, error) {
	y, err := strconv.ParseFloat(lat, 64)
	if err != nil {
		return 0, 0, err
	}
	x, err := strconv.ParseFloat(lon, 64)
	if err != nil {
		return 0, 0, err
	}
	if !(math.Abs(y) <= 90 && math.Abs(x) <= 180) {
		return 0, 0, fmt.Errorf("%s, %s is no place on Earth", lat, lon)
	}
	return y, x, nil
}

// micro returns whole millionths of a degree, the unit of Census coordinates.
func micro(degrees float64) int64 { return int64(math.Round(degrees * 1e6)) }

// censusSeat reads a district's number as the Census Bureau writes it, state and
// district: "0403", "0200" at large, "1198" a delegate. "09ZZ", water without a district,
// is not ok.
func censusSeat(geoid string) (seat congress.Seat, ok bool, err error) {
	if len(geoid) != 4 {
		return seat, false, fmt.Errorf("%q is not the number of a district", geoid)
	}
	state, known := congress.StateByFIPS(geoid[:2])
	if !known {
		return seat, false, fmt.Errorf("%q is of no known state", geoid)
	}
	if geoid[2:] == "ZZ" {
		return seat, false, nil
	}
	if geoid[2:] == "98" && state.Voting() {
		return seat, false, fmt.Errorf("%q: a state has no delegate", geoid)
	}
	seat, err = congress.ParseSeat(string(state) + "-" + geoid[2:])
	return seat, err == nil, err
}

// censusNumber returns the state's Census number as one byte.
func censusNumber(s congress.State) byte {
	f := s.FIPS()
	return (f[0]-'0')*10 + f[1] - '0'
}

func compareSeats(a, b congress.Seat) int {
	return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.District, b.District))
}
