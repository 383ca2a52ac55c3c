package databuild

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild/streettable"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

// StreetOptions says what Streets compiles.
type StreetOptions struct {
	Raw      string           // folder of raw data, see findStreets and findBlockLists
	Out      string           // data folder of congress/district, with its manifest and lines
	Cache    string           // folder for what was read of counties; none when empty
	States   []congress.State // those to compile; all that have files when empty
	KeepAll  bool             // also the streets of ZIP codes that lie in one district
	Progress io.Writer        // gets one line per step for a person to read
}

const (
	streetFolder = "streets/"
	// CoverageFile tells in the data folder which counties the street tables are made of.
	CoverageFile = streetFolder + "coverage.json"
)

// StreetCoverage tells what the street tables are made of. It stands in the data folder as
// CoverageFile.
type StreetCoverage struct {
	States []StateCoverage `json:"states"`
}

// StateCoverage tells of one state's table.
type StateCoverage struct {
	State      congress.State    `json:"state"`
	Congresses []congress.Number `json:"congresses"`
	Bytes      int               `json:"bytes"`
	Counts     tiger.Counts      `json:"counts"`
	Counties   []CountyCoverage  `json:"counties"`
	// Missing are the counties of which there are blocks but no streets. Unlisted says that
	// there is no list of blocks, so that nobody knows whether some are missing.
	Missing  []string `json:"missing,omitempty"`
	Unlisted bool     `json:"unlisted,omitempty"`
}

// CountyCoverage tells of one county: its files with their checksums, and what was counted
// while they were read.
type CountyCoverage struct {
	County string            `json:"county"`
	Files  map[string]string `json:"files"`
	Counts tiger.Counts      `json:"counts"`
}

// Streets compiles street tables into a data folder that Districts has made, one file per
// state, and enters them in its manifest in place of those that were there. A damaged raw
// file is an error that names it, and the folder then keeps what it held. Without any
// street file it does nothing.
//
// The tables have a column for each Congress of which the state has lines of its own in
// the folder. Another plan needs another call; counties that are in the cache are not read
// again.
func Streets(ctx context.Context, o StreetOptions) (StreetCoverage, error) {
	coverage, err := compileStreets(ctx, o)
	if err != nil {
		return StreetCoverage{}, fmt.Errorf("compile streets: %w", err)
	}
	return coverage, nil
}

func compileStreets(ctx context.Context, o StreetOptions) (StreetCoverage, error) {
	found, err := findStreets(o.Raw, o.States)
	if err != nil || len(found) == 0 {
		return StreetCoverage{}, err
	}
	locator, err := district.Open(os.DirFS(o.Out))
	if err != nil {
		return StreetCoverage{}, err
	}
	s := &streetBuilder{StreetOptions: o, locator: locator, manifest: locator.Manifest(), files: map[string][]byte{}}
	if err := s.readBlockLists(found); err != nil {
		return StreetCoverage{}, err
	}
	var coverage StreetCoverage
	for _, state := range congress.States() {
		if len(found[state]) == 0 {
			continue
		}
		one, err := s.state(ctx, state, found[state])
		if err != nil {
			return StreetCoverage{}, fmt.Errorf("%s: %w", state, err)
		}
		coverage.States = append(coverage.States, one)
	}
	return coverage, s.write(coverage)
}

// streetBuilder carries what the states of one call share.
type streetBuilder struct {
	StreetOptions

	locator  *district.Locator
	manifest district.Manifest
	inputs   []district.Input
	lists    map[congress.Number][]*tiger.Blocks
	listed   map[congress.State][]string // counties with blocks
	files    map[string][]byte           // compiled, by name in the data folder
}

func (s *streetBuilder) say(format string, args ...any) error {
	_, err := fmt.Fprintf(s.Progress, format+"\n", args...)
	return err
}

// state compiles one state's table. Counties are read twice, the second time from the
// cache: first for their faces, which neighbours share, then for their streets.
func (s *streetBuilder) state(ctx context.Context, state congress.State, counties []countyFiles) (StateCoverage, error) {
	lines := linesUnder(s.locator, state)
	cover := StateCoverage{State: state, Congresses: lines.congresses}
	if len(lines.congresses) == 0 {
		return cover, errors.New("the data folder has no lines of the state")
	}
	plans := &tiger.Plans{Congresses: lines.congresses, LinesOf: lines.known, Blocks: s.lists, Lines: lines}
	compiler := tiger.NewCompiler(state, plans)
	read := map[string]*tiger.County{} // without a cache
	for i, files := range counties {
		if err := ctx.Err(); err != nil {
			return cover, err
		}
		if err := files.sum(); err != nil {
			return cover, err
		}
		county, cached, err := s.county(files)
		if err != nil {
			return cover, err
		}
		if s.Cache == "" {
			read[files.code] = county
		}
		compiler.Survey(county)
		cover.Counties = append(cover.Counties, CountyCoverage{County: files.code, Files: files.sums, Counts: county.Counts})
		if err := s.say("%s %s: %d of %d counties, %d streets' sides%s", state, files.code, i+1, len(counties), county.Counts[tiger.Sides], cached); err != nil {
			return cover, err
		}
	}
	for _, files := range counties {
		county := read[files.code]
		if county == nil {
			var err error
			if county, _, err = s.county(files); err != nil {
				return cover, err
			}
		}
		if err := ctx.Err(); err != nil {
			return cover, err
		}
		compiler.Add(county)
	}
	return s.table(cover, compiler, lines)
}

// table writes the state's table and tells of it.
func (s *streetBuilder) table(cover StateCoverage, compiler *tiger.Compiler, lines *streetLines) (StateCoverage, error) {
	cover.Unlisted = len(s.listed[cover.State]) == 0
	for _, code := range s.listed[cover.State] {
		if !slices.ContainsFunc(cover.Counties, func(c CountyCoverage) bool { return c.County == code }) {
			cover.Missing = append(cover.Missing, code)
		}
	}
	zipSeats := lines.zipSeats
	if s.KeepAll {
		zipSeats = nil
	}
	raw, err := streettable.Encode(compiler.Table(zipSeats, !cover.Unlisted && len(cover.Missing) == 0))
	if err != nil {
		return cover, err
	}
	cover.Bytes, cover.Counts = len(raw), compiler.Counts()
	s.files[streetFolder+string(cover.State)+".bin"] = raw
	return cover, s.say("%s; %d rows of streets in %d bytes; places by Congress: %d ambiguous, %d unknown",
		cover, cover.Counts[tiger.RowsWritten], len(raw), cover.Counts[tiger.Ambiguous], cover.Counts[tiger.SeatUnknown])
}

// String tells of how many counties the table is made, and how many are missing.
func (c StateCoverage) String() string {
	text := fmt.Sprintf("%s: %d counties", c.State, len(c.Counties))
	if len(c.Counties) == 1 {
		text = fmt.Sprintf("%s: 1 county", c.State)
	}
	if c.Unlisted {
		return text + "; how many others are missing is not known"
	}
	return fmt.Sprintf("%s, %d missing", text, len(c.Missing))
}

// county returns what was read of a county, from the cache when that has it whole.
func (s *streetBuilder) county(files countyFiles) (county *tiger.County, cached string, err error) {
	cache := tiger.Cache{Dir: s.Cache}
	if s.Cache != "" {
		county, err = cache.Load(files.code, files.key())
		if err == nil {
			return county, " (as read before)", nil
		}
		if !errors.Is(err, tiger.ErrNotCached) {
			return nil, "", err
		}
	}
	if county, err = files.read(); err != nil {
		return nil, "", err
	}
	if s.Cache != "" {
		err = cache.Store(county, files.key())
	}
	return county, "", err
}

// write puts the tables and the coverage in the data folder, then the manifest, and
// removes tables of an earlier call.
func (s *streetBuilder) write(coverage StreetCoverage) error {
	report, err := json.MarshalIndent(coverage, "", " ")
	if err != nil {
		return err
	}
	s.files[CoverageFile] = append(report, '\n')
	old := func(name string) bool { return strings.HasPrefix(name, streetFolder) }
	var gone []string
	for _, f := range s.manifest.Files {
		if path.Dir(f.Name)+"/" == streetFolder && s.files[f.Name] == nil {
			gone = append(gone, f.Name)
		}
	}
	s.manifest.Files = slices.DeleteFunc(slices.Clone(s.manifest.Files), func(f district.File) bool { return old(f.Name) })
	s.manifest.Inputs = slices.DeleteFunc(slices.Clone(s.manifest.Inputs), func(in district.Input) bool {
		return strings.HasPrefix(in.Vintage, streetVintage) || slices.ContainsFunc(s.inputs, func(new district.Input) bool { return new.Name == in.Name })
	})
	for _, cover := range coverage.States {
		s.inputs = append(s.inputs, countyInput(cover))
	}
	s.manifest.Inputs = append(s.manifest.Inputs, s.inputs...)
	names := make([]string, 0, len(s.files))
	for name := range s.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		raw := s.files[name]
		s.manifest.Files = append(s.manifest.Files, district.File{Name: name, Bytes: int64(len(raw)), SHA256: checksum(raw)})
		if err := replaceFile(filepath.Join(s.Out, filepath.FromSlash(name)), raw); err != nil {
			return err
		}
	}
	manifest, err := json.MarshalIndent(s.manifest, "", " ")
	if err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(s.Out, "manifest.json"), append(manifest, '\n')); err != nil {
		return err
	}
	for _, name := range gone {
		if err := os.Remove(filepath.Join(s.Out, filepath.FromSlash(name))); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
