package tiger

import (
	"fmt"
	"io"
	"strconv"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
)

// Side is one side of a piece of a street. From and To are house numbers as published,
// both empty where there are none. ZIP is 0 and Face 0 where the file gives none.
type Side struct {
	From, To string
	ZIP      uint32
	Parity   byte // 'O', 'E', 'B', or 0 where the file does not say
	Face     uint64
}

// Numbered reports whether the side has house numbers.
func (s Side) Numbered() bool { return s.From != "" || s.To != "" }

// Feature is a piece of a street with one of its names. A piece with several names comes
// several times, with the same TLID.
type Feature struct {
	TLID        uint64
	Name        string // FULLNAME, as "N Main St"; may be empty
	Left, Right Side
	Line        [][]planar.Point // millionths of a degree
}

// ReadAddrFeat reads a county's address range features
// (tl_YYYY_SSCCC_addrfeat.zip, TIGER/Line technical documentation, "Address Range-Feature").
func ReadAddrFeat(file io.ReaderAt, size int64, yield func(Feature) error) error {
	want := shapefile.Want{
		Kind: shapefile.LineShapes,
		Columns: []string{
			"TLID", "FULLNAME", "TFIDL", "TFIDR", "LFROMHN", "LTOHN", "RFROMHN", "RTOHN", "ZIPL", "ZIPR",
		},
		Optional: []string{"PARITYL", "PARITYR"},
	}
	return readFeatures(file, size, want, yield)
}

// ReadEdges reads a county's edges (tl_YYYY_SSCCC_edges.zip, "All Lines"), which have one
// name each and the widest range of each side. Edges that are no streets are given too;
// they have no house numbers.
func ReadEdges(file io.ReaderAt, size int64, yield func(Feature) error) error {
	want := shapefile.Want{
		Kind: shapefile.LineShapes,
		Columns: []string{
			"TLID", "FULLNAME", "TFIDL", "TFIDR", "LFROMADD", "LTOADD", "RFROMADD", "RTOADD", "ZIPL", "ZIPR",
		},
	}
	return readFeatures(file, size, want, yield)
}

// readFeatures reads what the two layouts have in common; parities may follow.
func readFeatures(file io.ReaderAt, size int64, want shapefile.Want, yield func(Feature) error) error {
	number := 0
	return shapefile.Read(file, size, want, func(record shapefile.Feature) error {
		number++
		v := record.Values
		f := Feature{Name: string(v[1]), Line: record.Parts}
		var err error
		if f.TLID, err = identifier(v[0]); err != nil {
			return fmt.Errorf("record %d: TLID: %w", number, err)
		}
		if f.Left.Face, err = identifier(v[2]); err != nil {
			return fmt.Errorf("record %d: TFIDL: %w", number, err)
		}
		if f.Right.Face, err = identifier(v[3]); err != nil {
			return fmt.Errorf("record %d: TFIDR: %w", number, err)
		}
		f.Left.From, f.Left.To, f.Left.ZIP = string(v[4]), string(v[5]), zipCode(v[8])
		f.Right.From, f.Right.To, f.Right.ZIP = string(v[6]), string(v[7]), zipCode(v[9])
		if len(v) > 11 {
			f.Left.Parity, f.Right.Parity = parity(v[10]), parity(v[11])
		}
		return yield(f)
	})
}

// identifier reads a permanent number of the Census Bureau; blank is 0.
func identifier(text []byte) (uint64, error) {
	if len(text) == 0 {
		return 0, nil
	}
	return strconv.ParseUint(string(text), 10, 64)
}

// noZIP is what some files have in place of a ZIP code.
const noZIP = 99999

// zipCode reads a ZIP code; 0 stands for what is none.
func zipCode(text []byte) uint32 {
	n, err := strconv.ParseUint(string(text), 10, 32)
	if err != nil || len(text) != 5 || n == noZIP {
		return 0
	}
	return uint32(n)
}

func parity(text []byte) byte {
	if len(text) == 1 && (text[0] == 'O' || text[0] == 'E' || text[0] == 'B') {
		return text[0]
	}
	return 0
}
