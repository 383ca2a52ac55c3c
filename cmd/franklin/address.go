package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

var (
	endingZIP    = regexp.MustCompile(`(?:^|[\s,])(\d{5}(?:(?: ?- ?| )?\d{4})?)\s*(?:,?\s*(?:USA?|United States)\.?)?$`)
	leadingZIP   = regexp.MustCompile(`^(\d{5}(?:-?\d{4})?)[\s,]+(\S.*)$`)
	shortZIP     = regexp.MustCompile(`^(\d{3,4})(-?\d{4})?$`)
	canadianCode = regexp.MustCompile(`(?i)(?:^|[\s,])([a-z]\d[a-z][ -]?\d[a-z]\d)\s*(?:,?\s*Canada)?$`)
	pointForm    = regexp.MustCompile(`^\s*([+-]?\d{1,3}(?:\.\d+)?)\s*[, ]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*$`)
)

// plainDashes turns the dashes of typographers into hyphens, and their blanks into blanks.
var plainDashes = strings.NewReplacer("‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "−", "-", "\u00a0", " ")

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
	line, a.State = cutState(line)
	a.Street = line
	if i := strings.LastIndex(line, ","); i >= 0 {
		a.Street, a.City = strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:])
	}
	return a
}

// cutState takes the code of a state, or of military mail, off the end of a line.
func cutState(line string) (rest string, state congress.State) {
	i := strings.LastIndexAny(line, " ,")
	code := congress.State(strings.ToUpper(strings.ReplaceAll(line[i+1:], ".", "")))
	if !code.Valid() && !otherRegion(code) {
		return line, ""
	}
	return strings.TrimRight(line[:max(i, 0)], " ,"), code
}

// otherRegion reports whether the code stands in addresses for what is no state: military
// mail, and the freely associated states.
func otherRegion(code congress.State) bool {
	switch code {
	case "AA", "AE", "AP", "PW", "FM", "MH":
		return true
	}
	return false
}

// zipFirst reads "85281 Tempe AZ", "85281,AZ" and "85257-1234 AZ". What it calls a ZIP code
// may be a house number: only a city that is the ZIP code's own tells.
func zipFirst(line string) (district.Address, bool) {
	m := leadingZIP.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return district.Address{}, false
	}
	city, state := cutState(m[2])
	return district.Address{ZIP: m[1], City: city, State: state}, state != ""
}

// readAddress reads a line with its ZIP code at the end or in front, and says what was read
// otherwise than it was typed. Where a state is one seat, the line may do without a ZIP code.
// The error says what is there instead of one.
func (f finder) readAddress(line string) (a district.Address, notes []string, err error) {
	line = plainDashes.Replace(strings.TrimSpace(line))
	a = parseAddress(line)
	if a.ZIP != "" {
		return a, nil, nil
	}
	if first, ok := zipFirst(line); ok {
		r, err := f.lines.ByZIP(first.ZIP, "", f.at)
		if first.City == "" || err == nil && strings.EqualFold(first.City, r.Place) {
			return first, nil, nil
		}
	}
	// Without a comma before it, what looks like a state may be the end of a street: 12 Oak Ct.
	if rest, padded, ok := shortEnd(line); ok && (rest == "" || strings.Contains(rest, ",")) {
		if _, state := cutState(rest); f.padsTo(padded, state) {
			return parseAddress(rest + " " + padded), []string{readAs(padded)}, nil
		}
	}
	if answersAlone(a.State) && (strings.Contains(line, ",") || a.Street == "") {
		return a, nil, nil
	}
	return a, nil, noZIP(line)
}

// shortEnd takes a ZIP code that has lost its leading zeros off a line that has a state
// before it or nothing else.
func shortEnd(line string) (rest, padded string, ok bool) {
	last := strings.LastIndexAny(line, " ,")
	rest = strings.TrimRight(line[:max(last, 0)], " ,")
	if padded, ok = padZIP(line[last+1:]); ok && rest != "" {
		_, state := cutState(rest)
		ok = state != ""
	}
	return rest, padded, ok
}

// noZIP says what a line has that has no ZIP code.
func noZIP(line string) error {
	line = strings.TrimSpace(line)
	if m := canadianCode.FindStringSubmatch(line); m != nil {
		return fmt.Errorf("%q is a postal code of Canada and no U.S. ZIP code", m[1])
	}
	if rest, padded, ok := shortEnd(line); ok {
		return fmt.Errorf("%q is not a ZIP code: a leading zero may be missing: %s?", strings.TrimLeft(line[len(rest):], " ,"), padded)
	}
	return fmt.Errorf("no ZIP code was found in %q", line)
}

// padZIP returns the five digits of a ZIP code whose leading zeros a spreadsheet has dropped.
func padZIP(text string) (string, bool) {
	m := shortZIP.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return strings.Repeat("0", 5-len(m[1])) + m[1], true
}
