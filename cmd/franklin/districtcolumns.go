package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/table"
)

// csvColumns says where the columns we read stand; -1 where there is none.
type csvColumns struct {
	street, city, state, zip, lat, lon int

	decimalComma bool // the cells are not parted by commas, so that one may part the digits
}

// The usual names of columns, the surest first, as table.PlainName leaves them.
var (
	streetNames = []string{
		"street", "streetaddress", "address", "address1", "addressline1", "streetaddressline1", "streetaddress1", "line1",
		"street1", "streetline1", "addressstreet", "addressstreet1", "addr", "addr1", "addrline1", "fulladdress",
	}
	cityNames  = []string{"city", "town", "citytown", "cityname", "addresscity"}
	stateNames = []string{
		"state", "st", "province", "stateprovince", "statecode", "stateabbr", "stateabbreviation", "statename", "stateprovinceregion",
		"stateprovregion", "addressstate",
	}
	zipNames = []string{
		"zip", "zip5", "zipcode", "zipcode5", "postalcode", "postcode", "zippostalcode", "zippostcode", "postalzip", "postalzipcode",
		"postal", "addresszip", "addresszipcode", "addresspostalcode", "zip+4", "zipcode+4", "zipplus4", "zip9",
	}
	latNames = []string{"lat", "latitude", "latitudedd", "intptlat"}
	lonNames = []string{"lon", "lng", "long", "longitude", "longitudedd", "intptlon", "intptlong"}
)

// whoseAddress are the words before or behind the names in tables with several addresses:
// that of the home comes before that of the mail.
var whoseAddress = []string{
	"", "residence", "residential", "residenceaddress", "res", "home", "homeaddress", "physical", "registration", "registered",
	"voting", "primary", "permanent", "mailing", "mailingaddress", "mail", "contact", "billing", "shipping",
}

// findColumns finds the columns of one address: of those that tell the most the first.
func findColumns(header []string) (csvColumns, error) {
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = table.PlainName(h)
	}
	var c csvColumns
	most := 0
	for _, whose := range whoseAddress {
		if one := columnsOf(names, whose); one.places() > most {
			c, most = one, one.places()
		}
	}
	if most == 0 {
		return c, fmt.Errorf("the table needs a column zip, or the columns lat and lon, or whole addresses in a column address; its first line must name the columns, and is %q",
			strings.Join(header, " "))
	}
	return c, nil
}

// columnsOf finds somebody's columns, and those of nobody in particular for what is missing.
func columnsOf(names []string, whose string) csvColumns {
	find := func(known []string) int {
		for _, of := range []string{whose, ""} {
			for _, name := range known {
				if i := slices.IndexFunc(names, func(n string) bool { return n == of+name || n == name+of }); i >= 0 {
					return i
				}
			}
		}
		return -1
	}
	c := csvColumns{
		street: find(streetNames), city: find(cityNames), state: find(stateNames), zip: find(zipNames),
		lat: find(latNames), lon: find(lonNames),
	}
	if c.lat < 0 || c.lon < 0 {
		c.lat, c.lon = -1, -1
	}
	return c
}

// places counts what can tell a district: the street, the ZIP code, the point.
func (c csvColumns) places() int {
	n := 0
	for _, at := range []int{c.street, c.zip, c.lat} {
		if at >= 0 {
			n++
		}
	}
	return n
}

// String says which columns are read: "read street, zip; no city, state".
func (c csvColumns) String() string {
	var read, missing []string
	for _, column := range []struct {
		name string
		at   int
	}{{"street", c.street}, {"city", c.city}, {"state", c.state}, {"zip", c.zip}, {"lat", c.lat}, {"lon", c.lon}} {
		switch {
		case column.at >= 0:
			read = append(read, column.name)
		case column.name != "lat" && column.name != "lon":
			missing = append(missing, column.name)
		}
	}
	text := "read " + strings.Join(read, ", ")
	if len(missing) > 0 {
		text += "; no " + strings.Join(missing, ", ")
	}
	return text
}
