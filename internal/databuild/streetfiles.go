package databuild

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

// countyName is how the Census Bureau names a county's files.
var countyName = regexp.MustCompile(`^tl_(\d{4})_(\d{5})_(addrfeat|faces|edges)\.zip$`)

// countyFiles are the newest files of one county.
type countyFiles struct {
	code  string
	raw   string            // folder
	names map[string]string // path in the folder, by kind
	sums  map[string]string // checksum by path
}

// edition is one year's file of a county.
type edition struct{ year, path string }

// findStreets looks for the files of counties anywhere in the folder of raw data: in
// tiger-addr, or as published in ADDRFEAT, FACES and EDGES. Of several editions the newest
// counts. A county of which there are only faces has no streets.
func findStreets(raw string, states []congress.State) (map[congress.State][]countyFiles, error) {
	newest, err := newestEditions(raw)
	if err != nil {
		return nil, err
	}
	found := map[congress.State][]countyFiles{}
	for _, code := range slices.Sorted(maps.Keys(newest)) {
		state, ok := congress.StateByFIPS(code[:2])
		if !ok || len(states) > 0 && !slices.Contains(states, state) {
			continue
		}
		files := countyFiles{code: code, raw: raw, names: map[string]string{}, sums: map[string]string{}}
		for kind, e := range newest[code] {
			files.names[kind] = e.path
		}
		if files.names["addrfeat"] != "" {
			delete(files.names, "edges") // which would not be read
		} else if files.names["edges"] == "" {
			continue
		}
		found[state] = append(found[state], files)
	}
	return found, nil
}

// newestEditions returns the newest files by county and kind.
func newestEditions(raw string) (map[string]map[string]edition, error) {
	newest := map[string]map[string]edition{}
	return newest, WalkFiles(raw, func(file string) error {
		m := countyName.FindStringSubmatch(filepath.Base(file))
		if m == nil {
			return nil
		}
		relative, err := filepath.Rel(raw, file)
		if err != nil {
			return err
		}
		year, code, kind := m[1], m[2], m[3]
		if newest[code] == nil {
			newest[code] = map[string]edition{}
		}
		if newest[code][kind].year <= year {
			newest[code][kind] = edition{year, filepath.ToSlash(relative)}
		}
		return nil
	})
}

// sum computes the checksums of the files.
func (c countyFiles) sum() error {
	for _, name := range c.names {
		sum, err := fileChecksum(filepath.Join(c.raw, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		c.sums[name] = sum
	}
	return nil
}

func fileChecksum(name string) (sum string, err error) {
	f, err := os.Open(name) // #nosec G304 -- the caller's own folder
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// key stands for the contents of the files in the cache.
func (c countyFiles) key() tiger.Key {
	var list strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(c.names)) {
		fmt.Fprintf(&list, "%s %s\n", kind, c.sums[c.names[kind]])
	}
	return sha256.Sum256([]byte(list.String()))
}

// read reads the county's files.
func (c countyFiles) read() (county *tiger.County, err error) {
	var files tiger.Files
	for kind, name := range c.names {
		f, err := os.Open(filepath.Join(c.raw, filepath.FromSlash(name))) // #nosec G304 -- the caller's own folder
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // only read from
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		*map[string]*tiger.File{"addrfeat": &files.AddrFeat, "edges": &files.Edges, "faces": &files.Faces}[kind] = tiger.File{ReaderAt: f, Size: info.Size()}
	}
	county, err = tiger.ReadCounty(c.code, files)
	if bad, ok := errors.AsType[*tiger.FileError](err); ok {
		return nil, fmt.Errorf("%s: %w", c.names[bad.File], bad.Err)
	}
	return county, err
}

// streetVintage begins the edition of the input of a state's street files.
const streetVintage = "TIGER/Line streets, "

// countyInput stands in the manifest for all files of a state's counties, of which the
// coverage names each.
func countyInput(cover StateCoverage) district.Input {
	var list strings.Builder
	years := map[string]bool{}
	for _, county := range cover.Counties {
		for _, name := range slices.Sorted(maps.Keys(county.Files)) {
			fmt.Fprintf(&list, "%s  %s\n", county.Files[name], name)
			years[countyName.FindStringSubmatch(path.Base(name))[1]] = true
		}
	}
	return district.Input{
		Name:    fmt.Sprintf("tl_*_%s*_{addrfeat,faces,edges}.zip", cover.State.FIPS()),
		Source:  "https://www2.census.gov/geo/tiger/ (ADDRFEAT, FACES, EDGES); the checksum is that of the list of files in " + CoverageFile,
		Vintage: streetVintage + strings.Join(slices.Sorted(maps.Keys(years)), " and "), Licence: publicDomain,
		SHA256: checksum([]byte(list.String())),
	}
}
