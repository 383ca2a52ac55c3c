package databuild

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

const blockFolder = "bef"

// blockListName finds the number of the Congress in the names of the Census Bureau's lists
// of blocks: cd119.zip, NationalCD119.txt, CD120_06.txt, with .gz or not.
var blockListName = regexp.MustCompile(`(?i)^(?:national)?cd(\d{3})(?:_[^.]*)?\.(?:zip|txt|csv)(?:\.gz)?$`)

// stateLists are lists of a single state's own plan, with the Congresses whose plan it is.
func stateLists() map[string][]congress.Number {
	return map[string][]congress.Number{
		"45_SC_cd_blocks_2022plan.csv.gz": {118, 119},
		"53_WA_cd_blocks_2022plan.csv.gz": {118, 119, 120},
	}
}

// congressesOf returns the Congresses whose districts a list of blocks tells.
func congressesOf(name string) []congress.Number {
	if m := blockListName.FindStringSubmatch(name); m != nil {
		n, _ := strconv.ParseUint(m[1], 10, 16) // three digits always fit
		return []congress.Number{congress.Number(n)}
	}
	return stateLists()[name]
}

// readBlockLists reads the lists of blocks in the raw folder for the states that have
// streets. Files of other names are left alone.
func (s *streetBuilder) readBlockLists(found map[congress.State][]countyFiles) error {
	states := slices.Sorted(maps.Keys(found))
	s.lists, s.listed = map[congress.Number][]*tiger.Blocks{}, map[congress.State][]string{}
	names, err := s.blockLists()
	if err != nil {
		return err
	}
	for _, name := range names {
		blocks, counts, in, err := s.readBlockList(name, states)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if counts[tiger.BlocksKept] == 0 {
			continue
		}
		s.inputs = append(s.inputs, in)
		for _, n := range congressesOf(path.Base(name)) {
			s.lists[n] = append(s.lists[n], blocks)
		}
		for _, code := range blocks.Counties() {
			if state, ok := congress.StateByFIPS(code[:2]); ok && !slices.Contains(s.listed[state], code) {
				s.listed[state] = append(s.listed[state], code)
			}
		}
		if err := s.say("%s: %d blocks, %d of them cut, %d rows of no use", name, counts[tiger.BlocksKept], counts[tiger.BlocksSplit], counts[tiger.BlocksBad]); err != nil {
			return err
		}
	}
	return nil
}

// blockLists returns the names of the lists of blocks in the raw folder.
func (s *streetBuilder) blockLists() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.Raw, blockFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if len(congressesOf(entry.Name())) == 0 {
			continue
		}
		isDir, err := isFolder(filepath.Join(s.Raw, blockFolder, entry.Name()))
		if err != nil {
			return nil, err
		}
		if !isDir {
			names = append(names, path.Join(blockFolder, entry.Name()))
		}
	}
	return names, nil
}

// readBlockList reads one list, and tells what it is.
func (s *streetBuilder) readBlockList(name string, states []congress.State) (*tiger.Blocks, tiger.Counts, district.Input, error) {
	in := blockInput(name)
	full := filepath.Join(s.Raw, filepath.FromSlash(name))
	var err error
	if in.SHA256, err = fileChecksum(full); err != nil {
		return nil, nil, in, err
	}
	f, err := os.Open(full) // #nosec G304 -- the caller's own folder
	if err != nil {
		return nil, nil, in, err
	}
	defer func() { _ = f.Close() }() // only read from
	info, err := f.Stat()
	if err != nil {
		return nil, nil, in, err
	}
	blocks, counts, err := tiger.ReadBlocks(f, info.Size(), states)
	return blocks, counts, in, err
}

// blockInput tells where a list is from, all but its checksum.
func blockInput(name string) district.Input {
	in := blockFile(congressesOf(path.Base(name))[0])
	switch {
	case stateLists()[path.Base(name)] != nil:
		in = district.Input{Source: "the state's own list of census blocks, passed on by others", Vintage: "plan of 2022", Licence: "public record of the state"}
	case in.Name != name:
		in.Source = "U.S. Census Bureau, block equivalency file"
	}
	in.Name = name
	return in
}
