package roster

import (
	"regexp"
	"time"
)

// Date is a calendar date as public records give it: "2026-09-01", or "2026-07" where
// only the month is known. The zero Date is an unknown one. Dates compare as strings:
// a month sorts before each of its days.
type Date string

var dateForm = regexp.MustCompile(`^\d{4}-\d{2}(-\d{2})?$`)

// Valid reports whether d is an existing day or month.
func (d Date) Valid() bool {
	_, ok := d.Time()
	return ok
}

// Exact reports whether d names a day and not only a month.
func (d Date) Exact() bool { return len(d) == len(time.DateOnly) && d.Valid() }

// Time returns midnight in UTC at the start of the day or month, and false when d is
// unknown or no date.
func (d Date) Time() (time.Time, bool) {
	if !dateForm.MatchString(string(d)) {
		return time.Time{}, false
	}
	layout := time.DateOnly
	if len(d) < len(layout) {
		layout = "2006-01"
	}
	t, err := time.Parse(layout, string(d))
	return t, err == nil
}

// Members are sworn in on Washington's calendar. The zone without daylight saving time
// needs no time zone data and is at most one hour off, around midnight.
var washington = time.FixedZone("EST", -5*60*60)

func dateOf(t time.Time) Date { return Date(t.In(washington).Format(time.DateOnly)) }
