package ui

import (
	"regexp"
	"strings"
)

// textPart is a piece of plain text, with the address it leads to if it is one.
type textPart struct{ text, href string }

// class keeps a telephone number on one line.
func (p textPart) class() string {
	if strings.HasPrefix(p.href, "tel:") {
		return "nobreak"
	}
	return "address"
}

var linkable = regexp.MustCompile(`https://[^\s<>"]*[^\s<>".,;:!?)]|\b(?:1-)?\d{3}-\d{3}-\d{4}\b`)

// linked finds web addresses and telephone numbers in plain text.
func linked(text string) []textPart {
	var parts []textPart
	at := 0
	for _, span := range linkable.FindAllStringIndex(text, -1) {
		if span[0] > at {
			parts = append(parts, textPart{text: text[at:span[0]]})
		}
		found := text[span[0]:span[1]]
		parts = append(parts, textPart{text: found, href: addressOf(found)})
		at = span[1]
	}
	if at < len(text) {
		parts = append(parts, textPart{text: text[at:]})
	}
	return parts
}

func addressOf(found string) string {
	if strings.HasPrefix(found, "https://") {
		return found
	}
	return Telephone(found)
}

// Telephone returns the tel: address of a North American number: "202-555-0100" becomes
// "tel:+12025550100".
func Telephone(number string) string {
	return "tel:+1" + strings.ReplaceAll(strings.TrimPrefix(number, "1-"), "-", "")
}
