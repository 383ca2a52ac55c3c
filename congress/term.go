package congress

import (
	"fmt"
	"time"
)

// Number counts the Congresses; the 119th sits from 3 January 2025 to 3 January 2027.
type Number int

// The 20th Amendment ends terms at noon on 3 January of odd years, Washington time. In
// January that is always five hours behind UTC, so no time zone data is needed.
var eastern = time.FixedZone("EST", -5*60*60)

// The 74th was the first Congress to begin on 3 January (1935).
const (
	firstOfAmendment     = 74
	firstOfAmendmentYear = 1935
)

// CongressAt returns the Congress that sits at t. Before 1935 it returns 0.
func CongressAt(t time.Time) Number {
	year := t.In(eastern).Year()
	if year < firstOfAmendmentYear {
		return 0
	}
	n := firstOfAmendment + Number((year-firstOfAmendmentYear)/2)
	if t.Before(n.Start()) {
		n--
	}
	if n < firstOfAmendment {
		return 0
	}
	return n
}

// Start returns the moment the Congress begins: noon in Washington on 3 January.
func (n Number) Start() time.Time {
	return time.Date(firstOfAmendmentYear+2*int(n-firstOfAmendment), time.January, 3, 12, 0, 0, 0, eastern)
}

// End returns the moment the next Congress begins.
func (n Number) End() time.Time { return (n + 1).Start() }

// String returns the ordinal: "119th".
func (n Number) String() string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", int(n), suffix)
}
