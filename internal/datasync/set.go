package datasync

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// folder is the data folder while this process may write to it.
type folder struct {
	dir  string
	lock *flock.Flock
}

// openFolderOf makes the data folder and keeps other syncs out of it. What a killed one
// left half done is removed; the cache stays.
func openFolderOf(dir string) (*folder, error) {
	for _, d := range []string{dir, filepath.Join(dir, cacheName), inuse.SetsDir(dir)} {
		if err := os.MkdirAll(d, 0o755); err != nil { // #nosec G301 -- public data
			return nil, localFailure("cannot make the data folder", err)
		}
	}
	f := &folder{dir: dir, lock: flock.New(filepath.Join(dir, "lock"))}
	got, err := f.lock.TryLock()
	if err != nil {
		return nil, localFailure("cannot lock the data folder", err)
	}
	if !got {
		return nil, failed("Wait until it ends", nil, "another sync is at work in %s", dir)
	}
	if err := f.sweep(); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

const (
	cacheName   = "cache"
	unfinished  = ".new-" // begins the name of a set that is being made
	aboutName   = "set.json"
	stampLayout = "20060102T150405Z"
)

func (f *folder) close() error { return f.lock.Unlock() }

func (f *folder) sweep() error {
	left, err := filepath.Glob(filepath.Join(inuse.SetsDir(f.dir), unfinished+"*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return localFailure("cannot tidy the data folder", err)
		}
	}
	return nil
}

// about stands in a set: what it was made from. Equal digests give equal data, so nothing
// is compiled twice.
type about struct {
	Made      time.Time `json:"made"`
	From      string    `json:"from"`
	Districts string    `json:"districts,omitempty"` // digest of the inputs
	Roster    string    `json:"roster,omitempty"`    // digest of the inputs
}

// aboutSet reads what a set was made from; nothing when it does not say.
func aboutSet(dir, set string) about {
	var a about
	if raw, err := os.ReadFile(filepath.Join(inuse.SetDir(dir, set), aboutName)); err != nil || json.Unmarshal(raw, &a) != nil { // #nosec G304 -- the operator's own folder
		return about{}
	}
	return a
}

// newSet makes the folder of a set that is not in use yet.
func (f *folder) newSet(now time.Time) (name, path string, err error) {
	stamp := now.UTC().Format(stampLayout)
	name = stamp
	for n := 2; exists(inuse.SetDir(f.dir, name)); n++ {
		name = fmt.Sprintf("%s-%d", stamp, n)
	}
	path = filepath.Join(inuse.SetsDir(f.dir), unfinished+name)
	return name, path, localFailure("cannot make a folder for the new data", os.Mkdir(path, 0o755)) // #nosec G301 -- public data
}

// adopt puts a finished set into use and removes all but it and the one before.
func (f *folder) adopt(name, path string, a about) error {
	raw, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return err
	}
	if err := inuse.WriteFile(filepath.Join(path, aboutName), append(raw, '\n')); err != nil {
		return localFailure("cannot write the new data", err)
	}
	if err := settle(path); err != nil {
		return localFailure("cannot write the new data", err)
	}
	before, err := inuse.Pointed(f.dir)
	if err != nil {
		before = "" // damaged: nothing to keep
	}
	if err := os.Rename(path, inuse.SetDir(f.dir, name)); err != nil {
		return localFailure("cannot put the new data in place", err)
	}
	if err := inuse.SyncDir(inuse.SetsDir(f.dir)); err != nil {
		return localFailure("cannot put the new data in place", err)
	}
	if err := inuse.Point(f.dir, name); err != nil {
		return localFailure("cannot put the new data into use", err)
	}
	return f.prune(name, before)
}

// prune removes sets that nobody goes back to.
func (f *folder) prune(keep ...string) error {
	sets, err := os.ReadDir(inuse.SetsDir(f.dir))
	if err != nil {
		return localFailure("cannot tidy the data folder", err)
	}
	for _, s := range sets {
		if name := s.Name(); name != keep[0] && name != keep[1] && !strings.HasPrefix(name, unfinished) {
			if err := os.RemoveAll(inuse.SetDir(f.dir, name)); err != nil {
				return localFailure("cannot tidy the data folder", err)
			}
		}
	}
	return nil
}

// settle makes a whole tree survive a power cut.
func settle(root string) error {
	return filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return inuse.SyncDir(path) // files are synced the same way
	})
}

// carry takes a part of a set over into another one without copying its bytes where the
// file system can.
func carry(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755) // #nosec G301 -- public data
		}
		return linkOrCopy(path, filepath.Join(to, rel))
	})
}
