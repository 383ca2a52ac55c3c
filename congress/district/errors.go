package district

import (
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// BadZIPError says that a text is not a ZIP code: five digits, or nine with or without
// the hyphen.
type BadZIPError struct{ Text string }

func (e *BadZIPError) Error() string {
	return fmt.Sprintf("%q is not a ZIP code: write five digits, or nine such as 85281-1234", e.Text)
}

// StateMismatchError says that a ZIP code does not lie in the state given with it. One
// of the two is a slip of the pen; only the person knows which.
type StateMismatchError struct {
	ZIP    string
	State  congress.State   // as given; possibly none of the 56
	States []congress.State // where the ZIP code lies; empty for a military or freely associated one
	Class  ZIPClass
}

func (e *StateMismatchError) Error() string {
	where := string(e.Class) + " mail"
	if len(e.States) > 0 {
		names := make([]string, len(e.States))
		for i, s := range e.States {
			names[i] = s.Name()
		}
		where = strings.Join(names, " and ")
	}
	return fmt.Sprintf("ZIP code %s belongs to %s, not to %s", e.ZIP, where, e.State.Name())
}

// OutOfDateError says that no loaded lines are in force at the moment asked about, in the
// whole country or in one state.
type OutOfDateError struct {
	At       time.Time
	From, To time.Time      // the span the loaded lines cover; the nearest one when there are several
	State    congress.State // set when only the lines of this state are missing
}

func (e *OutOfDateError) Error() string {
	when, of := e.At.UTC().Format(time.RFC3339), ""
	if e.State != "" {
		of = " of " + e.State.Name()
	}
	if e.At.Before(e.From) {
		return fmt.Sprintf("no district lines%s are loaded for %s: the oldest are in force from %s", of, when, e.From.Format(time.RFC3339))
	}
	return fmt.Sprintf("the district lines%s are out of date at %s: they were in force until %s; newer ones must be loaded", of, when, e.To.Format(time.RFC3339))
}

// NotCandidateError says that the seat chosen is not among the possible ones.
type NotCandidateError struct {
	Seat       congress.Seat
	Candidates []congress.Seat
}

func (e *NotCandidateError) Error() string {
	if len(e.Candidates) == 0 {
		return fmt.Sprintf("%s cannot be chosen: there is no candidate", e.Seat)
	}
	names := make([]string, len(e.Candidates))
	for i, c := range e.Candidates {
		names[i] = c.String()
	}
	return fmt.Sprintf("%s is not one of the possible districts (%s)", e.Seat, strings.Join(names, ", "))
}

// FormatError says that a data file is not what it should be: cut, changed or of
// another format.
type FormatError struct{ File, Reason string }

func (e *FormatError) Error() string { return fmt.Sprintf("data file %s: %s", e.File, e.Reason) }
