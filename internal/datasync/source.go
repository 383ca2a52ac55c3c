package datasync

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/franklin-letters/franklin/internal/databuild"
)

// place is where a file is to be had.
type place struct {
	url  string // for the network
	path string // or in a folder of this machine
	sum  string // the checksum that the mirror gives for it, if it gives one
}

// source knows where files are: at the official addresses, in a folder, or at a mirror.
type source struct {
	official bool
	folder   string
	mirror   *url.URL
	index    map[string]place // of a folder or a mirror with SHA256SUMS, by base name; nil without a list
	checked  bool             // there is a SHA256SUMS, which ties what PROVENANCE.md says to the files
}

// names returns the names of all files, if the source has a list of them.
func (s *source) names() []string {
	names := make([]string, 0, len(s.index))
	for name := range s.index {
		names = append(names, name)
	}
	return names
}

// find says where a form of a file is, unless it is known that the source lacks it.
func (s *source) find(f form) (place, bool) {
	switch {
	case s.index != nil:
		p, ok := s.index[f.name]
		return p, ok
	case f.url == "":
		return place{}, false
	case s.official:
		return place{url: f.url}, true
	}
	u, err := url.Parse(f.url)
	if err != nil {
		return place{}, false
	}
	return place{url: s.mirror.JoinPath(u.Path).String()}, true
}

// String names the source for messages.
func (s *source) String() string {
	switch {
	case s.official:
		return "the official addresses"
	case s.mirror != nil:
		return s.mirror.Redacted()
	}
	return s.folder
}

// where says for messages where a file of the source is.
func (s *source) where() string {
	if s.folder != "" {
		return "in " + s.folder
	}
	return "at " + s.String()
}

// openSource reads what --from names: nothing for the official addresses, the address of
// a mirror, or a folder.
func (f *fetcher) openSource(ctx context.Context, from string) (*source, error) {
	if from == "" {
		return &source{official: true}, nil
	}
	if u, err := url.Parse(from); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
		return f.openMirror(ctx, u)
	}
	return openFolder(from)
}

// openMirror looks for a list of checksums. A mirror without one keeps the official paths.
func (f *fetcher) openMirror(ctx context.Context, u *url.URL) (*source, error) {
	s := &source{mirror: u}
	list := u.JoinPath(sumsName).String()
	got, err := f.fetch(ctx, sumsName, place{url: list}, maxSums)
	if errors.Is(err, errNotThere) {
		return s, nil
	}
	if err != nil {
		return nil, err
	}
	lines, err := sumsIn(got.path)
	if err != nil {
		return nil, failed("Ask whoever keeps the mirror", err, "the list of checksums at %s cannot be read", list)
	}
	s.index, s.checked = map[string]place{}, true
	for _, l := range lines {
		s.add(path.Base(l.path), place{url: u.JoinPath(l.path).String(), sum: l.sum})
	}
	s.add(provenanceName, place{url: u.JoinPath(provenanceName).String()})
	return s, nil
}

// Names of the two files about a mirror that lie at its root.
const (
	sumsName       = "SHA256SUMS"
	provenanceName = "PROVENANCE.md"
)

// openFolder reads the list of checksums, or looks at all files in the folder.
func openFolder(dir string) (*source, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, failed("Give --from a folder or an address that begins with https://", err, "%s is no folder", dir)
	}
	s := &source{folder: dir, index: map[string]place{}}
	lines, err := sumsIn(filepath.Join(dir, sumsName))
	switch {
	case err == nil:
		for _, l := range lines {
			s.add(path.Base(l.path), place{path: filepath.Join(dir, filepath.FromSlash(l.path)), sum: l.sum})
		}
		s.addIfThere(provenanceName)
		s.checked = true
		return s, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, failed("Mend the list, or remove it to go without checksums", err, "the list of checksums in %s cannot be read", dir)
	}
	err = databuild.WalkFiles(dir, func(file string) error {
		if name := filepath.Base(file); !strings.HasPrefix(name, ".") {
			s.add(name, place{path: file})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for files in %s: %w", dir, err)
	}
	return s, nil
}

func (s *source) addIfThere(name string) {
	if p := filepath.Join(s.folder, name); exists(p) {
		s.add(name, place{path: p})
	}
}

// add enters a file; the first of a name wins.
func (s *source) add(name string, p place) {
	if _, known := s.index[name]; !known {
		s.index[name] = p
	}
}

func sumsIn(path string) ([]listed, error) {
	f, err := os.Open(path) // #nosec G304 -- in the cache or the operator's own folder
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	return readSums(f)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
