package district_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
)

var day = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

func ExampleLocator_ByZIP() {
	locator, err := district.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	one, _ := locator.ByZIP("85204-1234", "AZ", day)
	fmt.Println(one.Seat, one.Basis, one.Plan)
	several, _ := locator.ByZIP("85257", "AZ", day)
	fmt.Println(several.Unique(), several.Candidates)
	post, _ := locator.ByZIP("09001", "AE", day)
	fmt.Println(post.Unique(), post.Class)
	_, err = locator.ByZIP("85281", "NY", day)
	var mismatch *district.StateMismatchError
	fmt.Println(errors.As(err, &mismatch), err)
	// Output:
	// AZ-04 zip AZ 119th
	// false [AZ-01 AZ-04]
	// false military
	// true ZIP code 85281 belongs to Arizona, not to New York
}

func ExampleLocator_Choose() {
	locator, err := district.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	found, _ := locator.ByZIP("85257", "AZ", day)
	chosen, err := locator.Choose(found, found.Candidates[1], day)
	fmt.Println(chosen.Seat, chosen.Basis, err)
	// Output: AZ-04 choice <nil>
}

func ExampleLocator_ByPoint() {
	locator, err := district.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	exact, _ := locator.ByPoint(33.4255, -111.9400, 0, day) // Tempe City Hall
	fmt.Println(exact.Seat, exact.Basis)
	phone, _ := locator.ByPoint(33.4255, -111.9400, 5000, day) // good to 5 km
	fmt.Println(phone.Unique(), phone.Candidates, phone.Notes)
	_, err = locator.ByPoint(33.4255, -111.9400, 0, time.Date(2027, time.January, 4, 0, 0, 0, 0, time.UTC))
	fmt.Println(err)
	// Output:
	// AZ-04 point
	// false [AZ-01 AZ-03 AZ-04] [too-close]
	// the district lines are out of date at 2027-01-04T00:00:00Z: they were in force until 2027-01-03T12:00:00-05:00; newer ones must be loaded
}

func ExampleLocator_MapOf() {
	locator, err := district.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	found, _ := locator.ByZIP("85257", "AZ", day)
	m, err := locator.MapOf("85257", found.Candidates, 320, 240, day)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, area := range m.Areas {
		fmt.Println(area.Seat, len(area.Path) > 0)
	}
	fmt.Println(m.Scale.Kilometres, "km")
	// Output:
	// AZ-01 true
	// AZ-04 true
	// 2 km
}

func ExampleIndex_SeatAt() {
	locator, err := district.Embedded()
	if err != nil {
		fmt.Println(err)
		return
	}
	index, err := locator.Index(day)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(index.SeatAt(30.2747, -97.7404)) // the Texas Capitol
	// Output: TX-37
}
