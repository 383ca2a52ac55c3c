package mail

import (
	"strings"
	"unicode"
)

// Mailbox returns an address in the form in which two spellings of one mailbox are equal,
// for limits and for recognising people; mail goes to the address as it was typed. Case
// does not count, nor what follows a plus sign in front of the @ ("ann+list@example.org"),
// nor, at Gmail, dots. International domains are in ASCII. Providers that mean two
// mailboxes by a plus sign exist only on paper.
func Mailbox(address string) string {
	if strings.ContainsFunc(address, func(r rune) bool { return r > unicode.MaxASCII }) {
		if valid, err := ValidAddress(address); err == nil {
			address = valid
		}
	}
	address = strings.ToLower(strings.Trim(address, " \t"))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	local, domain := address[:at], address[at+1:]
	if name, _, tagged := strings.Cut(local, "+"); tagged && name != "" {
		local = name
	}
	if domain == "gmail.com" || domain == "googlemail.com" {
		domain = "gmail.com"
		if plain := strings.ReplaceAll(local, ".", ""); plain != "" {
			local = plain
		}
	}
	return local + "@" + domain
}
