package databuild

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// keepOthers takes over from the data in use the Congresses that the raw data do not
// have, so that new lines do not make older ones forgotten. Their plans inherit from the
// lines compiled now.
func (b *builder) keepOthers(numbers []congress.Number) error {
	if b.base == nil {
		return nil
	}
	about, err := fs.ReadFile(b.base, "manifest.json")
	if err != nil {
		return fmt.Errorf("data in use: %w", err)
	}
	var m district.Manifest
	if err := json.Unmarshal(about, &m); err != nil {
		return fmt.Errorf("data in use: manifest.json: %w", err)
	}
	var kept []congress.Number
	for _, p := range m.Plans {
		if slices.Contains(numbers, p.Congress) {
			continue
		}
		if p.Inherits != 0 {
			p.Lines, p.Source, p.SHA256, p.Coarse = "", "", "", false // those of the lines inherited
		}
		b.manifest.Plans = append(b.manifest.Plans, p)
		if !slices.Contains(kept, p.Congress) {
			kept = append(kept, p.Congress)
		}
	}
	for _, n := range kept {
		if err := b.keepFiles(m, n); err != nil {
			return err
		}
	}
	return nil
}

// keepFiles copies a Congress's folder with what the manifest says of its inputs.
func (b *builder) keepFiles(m district.Manifest, n congress.Number) error {
	for _, f := range m.Files {
		if !strings.HasPrefix(f.Name, planFile(n, "")) {
			continue
		}
		raw, err := fs.ReadFile(b.base, f.Name)
		if err != nil {
			return fmt.Errorf("data in use: %w", err)
		}
		if checksum(raw) != f.SHA256 {
			return fmt.Errorf("data in use: %s is not what its manifest says", f.Name)
		}
		b.compiled(f.Name, raw)
	}
	for _, in := range m.Inputs {
		if strings.Contains(in.Name, fmt.Sprintf("cd%d", int(n))) {
			b.manifest.Inputs = append(b.manifest.Inputs, in)
		}
	}
	return b.say("%s: kept from the data in use", n)
}
