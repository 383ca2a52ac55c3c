package databuild_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/rawtest"
)

func TestWalkFiles(t *testing.T) {
	t.Parallel()
	root, away := t.TempDir(), t.TempDir()
	put(t, filepath.Join(root, "b", "1"), nil)
	put(t, filepath.Join(away, "c", "2"), nil)
	for name, to := range map[string]string{"a": filepath.Join(root, "b"), "far": away, "b/up": root, "b/3": filepath.Join(away, "c", "2"), ".#x": "nobody"} {
		link(t, to, filepath.Join(root, filepath.FromSlash(name)))
	}
	link(t, root, filepath.Join(t.TempDir(), "root"))
	var got []string
	walk := func() error {
		got = nil
		return databuild.WalkFiles(root, func(file string) error {
			relative, err := filepath.Rel(root, file)
			got = append(got, filepath.ToSlash(relative))
			return err
		})
	}
	if err := walk(); err != nil || !slices.Equal(got, []string{"b/1", "b/3", "far/c/2"}) {
		t.Errorf("%v, %v", got, err)
	}
	link(t, filepath.Join(root, "nothing"), filepath.Join(root, "broken"))
	if err := walk(); err == nil || !strings.Contains(err.Error(), "broken leads to nothing") {
		t.Errorf("%v", err)
	}
}

// TestBuildThroughLinks finds raw folders that lie elsewhere.
func TestBuildThroughLinks(t *testing.T) {
	t.Parallel()
	away, raw := t.TempDir(), t.TempDir()
	files := rawtest.Files(t)
	for name, content := range rawtest.Lists(t) {
		put(t, filepath.Join(away, name), content)
	}
	put(t, filepath.Join(away, "zip", filepath.Base(rawtest.Relation)), files[rawtest.Relation])
	for _, s := range congress.States() {
		lines := filepath.Base(rawtest.Lines(s))
		put(t, filepath.Join(away, "cd119-tiger", lines), files[rawtest.Lines(s)])
		if s.AtLarge() {
			next := rawtest.Squares(t, 120, s, func(seat congress.Seat) congress.Seat { return seat })
			put(t, filepath.Join(away, "cd120-tiger", strings.NewReplacer("2025", "2026", "119", "120").Replace(lines)), next)
		}
	}
	for _, name := range []string{"zip", "cd119-tiger", "cd120-tiger"} {
		link(t, filepath.Join(away, name), filepath.Join(raw, name))
	}
	var direct, linked bytes.Buffer
	for from, out := range map[string]*bytes.Buffer{away: &direct, raw: &linked} {
		if err := databuild.Districts(t.Context(), from, t.TempDir(), out); err != nil {
			t.Fatal(err)
		}
	}
	if direct.String() != linked.String() || !strings.Contains(linked.String(), "120th") {
		t.Errorf("%s\nthrough links:\n%s", direct.String(), linked.String())
	}
}

func put(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}
