package databuild_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/congress/postal"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

func TestStreetsKeepsTheFolderWhenAFileIsDamaged(t *testing.T) {
	town := newTownship(t)
	write(t, town.raw, "tiger-addr/tl_2025_53999_addrfeat.zip", town.AddrFeat(t))
	write(t, town.raw, "tiger-addr/tl_2025_53999_faces.zip", town.Faces(t, 119))
	town.build(t)
	table, manifest := read(t, town.out, "streets/WA.bin"), read(t, town.out, "manifest.json")
	for name, raw := range map[string][]byte{
		"tiger-addr/tl_2025_53999_addrfeat.zip": []byte("<html>not found</html>"),
		"tiger-addr/tl_2025_53999_faces.zip":    town.Faces(t, 119)[:1000],
		"bef/cd119.zip":                         []byte("PK half a file"),
		"bef/NationalCD120.txt":                 []byte("<html>not found</html>"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(town.raw, filepath.FromSlash(name))
			before, err := os.ReadFile(path)
			if err != nil {
				defer func() { _ = os.Remove(path) }()
			} else {
				defer write(t, town.raw, name, before)
			}
			write(t, town.raw, name, raw)
			_, err = databuild.Streets(t.Context(), databuild.StreetOptions{Raw: town.raw, Out: town.out, Cache: town.cache, Progress: &bytes.Buffer{}})
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("got %v", err)
			}
			if read(t, town.out, "streets/WA.bin") != table || read(t, town.out, "manifest.json") != manifest {
				t.Error("the folder has changed")
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := databuild.Streets(ctx, databuild.StreetOptions{Raw: town.raw, Out: town.out, Progress: &bytes.Buffer{}}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("damaged cache", func(t *testing.T) {
		write(t, town.cache, "53999.tiger", []byte("FRT1 and nothing good"))
		if _, _, said := town.streets(t); read(t, town.out, "streets/WA.bin") != table || strings.Contains(said, "as read before") {
			t.Errorf("the cache was trusted:\n%s", said)
		}
		if _, _, said := town.streets(t); !strings.Contains(said, "as read before") {
			t.Errorf("the cache was not made anew:\n%s", said)
		}
	})
}

func TestStreetsOfOtherCalls(t *testing.T) {
	town := newTownship(t)
	if err := databuild.Districts(t.Context(), town.raw, town.out, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	manifest := read(t, town.out, "manifest.json")
	if _, coverage, _ := town.streets(t); len(coverage.States) != 0 || read(t, town.out, "manifest.json") != manifest {
		t.Errorf("without streets: %v", coverage)
	}
	write(t, town.raw, "tiger-addr/tl_2025_53999_addrfeat.zip", town.AddrFeat(t))
	write(t, town.raw, "tiger-addr/tl_2025_53999_faces.zip", town.Faces(t, 119))
	_, coverage, _ := town.streets(t)
	if kept := coverage.States[0].Counts; kept[tiger.RowsSettled] == 0 {
		t.Errorf("streets of a ZIP code with one district are kept: %v", kept)
	}
	o := databuild.StreetOptions{Raw: town.raw, Out: town.out, KeepAll: true, Progress: &bytes.Buffer{}}
	coverage, err := databuild.Streets(t.Context(), o)
	if err != nil || coverage.States[0].Counts[tiger.RowsSettled] != 0 {
		t.Errorf("all streets, without a cache: %v, %v", coverage, err)
	}
	o.States = []congress.State{"OR"}
	if coverage, err := databuild.Streets(t.Context(), o); err != nil || len(coverage.States) != 0 {
		t.Errorf("streets of Oregon: %v, %v", coverage, err)
	}
}

// TestStreetThatMayGoOn has a ZIP code of which one district's county has no streets on
// file: numbers are answered, whole streets are not.
func TestStreetThatMayGoOn(t *testing.T) {
	town := newTownship(t)
	town.addRows(t, "zip/cd119_zcta520_pairs.csv.gz", "98802,5303,A\n")
	write(t, town.raw, "tiger-addr/tl_2025_53999_addrfeat.zip", town.AddrFeat(t))
	write(t, town.raw, "tiger-addr/tl_2025_53999_faces.zip", town.Faces(t, 119))
	ask := func(l *district.Locator, street string) district.Result {
		r, err := l.ByAddress(district.Address{Street: street, City: "Gridley", State: "WA", ZIP: "98802"}, oldTerm)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	two, three := congress.Seat{State: "WA", District: 2}, congress.Seat{State: "WA", District: 3}
	write(t, town.raw, "bef/CD119_53.txt", []byte(town.BlockList(119)+"530010001001000,03\n"))
	locator, coverage, _ := town.build(t)
	if !slices.Equal(coverage.States[0].Missing, []string{"53001"}) || coverage.States[0].Counts[tiger.OpenEnds] == 0 {
		t.Errorf("coverage: %v %v", coverage.States[0].Missing, coverage.States[0].Counts)
	}
	if r := ask(locator, "101 9th Ave"); r.Seat != two {
		t.Errorf("a number on file: %s %v", r.Seat, r.Candidates)
	}
	if r := ask(locator, "9999 9th Ave"); !r.Seat.IsZero() || !slices.Contains(r.Candidates, three) {
		t.Errorf("a number that may be in the other county: %s %v", r.Seat, r.Candidates)
	}
	write(t, town.raw, "bef/CD119_53.txt", []byte(town.BlockList(119)))
	locator, _, _ = town.streets(t)
	if r := ask(locator, "9999 9th Ave"); r.Seat != two {
		t.Errorf("all counties on file: %s %v", r.Seat, r.Candidates)
	}
}

// middleNumber returns a number of the side's parity between its ends.
func middleNumber(s tiger.Side) string {
	from, _ := postal.ParseNumber(s.From)
	to, _ := postal.ParseNumber(s.To)
	from.Value = min(from.Value, to.Value) + (max(from.Value, to.Value)-min(from.Value, to.Value))/4*2
	return from.String()
}

// TestStreetsOfRealCounties compiles the two real counties under the real lines and asks
// for the first, last and middle address of every range. The two sides of Meagher County
// that have no ZIP code in the file are asked for with one of the county's. Brayden Drive
// has a ZIP code of South Carolina there, by a slip, and asking with that says so.
func TestStreetsOfRealCounties(t *testing.T) {
	raw, out := sharedGeo(t), t.TempDir()
	if err := os.CopyFS(out, os.DirFS(filepath.Join("..", "..", "congress", "district", "data"))); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	coverage, err := databuild.Streets(t.Context(), databuild.StreetOptions{Raw: raw, Out: out, KeepAll: true, Progress: &said})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s%+v", said.String(), coverage)
	locator, err := district.Open(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		file  string
		state congress.State
		seat  string
		asked int // three of each side
		read  func(f *os.File, size int64, yield func(tiger.Feature) error) error
	}{
		{"tl_2021_30059_addrfeat.zip", "MT", "MT-02", 3 * 878, func(f *os.File, size int64, yield func(tiger.Feature) error) error {
			return tiger.ReadAddrFeat(f, size, yield)
		}},
		{"tl_2020_37143_edges.zip", "NC", "NC-01", 3 * (2842 - 1), func(f *os.File, size int64, yield func(tiger.Feature) error) error {
			return tiger.ReadEdges(f, size, yield)
		}},
	} {
		f, err := os.Open(filepath.Join(raw, "tiger-addr", tt.file))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		asked, bad := 0, 0
		err = tt.read(f, info.Size(), func(feature tiger.Feature) error {
			for _, side := range []tiger.Side{feature.Left, feature.Right} {
				if !side.Numbered() || feature.Name == "Brayden Dr" && side.ZIP == 29744 {
					continue
				}
				side.ZIP = cmp.Or(side.ZIP, feature.Left.ZIP, feature.Right.ZIP, 59642)
				for _, number := range []string{side.From, side.To, middleNumber(side)} {
					asked++
					r, err := locator.ByAddress(district.Address{Street: number + " " + feature.Name, State: tt.state, ZIP: fmt.Sprintf("%05d", side.ZIP)}, oldTerm)
					if err != nil || r.Basis != district.BasisStreet || r.Seat.String() != tt.seat || len(r.Notes) > 0 {
						if bad++; bad < 20 {
							t.Errorf("%s %s, %05d: %s by %s, %v %v, %v", number, feature.Name, side.ZIP, r.Seat, r.Basis, r.Candidates, r.Notes, err)
						}
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if asked != tt.asked {
			t.Errorf("%s: %d addresses asked for, not %d", tt.file, asked, tt.asked)
		}
	}
}
