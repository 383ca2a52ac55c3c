package rosterdata

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/franklin-letters/franklin/congress/roster"
)

// sources is the raw data folder with what its two index files say.
type sources struct {
	dir        string
	sums       map[string]string   // path inside the folder -> SHA-256 in hexadecimal
	provenance map[string][]string // path inside the folder -> cells of its row
}

// input is one raw file with its provenance.
type input struct {
	roster.Input
	data []byte
}

func openSources(dir string) (*sources, error) {
	sums, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		return nil, err
	}
	rows, err := os.ReadFile(filepath.Join(dir, "PROVENANCE.md"))
	if err != nil {
		return nil, err
	}
	s := &sources{dir: dir, sums: make(map[string]string), provenance: make(map[string][]string)}
	for line := range strings.Lines(string(sums)) {
		if f := strings.Fields(line); len(f) == 2 {
			s.sums[strings.TrimPrefix(f[1], "./")] = f[0]
		}
	}
	var repo string
	for line := range strings.Lines(string(rows)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != provenanceCells {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		// "same repo" means the repository of the row before.
		if path, same := strings.CutPrefix(cells[cellSource], "same repo : "); same {
			cells[cellSource] = repo + " : " + path
		}
		repo, _, _ = strings.Cut(cells[cellSource], " : ")
		s.provenance[strings.Trim(cells[cellFile], "`")] = cells
	}
	return s, nil
}

// The columns of a row in PROVENANCE.md.
const (
	cellFile = iota
	_        // what it is
	cellSource
	cellVersion
	cellLicence
	cellDate
	_ // completeness and caveats
	provenanceCells
)

var dateInText = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// input reads one raw file, compares its checksum and finds its provenance. The date is
// the last one in the row's cell about the vintage.
func (s *sources) input(name string) (input, error) {
	data, err := os.ReadFile(filepath.Join(s.dir, filepath.FromSlash(name)))
	if err != nil {
		return input{}, err
	}
	sum := sha256.Sum256(data)
	if got := hex.EncodeToString(sum[:]); got != s.sums[name] {
		return input{}, fmt.Errorf("%s: the checksum %s is not the one in SHA256SUMS (%q)", name, got, s.sums[name])
	}
	row, ok := s.provenance[name]
	if !ok {
		return input{}, fmt.Errorf("%s: PROVENANCE.md has no row for it", name)
	}
	dates := dateInText.FindAllString(row[cellDate], -1)
	if len(dates) == 0 {
		return input{}, fmt.Errorf("%s: its row in PROVENANCE.md names no date", name)
	}
	return input{data: data, Input: roster.Input{
		File: name, Source: row[cellSource], Version: row[cellVersion], Date: dates[len(dates)-1], Licence: row[cellLicence], SHA256: s.sums[name],
	}}, nil
}

var changesName = regexp.MustCompile(`^changes-(\d{4}-\d{2}-\d{2})-to-(\d{4}-\d{2}-\d{2})\.csv$`)

// changes reads the table of changes, if there is one. Its name says which days it
// covers: they must begin where the member list ends.
func (s *sources) changes(listDate string) (input, bool, error) {
	found, err := filepath.Glob(filepath.Join(s.dir, "roster", "changes-*.csv"))
	if err != nil || len(found) == 0 {
		return input{}, false, err
	}
	if len(found) > 1 {
		return input{}, false, errors.New("there is more than one table of changes")
	}
	name := filepath.Base(found[0])
	days := changesName.FindStringSubmatch(name)
	if days == nil || days[1] != listDate {
		return input{}, false, fmt.Errorf("%s does not begin on %s, the day of the member list", name, listDate)
	}
	table, err := s.input("roster/" + name)
	if err == nil && table.Date != days[2] {
		err = fmt.Errorf("%s: PROVENANCE.md says it ends on %s", name, table.Date)
	}
	return table, true, err
}
