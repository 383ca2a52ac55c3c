package tiger

import (
	"errors"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// County is what the files of one county say about its streets, whatever the plan.
type County struct {
	Code       string            // state and county, five digits
	Congresses []congress.Number // of Place.Codes
	Names      []string          // of streets, as published
	Lines      [][][]planar.Point
	Places     []Place
	Ranges     []Range
	Counts     Counts
}

// Place is where the addresses of a range are: in a face, or, where the face is not
// known, on one side of a line.
type Place struct {
	Face  uint64
	Block uint64 // 0 when the face is not known or has none
	Codes []Code // of the face, by County.Congresses; none when the face is not known
	Point planar.Point
	Reach int32 // metres from Point to the farthest end of a street along the face
	Line  int32 // in County.Lines, -1 when the face is known
	Right bool  // the side of the line
}

// Range is one side of a street with its house numbers as published.
type Range struct {
	Name, Place int32
	ZIP         uint32 // 0 when no ZIP code is known
	From, To    string
	Parity      byte // 'O', 'E', 'B' or 0
}

// Files are the files of one county, in any of which Size is in bytes. AddrFeat or Edges
// must be there; edges are read only where there are no address range features, because
// they have the same ranges, merged to the widest, under one of the names. Faces may be
// missing.
type Files struct {
	AddrFeat, Edges, Faces File
}

// File is a file that is open, or nothing.
type File struct {
	io.ReaderAt

	Size int64
}

// ReadCounty reads the files of the county with the five digits and joins the sides of
// its streets to faces.
func ReadCounty(code string, files Files) (*County, error) {
	c := &countyReader{
		county: &County{Code: code, Counts: Counts{}},
		names:  map[string]int32{}, byFace: map[uint64]int32{}, byLine: map[lineSide]int32{}, lines: map[uint64]int32{},
		faces: &FaceTable{},
	}
	if files.Faces.ReaderAt != nil {
		var err error
		if c.faces, err = ReadFaces(files.Faces, files.Faces.Size); err != nil {
			return nil, &FileError{"faces", err}
		}
		c.county.Congresses = c.faces.Congresses
	}
	switch {
	case files.AddrFeat.ReaderAt != nil:
		if err := ReadAddrFeat(files.AddrFeat, files.AddrFeat.Size, c.feature); err != nil {
			return nil, &FileError{"addrfeat", err}
		}
	case files.Edges.ReaderAt != nil:
		if err := ReadEdges(files.Edges, files.Edges.Size, c.feature); err != nil {
			return nil, &FileError{"edges", err}
		}
	default:
		return nil, errors.New("neither address range features nor edges")
	}
	c.placeWithoutZIP()
	return c.county, nil
}

// FileError says which of a county's files could not be read.
type FileError struct {
	File string // addrfeat, edges or faces
	Err  error
}

func (e *FileError) Error() string { return e.File + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// lineSide is a side of a piece of a street whose face is not known.
type lineSide struct {
	line  uint64
	right bool
}

type countyReader struct {
	county *County
	faces  *FaceTable
	names  map[string]int32
	byFace map[uint64]int32   // places
	byLine map[lineSide]int32 // places
	lines  map[uint64]int32   // by TLID
}

func (c *countyReader) feature(f Feature) error {
	counts := c.county.Counts
	counts[Features]++
	if !f.Left.Numbered() && !f.Right.Numbered() {
		counts[OtherRecords]++
	}
	c.side(f, f.Left, f.Right.ZIP, false)
	c.side(f, f.Right, f.Left.ZIP, true)
	return nil
}

// side enters one side. A ZIP code that is missing is the one of the face's area, else
// that of the other side; else placeWithoutZIP looks for it.
func (c *countyReader) side(f Feature, s Side, across uint32, right bool) {
	if !s.Numbered() {
		return
	}
	counts := c.county.Counts
	counts[Sides]++
	if strings.TrimSpace(f.Name) == "" {
		counts[Unnamed]++
		return
	}
	counts[Kept]++
	face, known := c.faces.Faces[s.Face]
	switch {
	case s.ZIP != 0:
	case face.ZIP != 0:
		s.ZIP = face.ZIP
		counts[ZIPFromArea]++
	case across != 0:
		s.ZIP = across
		counts[ZIPFromAcross]++
	}
	r := Range{Name: c.name(f.Name), ZIP: s.ZIP, From: strings.Clone(s.From), To: strings.Clone(s.To), Parity: s.Parity}
	if known {
		r.Place = c.inFace(face, f.Line)
	} else {
		counts[FaceUnknown]++
		r.Place = c.besideLine(f, s.Face, right)
	}
	c.county.Ranges = append(c.county.Ranges, r)
}

// placeWithoutZIP gives the sides that still have no ZIP code all those that it may be:
// the ones in which the county has the same street, else every one of the county, where
// no other street of the name can be mistaken for it. A county without any ZIP code leaves
// them at 0, and Compiler.Table counts them.
func (c *countyReader) placeWithoutZIP() {
	var all []uint32
	byName := make([][]uint32, len(c.county.Names))
	for _, r := range c.county.Ranges {
		if r.ZIP != 0 {
			all, byName[r.Name] = append(all, r.ZIP), append(byName[r.Name], r.ZIP)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	counts := c.county.Counts
	for i := range c.county.Ranges {
		r := &c.county.Ranges[i]
		if r.ZIP != 0 {
			continue
		}
		possible := byName[r.Name]
		slices.Sort(possible)
		possible = slices.Compact(possible)
		switch {
		case len(possible) > 0:
			counts[ZIPFromStreet]++
		case len(all) > 0:
			possible = all
			counts[ZIPFromCounty]++
		default:
			counts[ZIPUnknown]++
			continue
		}
		copied := *r
		r.ZIP = possible[0]
		counts[ZIPRepeats] += len(possible) - 1
		for _, copied.ZIP = range possible[1:] {
			c.county.Ranges = append(c.county.Ranges, copied)
		}
	}
}

func (c *countyReader) name(text string) int32 {
	i, ok := c.names[text]
	if !ok {
		i = index(len(c.county.Names))
		c.names[text] = i
		c.county.Names = append(c.county.Names, text)
	}
	return i
}

func (c *countyReader) inFace(face Face, line [][]planar.Point) int32 {
	i, ok := c.byFace[face.ID]
	if !ok {
		i = index(len(c.county.Places))
		c.byFace[face.ID] = i
		c.county.Places = append(c.county.Places, Place{Face: face.ID, Block: face.Block, Codes: face.Codes, Point: face.Point, Line: -1})
	}
	p := &c.county.Places[i]
	for _, part := range line {
		for _, v := range part {
			p.Reach = max(p.Reach, int32(math.Ceil(min(metresBetween(p.Point, v), math.MaxInt32))))
		}
	}
	return i
}

func (c *countyReader) besideLine(f Feature, face uint64, right bool) int32 {
	key := lineSide{f.TLID, right}
	if i, ok := c.byLine[key]; ok && slices.EqualFunc(c.county.Lines[c.county.Places[i].Line], f.Line, slices.Equal) {
		return i // another name of the same piece
	}
	line, ok := c.lines[f.TLID]
	if !ok || !slices.EqualFunc(c.county.Lines[line], f.Line, slices.Equal) {
		line = index(len(c.county.Lines))
		c.lines[f.TLID] = line
		c.county.Lines = append(c.county.Lines, f.Line)
	}
	i := index(len(c.county.Places))
	c.byLine[key] = i
	c.county.Places = append(c.county.Places, Place{Face: face, Line: line, Right: right})
	return i
}

// index narrows the length of a list, of which no county's comes near the bound of 2^31.
func index(n int) int32 { return int32(n) } // #nosec G115 -- a file of at most 1 GiB

// metresBetween measures on a plane, well enough for comparisons of some kilometres.
func metresBetween(a, b planar.Point) float64 {
	const metres = 111_320 / 1e6 // to a millionth of a degree of latitude
	north := float64(a.Y) - float64(b.Y)
	east := (float64(a.X) - float64(b.X)) * math.Cos(float64(a.Y)/1e6*math.Pi/180)
	return math.Hypot(north, east) * metres
}
