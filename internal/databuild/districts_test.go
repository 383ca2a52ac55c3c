package databuild_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/databuild"
)

var day = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

// TestDistrictsOfInventedCountry compiles a whole country of squares and asks for every
// seat by point and by ZIP code.
func TestDistrictsOfInventedCountry(t *testing.T) {
	out := t.TempDir()
	var progress bytes.Buffer
	if err := databuild.Districts(t.Context(), country(t), out, &progress); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(progress.String(), "lines of 55 states in full resolution, of 1 at 1:500,000") {
		t.Errorf("progress: %s", progress.String())
	}
	locator, err := district.Open(os.DirFS(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, seat := range congress.AllHouseSeats() {
		p := corner(seat)
		lat, lon := float64(p.Y+side/2)/1e6, float64(p.X+side/2)/1e6
		r, err := locator.ByPoint(lat, lon, 0, day)
		if err != nil || r.Seat != seat {
			t.Errorf("the middle of %s: %s, %v", seat, r.Seat, err)
		}
		if want := seat.State == "TX"; r.Plan.Coarse != want || r.Plan.State != seat.State {
			t.Errorf("%s: plan %+v", seat, r.Plan)
		}
		want := []congress.Seat{seat}
		if seat.District > 1 {
			want = []congress.Seat{{State: seat.State, District: seat.District - 1}, seat}
		}
		r, err = locator.ByZIP(zipOf(seat), seat.State, day)
		if diff := cmp.Diff(want, r.Candidates); diff != "" || err != nil {
			t.Errorf("ZIP %s: %v %s", zipOf(seat), err, diff)
		}
	}
	for zip, want := range map[string]district.ZIPClass{"09001": district.ClassMilitary, "98001": district.ClassPOBox, "99999": district.ClassUnknown} {
		if r, err := locator.ByZIP(zip, "", day); err != nil || r.Class != want || len(r.Candidates) > 0 {
			t.Errorf("ZIP %s: %+v, %v", zip, r, err)
		}
	}
	water := corner(congress.Seat{State: "IL", District: 1})
	if r, _ := locator.ByPoint(float64(water.Y+side/2)/1e6, float64(water.X-side/2)/1e6, 0, day); r.Unique() {
		t.Errorf("water without a district answers %s", r.Seat)
	}
}

// TestDistrictsKeepsTheOldFiles damages one input at a time.
func TestDistrictsKeepsTheOldFiles(t *testing.T) {
	raw := country(t)
	for _, tt := range []struct{ name, file, content, want string }{
		{"missing", "zip/zipcodes_npm_8.0.0.csv.gz", "", "no such file"},
		{"no gzip", "zip/cd119_zcta520_pairs.csv.gz", "x", "cd119_zcta520_pairs.csv.gz"},
		{"other columns", "zip/zcta_gazetteer_2021.csv.gz", string(packed(t, "zip,lat,lon\n")), `column 1 is "zip"`},
		{"no ZIP code", "zip/zipcodes_npm_8.0.0.csv.gz", string(packed(t, "zip,city,state,lat,lon\n123,A,AZ,1,1\n")), "row 2"},
		{"no place", "zip/zcta_gazetteer_2021.csv.gz", string(packed(t, "zcta,lat,lon\n85281,95,1\n")), "no place on Earth"},
		{"no district", "zip/cd119_zcta520_pairs.csv.gz", string(packed(t, "zcta,geoid_cd119\n85281,0410\n")), "no seat AZ-10"},
		{"delegate of a state", "zip/cd119_zcta520_pairs.csv.gz", string(packed(t, "zcta,geoid_cd119\n99501,0298\n")), "no delegate"},
		{"cut zip", "cd119-tiger/tl_2025_04_cd119.zip", "PK", "tl_2025_04_cd119.zip"},
		{"another state's lines", "cd119-tiger/tl_2025_04_cd119.zip", read(t, raw, "cd119-tiger/tl_2025_06_cd119.zip"), "not in AZ"},
		{"a state without lines", "cd119-tiger/tl_2025_04_cd119.zip", "", "AZ-01 has 0 shapes"},
		{"cut lines", "cd119/cb_2024_us_cd119_500k.topojson.gz", string(packed(t, "{")), "JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, out := t.TempDir(), t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(raw)); err != nil {
				t.Fatal(err)
			}
			if write(t, dir, tt.file, []byte(tt.content)); tt.content == "" {
				if err := os.Remove(filepath.Join(dir, filepath.FromSlash(tt.file))); err != nil {
					t.Fatal(err)
				}
			}
			write(t, out, "manifest.json", []byte("old"))
			err := databuild.Districts(t.Context(), dir, out, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if left, _ := os.ReadDir(out); len(left) != 1 || read(t, out, "manifest.json") != "old" {
				t.Errorf("the old files are changed: %v", left)
			}
		})
	}
}

func TestDistrictsStopsWhenTold(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := databuild.Districts(ctx, t.TempDir(), t.TempDir(), &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
