package inuse

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Names inside the data folder and inside a set.
const (
	pointerName = "current"
	setsName    = "sets"
	// DistrictsName is the folder of a set with the data of congress/district.
	DistrictsName = "districts"
	// RosterName is the folder of a set with the data of congress/roster.
	RosterName = "roster"
)

var setForm = regexp.MustCompile(`^\d{8}T\d{6}Z(-\d{1,3})?$`)

// SetsDir returns the folder that holds the sets.
func SetsDir(dir string) string { return filepath.Join(dir, setsName) }

// SetDir returns the folder of one set.
func SetDir(dir, set string) string { return filepath.Join(dir, setsName, set) }

// Pointed returns the name of the set in use, or "" when nothing was synced yet.
func Pointed(dir string) (string, error) {
	if dir == "" {
		return "", nil
	}
	text, err := os.ReadFile(filepath.Join(dir, pointerName)) // #nosec G304 -- the operator's own folder
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read which data are in use: %w", err)
	}
	set := strings.TrimSpace(string(text))
	if !setForm.MatchString(set) {
		return "", fmt.Errorf("the file %s does not name a set of data", filepath.Join(dir, pointerName))
	}
	return set, nil
}

// Point puts a set into use: from one moment to the next everybody who looks sees the new
// one, also after a power cut.
func Point(dir, set string) error {
	if !setForm.MatchString(set) {
		return fmt.Errorf("%q is not the name of a set", set)
	}
	return WriteFile(filepath.Join(dir, pointerName), []byte(set+"\n"))
}

// WriteFile replaces a file so that a reader sees the old or the new one, and a power cut
// leaves one of the two.
func WriteFile(path string, content []byte) error {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) // #nosec G302 G304 -- public data in the operator's own folder
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp) // the first error is the one that matters
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes the names in a folder survive a power cut.
func SyncDir(dir string) error {
	f, err := os.Open(dir) // #nosec G304 -- the operator's own folder
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
