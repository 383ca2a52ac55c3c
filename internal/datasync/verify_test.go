package datasync

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

// TestBuiltInDataHoldUp tries the program's own data with the program's own landmarks.
func TestBuiltInDataHoldUp(t *testing.T) {
	t.Parallel()
	b, err := inuse.Program()
	if err != nil {
		t.Fatal(err)
	}
	if err := verifyDistricts(b.Districts, b.Districts, Landmarks(), now); err != nil {
		t.Error(err)
	}
	if err := verifyRoster(b.Roster, b.Roster, now); err != nil {
		t.Error(err)
	}
	moved := Landmarks()
	moved[0].District++
	if err := visit(b.Districts, 119, moved); err == nil || !strings.Contains(err.Error(), `put Austin in "TX-37", not in TX-38`) {
		t.Errorf("Austin in another district: %v", err)
	}
	moved = Landmarks()
	moved[len(moved)-1].State = "HI"
	if err := visit(b.Districts, 118, moved); err == nil || !strings.Contains(err.Error(), "not in Hawaii") {
		t.Errorf("Pago Pago in another state: %v", err)
	}
}

// TestInventedCountryIsNotTheRealOne: whole, well-formed data of another country are
// refused.
func TestInventedCountryIsNotTheRealOne(t *testing.T) {
	t.Parallel()
	b, _ := country(t)
	program, err := inuse.Program()
	if err != nil {
		t.Fatal(err)
	}
	if err := verifyDistricts(b.Districts, program.Districts, Landmarks(), now); err == nil || !strings.Contains(err.Error(), "there are only") {
		t.Errorf("%v", err)
	}
	if err := verifyDistricts(b.Districts, b.Districts, Landmarks(), now); err == nil || !strings.Contains(err.Error(), "Montgomery") {
		t.Errorf("%v", err)
	}
}

// TestLinesDoNotBecomeRougher keeps exact lines in use.
func TestLinesDoNotBecomeRougher(t *testing.T) {
	t.Parallel()
	exact := district.Manifest{Plans: []district.Plan{{State: "TX", Congress: 119}, {State: "AZ", Congress: 119}}}
	rough := district.Manifest{Plans: []district.Plan{{State: "TX", Congress: 119, Coarse: true}, {State: "AZ", Congress: 119}}}
	if err := noneCoarser(rough, exact); err == nil || !strings.Contains(err.Error(), "Texas") {
		t.Error(err)
	}
	for _, pair := range [][2]district.Manifest{{exact, rough}, {rough, rough}, {exact, exact}} {
		if err := noneCoarser(pair[0], pair[1]); err != nil {
			t.Error(err)
		}
	}
}

// TestShrunkRoster refuses a list that has lost many members, although it is well formed.
func TestShrunkRoster(t *testing.T) {
	t.Parallel()
	b, _ := country(t)
	few, err := roster.New(roster.File{Format: roster.Format, Congress: 119, AsOf: "2026-11-01"})
	if err != nil {
		t.Fatal(err)
	}
	if err := verifyRoster(few, b.Roster, now); err == nil || !strings.Contains(err.Error(), "it has only 0 members") {
		t.Error(err)
	}
	past, err := roster.New(roster.File{Format: roster.Format, Congress: 119, AsOf: "2024-11-01"})
	if err != nil {
		t.Fatal(err)
	}
	if err := verifyRoster(past, b.Roster, now); err == nil || !strings.Contains(err.Error(), "118th sat then") {
		t.Error(err)
	}
}

// TestRealFiles syncs from the raw data beside the checkout, which not everybody has.
func TestRealFiles(t *testing.T) {
	t.Parallel()
	shared := filepath.Join("..", "..", "..", "shared", "geo")
	if _, err := os.Stat(shared); err != nil {
		t.Skip("needs the raw data in ../shared/geo beside the checkout")
	}
	o, out := options(filepath.Join(t.TempDir(), "congress"), nil, publish(t, nil))
	o.From, o.Landmarks = shared, nil
	got, err := Sync(t.Context(), o)
	if err != nil || got.Districts != Updated || got.Roster != Updated {
		t.Fatalf("%+v, %v\n%s", got, err, out.text())
	}
	data, err := inuse.Open(o.Dir)
	if err != nil || !data.Lines.Synced || !data.People.Synced || data.Roster.AsOf() != "2026-09-13" {
		t.Errorf("%+v, %v", data, err)
	}
}
