package tiger_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/franklin-letters/franklin/internal/databuild/shapefile"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
	"github.com/franklin-letters/franklin/internal/databuild/tiger/tigertest"
)

// TestCacheRoundTrip stores a county with all kinds of places: in faces, beside lines of
// which one has two parts, and house numbers that are not only digits.
func TestCacheRoundTrip(t *testing.T) {
	g := tigertest.New(12, origin())
	for name, files := range map[string]tiger.Files{
		"faces":    {AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 118, 119))},
		"no faces": {Edges: file(g.Edges(t))},
	} {
		t.Run(name, func(t *testing.T) {
			cache := tiger.Cache{Dir: filepath.Join(t.TempDir(), "deep", "cache")}
			want := county(t, g.Code, files)
			if _, err := cache.Load(g.Code, tiger.Key{1}); !errors.Is(err, tiger.ErrNotCached) || !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("an empty cache gives %v", err)
			}
			if err := cache.Store(want, tiger.Key{1}); err != nil {
				t.Fatal(err)
			}
			got, err := cache.Load(g.Code, tiger.Key{1})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			if _, err := cache.Load(g.Code, tiger.Key{2}); !errors.Is(err, tiger.ErrNotCached) {
				t.Errorf("other inputs give %v", err)
			}
			info, err := os.Stat(filepath.Join(cache.Dir, g.Code+".tiger"))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d ranges in %d bytes", len(want.Ranges), info.Size())
		})
	}
}

func TestDamagedCacheIsNotTrusted(t *testing.T) {
	g := tigertest.New(12, origin())
	cache := tiger.Cache{Dir: t.TempDir()}
	if err := cache.Store(county(t, g.Code, tiger.Files{AddrFeat: file(g.AddrFeat(t)), Faces: file(g.Faces(t, 119))}), tiger.Key{1}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache.Dir, g.Code+".tiger")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 0x40
		return b
	}
	for name, raw := range map[string][]byte{
		"cut": good[:len(good)-1], "empty": {}, "magic": changed(0), "inputs": changed(10), "checksum": changed(50), "content": changed(len(good) / 2), "longer": append(bytes.Clone(good), 0),
	} {
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := cache.Load(g.Code, tiger.Key{1}); !errors.Is(err, tiger.ErrNotCached) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(cache.Dir, "53001.tiger"), good, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.Load("53001", tiger.Key{1}); !errors.Is(err, tiger.ErrNotCached) {
		t.Errorf("another county's file gives %v", err)
	}
}

// FuzzCache gives the reader content that has the right checksum.
func FuzzCache(f *testing.F) {
	addrFeat := pack(f, shapefile.LineShapes, addrColumns, []string{"1", "Elm St", "7", "8", "1", "99", "A2", "", "98801", "", "O"})
	c, err := tiger.ReadCounty("53999", tiger.Files{AddrFeat: file(addrFeat)})
	if err != nil {
		f.Fatal(err)
	}
	seed := tiger.Cache{Dir: f.TempDir()}
	if err := seed.Store(c, tiger.Key{}); err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(seed.Dir, "53999.tiger"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw[4+2*sha256.Size:])
	f.Fuzz(func(t *testing.T, packed []byte) {
		cache := tiger.Cache{Dir: t.TempDir()}
		sum := sha256.Sum256(packed)
		content := append(append([]byte("FRT1"), make([]byte, sha256.Size)...), sum[:]...)
		if err := os.WriteFile(filepath.Join(cache.Dir, "53999.tiger"), append(content, packed...), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := cache.Load("53999", tiger.Key{})
		if err != nil {
			return
		}
		if err := cache.Store(c, tiger.Key{}); err != nil {
			t.Fatal(err)
		}
		again, err := cache.Load("53999", tiger.Key{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, again, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
	})
}
