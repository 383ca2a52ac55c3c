package databuild

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// WalkFiles calls visit with the path of every file below a folder, also behind symbolic
// links: raw data are large, and people keep them elsewhere. Each folder is looked into
// once, whatever links lead to it, so that a loop ends; its own name wins over a link's.
func WalkFiles(root string, visit func(file string) error) error {
	w := &walk{visit: visit, seen: map[string]bool{}, links: []string{root}}
	for len(w.links) > 0 {
		next := w.links[0]
		w.links = w.links[1:]
		if err := w.folder(next); err != nil {
			return err
		}
	}
	return nil
}

// walk is one call of WalkFiles.
type walk struct {
	visit func(file string) error
	seen  map[string]bool // folders by their real paths
	links []string        // to folders that are still to be looked into
}

func (w *walk) folder(dir string) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil || w.seen[real] {
		return err
	}
	w.seen[real] = true
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := w.entry(filepath.Join(dir, entry.Name()), entry); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(path string, entry fs.DirEntry) error {
	if entry.IsDir() {
		return w.folder(path)
	}
	if entry.Type()&fs.ModeSymlink == 0 {
		return w.visit(path)
	}
	isDir, err := isFolder(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(entry.Name(), "."):
		return nil // an editor's mark, no data
	case err != nil:
		return fmt.Errorf("the link %s leads to nothing that can be read: %w", path, err)
	case isDir:
		w.links = append(w.links, path)
		return nil
	}
	return w.visit(path)
}

// isFolder reports whether a path is a folder or a link to one.
func isFolder(path string) (bool, error) {
	info, err := os.Stat(path)
	return err == nil && info.IsDir(), err
}
