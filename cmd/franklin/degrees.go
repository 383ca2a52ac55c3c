package main

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// degreesForm is how people write a latitude or longitude: -111.94, 111.94° W, 33°25'31.8"N.
var degreesForm = regexp.MustCompile(`^(-?)(\d{1,3}(?:\.\d+)?)(?:°(?:(\d{1,2}(?:\.\d+)?)'(?:(\d{1,2}(?:\.\d+)?)")?)?)?([NSEW]?)$`)

// plainDegrees turns the signs of typographers into those of keyboards.
var plainDegrees = strings.NewReplacer(" ", "", "\u00a0", "", "\u2212", "-", "\u2032", "'", "\u2033", `"`, "\u2019", "'", "\u201d", `"`, "''", `"`, "+", "")

// degrees reads a latitude (sides "NS") or longitude ("EW") in degrees north or east.
func degrees(text, sides string) (float64, bool) {
	if number, err := strconv.ParseFloat(text, 64); err == nil {
		return number, !math.IsNaN(number)
	}
	m := degreesForm.FindStringSubmatch(strings.ToUpper(plainDegrees.Replace(text)))
	if m == nil || m[5] != "" && (m[1] != "" || !strings.Contains(sides, m[5])) {
		return 0, false
	}
	sum := 0.0
	for i, part := range []string{m[4], m[3], m[2]} {
		n, _ := strconv.ParseFloat(part, 64) // a number, or empty for none
		if i < 2 && n >= 60 {
			return 0, false
		}
		sum = sum/60 + n
	}
	if m[1] != "" || m[5] != "" && m[5] == sides[1:] {
		sum = -sum
	}
	return sum, true
}
