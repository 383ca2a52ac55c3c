package postal_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

// countyNames are names as TIGER/Line writes them in FULLNAME, the odd ones of real
// counties among them.
var countyNames = []string{
	"1st St", "10th Ave NW", "1 Rd", "71 Ranch Rd", "Academy St E", "Adams Ct N", "Back Bay Cir", "Bald Eagle Pointe Dr", "Barrows Aly",
	"Bethel Fishing Center Rd", "Bethel Crk", "Boat Lndg", "Burnt Mill Rd", "B St", "Baker St W", "Big Stone Beach Rd", "Cactus Bnd", "Castle Mnt Ests Rd",
	"Castle Mt Rd", "Castle Mtn Ranch Rd", "Chatooga Ct W", "Co Rd 100", "Community Building Rd", "County Line Rd", "Crazy M Ranch Rd", "Dempsey-White Ln",
	"Dogwood Mobile Home Park Ln", "E Bear Swamp Rd", "E Inlet Cir", "E Mount Vernon St", "E North St", "E Smith Crk", "E South St", "East St", "Explorer Arch",
	"Forest Rd South", "Fort Logan Rd", "Four Mile Desert Rd", "Goat Mountain F", "Grasshopper", "Great Run Swamp", "Hwy 360", "Jackson Ln Rd",
	"Lake Mattamuskeet Loop", "Lazy W Ln", "Little Riv", "Longs Loop Rd", "Lower Sixteen Mile Rd", "Meadow View South Rd", "Megan Loop N", "N Edenton Road St",
	"N River Cir W", "N Star Rd", "NE Front St", "NFS Rd 211", "Norfolk Southern Rlwy", "Oak Rdg", "Ocean Hwy N", "Old US 17 Rd", "Park Pathway", "Ryan",
	"S East Rd", "S West St", "SW 1st Ave", "School Ln", "Sixteen Ln", "South St", "South St E", "State Hwy 37", "Trailblazer Arc", "US Hwy 12 E", "US Hwy 89",
	"Up River Rd", "West Roadway", "West St", "Avenue B", "Avenue of the Americas", "N St NW", "St Marys St", "I- 10", "S 300 E", "FM 1960 Rd W", "Stop 11 Rd",
	"Via Vista", "Camino del Rio S", "The Alameda", "Road 12", "Loop 410", "County Hwy A", "Unit Rd", "Lot Rd", "Suite Ln", "Key Hwy", "Pier Ave", "Box Elder Rd",
	"Post Rd", "General Delivery Rd", "Rural Rd", "Star Rd", "Urbana Ave", "Front St", "Lower Rd", "Upper Mill Ln", "Penthouse Dr", "Floor Rd", "Building St",
}

func TestEveryVariantOfANameAgreesWithTheIndex(t *testing.T) {
	t.Parallel()
	for _, name := range countyNames {
		checkVariants(t, name)
	}
}

// checkVariants compares every spelling of a TIGER name, as a person may type it after a
// house number and before a unit, with the reading of the index.
func checkVariants(t *testing.T, name string) {
	t.Helper()
	want := postal.ParseStreet(name)
	if again := postal.ParseStreet(want.String()); again != want {
		t.Errorf("%q is %+v, but %q is %+v", name, want, want, again)
	}
	for _, variant := range variants(name, want) {
		line := "123 " + variant
		if got := postal.Parse(line); got.Street != want || !got.HasNumber || got.Number.Value != 123 || got.Unit != "" {
			t.Errorf("Parse(%q) = %+v, ParseStreet(%q) = %+v", line, got, name, want)
		}
		for _, unit := range []string{", Apt 4", " Apt 4", " #4", " Unit B", ", Suite 100, Springfield, IL 62701"} {
			if got := postal.Parse(line + unit); got.Street != want || got.Unit == "" {
				t.Errorf("Parse(%q) = %+v, want %+v", line+unit, got, want)
			}
		}
	}
}

// variants writes a name in capitals, with periods, and with every word exchanged for
// each of its spellings.
func variants(name string, s postal.Street) []string {
	all := []string{name, strings.ToUpper(name), strings.ToLower(name), "  " + strings.ReplaceAll(name, " ", " \t ") + " ", strings.ReplaceAll(name, " ", ". ") + "."}
	words := strings.Fields(name)
	for i, w := range words {
		for _, other := range alternatives(w, s, i, len(words)) {
			changed := slices.Clone(words)
			changed[i] = other
			all = append(all, strings.Join(changed, " "))
		}
	}
	return all
}

var wordPairs = map[string][]string{
	"N": {"North", "N."}, "S": {"South", "S."}, "E": {"East", "E."}, "W": {"West", "W."}, "NE": {"Northeast", "N.E.", "North East"},
	"NW": {"Northwest", "N.W.", "North West"}, "SE": {"Southeast", "S.E.", "South East"}, "SW": {"Southwest", "S.W.", "South West"},
	"1st": {"First", "1 ST", "01st"}, "10th": {"Tenth", "10 TH"}, "Hwy": {"Highway", "Route", "Rte", "Rt"}, "Co": {"County", "Cnty"},
	"US": {"U.S.", "U S"}, "Mount": {"Mt", "Mt."}, "Fort": {"Ft", "Ft."}, "Mtn": {"Mountain", "Mntn"}, "Four": {"4"}, "Sixteen": {"16"},
}

func alternatives(w string, s postal.Street, i, n int) []string {
	last := n - 1
	if s.Post != postal.NoDirection {
		last--
	}
	switch {
	case i == last && s.Suffix != 0:
		all, _ := s.Suffix.Spellings()
		if s.Suffix.String() == "ST" && i == 1 { // "Lower St" may begin with a unit
			return all[:2]
		}
		return all
	case len(w) <= 2 && w == strings.ToUpper(w) && w != "US":
		if i == 0 && s.Pre != postal.NoDirection || i == n-1 && s.Post != postal.NoDirection {
			return wordPairs[w]
		}
		return nil
	case w == "Hwy" && s.Suffix != 0 && s.Suffix.String() == "HWY":
		return nil
	}
	return wordPairs[w]
}
