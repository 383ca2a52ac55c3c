package district

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
)

// ManifestFormat is the number of the layout of the data folder this package reads.
const ManifestFormat = 2

// Manifest tells what the data folder was made from and what it holds. It stands in
// the folder as manifest.json.
type Manifest struct {
	Format      int      `json:"format"`
	Attribution []string `json:"attribution"` // sentences to show where the data is used
	Inputs      []Input  `json:"inputs"`
	Files       []File   `json:"files"`
	Plans       []Plan   `json:"plans"`
}

// Input is one raw file the data was compiled from.
type Input struct {
	Name    string `json:"name"`    // path in the folder of raw data
	Source  string `json:"source"`  // who published it, where
	Vintage string `json:"vintage"` // its edition or date
	SHA256  string `json:"sha256"`
	Licence string `json:"licence"`
}

// File is one compiled file of the data folder.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func readManifest(fsys fs.FS) (Manifest, error) {
	raw, err := fs.ReadFile(fsys, "manifest.json")
	if err != nil {
		return Manifest{}, fmt.Errorf("read district data: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return Manifest{}, &FormatError{File: "manifest.json", Reason: err.Error()}
	}
	if m.Format != ManifestFormat {
		return Manifest{}, &FormatError{File: "manifest.json", Reason: fmt.Sprintf("format %d, this program reads %d", m.Format, ManifestFormat)}
	}
	if len(m.Plans) == 0 {
		return Manifest{}, &FormatError{File: "manifest.json", Reason: "it names no plan"}
	}
	return m, nil
}

// read returns a compiled file after comparing it with its checksum.
func (m Manifest) read(fsys fs.FS, name string) ([]byte, error) {
	i := slices.IndexFunc(m.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return nil, &FormatError{File: name, Reason: "the manifest does not name it"}
	}
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("read district data: %w", err)
	}
	if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != m.Files[i].SHA256 {
		return nil, &FormatError{File: name, Reason: "its checksum is not the manifest's"}
	}
	return raw, nil
}
