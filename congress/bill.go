package congress

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// BillType is a kind of bill, resolution or amendment. Its value is the spelling of
// the House's message schema, lower case without dots.
type BillType string

// The ten kinds.
const (
	HouseBill                 BillType = "hr"
	HouseResolution           BillType = "hres"
	HouseJointResolution      BillType = "hjres"
	HouseConcurrentResolution BillType = "hconres"
	HouseAmendment            BillType = "hamdt"
	SenateBill                BillType = "s"
	SenateResolution          BillType = "sres"
	SenateJointResolution     BillType = "sjres"
	SenateConcurrent          BillType = "sconres"
	SenateAmendment           BillType = "samdt"
)

// Title spelling as people and the Senate's schema write it. The Senate's schema leaves
// out the last dot of one of them; that quirk lives in SenateSpelling.
var billTitles = map[BillType]string{
	HouseBill: "H.R.", HouseResolution: "H.Res.", HouseJointResolution: "H.J.Res.",
	HouseConcurrentResolution: "H.Con.Res.", HouseAmendment: "H.Amdt.",
	SenateBill: "S.", SenateResolution: "S.Res.", SenateJointResolution: "S.J.Res.",
	SenateConcurrent: "S.Con.Res.", SenateAmendment: "S.Amdt.",
}

// Valid reports whether t is one of the ten kinds.
func (t BillType) Valid() bool { _, ok := billTitles[t]; return ok }

// Chamber returns the chamber in which the bill was introduced.
func (t BillType) Chamber() Chamber {
	if strings.HasPrefix(string(t), "s") {
		return Senate
	}
	return House
}

// Title returns the spelling used in print: "H.R.", "S.J.Res.".
func (t BillType) Title() string { return billTitles[t] }

// HouseSpelling returns the value the House's message schema takes: "hr".
func (t BillType) HouseSpelling() string { return string(t) }

// SenateSpelling returns the value the Senate's message schema takes: "H.R.", and
// "H.Con.Res" without its last dot.
func (t BillType) SenateSpelling() string {
	if t == HouseConcurrentResolution {
		return "H.Con.Res"
	}
	return billTitles[t]
}

// Bill names one measure of one Congress.
type Bill struct {
	Congress Number
	Type     BillType
	Number   int // positive
}

var billForm = regexp.MustCompile(`^([A-Z]+)(\d{1,5})(?:-(\d{2,3}))?$`)

// ParseBill reads "H.R. 2172", "hr2172", "S. J. Res. 5" or, with the Congress behind a
// dash as in public bill numbers, "hr2172-119". Without it the bill's Congress is n.
func ParseBill(text string, n Number) (Bill, error) {
	compact := strings.NewReplacer(".", "", " ", "", "\u00a0", "").Replace(strings.ToUpper(text))
	m := billForm.FindStringSubmatch(compact)
	if m == nil {
		return Bill{}, fmt.Errorf("%q is not a bill: write it like H.R. 2172", text)
	}
	bill := Bill{Congress: n, Type: BillType(strings.ToLower(m[1]))}
	if !bill.Type.Valid() {
		return Bill{}, fmt.Errorf("%q is not a kind of bill: use one of H.R., S., H.Res., S.Res., H.J.Res., S.J.Res., H.Con.Res., S.Con.Res., H.Amdt., S.Amdt. before the number", m[1])
	}
	bill.Number, _ = strconv.Atoi(m[2]) // five digits always fit
	if bill.Number == 0 {
		return Bill{}, fmt.Errorf("%q is not a bill: its number must be positive", text)
	}
	if m[3] != "" {
		c, _ := strconv.Atoi(m[3])
		bill.Congress = Number(c)
	}
	return bill, nil
}

// IsZero reports whether b names no bill.
func (b Bill) IsZero() bool { return b == Bill{} }

// String returns "H.R. 2172".
func (b Bill) String() string {
	if b.IsZero() {
		return ""
	}
	return fmt.Sprintf("%s %d", b.Type.Title(), b.Number)
}
