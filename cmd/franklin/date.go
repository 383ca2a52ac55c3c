package main

import (
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/washington"
)

// dateFlag is a moment given on the command line; the zero value means "not given".
type dateFlag struct{ time.Time }

// UnmarshalText reads a day, which begins at noon UTC so that it is the same day all over
// the United States, a minute on Washington's clocks, or a moment in RFC 3339.
func (d *dateFlag) UnmarshalText(text []byte) error {
	if t, err := time.Parse(time.DateOnly, string(text)); err == nil {
		d.Time = t.Add(12 * time.Hour)
		return nil
	}
	if t, err := time.ParseInLocation("2006-01-02 15:04", string(text), washington.Zone()); err == nil {
		d.Time = t
		return nil
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("%q is not a date: write 2026-12-01, 2026-12-01 09:00 (in Washington) or 2027-01-03T12:00:00-05:00", text)
	}
	d.Time = t
	return nil
}

// or returns the moment given, or the other one.
func (d dateFlag) or(now time.Time) time.Time {
	if d.IsZero() {
		return now
	}
	return d.Time
}

// clock returns a clock that stands at the moment given and runs from there; without one
// it is the real one.
func (d dateFlag) clock(now func() time.Time) func() time.Time {
	if d.IsZero() {
		return now
	}
	start := now()
	return func() time.Time { return d.Add(now().Sub(start)) }
}
