package peoplefile

import (
	"regexp"
	"strings"
)

// A spreadsheet may begin a formula at the beginning of a cell, or behind what it may take for
// the end of one: with a sign (also in its full-width form), with blanks or apostrophes in
// front. A cell that begins with a tab, a return or a bar is as bad.
var (
	formula = regexp.MustCompile(`(^|[;,|"\t\r\n])([ \x{a0}]*'*)([=+\-@%＝＋－＠])`)
	opening = regexp.MustCompile(`^([ \x{a0}]*'*)([|\t\r\n])`)

	// The same with the apostrophe of Guarded.
	guardedFormula = regexp.MustCompile(`(^|[;,|"\t\r\n])([ \x{a0}]*'*)'([=+\-@%＝＋－＠])`)
	guardedOpening = regexp.MustCompile(`^([ \x{a0}]*'*)'([|\t\r\n])`)
)

const formulaSigns = "=+-@|%\t\r\n＝＋－＠"

// Guarded is a cell as it is written: with an apostrophe in front of what a spreadsheet would
// take for a formula, which makes it a text.
func Guarded(cell string) string {
	if !strings.ContainsAny(cell, formulaSigns) {
		return cell
	}
	return opening.ReplaceAllString(formula.ReplaceAllString(cell, "$1$2'$3"), "$1'$2")
}

// Unguarded is what a cell says: reading takes away exactly what writing has added.
func Unguarded(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	return guardedFormula.ReplaceAllString(guardedOpening.ReplaceAllString(cell, "$1$2"), "$1$2$3")
}
