package peoplefile

import (
	"regexp"
	"strings"
)

// formulas are the places where a spreadsheet may begin a formula: at the beginning of a cell
// or behind what it may take for the end of one, a sign (also in its full-width form), with
// blanks or apostrophes in front.
var formulas = regexp.MustCompile(`(^|[;,|"\t\r\n])([ \x{a0}]*'*)([=+\-@|%\t\r\n＝＋－＠])`)

const formulaSigns = "=+-@|%\t\r\n＝＋－＠"

// Guarded is a cell as it is written: with an apostrophe in front of what a spreadsheet would
// take for a formula, which makes it a text.
func Guarded(cell string) string {
	if !strings.ContainsAny(cell, formulaSigns) {
		return cell
	}
	return formulas.ReplaceAllString(cell, "$1$2'$3")
}

// guarded are the places to which Guarded has added its apostrophe.
var guarded = regexp.MustCompile(`(^|[;,|"\t\r\n])([ \x{a0}]*'*)'([=+\-@|%\t\r\n＝＋－＠])`)

// Unguarded is what a cell says: reading takes away exactly what writing has added.
func Unguarded(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	return guarded.ReplaceAllString(cell, "$1$2$3")
}
