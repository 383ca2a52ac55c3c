package seal

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/franklin-letters/franklin/internal/keyed"
)

// Ring is the keys of an installation, kept in a file. It is safe for concurrent use. The
// zero value is an empty ring without a file.
type Ring struct {
	path string
	keys atomic.Pointer[keys]
	work sync.Pool // of *[]byte, in which texts are sealed and opened

	mu   sync.Mutex  // of who reads or writes the file
	seen os.FileInfo // the file as it was last read
}

// keys are never changed; a new set takes the place of the old one.
type keys struct {
	index   []byte
	blind   keyed.Hash // under the index
	byID    map[string]key
	order   []string // as in the file
	current string
}

// At returns the ring of a file; an empty one when there is no file. The last key is the
// current one until Use chooses another.
func At(path string) (*Ring, error) {
	r := &Ring{path: path}
	if err := r.Read(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return r, nil
}

func (r *Ring) now() *keys {
	if now := r.keys.Load(); now != nil {
		return now
	}
	return &keys{}
}

// Path is the file of the ring.
func (r *Ring) Path() string { return r.path }

// Empty reports whether the ring has no keys.
func (r *Ring) Empty() bool { return len(r.now().order) == 0 }

// IDs returns the ids of the keys, in the order in which they were made.
func (r *Ring) IDs() []string { return slices.Clone(r.now().order) }

// Has reports whether the ring has a key.
func (r *Ring) Has(id string) bool {
	_, known := r.now().byID[id]
	return known
}

// Current returns the id of the key under which texts are sealed.
func (r *Ring) Current() string { return r.now().current }

// Index returns the fingerprint of the key of the blind indexes.
func (r *Ring) Index() string {
	if keys := r.now(); len(keys.index) > 0 {
		return idOf(keys.index)
	}
	return ""
}

// Use makes a key the current one. When the ring does not have it, it looks into the file
// once more.
func (r *Ring) Use(id string) error {
	if r.Current() == id {
		return nil
	}
	if _, err := r.key(id); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := *r.now()
	now.current = id
	r.keys.Store(&now)
	return nil
}

// key returns a key. One that is not there may have come into the file since.
func (r *Ring) key(id string) (key, error) {
	if k, known := r.now().byID[id]; known {
		return k, nil
	}
	if r.changed() {
		if err := r.Read(); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return key{}, err
		}
	}
	if k, known := r.now().byID[id]; known {
		return k, nil
	}
	if r.Empty() {
		return key{}, ErrNoRing
	}
	return key{}, fmt.Errorf("the key ring lacks the key %s", id)
}

// changed reports whether the file is another one than was read.
func (r *Ring) changed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, err := os.Stat(r.path)
	if err != nil {
		return false
	}
	return r.seen == nil || !os.SameFile(now, r.seen) || now.ModTime() != r.seen.ModTime() || now.Size() != r.seen.Size()
}

// Read reads the file anew. Keys that are no longer in it stay until the program ends. The
// error of a file that is not there is fs.ErrNotExist.
func (r *Ring) Read() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	file, err := os.Open(r.path) // the operator names it
	if err != nil {
		return fmt.Errorf("read the key ring: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	seen, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read the key ring: %w", err)
	}
	read, err := parse(file)
	if err != nil {
		return fmt.Errorf("the key ring %s is damaged, restore it from its copy: %w", r.path, err)
	}
	old := r.now()
	if len(old.index) > 0 && !bytes.Equal(old.index, read.index) {
		return fmt.Errorf("the key ring %s is another one than the program started with", r.path)
	}
	for id, k := range old.byID {
		if _, known := read.byID[id]; !known {
			read.byID[id] = k
		}
	}
	if old.current != "" {
		read.current = old.current
	}
	r.keys.Store(read)
	r.seen = seen
	return nil
}

// parse reads the lines of a ring: "index ID BASE64" once, "key ID BASE64" for each key.
// Other than in its errors no line is ever told.
func parse(file *os.File) (*keys, error) {
	read := &keys{byID: map[string]key{}}
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := read.add(strings.Fields(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if len(read.index) == 0 || len(read.order) == 0 {
		return nil, errors.New("it needs an index and a key")
	}
	return read, nil
}

var errLine = errors.New("it is not \"index ID KEY\" or \"key ID KEY\"")

func (read *keys) add(fields []string) error {
	if len(fields) != 3 {
		return errLine
	}
	secret, err := base64.StdEncoding.DecodeString(fields[2])
	if err != nil || len(secret) != keyBytes {
		return errLine
	}
	if idOf(secret) != fields[1] {
		return errors.New("the key does not fit its id")
	}
	switch {
	case fields[0] == "index" && len(read.index) == 0:
		read.index, read.blind = secret, keyed.New(secret)
		return nil
	case fields[0] == "key":
		k, err := newKey(secret)
		if err != nil {
			return err
		}
		if _, known := read.byID[k.id]; known {
			return errors.New("the key stands there twice")
		}
		read.byID[k.id], read.current = k, k.id
		read.order = append(read.order, k.id)
		return nil
	}
	return errLine
}

// Make makes the ring's first keys and its file. It fails with fs.ErrExist when there is
// a file.
func (r *Ring) Make() error {
	return r.write(func(now *keys) error {
		if len(now.order) > 0 {
			return fs.ErrExist
		}
		now.index = fresh()
		now.blind = keyed.New(now.index)
		return now.addFresh()
	}, os.Link)
}

// Add makes one more key, which is not used before Use, and returns its id.
func (r *Ring) Add() (id string, err error) {
	err = r.change(func(now *keys) error {
		err := now.addFresh()
		id = now.order[len(now.order)-1]
		return err
	})
	return id, err
}

// Drop takes a key out of the file. What is sealed under it can never be opened again.
func (r *Ring) Drop(id string) error {
	return r.change(func(now *keys) error {
		at := slices.Index(now.order, id)
		if at < 0 || id == now.current {
			return fmt.Errorf("the key %s is in use, or not in the key ring", id)
		}
		now.order = slices.Delete(now.order, at, at+1)
		delete(now.byID, id)
		return nil
	})
}

// change changes the ring as its file is now.
func (r *Ring) change(with func(*keys) error) error {
	if err := r.Read(); err != nil {
		return err
	}
	return r.write(with, os.Rename)
}

// write puts a changed set of keys into the file, whole or not at all, by way of another
// file beside it.
func (r *Ring) write(with func(*keys) error, into func(from, to string) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now().clone()
	if err := with(now); err != nil {
		return fmt.Errorf("change the key ring: %w", err)
	}
	folder := filepath.Dir(r.path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make a folder for the key ring: %w", err)
	}
	file, err := os.CreateTemp(folder, ".keyring-") // readable by nobody else
	if err != nil {
		return fmt.Errorf("write the key ring: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // when it was not renamed
	_, err = file.WriteString(now.text())
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = into(file.Name(), r.path)
	}
	if err == nil {
		err = syncFolder(folder)
	}
	if err != nil {
		return fmt.Errorf("write the key ring: %w", err)
	}
	r.keys.Store(now)
	r.seen = nil
	return nil
}

// syncFolder makes a new name in a folder survive a power cut.
func syncFolder(path string) error {
	folder, err := os.Open(path) //nolint:gosec // the operator names the file in it
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func fresh() []byte {
	secret := make([]byte, keyBytes)
	_, _ = rand.Read(secret) // never fails; the program ends instead
	return secret
}

func (now *keys) addFresh() error {
	k, err := newKey(fresh())
	if err != nil {
		return err
	}
	if _, known := now.byID[k.id]; known {
		return now.addFresh() // one in sixteen million
	}
	now.byID[k.id] = k
	now.order = append(now.order, k.id)
	if now.current == "" {
		now.current = k.id
	}
	return nil
}

func (now *keys) clone() *keys {
	c := &keys{index: now.index, blind: now.blind, byID: map[string]key{}, order: slices.Clone(now.order), current: now.current}
	for _, id := range now.order {
		c.byID[id] = now.byID[id]
	}
	return c
}

// text is the content of the file.
func (now *keys) text() string {
	var b strings.Builder
	b.WriteString("# Franklin's key ring. Without it the personal data in the database are lost for good:\n" +
		"# keep a copy, and not where the backups of the database are.\n")
	line := func(kind string, secret []byte) {
		fmt.Fprintf(&b, "%s %s %s\n", kind, idOf(secret), base64.StdEncoding.EncodeToString(secret))
	}
	line("index", now.index)
	for _, id := range now.order {
		line("key", now.byID[id].secret)
	}
	return b.String()
}
