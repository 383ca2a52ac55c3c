package datasync

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/franklin-letters/franklin/congress"
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
	name := fmt.Sprintf("tl_%d_%s_cd%d.zip", year, s.FIPS(), n)
	return item{
		what: fmt.Sprintf("lines of %s, %s Congress", s.Name(), n),
		forms: []form{{
			name: name, url: fmt.Sprintf("%sgeo/tiger/TIGER%d/CD/%s", census, year, name), max: maxLines,
			raw: fmt.Sprintf("cd%d-tiger/%s", n, name),
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

// relationItem says which ZIP code areas meet which districts.
func relationItem() item {
	const raw = "zip/cd119_zcta520_pairs.csv.gz"
	return item{what: "ZIP code areas and districts", forms: []form{
		{name: "tab20_cd11920_zcta520_natl.txt", url: census + "geo/docs/maps-data/data/rel2020/cd-sld/tab20_cd11920_zcta520_natl.txt", max: maxTable, raw: raw, convert: pairsOfRelation},
		{name: "cd119_zcta520_pairs.csv.gz", max: maxTable, raw: raw},
	}}
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

// changesItem is a mirror's table of changes; names are all of its files.
func changesItem(names []string) (item, bool) {
	i := slices.IndexFunc(names, changesForm.MatchString)
	if i < 0 {
		return item{}, false
	}
	return item{what: "changes among the members", optional: true, forms: []form{{name: names[i], max: maxTable, raw: "roster/" + names[i]}}}, true
}
