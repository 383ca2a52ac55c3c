package databuild

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/franklin-letters/franklin/congress/district"
)

// lacksZIPList reports whether the table of ZIP codes must come from the base.
func (b *builder) lacksZIPList() bool {
	if b.base == nil {
		return false
	}
	_, err := os.Stat(filepath.Join(b.raw, filepath.FromSlash(zipList().Name)))
	return errors.Is(err, fs.ErrNotExist)
}

// zipTableOfBase copies the table of ZIP codes from compiled data, with what their
// manifest says of its inputs. The areas in it are those of the census of 2020 and the
// same for every plan.
func (b *builder) zipTableOfBase() error {
	about, err := fs.ReadFile(b.base, "manifest.json")
	if err != nil {
		return fmt.Errorf("data in use: %w", err)
	}
	var m district.Manifest
	if err := json.Unmarshal(about, &m); err != nil {
		return fmt.Errorf("data in use: manifest.json: %w", err)
	}
	raw, err := fs.ReadFile(b.base, "zips.bin")
	if err != nil {
		return fmt.Errorf("data in use: %w", err)
	}
	if !slices.ContainsFunc(m.Files, func(f district.File) bool { return f.Name == "zips.bin" && f.SHA256 == checksum(raw) }) {
		return errors.New("data in use: zips.bin is not what its manifest says")
	}
	for _, in := range m.Inputs {
		if in.Name == zipList().Name || in.Name == zctaPoints().Name {
			b.manifest.Inputs = append(b.manifest.Inputs, in)
		}
	}
	b.compiled("zips.bin", raw)
	return b.say("the table of ZIP codes is that of the data in use")
}
