package databuild

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// number is the Congress whose lines are compiled.
const number congress.Number = 119

// tigerLines is a state's own file of full-resolution lines.
func tigerLines(s congress.State) district.Input {
	return district.Input{
		Name:    fmt.Sprintf("cd119-tiger/tl_2025_%s_cd119.zip", s.FIPS()),
		Source:  fmt.Sprintf("https://www2.census.gov/geo/tiger/TIGER2025/CD/tl_2025_%s_cd119.zip", s.FIPS()),
		Vintage: "TIGER/Line 2025", Licence: publicDomain,
	}
}

// coarseLines is the one file of all states' lines generalised to 1:500,000. It serves
// the states that have no file of their own.
func coarseLines() district.Input {
	return district.Input{
		Name:    "cd119/cb_2024_us_cd119_500k.topojson.gz",
		Source:  "https://www2.census.gov/geo/tiger/GENZ2024/shp/cb_2024_us_cd119_500k.zip (as TopoJSON, coordinates rounded to 6-9 m)",
		Vintage: "Cartographic Boundary File 2024, 1:500,000", Licence: publicDomain,
	}
}

const coarseNote = "No full-resolution file was at hand: lines good to about 100 m, cut at the shore."

// stateLines is where the lines of one state come from.
type stateLines struct {
	state  congress.State
	coarse bool
	raw    []byte // the zip file, or nothing when coarse
}

// plans finds the best lines there are for each state and enters the plans.
func (b *builder) plans() error {
	var coarse []byte
	full := 0
	for _, state := range congress.States() {
		in := tigerLines(state)
		lines := stateLines{state: state}
		_, err := os.Stat(filepath.Join(b.raw, filepath.FromSlash(in.Name)))
		switch {
		case err == nil:
			if lines.raw, err = b.input(in); err != nil {
				return err
			}
			full++
			b.addPlan(state, in, checksum(lines.raw), false)
		case !errors.Is(err, fs.ErrNotExist):
			return err
		default:
			lines.coarse = true
			if coarse == nil {
				if coarse, err = b.input(coarseLines()); err != nil {
					return err
				}
				b.coarse = coarse
			}
			b.addPlan(state, coarseLines(), checksum(coarse), true)
		}
		b.lines = append(b.lines, lines)
	}
	return b.say("lines of %d states in full resolution, of %d at 1:500,000", full, len(b.lines)-full)
}

func (b *builder) addPlan(state congress.State, in district.Input, sum string, coarse bool) {
	p := district.Plan{
		State: state, Congress: number, From: number.Start(), To: number.End(),
		Lines: in.Vintage, Coarse: coarse, Source: in.Source, SHA256: sum,
	}
	if coarse {
		p.Note = coarseNote
	}
	b.manifest.Plans = append(b.manifest.Plans, p)
}
