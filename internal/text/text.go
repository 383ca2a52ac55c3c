// Package text cleans what people type and paste, in one way for the whole house: what a
// supporter sends can only be compared with what an author wrote when both went through
// the same hands.
//
// Nothing that a reader could see as a change is changed. What goes are bytes that are no
// UTF-8, controls, and invisible characters that can hide or reorder words. What stays is
// written in Unicode's composed form (NFC). Cleaning twice changes nothing more.
package text

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Line returns a text of one line: runs of white space become one blank, and none stands
// at the ends.
func Line(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// Block returns a text of many lines: line ends become "\n", and white space at the ends
// of the whole text goes.
func Block(s string) string {
	unix := strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimSpace(clean(unix))
}

// Length counts as the strictest reader of a letter does: in UTF-16 units.
func Length(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// Short is a text of at most so many characters, with an ellipsis where it was cut.
func Short(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// clean composes last: dropping what stood between a letter and its accent lets the two
// meet.
func clean(s string) string {
	if plain(s) {
		return s
	}
	return norm.NFC.String(strings.Map(visible, strings.ToValidUTF8(s, "")))
}

// plain reports whether a text is of ASCII alone and without controls, as most are: there is
// nothing to clean.
func plain(s string) bool {
	for _, b := range []byte(s) {
		if (b < ' ' || b > '~') && b != '\n' && b != '\t' {
			return false
		}
	}
	return true
}

// visible drops characters that no letter needs and that can hide or reorder text:
// controls, direction overrides, zero-width spaces and Unicode tags. The joiners of
// emoji and Indic scripts stay.
func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return r
	case unicode.IsControl(r),
		r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069',
		r == '\u200b', r == '\ufeff', r == '\u2060', r == '\u061c', r == '\u200e', r == '\u200f',
		r >= 0xE0000 && r <= 0xE007F, r&0xFFFE == 0xFFFE:
		return -1
	}
	return r
}
