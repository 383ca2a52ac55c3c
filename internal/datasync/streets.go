package datasync

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/tiger"
)

// megabytesPerCounty is what the two files of a county take at most on average: in 2024 the
// EDGES files, from which they are made, took 11 GB for 3,235 counties.
const megabytesPerCounty = 7

// streetFolder holds them in the raw folder.
const streetFolder = "tiger-addr/"

// streetItems are the files of one county: its address ranges and the faces they border.
func streetItems(county string) []item {
	var items []item
	for _, kind := range []string{"addrfeat", "faces"} {
		name := fmt.Sprintf("tl_%d_%s_%s.zip", baseYear, county, kind)
		items = append(items, item{what: "streets of county " + county, forms: []form{{
			name: name, url: fmt.Sprintf("%sgeo/tiger/TIGER%d/%s/%s", census, baseYear, strings.ToUpper(kind), name), max: maxStreet, raw: streetFolder + name,
		}}})
	}
	return items
}

// countyItem says which ZIP code areas meet which counties.
func countyItem() item {
	const name = "tab20_zcta520_county20_natl.txt"
	return item{what: "ZIP code areas and counties", forms: []form{{
		name: name, url: census + "geo/docs/maps-data/data/rel2020/zcta520/" + name, max: maxTable, raw: "zip/" + name,
	}}}
}

// gatherStreets fetches the streets of the states that were asked for and of those that
// have streets in use, and returns these states.
func (r *run) gatherStreets(ctx context.Context, raw *rawFolder) ([]congress.State, error) {
	states := append(r.base.StatesLeftOut(), r.Streets...)
	for _, f := range r.base.Districts.Manifest().Files {
		if code, ok := strings.CutPrefix(f.Name, "streets/"); ok { // and not of the file about them, which is no state
			states = append(states, congress.State(strings.TrimSuffix(code, ".bin")))
		}
	}
	slices.Sort(states)
	states = slices.DeleteFunc(slices.Compact(states), func(s congress.State) bool { return !s.Valid() || s.AtLarge() })
	if len(states) == 0 {
		return nil, nil
	}
	if _, err := r.collect(ctx, raw, blockItem(baseCongress), blockItem(baseCongress+1)); err != nil {
		return nil, err
	}
	counties, err := r.counties(ctx, raw)
	if err != nil {
		return nil, err
	}
	for _, s := range states {
		if err := r.gatherState(ctx, raw, s, counties); err != nil {
			return nil, err
		}
	}
	return states, nil
}

func (r *run) gatherState(ctx context.Context, raw *rawFolder, s congress.State, counties map[string][]string) error {
	files := r.listedStreets(s)
	if len(files) == 0 {
		for _, county := range r.divided(s, counties) {
			files = append(files, streetItems(county)...)
		}
		r.Progress.Say(fmt.Sprintf("streets of %s: %d counties with divided ZIP codes, at most %d MB", s.Name(), len(files)/2, len(files)/2*megabytesPerCounty))
	}
	if len(files) == 0 {
		return failed("Leave the state out of --streets", nil, "there are no streets of %s at %s", s.Name(), r.source)
	}
	_, err := r.collect(ctx, raw, files...)
	return err
}

var streetName = regexp.MustCompile(`^tl_\d{4}_(\d{2})\d{3}_(addrfeat|faces|edges)\.zip$`)

// listedStreets are all street files of a state at a source with a list of its files. Whoever
// made the copy has chosen.
func (r *run) listedStreets(s congress.State) []item {
	var items []item
	names := r.source.names()
	slices.Sort(names)
	for _, name := range names {
		if m := streetName.FindStringSubmatch(name); m != nil && m[1] == s.FIPS() {
			items = append(items, item{what: "streets", forms: []form{{name: name, max: maxStreet, raw: streetFolder + name}}})
		}
	}
	return items
}

// counties returns the counties that each ZIP code area meets; none from a source with a
// list of its files, where nothing is chosen.
func (r *run) counties(ctx context.Context, raw *rawFolder) (map[string][]string, error) {
	if r.source.index != nil {
		return nil, nil //nolint:nilnil // no choice is made then
	}
	i := countyItem()
	form, got, err := r.item(ctx, r.source, i)
	if err == nil {
		err = raw.put(form, got)
	}
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(got.path)
	if err != nil {
		return nil, localFailure("cannot read "+form.name, err)
	}
	found := map[string][]string{}
	err = relation(text, []string{"GEOID_ZCTA5_20", "GEOID_COUNTY_20"}, func(cells []string) error {
		if cells[0] != "" && len(cells[1]) == 5 {
			found[cells[0]] = append(found[cells[0]], cells[1])
		}
		return nil
	})
	if err != nil {
		return nil, failed(advicePublish, err, "%s is not what it should be", got.source)
	}
	return found, nil
}

// divided returns the counties of a state that meet a ZIP code of several of its districts,
// by the lines in use now or next. In other counties the ZIP code decides.
func (r *run) divided(s congress.State, counties map[string][]string) []string {
	if s == "CT" { // its counties of 2020 are no more; there are nine regions
		return []string{"09110", "09120", "09130", "09140", "09150", "09160", "09170", "09180", "09190"}
	}
	found := map[string]bool{}
	sitting := congress.CongressAt(r.made.Made)
	for zip, meets := range counties {
		for n := sitting; n <= sitting+1; n++ {
			answer, err := r.base.Districts.ByZIP(zip, s, n.Start())
			if err != nil || len(answer.Candidates) < 2 {
				continue // in another state, or decided
			}
			for _, county := range meets {
				if strings.HasPrefix(county, s.FIPS()) {
					found[county] = true
				}
			}
		}
	}
	var list []string
	for county := range found {
		list = append(list, county)
	}
	slices.Sort(list)
	return list
}

// compileStreets adds the streets to compiled districts. What was read of counties is kept,
// so that another plan needs no county read again.
func (r *run) compileStreets(ctx context.Context, raw *rawFolder, into string, states []congress.State) error {
	if len(states) == 0 {
		return nil
	}
	_, err := databuild.Streets(ctx, databuild.StreetOptions{
		Raw: raw.dir, Out: into, Cache: filepath.Join(r.Dir, cacheName, "counties"), States: states, Progress: progressLines(r.Progress),
	})
	return err
}

// verifyStreets refuses to lose streets that are in use.
func verifyStreets(fresh, inUse fs.FS) error {
	before, err := streetRows(inUse)
	if err != nil {
		return err
	}
	now, err := streetRows(fresh)
	if err != nil {
		return err
	}
	for state, rows := range before {
		if float64(now[state]) < leastShare*float64(rows) {
			return fmt.Errorf("there are only %d street records of %s, and %d in the data in use", now[state], state.Name(), rows)
		}
	}
	return nil
}

// streetRows counts the records of each state's streets.
func streetRows(data fs.FS) (map[congress.State]int, error) {
	rows := map[congress.State]int{}
	raw, err := fs.ReadFile(data, databuild.CoverageFile)
	if errors.Is(err, fs.ErrNotExist) {
		return rows, nil
	}
	if err != nil {
		return nil, err
	}
	var cover databuild.StreetCoverage
	if err := json.Unmarshal(raw, &cover); err != nil {
		return nil, fmt.Errorf("%s: %w", databuild.CoverageFile, err)
	}
	for _, s := range cover.States {
		rows[s.State] = s.Counts[tiger.RowsWritten]
	}
	return rows, nil
}
