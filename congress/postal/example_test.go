package postal_test

import (
	"fmt"

	"github.com/franklin-letters/franklin/congress/postal"
)

func ExampleParse() {
	for _, typed := range []string{
		"123 1/2 N. Main Street, Apt 4",
		"37-05 82nd St",
		"450 South 300 East",
		"12 Saint Mary's Street",
	} {
		line := postal.Parse(typed)
		fmt.Printf("%v, %v, %q\n", line.Number, line.Street, line.Unit)
	}
	box := postal.Parse("P.O. Box 401")
	fmt.Println(box.Kind == postal.KindPOBox, box.Box)
	// Output:
	// 123, N MAIN ST, "APT 4"
	// 37-5, 82ND ST, ""
	// 450, S 300 E, ""
	// 12, ST MARYS ST, ""
	// true 401
}

func ExampleParseStreet() {
	index := postal.ParseStreet("State Hwy 360") // as the Census Bureau writes it
	query := postal.Parse("5310 S.R. 360").Street
	fmt.Println(index, index == query)
	fmt.Println(postal.ParseStreet("US Hwy 360") == index)
	// Output:
	// STATE HIGHWAY 360 true
	// false
}

func ExampleLine_Readings() {
	for _, street := range postal.Parse("123 Main St Springfield").Readings() {
		fmt.Println(street)
	}
	// Output:
	// MAIN ST SPRINGFIELD
	// MAIN ST
}

func ExampleCity() {
	fmt.Println(postal.City("Ft. Worth"), postal.City("Saint Paul") == postal.City("St. Paul"))
	// Output: FORT WORTH true
}
