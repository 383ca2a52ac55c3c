package seal_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/seal"
)

func at(t *testing.T, path string) *seal.Ring {
	t.Helper()
	r, err := seal.At(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheFileIsMadeOnceAndForItsOwnerOnly(t *testing.T) {
	r := made(t)
	info, err := os.Stat(r.Path())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v", info.Mode(), err)
	}
	before, err := os.ReadFile(r.Path())
	if err != nil {
		t.Fatal(err)
	}
	// Somebody who found no file a moment ago must not write over the one there is now.
	other := at(t, filepath.Join(t.TempDir(), "keyring"))
	if err := os.Link(r.Path(), other.Path()); err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*seal.Ring{r, other, at(t, r.Path())} {
		if err := ring.Make(); !errors.Is(err, fs.ErrExist) {
			t.Errorf("it is made once more: %v", err)
		}
	}
	if after, err := os.ReadFile(r.Path()); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed: %v", err)
	}
	if rest, _ := filepath.Glob(filepath.Join(filepath.Dir(r.Path()), "*")); len(rest) != 1 {
		t.Errorf("beside it stand %v", rest)
	}
}

func TestAnotherProcessHasTheSameRing(t *testing.T) {
	r := made(t)
	value := sealed(t, r, "Josephine")
	other := at(t, r.Path())
	if got, err := other.Open(value); err != nil || got != "Josephine" {
		t.Errorf("it opens as %q, %v", got, err)
	}
	if other.Index() != r.Index() || other.Current() != r.Current() || other.Blind("a") != r.Blind("a") {
		t.Error("the rings differ")
	}
}

// TestRotation: a running program finds keys that another one has added, and goes on opening
// what the old ones sealed.
func TestRotation(t *testing.T) {
	r := made(t)
	first := r.Current()
	old := sealed(t, r, "Josephine")

	tool := at(t, r.Path())
	second, err := tool.Add()
	if err != nil || second == first {
		t.Fatalf("a second key: %s, %v", second, err)
	}
	if tool.Current() != first || at(t, r.Path()).Index() != r.Index() {
		t.Error("adding a key changes more than that")
	}
	if err := tool.Use(second); err != nil {
		t.Fatal(err)
	}
	newer := sealed(t, tool, "Josephine")
	if !strings.HasPrefix(newer, seal.Head(second)) {
		t.Errorf("sealed as %q", newer)
	}
	for _, value := range []string{old, newer} {
		if got, err := r.Open(value); err != nil || got != "Josephine" {
			t.Errorf("%q opens as %q, %v", value, got, err)
		}
	}
	if r.Current() != first {
		t.Error("the program changed its current key by itself")
	}
	if err := r.Use("0a0a0a"); err == nil || r.Current() != first {
		t.Errorf("a key that is not there is used: %v", err)
	}
	if err := tool.Drop(second); err == nil {
		t.Error("the current key is dropped")
	}
	if err := tool.Drop(first); err != nil {
		t.Fatal(err)
	}
	if ids := at(t, r.Path()).IDs(); !slices.Equal(ids, []string{second}) {
		t.Errorf("the file has the keys %v", ids)
	}
	if _, err := at(t, r.Path()).Open(old); err == nil {
		t.Error("a dropped key opens")
	}
	if _, err := r.Open(old); err != nil { // until it ends
		t.Errorf("a running program forgets a key: %v", err)
	}
}

func TestDamagedRings(t *testing.T) {
	whole, err := os.ReadFile(made(t).Path())
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(whole)), "\n")
	index, key := lines[len(lines)-2], lines[len(lines)-1]
	fields := strings.Fields(key)
	for name, content := range map[string]string{
		"empty":         "",
		"no key":        index,
		"no index":      key,
		"two indexes":   index + "\n" + index + "\n" + key,
		"twice a key":   index + "\n" + key + "\n" + key,
		"short key":     index + "\nkey " + fields[1] + " " + fields[2][:20],
		"other id":      index + "\nkey 000000 " + fields[2],
		"other word":    index + "\n" + key + "\nsecret" + strings.TrimPrefix(key, "key"),
		"too few words": index + "\n" + key + "\nkey",
		"a long line":   index + "\n" + key + "\n" + strings.Repeat("x", 100_000),
	} {
		path := filepath.Join(t.TempDir(), "keyring")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := seal.At(path)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), fields[2]) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := seal.At(t.TempDir()); err == nil {
		t.Error("a folder is a key ring")
	}
}

// TestAnotherRingInItsPlace: what belongs to another database must not take the place of a
// ring in use.
func TestAnotherRingInItsPlace(t *testing.T) {
	r, other := made(t), made(t)
	if err := os.Rename(other.Path(), r.Path()); err != nil {
		t.Fatal(err)
	}
	if err := r.Read(); err == nil {
		t.Error("another index is taken up")
	}
	if _, err := r.Add(); err == nil {
		t.Error("a key is added to another ring")
	}
}

func TestManyAtOnce(t *testing.T) {
	r := made(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				value := sealed(t, r, "Josephine")
				if got, err := r.Open(value); err != nil || got != "Josephine" {
					t.Errorf("opens as %q, %v", got, err)
				}
			}
		})
	}
	for range 3 {
		id, err := r.Add()
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Use(id); err != nil {
			t.Fatal(err)
		}
	}
	all.Wait()
}
