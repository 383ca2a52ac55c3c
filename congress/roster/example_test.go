package roster_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
)

// Who holds a seat, how to write to them, and how to reach the office.
func ExampleRoster_Holder() {
	members, err := roster.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)
	for _, seat := range []congress.Seat{{State: "NJ", District: 11}, {State: "FL", District: 20}, {State: "PR"}} {
		answer, err := members.Holder(seat, at)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(answer.Line())
		fmt.Println(" ", answer.Status, "since", answer.Since, "-", answer.Name(), answer.Contact().Phone)
	}
	// Output:
	// Analilia Mejia (D), New Jersey's 11th District
	//   seated since 2026-04-20 - Rep. Analilia Mejia 202-225-5034
	// Vacant, Florida's 20th District
	//   vacant since 2026-04-21 -  202-224-3121
	// Pablo José Hernández (D), Puerto Rico
	//   seated since 2025-01-03 - Resident Commissioner Pablo José Hernández 202-225-2615
}

// After noon on 3 January of an odd year the names of the old Congress are not given out.
func ExampleOutOfDateError() {
	members, err := roster.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = members.Holder(congress.Seat{State: "AZ", District: 4}, time.Date(2027, time.January, 4, 0, 0, 0, 0, time.UTC))
	var old *roster.OutOfDateError
	fmt.Println(errors.As(err, &old))
	fmt.Println(err)
	// Output:
	// true
	// the roster is for the 119th Congress (as of 2026-09-13), but on 2027-01-03 the 120th sits: refresh it
}
