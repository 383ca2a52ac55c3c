package district

import (
	"fmt"
	"io/fs"

	"github.com/franklin-letters/franklin/congress"
)

// Locator finds districts. It never changes after Open and is safe for concurrent use.
type Locator struct {
	manifest Manifest
	zips     *zipTable
	sets     []*planSet // oldest first
}

// Open reads compiled data, as `franklin data build` writes it, from a folder: the
// manifest, the ZIP table and the plans. Every file is compared with its checksum; a
// file that is cut or changed is a FormatError.
func Open(fsys fs.FS) (*Locator, error) {
	m, err := readManifest(fsys)
	if err != nil {
		return nil, err
	}
	l := &Locator{manifest: m}
	if l.sets, err = m.planSets(); err != nil {
		return nil, err
	}
	raw, err := m.read(fsys, "zips.bin")
	if err != nil {
		return nil, err
	}
	if l.zips, err = readZIPTable(raw); err != nil {
		return nil, err
	}
	for _, set := range l.sets {
		name := planFile(set.number, "zips.bin")
		if raw, err = m.read(fsys, name); err != nil {
			return nil, err
		}
		if set.seats, err = readZIPSeats(name, raw); err != nil {
			return nil, err
		}
		set.atlas = atlasLoader(fsys, m, planFile(set.number, "lines.bin"))
	}
	return l, nil
}

// planFile returns the name of a file of one Congress's plans: "119/zips.bin".
func planFile(n congress.Number, name string) string { return fmt.Sprintf("%d/%s", int(n), name) }

// Manifest returns what the data was made from: sources, dates, checksums, licences.
func (l *Locator) Manifest() Manifest { return l.manifest }
