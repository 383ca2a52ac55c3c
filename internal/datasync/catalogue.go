package datasync

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

// Where the files are published. The paths below are the publishers' own; a mirror keeps
// them, or lists its files in SHA256SUMS.
const (
	census      = "https://www2.census.gov/"
	legislators = "https://unitedstates.github.io/congress-legislators/"
)

// Bounds of the size of one file, in bytes. The largest county's faces are about 50 MB.
const (
	maxLines    = 64 << 20
	maxTable    = 64 << 20
	maxRoster   = 32 << 20
	maxStreet   = 256 << 20
	maxNational = 1 << 30
)

// form is one shape in which a file is to be had.
type form struct {
	name    string // base name
	url     string // official address; empty when only mirrors have this form
	max     int64  // bytes
	raw     string // where the compiler looks for it in the raw folder
	convert func(published []byte) ([]byte, error)
}

// item is one thing to fetch, in the first of its forms that the source has.
type item struct {
	what     string // for a person
	forms    []form
	optional bool
}

// lineItem is the full-resolution lines of one state for one Congress.
func lineItem(n congress.Number, year int, s congress.State) item {
	name := fmt.Sprintf("tl_%d_%s_cd%d.zip", year, s.FIPS(), int(n))
	return item{
		what: fmt.Sprintf("lines of %s, %s Congress", s.Name(), n),
		forms: []form{{
			name: name, url: fmt.Sprintf("%sgeo/tiger/TIGER%d/CD/%s", census, year, name), max: maxLines,
			raw: fmt.Sprintf("cd%d-tiger/%s", int(n), name),
		}},
	}
}

// The lines of the 119th Congress are in TIGER/Line 2025.
const (
	baseCongress = congress.Number(119)
	baseYear     = 2025
)

// lineItems are the lines of the 119th Congress. A state without its own file needs the
// national one, which only mirrors have in a form that we read.
func lineItems() []item {
	var items []item
	for _, s := range congress.States() {
		i := lineItem(baseCongress, baseYear, s)
		i.forms = append(i.forms, form{name: coarseName, max: maxTable, raw: "cd119/" + coarseName})
		items = append(items, i)
	}
	return items
}

const coarseName = "cb_2024_us_cd119_500k.topojson.gz"

// pastItems are the lines of the 118th Congress where they differ, so that a letter of
// that time is still understood. They are good to have.
func pastItems() []item {
	items := []item{relationItem(118)}
	for _, s := range []congress.State{"AL", "GA", "LA", "NC", "NY"} {
		items = append(items, lineItem(118, 2022, s))
	}
	for i := range items {
		items[i].optional = true
	}
	return items
}

// nextItems are the lines of a later Congress, published in the year before it begins.
// Each may be missing: a state whose lines stay needs none, and one that waits for a court
// has none.
func nextItems(n congress.Number) []item {
	var items []item
	for _, s := range congress.States() {
		if s.AtLarge() {
			continue // the whole state, whatever the Congress
		}
		i := lineItem(n, n.Start().Year()-1, s)
		i.optional = true
		items = append(items, i)
	}
	return items
}

// relationItem says which ZIP code areas meet which districts.
func relationItem(n congress.Number) item {
	published, pairs := fmt.Sprintf("tab20_cd%d20_zcta520_natl.txt", int(n)), fmt.Sprintf("cd%d_zcta520_pairs.csv.gz", int(n))
	return item{what: fmt.Sprintf("ZIP code areas and districts of the %s Congress", n), optional: n != baseCongress, forms: []form{
		{name: published, url: census + "geo/docs/maps-data/data/rel2020/cd-sld/" + published, max: maxTable, raw: "zip/" + published},
		{name: pairs, max: maxTable, raw: "zip/" + pairs},
	}}
}

// blockItem is the list of all census blocks with their districts.
func blockItem(n congress.Number) item {
	name := fmt.Sprintf("cd%d.zip", int(n))
	return item{what: fmt.Sprintf("blocks of the districts of the %s Congress", n), optional: true, forms: []form{{
		name: name, max: maxStreet, raw: "bef/" + name,
		url: fmt.Sprintf("%sprograms-surveys/decennial/rdo/mapping-files/%d/%d-congressional-district-befs/%s", census, n.Start().Year(), int(n), name),
	}}}
}

// zipListItems are lists that no official address offers. Without them the ZIP table in
// use stays.
func zipListItems() []item {
	return []item{
		{what: "list of ZIP codes", optional: true, forms: []form{{name: "zipcodes_npm_8.0.0.csv.gz", max: maxTable, raw: "zip/zipcodes_npm_8.0.0.csv.gz"}}},
		{what: "points of ZIP code areas", optional: true, forms: []form{{name: "zcta_gazetteer_2021.csv.gz", max: maxTable, raw: "zip/zcta_gazetteer_2021.csv.gz"}}},
	}
}

// rosterItem is the list of members. JSON is a kind of YAML.
func rosterItem() item {
	return item{what: "members of Congress", forms: []form{
		{name: "legislators-current.json", url: legislators + "legislators-current.json", max: maxRoster, raw: rosterRaw, convert: packed},
		{name: "legislators-current.yaml.gz", max: maxRoster, raw: rosterRaw},
		{name: "legislators-current.yaml", max: maxRoster, raw: rosterRaw, convert: packed},
	}}
}

const rosterRaw = "roster/legislators-current.yaml.gz"

// changesForm is how a mirror names a table of changes that is laid over its list.
var changesForm = regexp.MustCompile(`^changes-\d{4}-\d{2}-\d{2}-to-\d{4}-\d{2}-\d{2}\.csv$`)

// changesItem is a mirror's table of changes; names are all of its files. Of several it is
// the one that goes on the longest.
func changesItem(names []string) (item, bool) {
	var last string
	for _, name := range names {
		if changesForm.MatchString(name) && (last == "" || spanOf(name)[1]+name > spanOf(last)[1]+last) {
			last = name
		}
	}
	if last == "" {
		return item{}, false
	}
	return item{what: "changes among the members", optional: true, forms: []form{{name: last, max: maxTable, raw: "roster/" + last}}}, true
}

// changesSpan returns the day of the list that a table of changes is laid over, and the day
// up to which it tells.
func changesSpan(i item) (from, to roster.Date) {
	days := spanOf(i.forms[0].name)
	return roster.Date(days[0]), roster.Date(days[1])
}

// spanOf returns the two days in the name of a table of changes.
func spanOf(name string) [2]string {
	const day = len(time.DateOnly)
	name = strings.TrimPrefix(name, "changes-")
	return [2]string{name[:day], name[day+len("-to-"):][:day]}
}
