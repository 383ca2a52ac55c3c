package databuild_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild"
)

// TestOtherCongressesAreKept compiles the 119th alone over data that also have the 120th.
func TestOtherCongressesAreKept(t *testing.T) {
	raw, first, second := nextCongress(t), t.TempDir(), t.TempDir()
	if err := databuild.Districts(t.Context(), raw, first, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(raw, "cd120-tiger")); err != nil {
		t.Fatal(err)
	}
	if err := databuild.DistrictsOver(t.Context(), os.DirFS(first), raw, second, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	before, after := open(t, first), open(t, second)
	plans, err := before.Plans(newTerm)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := after.Plans(newTerm)
	if diff := cmp.Diff(plans, kept); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, seat := range congress.State("AZ").HouseSeats() {
		lat, lon := middleOf(seat)
		if r, err := after.ByPoint(lat, lon, 0, newTerm); err != nil || r.Seat != opposite(seat) {
			t.Errorf("%s: %s, %v", seat, r.Seat, err)
		}
	}
	if diff := cmp.Diff(len(before.Manifest().Inputs), len(after.Manifest().Inputs)); diff != "" {
		t.Errorf("inputs: %s", diff)
	}
	write(t, first, "120/lines.bin", []byte("FRL1"))
	err = databuild.DistrictsOver(t.Context(), os.DirFS(first), raw, t.TempDir(), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "120/lines.bin is not what its manifest says") {
		t.Errorf("a damaged file: %v", err)
	}
}

func open(t *testing.T, dir string) *district.Locator {
	t.Helper()
	l, err := district.Open(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	return l
}
