package inuse

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// DefaultDir is the data folder of a program that is not told another one.
const DefaultDir = "data/congress"

// streetsFolder is that of the street tables below the data of congress/district.
const streetsFolder = "streets/"

// openWithout opens compiled district data as OpenDistricts does, but for damaged street
// tables, which it leaves out and names: one state's streets must not cost all states their
// lines.
func openWithout(dir string) (l *district.Locator, files fs.FS, leftOut []string, err error) {
	if err := present(dir); err != nil {
		return nil, nil, nil, err
	}
	files = os.DirFS(dir)
	if l, err = district.Open(files); err != nil {
		return nil, nil, nil, err
	}
	for _, f := range l.Manifest().Files {
		err := matches(filepath.Join(dir, filepath.FromSlash(f.Name)), f.SHA256)
		if err != nil && !strings.HasPrefix(f.Name, streetsFolder) {
			return nil, nil, nil, err
		}
		if err != nil {
			leftOut = append(leftOut, f.Name)
		}
	}
	if len(leftOut) == 0 {
		return l, files, nil, nil
	}
	if files, err = without(files, leftOut); err != nil {
		return nil, nil, nil, err
	}
	l, err = district.Open(files)
	return l, files, leftOut, err
}

// rest is a data folder without some of its files.
type rest struct {
	fs.FS

	gone     []string
	manifest []byte
}

func without(files fs.FS, gone []string) (*rest, error) {
	raw, err := fs.ReadFile(files, manifestName)
	if err != nil {
		return nil, err
	}
	var m district.Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	m.Files = slices.DeleteFunc(m.Files, func(f district.File) bool { return slices.Contains(gone, f.Name) })
	raw, err = json.Marshal(m)
	return &rest{FS: files, gone: gone, manifest: raw}, err
}

const manifestName = "manifest.json"

// Open opens a file that is not left out.
func (r *rest) Open(name string) (fs.File, error) {
	if slices.Contains(r.gone, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return r.FS.Open(name)
}

// ReadFile reads a file that is not left out; the manifest lacks those that are.
func (r *rest) ReadFile(name string) ([]byte, error) {
	if name == manifestName {
		return r.manifest, nil
	}
	if slices.Contains(r.gone, name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return fs.ReadFile(r.FS, name)
}

// StatesLeftOut are the states whose street tables are damaged.
func (d *Data) StatesLeftOut() []congress.State {
	var states []congress.State
	for _, name := range d.LeftOut {
		if state := congress.State(strings.TrimSuffix(strings.TrimPrefix(name, streetsFolder), ".bin")); state.Valid() {
			states = append(states, state)
		}
	}
	return states
}

// damage says what is damaged among the synced data, a sentence each.
func (d *Data) damage() []string {
	var said []string
	for _, p := range []Part{d.Lines, d.People} {
		text := "synced data cannot be used: " + p.Reason
		if p.Broken && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	if states := d.StatesLeftOut(); len(states) > 0 {
		said = append(said, "the synced streets of "+names(states)+" are damaged and left out: addresses there are answered by their ZIP codes")
	}
	if len(d.LeftOut) > len(d.StatesLeftOut()) {
		said = append(said, "the file that tells which counties have streets is damaged")
	}
	return said
}

// Complaint says why not the data answer that were asked for, in a line: they are damaged, or
// the folder is not there although it is not the one of the program's own choice. It is empty
// when all is well.
func (d *Data) Complaint() string {
	said := d.damage()
	if d.dir != "" && filepath.Clean(d.dir) != DefaultDir {
		if _, err := os.Stat(d.dir); err != nil {
			said = append(said, fmt.Sprintf("the data folder %s cannot be opened, so the data built into the program answer", d.dir))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, "; ") + ". Run: " + syncCommand
}
