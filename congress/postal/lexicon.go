package postal

import (
	"strconv"
	"strings"
	"sync"
)

// word is what the lexicon knows of a spelling.
type word struct {
	suffix    Suffix
	direction Direction
	name      string // how the word is written inside a name, "" for as it is
	last      string // how it is written at the end of a name, "" for like name
	unit      string // abbreviation of a secondary unit
	bare      bool   // a unit that needs no number: REAR, BSMT
	shy       bool   // a unit whose word also occurs in names: KEY, FRONT, LOT
	ordinary  bool   // a suffix so usual that what follows it is hardly part of the name
	article   bool   // CALLE, CAMINO, VIA, ... which stand before the name they belong to
	carries   bool   // may be written in one word with its number: APT4, HC5, US89
	state     bool   // a state's name or code before a highway number
	ordinal   bool   // value as an ordinal: FIRST
	value     uint8  // of a number word
}

// unknown is the word of every spelling that the lexicon lacks.
var unknown = word{}

// lexicon returns all spellings. It is built when it is first asked for and then only read.
var lexicon = sync.OnceValue(buildLexicon)

type builder map[string]*word

func buildLexicon() *vocabulary {
	b := make(builder, 1200)
	b.suffixes()
	b.directions()
	b.units()
	b.numbers()
	b.places()
	b.titles()
	return newVocabulary(b)
}

func (b builder) at(spelling string) *word {
	w := b[spelling]
	if w == nil {
		w = &word{}
		b[spelling] = w
	}
	return w
}

// The suffixes after which a stray word is more likely a unit or a city than part of the
// name. Roads, highways, routes and loops are
// not among them, for a number may follow those.
const ordinarySuffixes = "ALY AVE BLVD BND CIR CRES CT CV DR EXPY LN PKWY PL PLZ RUN SQ ST TER TPKE TRCE TRL WAY"

func (b builder) suffixes() {
	for code, row := range suffixes[1:] {
		s := Suffix(code + 1) // #nosec G115 -- a test holds the table under 256 rows
		for spelling := range strings.FieldsSeq(row.short + " " + row.word + " " + row.spellings) {
			w := b.at(spelling)
			w.suffix, w.name = s, row.word
			w.ordinary = strings.Contains(" "+ordinarySuffixes+" ", " "+row.short+" ")
		}
		for spelling := range strings.FieldsSeq(row.own) {
			w := b.at(spelling)
			w.suffix, w.name = s, spelling
		}
	}
	for spelling := range strings.FieldsSeq("VIA RUE CALLE CAMINO CAMINITO AVENIDA PASEO VEREDA CALLEJON PASAJE SENDERO CARRETERA") {
		b.at(spelling).article = true
	}
	for spelling, full := range map[string]string{
		"AVENIDA": "AVENUE", "AVDA": "AVENUE", "CLL": "CALLE", "CALL": "CALLE", "CAM": "CAMINO", "CMNO": "CAMINO",
		"PSO": "PASEO", "VER": "VEREDA", "CJN": "CALLEJON", "PSJ": "PASAJE", "CARR": "CARRETERA",
	} {
		w := b.at(spelling)
		w.name, w.article = full, true
		w.suffix = b.at(full).suffix // Avenida is an Avenue
	}
}

func (b builder) directions() {
	for code, d := range directions[1:] {
		for _, spelling := range [...]string{d.short, d.long} {
			b.at(spelling).direction = Direction(code + 1) // #nosec G115 -- eight rows
			if len(spelling) > 1 {
				b.at(spelling).name = d.long
			}
		}
	}
	for spelling, d := range map[string]Direction{"NO": North, "SO": South} {
		w := b.at(spelling)
		w.direction, w.name = d, directions[d].long
	}
}

// titles are words whose abbreviation is also that of a suffix. Before another word of
// the name they are Saint and Doctor, at its end Street and Drive.
func (b builder) titles() {
	for _, w := range b {
		switch w.name {
		case "STREET":
			w.name, w.last = "ST", "STREET"
		case "DRIVE":
			w.name, w.last = "DR", "DRIVE"
		}
	}
	for title, short := range map[string]string{"SAINT": "ST", "DOCTOR": "DR"} {
		w := b.at(title)
		w.name, w.last = short, title
	}
	b.at("ML").name = "" // M L King's initials, rather than Mill
	for short, full := range map[string]string{"BUS": "BUSINESS", "ALT": "ALTERNATE"} {
		b.at(short).name, b.at(full).name = full, full
	}
}

// Secondary units after Publication 28, appendix C2, with the spellings of each.
var units = [...]struct {
	short, spellings string
	bare, shy        bool
}{
	{"APT", "APARTMENT APMT APTMT APARTAMENTO APTO", false, false},
	{"STE", "SUITE SUIT SUTE", false, false},
	{"UNIT", "UNT", false, false},
	{"BLDG", "BUILDING BLD EDIF EDIFICIO", false, true},
	{"DEPT", "DEPARTMENT", false, true},
	{"FL", "FLOOR FLR", false, true},
	{"HNGR", "HANGAR HANGER", false, true},
	{"KEY", "", false, true},
	{"LOT", "", false, true},
	{"LVL", "LEVEL", false, true},
	{"PIER", "", false, true},
	{"RM", "ROOM", false, true},
	{"SLIP", "", false, true},
	{"SPC", "SPACE SP", false, true},
	{"STOP", "", false, true},
	{"TRLR", "TRAILER", false, true},
	{"TWR", "TOWER", false, true},
	{"BSMT", "BASEMENT", true, false},
	{"LBBY", "LOBBY", true, false},
	{"PH", "PENTHOUSE PNTHS", true, false},
	{"FRNT", "FRONT", true, true},
	{"LOWR", "LOWER LWR DOWNSTAIRS", true, true},
	{"UPPR", "UPPER UPR UPSTAIRS", true, true},
	{"OFC", "OFFICE", true, true},
	{"REAR", "", true, true},
	{"SIDE", "", true, true},
}

func (b builder) units() {
	for _, u := range units {
		for spelling := range strings.FieldsSeq(u.short + " " + u.spellings) {
			w := b.at(spelling)
			w.unit, w.bare, w.shy = u.short, u.bare, u.shy
		}
	}
	for spelling := range strings.FieldsSeq("APT STE SUITE UNIT FL RM LOT SPC TRLR BLDG PMB RR HC HCR RFD RT RTE ROUTE HWY HIGHWAY " +
		"US FM SR CR SH IH I BOX POB POBOX PSC CMR CTH STH CSAH") {
		b.at(spelling).carries = true
	}
}

func (b builder) numbers() {
	ones := strings.Fields("ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN EIGHTEEN NINETEEN")
	firsts := strings.Fields("FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH FIFTEENTH " +
		"SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH")
	tens := strings.Fields("TWENTY THIRTY FORTY FIFTY SIXTY SEVENTY EIGHTY NINETY")
	for i := range ones {
		b.number(ones[i], i+1, false)
		b.number(firsts[i], i+1, true)
	}
	for t, ten := range tens {
		value := 10 * (t + 2)
		b.number(ten, value, false)
		b.number(strings.TrimSuffix(ten, "Y")+"IETH", value, true)
		for i := range 9 {
			b.number(ten+ones[i], value+i+1, false)
			b.number(ten+firsts[i], value+i+1, true)
		}
	}
}

func (b builder) number(spelling string, value int, ordinal bool) {
	w := b.at(spelling)
	w.value, w.ordinal = uint8(value), ordinal // #nosec G115 -- at most 99
	w.name = strconv.Itoa(value)
	if ordinal {
		w.name += ordinalEnding(value)
	}
}

// places marks the names and codes of states, which may stand before a highway number.
// CO, CT and NE are left out: they are County, Court and northeast.
func (b builder) places() {
	for spelling := range strings.FieldsSeq("AL AK AZ AR CA DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NV NH NJ NM NY NC ND OH OK OR PA RI " +
		"SC SD TN TX UT VT VA WA WV WI WY ALABAMA ALASKA ARIZONA ARKANSAS CALIFORNIA COLORADO CONNECTICUT DELAWARE FLORIDA GEORGIA HAWAII IDAHO " +
		"ILLINOIS INDIANA IOWA KANSAS KENTUCKY LOUISIANA MAINE MARYLAND MASSACHUSETTS MICHIGAN MINNESOTA MISSISSIPPI MISSOURI MONTANA NEBRASKA NEVADA " +
		"OHIO OKLAHOMA OREGON PENNSYLVANIA TENNESSEE TEXAS UTAH VERMONT VIRGINIA WASHINGTON WISCONSIN WYOMING") {
		b.at(spelling).state = true
	}
}
