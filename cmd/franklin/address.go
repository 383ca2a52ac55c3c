package main

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

var (
	endingZIP = regexp.MustCompile(`(?:^|[\s,])(\d{5}(?:-?\d{4})?)\s*(?:,?\s*(?:USA?|United States)\.?)?$`)
	pointForm = regexp.MustCompile(`^\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[, ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$`)
)

// parsePoint reads "33.42,-111.93": latitude, longitude.
func parsePoint(text string) (lat, lon float64, ok bool) {
	m := pointForm.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, false
	}
	lat, _ = strconv.ParseFloat(m[1], 64) // the pattern leaves only numbers
	lon, _ = strconv.ParseFloat(m[2], 64)
	return lat, lon, true
}

// parseAddress takes one line apart: "31 E 5th St, Tempe, AZ 85281", "Tempe AZ 85281" or
// "85281". What stands before the last comma, or all of it, is street and city.
func parseAddress(line string) district.Address {
	line = strings.TrimSpace(line)
	var a district.Address
	if m := endingZIP.FindStringSubmatchIndex(line); m != nil {
		a.ZIP = line[m[2]:m[3]]
		line = strings.TrimRight(line[:m[2]], " ,")
	}
	if i := strings.LastIndexAny(line, " ,"); i >= 0 || len(line) == 2 {
		if code := strings.ToUpper(line[i+1:]); congress.State(code).Valid() || code == "AA" || code == "AE" || code == "AP" {
			a.State = congress.State(code)
			line = strings.TrimRight(line[:max(i, 0)], " ,")
		}
	}
	a.Street = line
	if i := strings.LastIndex(line, ","); i >= 0 {
		a.Street, a.City = strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:])
	}
	return a
}
