package district

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/franklin-letters/franklin/congress"
)

// Locator finds districts. It never changes after Open and is safe for concurrent use.
type Locator struct {
	manifest Manifest
	zips     *zipTable
	timeline timeline
	sets     []*planSet // oldest first
	atLarge  byState[bool]
	streets  *streets
}

// Open reads compiled data, as `franklin data build` writes it, from a folder: the
// manifest, the ZIP table and the plans of one or more Congresses. Every file is compared
// with its checksum; a file that is cut or changed is a FormatError. The lines are read
// when the first point is asked about, and only those in force at that moment.
func Open(fsys fs.FS) (*Locator, error) {
	m, err := readManifest(fsys)
	if err != nil {
		return nil, err
	}
	l := &Locator{manifest: m}
	if l.timeline, err = m.timeline(); err != nil {
		return nil, err
	}
	raw, err := m.read(fsys, "zips.bin")
	if err != nil {
		return nil, err
	}
	if l.zips, err = readZIPTable(raw); err != nil {
		return nil, err
	}
	l.streets = newStreets(fsys, m, l.zips)
	folders, err := openFolders(fsys, m)
	if err != nil {
		return nil, err
	}
	for _, state := range congress.States() {
		l.atLarge.set(state, state.AtLarge())
	}
	l.sets = l.timeline.spans()
	for _, set := range l.sets {
		for _, p := range set.all() {
			if !p.NoZIPs {
				set.zips.set(p.State, folders[p.lines()].zips)
			}
		}
		set.atlas = overlayLoader(l.timeline, set, folders)
	}
	return l, nil
}

// folder is the files of one Congress: the ZIP codes and the lines of the states that
// have plans of their own in it. Plans of other Congresses may inherit from it, so it is
// read once and shared.
type folder struct {
	number congress.Number
	zips   *zipSeats
	whole  func() (*atlas, error) // of all the lines in the folder
}

func openFolders(fsys fs.FS, m Manifest) (map[congress.Number]*folder, error) {
	folders := map[congress.Number]*folder{}
	for _, p := range m.Plans {
		if p.Inherits == 0 {
			folders[p.Congress] = &folder{number: p.Congress}
		}
	}
	for _, n := range slices.Sorted(maps.Keys(folders)) {
		name := planFile(n, "zips.bin")
		raw, err := m.read(fsys, name)
		if err != nil {
			return nil, err
		}
		if folders[n].zips, err = readZIPSeats(name, raw); err != nil {
			return nil, err
		}
		folders[n].whole = atlasLoader(fsys, m, planFile(n, "lines.bin"))
	}
	return folders, nil
}

// planFile returns the name of a file of one Congress's plans: "119/zips.bin".
func planFile(n congress.Number, name string) string { return fmt.Sprintf("%d/%s", int(n), name) }

// Manifest returns what the data was made from: sources, dates, checksums, licences.
func (l *Locator) Manifest() Manifest { return l.manifest }
