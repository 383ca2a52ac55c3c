package databuild_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild"
)

// TestDistrictsOverDataInUse compiles without the lists of ZIP codes, over data that were
// compiled with them.
func TestDistrictsOverDataInUse(t *testing.T) {
	raw, first, second := country(t), t.TempDir(), t.TempDir()
	if err := databuild.Districts(t.Context(), raw, first, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"zipcodes_npm_8.0.0.csv.gz", "zcta_gazetteer_2021.csv.gz"} {
		if err := os.Remove(filepath.Join(raw, "zip", name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := databuild.DistrictsOver(t.Context(), os.DirFS(first), raw, second, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"manifest.json", "zips.bin", "119/zips.bin", "119/lines.bin"} {
		if read(t, first, name) != read(t, second, name) {
			t.Errorf("%s differs", name)
		}
	}
	write(t, first, "zips.bin", []byte("FRZ1"))
	err := databuild.DistrictsOver(t.Context(), os.DirFS(first), raw, t.TempDir(), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "not what its manifest says") {
		t.Errorf("a damaged base: %v", err)
	}
}

// TestEmbeddedFSIsTheEmbeddedData opens the built-in folder as any other.
func TestEmbeddedFSIsTheEmbeddedData(t *testing.T) {
	fsys, err := district.EmbeddedFS()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := district.Open(fsys); err != nil {
		t.Fatal(err)
	}
}
