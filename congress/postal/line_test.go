package postal_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

// lines gives for what people type the parts of the line: house number, street, and what
// else there is, as "unit=…", "box=…", "route=…", "mailbox=…", "urb=…", "kind=…".
var lines = []struct{ typed, number, street, rest string }{
	// House numbers.
	{"123 N. Main Street", "123", "N MAIN ST", ""},
	{"00123 Main St", "123", "MAIN ST", ""},
	{"123 1/2 Main St", "123", "MAIN ST", ""},
	{"123½ Main St", "123", "MAIN ST", ""},
	{"123 ½ Main St", "123", "MAIN ST", ""},
	{"1231/2 Main St", "123", "MAIN ST", ""},
	{"123-1/2 Main St", "123", "MAIN ST", ""},
	{"123A Main St", "123", "MAIN ST", ""},
	{"123-A Main St", "123", "MAIN ST", ""},
	{"123 A Main St", "123", "A MAIN ST", ""},
	{"37-05 82nd St", "37-5", "82ND ST", ""},
	{"37 - 05 82nd St", "37-5", "82ND ST", ""},
	{"37-05A 82nd St", "37-5", "82ND ST", ""},
	{"123-125 Main St", "123-125", "MAIN ST", ""},
	{"123/125 Main St", "123", "MAIN ST", ""},
	{"123 & 125 Main St", "123", "MAIN ST", ""},
	{"N6W23001 Bluemound Rd", "N6W23001", "BLUEMOUND RD", ""},
	{"N6 W23001 Bluemound Rd", "N6W23001", "BLUEMOUND RD", ""},
	{"N 6 W 23001 Bluemound Rd", "N6W23001", "BLUEMOUND RD", ""},
	{"W220N5421 Town Line Rd", "W220N5421", "TOWN LINE RD", ""},
	{"W1234 County Road A", "W1234", "COUNTY ROAD A", ""},
	{"26W123 Army Trail Rd", "26W123", "ARMY TRAIL RD", ""},
	{"P99 Main St", "P99", "MAIN ST", ""},
	{"B-5 Calle 3", "B-5", "CALLE 3", ""},
	{"450 S 300 E", "450", "S 300 E", ""},
	{"450 South 300 East", "450", "S 300 E", ""},
	{"1234 E 4500 S #12", "1234", "E 4500 S", "unit=# 12"},
	{"One Main St", "1", "MAIN ST", ""},
	{"Two World Trade Center", "2", "WORLD TRADE CTR", ""},
	{"Twenty-Two Oak Drive", "22", "OAK DR", ""},
	{"#123 Main St", "123", "MAIN ST", ""},
	{"No. 123 Main St", "123", "MAIN ST", ""},
	{"123, Main St", "123", "MAIN ST", ""},
	{"4294967295 Main St", "4294967295", "MAIN ST", ""},
	{"4294967296 Main St", "", "MAIN ST", ""},
	{"5th Ave", "", "5TH AVE", ""},
	{"Main St", "", "MAIN ST", ""},
	{"Twenty-First St", "", "21ST ST", ""},
	{"123 1/2 Mile Rd", "123", "1 2 MILE RD", ""},
	{"I-10 Frontage Rd", "", "INTERSTATE 10 FRONTAGE RD", ""},
	{"123", "123", "", "kind=none"},
	{"", "", "", "kind=none"},
	// Units after, before and inside.
	{"123 Main St Apt 4", "123", "MAIN ST", "unit=APT 4"},
	{"123 Main St, Apt. 4-B", "123", "MAIN ST", "unit=APT 4-B"},
	{"123 Main St Apt# 4", "123", "MAIN ST", "unit=APT 4"},
	{"123 Main St APT4", "123", "MAIN ST", "unit=APT 4"},
	{"123 Main St #4", "123", "MAIN ST", "unit=# 4"},
	{"123 Broadway #4", "123", "BROADWAY", "unit=# 4"},
	{"123 Broadway Apt 4", "123", "BROADWAY", "unit=APT 4"},
	{"123 Main St Suite Alpha", "123", "MAIN ST", "unit=STE ALPHA"},
	{"123 Main St NW Ste LL2", "123", "MAIN ST NW", "unit=STE LL2"},
	{"123 Main St Ste 100 Bldg 4", "123", "MAIN ST", "unit=STE 100 BLDG 4"},
	{"123 Main St 4th Floor", "123", "MAIN ST", "unit=FL 4"},
	{"123 Main St, 4th Fl", "123", "MAIN ST", "unit=FL 4"},
	{"123 Main St Floor 2", "123", "MAIN ST", "unit=FL 2"},
	{"123 Main St Second Floor", "123", "MAIN ST", "unit=FL 2"},
	{"123 Main St Lot 7", "123", "MAIN ST", "unit=LOT 7"},
	{"123 Main St Trlr 7", "123", "MAIN ST", "unit=TRLR 7"},
	{"123 Main St Spc 7", "123", "MAIN ST", "unit=SPC 7"},
	{"123 Main St Rm 7", "123", "MAIN ST", "unit=RM 7"},
	{"123 Main St Rear", "123", "MAIN ST", "unit=REAR"},
	{"123 Main St (rear)", "123", "MAIN ST", "unit=REAR"},
	{"123 Main St Upper", "123", "MAIN ST", "unit=UPPR"},
	{"123 Main St Front", "123", "MAIN ST", "unit=FRNT"},
	{"123 Main St Bsmt", "123", "MAIN ST", "unit=BSMT"},
	{"123 Ocean Dr PH 5", "123", "OCEAN DR", "unit=PH 5"},
	{"123 Ocean Dr Penthouse", "123", "OCEAN DR", "unit=PH"},
	{"123 Main St Apt", "123", "MAIN ST", "unit=APT"},
	{"123 Main St 4B", "123", "MAIN ST", "unit=# 4B"},
	{"123 Main St B", "123", "MAIN ST", "unit=# B"},
	{"US Hwy 12 E Ste 4", "", "US HIGHWAY 12 E", "unit=STE 4"},
	{"Apt 4, 123 Main St", "123", "MAIN ST", "unit=APT 4"},
	{"Apt 4 123 Main St", "123", "MAIN ST", "unit=APT 4"},
	{"#4 123 Main St", "123", "MAIN ST", "unit=# 4"},
	{"123 Apt 4 Main St", "123", "MAIN ST", "unit=APT 4"},
	{"123 #4 Main St", "123", "MAIN ST", "unit=# 4"},
	{"Lot 5 Main St", "", "MAIN ST", "unit=LOT 5"},
	{"Lot 5, 123 Main St", "123", "MAIN ST", "unit=LOT 5"},
	{"4th Floor, 123 Main St", "123", "MAIN ST", "unit=FL 4"},
	{"Rear 123 Main St", "123", "MAIN ST", "unit=REAR"},
	{"1 Pier 39", "1", "PIER 39", ""},
	{"123 River Front Dr", "123", "RIVER FRONT DR", ""},
	{"123 Main St PMB 234", "123", "MAIN ST", "mailbox=234"},
	{"123 Main St # 5 PMB 234", "123", "MAIN ST", "unit=# 5 mailbox=234"},
	// City, state and ZIP code in the same line.
	{"123 Main St, Springfield, IL 62701", "123", "MAIN ST", ""},
	{"123 Main St\nSpringfield IL 62701", "123", "MAIN ST", ""},
	{"123 Main St Springfield IL 62701", "123", "MAIN ST", ""},
	{"123 Main St Apt 4 Springfield IL 62701", "123", "MAIN ST", "unit=APT 4"},
	{"123 Main St Springfield", "123", "MAIN ST SPRINGFIELD", ""},
	{"Smiley Building, 1309 East 3rd Avenue", "1309", "E 3RD AVE", ""},
	{"1700 Sunset Blvd. (US 378)", "1700", "SUNSET BLVD", ""},
	// Boxes.
	{"P.O. Box 401", "", "", "kind=box box=401"},
	{"PO Box 401-A", "", "", "kind=box box=401-A"},
	{"PO BOX", "", "", "kind=box"},
	{"P O Box 401", "", "", "kind=box box=401"},
	{"P. O. Bx. #401", "", "", "kind=box box=401"},
	{"POBox401", "", "", "kind=box box=401"},
	{"POB 401", "", "", "kind=box box=401"},
	{"PO 401", "", "", "kind=box box=401"},
	{"P.O.Box 401", "", "", "kind=box box=401"},
	{"Post Office Box 401", "", "", "kind=box box=401"},
	{"Post Office Drawer D", "", "", "kind=box box=D"},
	{"PO Drawer 41", "", "", "kind=box box=41"},
	{"Postal Box 7", "", "", "kind=box box=7"},
	{"Box 12", "", "", "kind=box box=12"},
	{"Drawer D", "", "", "kind=box box=D"},
	{"Lock Box 7", "", "", "kind=box box=7"},
	{"Caller Service 7", "", "", "kind=box box=7"},
	{"Apartado 123", "", "", "kind=box box=123"},
	{"Apartado Postal 123", "", "", "kind=box box=123"},
	{"PO Box 12, Springfield", "", "", "kind=box box=12"},
	{"PO Box 12, 123 Main St", "123", "MAIN ST", "box=12"},
	{"123 Main St PO Box 12", "123", "MAIN ST", "box=12"},
	{"123 Main St, P.O. Box 12", "123", "MAIN ST", "box=12"},
	{"Box Elder Rd", "", "BOX ELDER RD", ""},
	{"Post Rd", "", "POST RD", ""},
	{"Lock St", "", "LOCK ST", ""},
	{"Post Office Rd", "", "POST OFFICE RD", ""},
	// Routes.
	{"RR 2 Box 15", "", "", "kind=rural route=RR 2 box=15"},
	{"R.R. 2, Box 15", "", "", "kind=rural route=RR 2 box=15"},
	{"RR2 BOX 15A", "", "", "kind=rural route=RR 2 box=15A"},
	{"RT 1 Box 10", "", "", "kind=rural route=RR 1 box=10"},
	{"Route 1, Box 10", "", "", "kind=rural route=RR 1 box=10"},
	{"RD 3 Box 10", "", "", "kind=rural route=RR 3 box=10"},
	{"RFD #3", "", "", "kind=rural route=RR 3"},
	{"Rural Route 03", "", "", "kind=rural route=RR 3"},
	{"HC 5 Box 12", "", "", "kind=rural route=HC 5 box=12"},
	{"HC05 Box 12", "", "", "kind=rural route=HC 5 box=12"},
	{"Highway Contract Route 5 Box 12", "", "", "kind=rural route=HC 5 box=12"},
	{"Star Route 2 Box 6", "", "", "kind=rural route=HC 2 box=6"},
	{"SR 2 Box 6", "", "", "kind=rural route=HC 2 box=6"},
	{"Star Route Rd", "", "STAR ROUTE RD", ""},
	{"Rural Rd", "", "RURAL RD", ""},
	{"Route 9", "", "HIGHWAY 9", ""},
	{"14500 RR 12", "14500", "FM 12", ""},
	// Military, general delivery, Puerto Rico.
	{"PSC 3 Box 5", "", "", "kind=military route=PSC 3 box=5"},
	{"PSC 3 Box 5, APO AE 09012", "", "", "kind=military route=PSC 3 box=5"},
	{"PSC473", "", "", "kind=military route=PSC 473"},
	{"UNIT 2050 BOX 4190", "", "", "kind=military route=UNIT 2050 box=4190"},
	{"Unit 100100 Box 4120, APO AP 96522", "", "", "kind=military route=UNIT 100100 box=4120"},
	{"CMR 415 Box 3", "", "", "kind=military route=CMR 415 box=3"},
	{"USS Nimitz FPO AP 96620", "", "", "kind=military route=USS NIMITZ"},
	{"USCGC Hamilton", "", "", "kind=military route=USCGC HAMILTON"},
	{"SGT Smith, APO AE 09012", "", "", "kind=military"},
	{"123 USS Arizona Dr", "123", "USS ARIZONA DR", ""},
	{"General Delivery", "", "", "kind=general"},
	{"Gen. Delivery", "", "", "kind=general"},
	{"Lista de Correos", "", "", "kind=general"},
	{"General Delivery Rd", "", "GENERAL DELIVERY RD", ""},
	{"Urb Las Gladiolas, 123 Calle Sol", "123", "CALLE SOL", "urb=LAS GLADIOLAS"},
	{"URB LAS GLADIOLAS 123 CALLE SOL", "123", "CALLE SOL", "urb=LAS GLADIOLAS"},
	{"123 Calle Sol, Urb. Las Gladiolas", "123", "CALLE SOL", "urb=LAS GLADIOLAS"},
}

func TestParseTakesLinesApart(t *testing.T) {
	t.Parallel()
	for _, c := range lines {
		l := postal.Parse(c.typed)
		number := ""
		if l.HasNumber {
			number = l.Number.String()
		}
		kind := map[postal.Kind]string{
			postal.KindNone: "none", postal.KindPOBox: "box", postal.KindRural: "rural", postal.KindMilitary: "military", postal.KindGeneral: "general",
		}[l.Kind]
		var rest []string
		for _, part := range [][2]string{{"kind", kind}, {"route", l.Route}, {"unit", l.Unit}, {"box", l.Box}, {"mailbox", l.Mailbox}, {"urb", l.Urbanization}} {
			if part[1] != "" {
				rest = append(rest, part[0]+"="+part[1])
			}
		}
		if got := strings.Join(rest, " "); number != c.number || l.Street.String() != c.street || got != c.rest {
			t.Errorf("Parse(%q) = %q, %q, %q; want %q, %q, %q", c.typed, number, l.Street, got, c.number, c.street, c.rest)
		}
	}
}

func TestReadingsComeBestFirst(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"123 Main St":             "MAIN ST",
		"PO Box 12":               "",
		"123 Hwy 360":             "HIGHWAY 360|STATE HIGHWAY 360|US HIGHWAY 360|COUNTY ROAD 360",
		"123 5 Ave":               "5 AVE|5TH AVE",
		"123 1 St":                "1 ST|1ST ST|1ST",
		"123 B Ave":               "B AVE|AVENUE B",
		"123 Avenue B":            "AVENUE B|B AVE",
		"123 A Main St":           "A MAIN ST|MAIN ST",
		"308 B East Main St":      "B EAST MAIN ST|E MAIN ST",
		"12 N Park":               "N PARK|N PARK",
		"12 The Alameda":          "THE ALAMEDA|ALAMEDA",
		"123 Main St 4B":          "MAIN ST|MAIN ST 4B",
		"123 Main St Springfield": "MAIN ST SPRINGFIELD|MAIN ST",
		"123 N St NW":             "N ST NW",
	} {
		var got []string
		for _, s := range postal.Parse(typed).Readings() {
			got = append(got, s.String())
		}
		if strings.Join(got, "|") != want {
			t.Errorf("readings of %q: %s, want %s", typed, strings.Join(got, "|"), want)
		}
	}
}

func TestLongLinesAreCutOff(t *testing.T) {
	t.Parallel()
	for _, part := range []string{"A", "1", " ", "N ", "#", "123 Main St ", "é", "\xff", ",", "-", "/", "ST ", "½", "APT 4 "} {
		l := postal.Parse("123 Main St Apt 4, " + strings.Repeat(part, 1<<20/len(part)))
		if l.Street.String() != "MAIN ST" || l.Number.Value != 123 || len(l.Unit) > 600 {
			t.Errorf("1 MiB of %q: %.80v", part, l)
		}
		if s := postal.ParseStreet(strings.Repeat(part, 1<<20/len(part))).String(); len(s) > 600 {
			t.Errorf("1 MiB of %q makes a street of %d bytes", part, len(s))
		}
	}
}
