package postal_test

import (
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

// same lists streets, each with other spellings of it. The first is what String writes.
var same = [][]string{
	{"N MAIN ST", "North Main Street", "n. main st.", "No. Main Str", "NORTH  MAIN STREET", "Ｎ Ｍａｉｎ Ｓｔ", "N-Main-St"},
	{"SE 5TH ST", "South East 5th St", "S.E. Fifth Street", "S E 5 th St", "Southeast 05th St", "SE 5st St", "SE. 5TH ST"},
	{"MAIN ST NW", "Main Street Northwest", "Main St N.W.", "Main St N W", "Main St North West"},
	{"SOUTH ST", "South Street", "So. Street"},
	{"S ST", "S Street"},
	{"N ST NW", "N Street Northwest"},
	{"E SOUTH ST", "East South Street"},
	{"S EAST ST", "South East Street"},
	{"N E ST", "North E Street"},
	{"NORTHEAST ST", "NE St", "N.E. Street"},
	{"W END AVE", "West End Avenue"},
	{"E WEST HWY", "East-West Highway", "East West Hwy"},
	{"NORTH AND SOUTH RD", "N and S Road", "North & South Rd"},
	{"PARK AVE W", "Park Avenue West"},
	{"S 300 E", "South 300 East", "S. 0300 E."},
	{"AVENUE B", "Ave B", "AVE. B"},
	{"AVENUE N", "Ave N"},
	{"AVENUE N S", "Ave. N South"},
	{"AVENUE OF THE AMERICAS", "Ave of the Americas", "Avenue of The Américas"},
	{"B AVE", "B Avenue", "'B' Ave"},
	{"THE ALAMEDA"},
	{"THE CIRCLE", "The Cir"},
	{"BROADWAY"},
	{"COURT ST", "Court Street", "Ct St"},
	{"TERRACE DR", "Terrace Drive"},
	{"STREET RD", "Street Road", "St Rd"},
	{"ST JAMES PL", "Saint James Place", "St. James Pl"},
	{"ST MARYS ST", "Saint Mary's Street", "St. Mary’s St", "ST MARYʼS ST"},
	{"PORT ST LUCIE BLVD", "Port Saint Lucie Boulevard"},
	{"MAIN STREET EXT", "Main St Extension", "Main Street Ext"},
	{"MOUNT VERNON AVE", "Mt Vernon Ave", "Mt. Vernon Avenue", "Mnt Vernon Av"},
	{"FORT WASHINGTON AVE", "Ft Washington Ave", "Ft. Washington Avenue"},
	{"CASTLE MOUNTAIN RANCH RD", "Castle Mtn Ranch Rd", "Castle Mountain Rnch Road"},
	{"JACKSON LANE RD", "Jackson Ln Rd", "Jackson Lane Road"},
	{"PARKS RD", "Parks Road"},
	{"PARK RD", "Prk Rd", "Park Road"},
	{"OBRIEN ST", "O'Brien Street", "O’Brien St", "O Brien St"},
	{"MCDONALD AVE", "Mc Donald Ave", "McDonald Avenue"},
	{"W O ALTERNATE", "W O Alt"},
	{"RANCH LANE RD", "Rnch Ln Rd"},
	{"NUNEZ BLVD", "Núñez Blvd", "Nu\u0301n\u0303ez Boulevard", "N\xfa\xf1ez Blvd"},
	{"DEMPSEY WHITE LN", "Dempsey-White Ln", "Dempsey–White Lane"},
	{"1ST ST", "First Street", "1 st St", "1st. St", "01ST ST"},
	{"21ST AVE", "Twenty-First Ave", "Twenty First Avenue", "TwentyFirst Ave", "21 st Ave"},
	{"12TH ST", "Twelfth St", "12nd St", "12 TH ST"},
	{"111TH ST", "111st St"},
	{"5 AVE", "05 Avenue", "Five Ave"},
	{"1 RD", "1 Road"},
	{"3 RD", "3 Road"},
	{"3RD ST", "3 rd St", "Third Street"},
	{"16 MILE RD", "Sixteen Mile Rd", "16-Mile Road"},
	{"29 PALMS HWY", "Twentynine Palms Hwy", "Twenty Nine Palms Highway", "Twenty-Nine Palms Hwy"},
	{"MARTIN LUTHER KING BLVD", "MLK Blvd", "M. L. King Jr. Blvd", "M L King Boulevard", "Dr Martin Luther King Jr Blvd", "Rev. Dr. M.L.K. Jr Blvd", "Martin L King Blvd"},
	{"JF KENNEDY BLVD", "J. F. Kennedy Blvd", "J F Kennedy Boulevard", "J.F. Kennedy Blvd"},
	{"CALLE SOL", "Cll Sol"},
	{"CALLE E", "calle E"},
	{"AVENUE AVE", "Avenida Av"},
	{"AVENUE PONCE DE LEON", "Ave Ponce de León", "Avenida Ponce De Leon"},
	{"CAMINO REAL", "Cam Real"},
	{"VIA VISTA"},
	{"RUE ROYALE"},
	{"LOOP 410 NE", "Loop 410 Northeast"},
	{"ROAD 12", "Rd 12"},
	{"AVENUE 12 1 2", "Avenue 12 1/2", "Ave 12½"},
	{"WEST", "West"},
	{"AVENUE", "Ave"},
}

// Numbered roads; see same.
var sameRoads = [][]string{
	{"US HIGHWAY 89", "US Hwy 89", "U.S. Highway 89", "US Route 89", "U S Hwy 89", "US-89", "US89", "US Rte 89", "US Rd 89", "USA Highway #89"},
	{"US HIGHWAY 89 N", "US Hwy 89 N", "US 89 North"},
	{"N US HIGHWAY 89", "North US Hwy 89"},
	{"STATE HIGHWAY 360", "State Hwy 360", "State Route 360", "State Rte 360", "State Rd 360", "SR 360", "S.R. 360", "S R 360", "SH 360", "SR-360", "SR360", "St Rd 360", "St. Hwy 360", "STH 360", "State Trunk Hwy 360", "Montana 360", "MT 360", "MT-360", "MT Hwy 360", "Montana Highway 360", "NC 360 Hwy", "North Carolina Highway 360", "N Carolina Hwy 360", "New Mexico 360", "W Virginia Rte 360", "West Virginia 360", "Carr 360"},
	{"HIGHWAY 360", "Hwy 360", "Route 360", "Rte 360", "Rt 360", "Highway #360", "Highway No. 360", "Hwy-360", "HWY360"},
	{"HIGHWAY 9 W", "Route 9W", "Rt 9-W", "Hwy 9 West"},
	{"STATE HIGHWAY A1A", "State Rd A1A", "SR A1A"},
	{"COUNTY ROAD 100", "Co Rd 100", "County Rd 100", "CR 100", "C.R. 100", "C R 100", "CR100", "County Highway 100", "Co Hwy 100", "County Route 100", "County 100", "CSAH 100", "County State Aid Highway 100", "Co St Aid Hwy 100", "County Road 0100"},
	{"COUNTY ROAD A", "County Hwy A", "County Trunk Highway A", "CTH A", "Co Rd A"},
	{"COUNTY ROAD N", "County Rd N"},
	{"COUNTY ROAD KK", "CTH KK", "County Highway KK"},
	{"E COUNTY ROAD 500 N", "East Co Rd 500 North", "E CR 500 N"},
	{"COUNTY ROAD 12 BLVD", "County 12 Blvd", "County Road 12 Boulevard"},
	{"TOWNSHIP ROAD 12", "Twp Rd 12", "Township Highway 12", "TR 12"},
	{"FM 1960", "FM-1960", "F M 1960", "Farm to Market Road 1960", "Farm-to-Market 1960", "FM Rd 1960", "FM1960", "RM 1960", "Ranch Road 1960", "RR 1960", "Ranch to Market Rd 1960"},
	{"FM 1960 W", "FM 1960 Rd W", "FM 1960 West"},
	{"INTERSTATE 10", "I- 10", "I-10", "I 10", "IH 10", "IH-10", "Interstate Hwy 10", "Interstate 10"},
	{"N INTERSTATE 35 FRONTAGE RD", "N I-35 Frontage Rd", "North IH 35 Frontage Road"},
	{"FOREST ROAD 211", "NFS Rd 211", "Forest Service Rd 211", "Forest Rd 211", "USFS Road 211", "Nat For Dev Rd 211", "US Forest Service Rd 211", "FS Rd 211", "FR 211"},
	{"PRIVATE ROAD 4412", "Private Rd 4412", "Pvt Rd 4412", "PR 4412"},
	{"BIA ROUTE 5", "BIA Rte 5", "BIA Rd 5"},
	{"INDIAN ROUTE 5", "Indian Rte 5", "Indian Service Route 5"},
	{"US HIGHWAY 29 BUSINESS", "US Hwy 29 Bus", "Business US 29", "Bus US Hwy 29", "US Bus 29"},
	{"US HIGHWAY 19 ALTERNATE", "Alt US 19", "US Hwy 19 Alt", "US Alternate 19"},
	{"OLD US HIGHWAY 17", "Old US 17 Rd", "Old U.S. Highway 17"},
	{"HIGHWAY AA", "Hwy AA", "Route AA"},
	{"STATE HIGHWAY E", "State Hwy E"},
}

// Words that begin like a numbered road and are none, and pairs that must stay apart.
var different = []string{
	"State Rd", "State Rd E", "State St", "County Line Rd", "County Rd", "Forest Rd", "Forest Dr", "Farm Rd", "Ranch Rd", "Private Dr",
	"Texas Ave", "Indian Trl", "Interstate Dr", "Highway Dr", "US Grant St", "Township Line Rd", "Route 5 Ln", "Route 5",
	"US Hwy 89", "State Hwy 89", "Hwy 89", "County Rd 89", "I- 89", "FM 89", "Twp Rd 89", "Old US Hwy 89", "US Hwy 89 N", "US Hwy 89 Bus",
	"Main St", "Main Ave", "N Main St", "Main St N", "S Main St", "Main", "The Alameda", "Alameda", "5 Ave", "5th Ave", "Avenue B", "B Ave", "S St", "South St",
	"Park Rd", "Parks Rd", "St James St", "James St", "Trail Rd", "Trails Rd", "Meadow Ln", "Meadows Ln", "Mount Rd", "Mountain Rd",
}

func TestSpellingsOfOneStreetAgree(t *testing.T) {
	t.Parallel()
	for _, row := range append(same, sameRoads...) {
		want := postal.ParseStreet(row[0])
		if want.String() != row[0] {
			t.Errorf("%q is written %q: %+v", row[0], want, want)
		}
		for _, spelling := range row[1:] {
			if got := postal.ParseStreet(spelling); got != want {
				t.Errorf("ParseStreet(%q) = %+v, want %+v", spelling, got, want)
			}
			if got := postal.Parse("123 " + spelling); got.Street != want || got.Number.Value != 123 {
				t.Errorf("Parse(123 %q) = %+v, want %+v", spelling, got, want)
			}
		}
	}
}

func TestDifferentStreetsStayApart(t *testing.T) {
	t.Parallel()
	seen := map[postal.Street]string{}
	for _, name := range different {
		s := postal.ParseStreet(name)
		if other, taken := seen[s]; taken {
			t.Errorf("%q and %q are both %+v", name, other, s)
		}
		seen[s] = name
	}
}

func TestEmptyStreetIsTheZeroStreet(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", " ", ".", "'", ",", "-", "\x00", "日本"} {
		if got := postal.ParseStreet(name); got != (postal.Street{}) || got.String() != "" {
			t.Errorf("ParseStreet(%q) = %+v", name, got)
		}
	}
}
