package datasync

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// rawFolder is arranged for the compiler out of files that were fetched.
type rawFolder struct {
	dir    string
	inputs map[string]string // path in the folder -> checksum of the published file
	cached []string          // files of the cache among them, but for streets
}

func newRawFolder(dir string) (*rawFolder, error) {
	return &rawFolder{dir: dir, inputs: map[string]string{}}, localFailure("cannot make a folder to work in", os.MkdirAll(dir, 0o755)) // #nosec G301 -- public data
}

// put brings a fetched file to where the compiler looks for it.
func (r *rawFolder) put(f form, got fetched) error {
	if r.inputs[f.raw] != "" {
		return nil // the national file serves several states
	}
	target := filepath.Join(r.dir, filepath.FromSlash(f.raw))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil { // #nosec G301 -- public data
		return localFailure("cannot work on "+f.name, err)
	}
	r.inputs[f.raw] = got.sum
	if got.cached && !strings.HasPrefix(f.raw, streetFolder) {
		r.cached = append(r.cached, got.path)
	}
	if f.convert == nil {
		return localFailure("cannot work on "+f.name, linkOrCopy(got.path, target))
	}
	published, err := os.ReadFile(got.path)
	if err != nil {
		return localFailure("cannot read "+f.name, err)
	}
	converted, err := f.convert(published)
	if err != nil {
		return failed(advicePublish, err, "%s is not what it should be", got.source)
	}
	return localFailure("cannot work on "+f.name, os.WriteFile(target, converted, 0o644)) // #nosec G306 -- public data
}

// distrust lets the next run fetch the files anew, whatever the server says has changed:
// what was made of them did not hold up, and one of them is to blame. Streets, which are
// long, are only ever blamed for what a newer file mends.
func (r *rawFolder) distrust() {
	for _, path := range r.cached {
		_ = os.Remove(path + recordEnding) // a file without its record is not used
	}
}

// digest stands for all inputs and the layout of what is made from them.
func (r *rawFolder) digest(layout string) string {
	lines := make([]string, 0, len(r.inputs))
	for name, sum := range r.inputs {
		lines = append(lines, sum+" "+name+"\n")
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(layout + "\n" + strings.Join(lines, "")))
	return hex.EncodeToString(sum[:])
}

// linkOrCopy makes a second name for a file, or a copy where that is not possible: on
// another disk, or where links are forbidden.
func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from) // #nosec G304 -- the operator's own folders
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()                                      // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) // #nosec G302 G304 -- public data in the operator's own folder
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// indexRoster writes the two files that the compiler of the roster wants beside the list:
// checksums, and where each file came from and of which day it is.
func (r *rawFolder) indexRoster(page string) error {
	if err := os.WriteFile(filepath.Join(r.dir, provenanceName), []byte(page), 0o644); err != nil { // #nosec G306 G703 -- public data, and a name of our own
		return localFailure("cannot work on the roster", err)
	}
	var sums strings.Builder
	for name := range r.inputs {
		_, sum, err := sumOf(filepath.Join(r.dir, filepath.FromSlash(name)))
		if err != nil {
			return localFailure("cannot work on the roster", err)
		}
		fmt.Fprintf(&sums, "%s  ./%s\n", sum, name)
	}
	return localFailure("cannot work on the roster", os.WriteFile(filepath.Join(r.dir, sumsName), []byte(sums.String()), 0o644)) // #nosec G306 -- public data
}
