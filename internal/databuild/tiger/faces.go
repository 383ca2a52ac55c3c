package tiger

import (
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
)

// Code is a district as the Census Bureau writes it: 0 for a whole state, 1 to 53, 98 for
// a delegate.
type Code uint8

// Codes that are no district.
const (
	codeBlank Code = 0xFF // not said
	codeWater Code = 0xFE // ZZ, water in no district
)

// readCode reads two characters.
func readCode(text []byte) (Code, bool) {
	switch {
	case len(text) == 0:
		return codeBlank, true
	case string(text) == "ZZ":
		return codeWater, true
	case len(text) != 2 || !digits(text):
		return codeBlank, false
	}
	return Code((text[0]-'0')*10 + text[1] - '0'), true
}

// seat returns the House seat of the code in the state.
func (c Code) seat(state congress.State) (congress.Seat, bool) {
	if state.AtLarge() {
		return congress.Seat{State: state}, c == 0 || c == 98
	}
	seat := congress.Seat{State: state, District: uint8(c)}
	return seat, c > 0 && c < 99 && seat.Valid()
}

// Face is a piece of land that no line of the census crosses.
type Face struct {
	ID    uint64
	Block uint64 // the 2020 census block, fifteen digits; 0 where the file gives none
	ZIP   uint32 // the 2020 ZIP code area; 0 outside all
	Point planar.Point
	Codes []Code // its district in each Congress that the file knows
}

// FaceTable is the faces of a county.
type FaceTable struct {
	Congresses []congress.Number // of the district codes, in the order of Face.Codes
	Faces      map[uint64]Face
}

var codeColumn = regexp.MustCompile(`^CD(\d{3})FP$`)

// ReadFaces reads a county's topological faces (tl_YYYY_SSCCC_faces.zip, "Topological
// Faces"), of which it takes the block by the codes of 2020, the ZIP code area, a point
// inside, and the district codes of whichever Congresses the edition has (CD118FP,
// CD119FP, CD120FP).
func ReadFaces(file io.ReaderAt, size int64) (*FaceTable, error) {
	names, err := shapefile.Columns(file, size)
	if err != nil {
		return nil, err
	}
	t := &FaceTable{Faces: map[uint64]Face{}}
	want := shapefile.Want{
		Columns:  []string{"TFID", "STATEFP20", "COUNTYFP20", "TRACTCE20", "BLOCKCE20"},
		Optional: []string{"ZCTA5CE20", "INTPTLAT", "INTPTLON"},
	}
	for _, name := range names {
		if m := codeColumn.FindStringSubmatch(name); m != nil {
			n, _ := strconv.ParseUint(m[1], 10, 16) // three digits always fit
			t.Congresses = append(t.Congresses, congress.Number(n))
			want.Columns = append(want.Columns, name)
		}
	}
	return t, shapefile.Read(file, size, want, func(record shapefile.Feature) error {
		f, err := readFace(record.Values, len(t.Congresses))
		if err != nil {
			return fmt.Errorf("face %d: %w", len(t.Faces)+1, err)
		}
		if _, twice := t.Faces[f.ID]; twice || f.ID == 0 {
			return fmt.Errorf("face %d is not the only one of its number", f.ID)
		}
		t.Faces[f.ID] = f
		return nil
	})
}

func readFace(v [][]byte, congresses int) (Face, error) {
	codes, rest := v[5:5+congresses], v[5+congresses:]
	f := Face{ZIP: zipCode(rest[0]), Codes: make([]Code, congresses)}
	var err error
	if f.ID, err = identifier(v[0]); err != nil {
		return f, fmt.Errorf("TFID: %w", err)
	}
	f.Block, _ = blockNumber(string(v[1]) + string(v[2]) + string(v[3]) + string(v[4]))
	for i, text := range codes {
		var ok bool
		if f.Codes[i], ok = readCode(text); !ok {
			return f, fmt.Errorf("%q is no district", text)
		}
	}
	// A face without its point is still good: most need none.
	lat, errLat := strconv.ParseFloat(string(rest[1]), 64)
	lon, errLon := strconv.ParseFloat(string(rest[2]), 64)
	if errLat == nil && errLon == nil && math.Abs(lat) <= 90 && math.Abs(lon) <= 180 {
		f.Point = planar.Point{X: int32(math.Round(lon * 1e6)), Y: int32(math.Round(lat * 1e6))}
	}
	return f, nil
}

// blockNumber reads the fifteen digits of a census block.
func blockNumber(geoid string) (uint64, bool) {
	if len(geoid) != 15 || !digits([]byte(geoid)) {
		return 0, false
	}
	n, err := strconv.ParseUint(geoid, 10, 64)
	return n, err == nil
}

// stateOf returns the state that a block lies in.
func stateOf(block uint64) (congress.State, bool) {
	return congress.StateByFIPS(fmt.Sprintf("%02d", block/1e13))
}

func digits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
