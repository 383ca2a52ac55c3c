package mail

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Limits of RFC 5321, in bytes.
const (
	maxAddress = 254
	maxLocal   = 64
	maxDomain  = 253
)

// AddressReason says why text is no usable e-mail address. It is stable, so that pages
// can say it in the reader's language.
type AddressReason string

// The reasons.
const (
	AddressEmpty     AddressReason = "empty"
	AddressTooLong   AddressReason = "too-long"
	AddressNotPlain  AddressReason = "not-plain"  // a name, angle brackets, quotes or several addresses
	AddressNoAt      AddressReason = "no-at"      // no @, or more than one
	AddressBadStart  AddressReason = "bad-start"  // before the @
	AddressBadDomain AddressReason = "bad-domain" // after the @
	AddressNoDot     AddressReason = "no-dot"     // a domain that only works inside one network
	AddressNumeric   AddressReason = "numeric"    // an IP address for a domain
	AddressMixed     AddressReason = "mixed"      // letters of several alphabets in one word
)

// AddressError explains in plain words, fit for a public form, what is wrong with an
// address. It never contains the address.
type AddressError struct{ Reason AddressReason }

// Error returns one sentence that says what to do.
func (e *AddressError) Error() string {
	switch e.Reason {
	case AddressEmpty:
		return "Enter an email address"
	case AddressTooLong:
		return fmt.Sprintf("Enter an email address of at most %d characters", maxAddress)
	case AddressNotPlain:
		return "Enter one email address only, without a name, brackets, quotes or spaces"
	case AddressNoAt:
		return "Enter an email address with one @, like name@example.com"
	case AddressBadStart:
		return "Check the part before the @: it can have letters without accents, digits and single dots"
	case AddressNoDot:
		return "Check the part after the @: it needs a dot, like example.com"
	case AddressNumeric:
		return "Enter an email address that ends in a name like example.com, not in numbers"
	case AddressMixed:
		return "Check the part after the @: it mixes letters of different alphabets"
	default:
		return "Check the part after the @: it must look like example.com"
	}
}

// ValidAddress checks an e-mail address as a person typed it and returns it without
// blanks around it and with its domain in lower case, international domains in their
// ASCII form. The error is always an *AddressError.
//
// It takes the addresses people have and no more: one plain address, ASCII before the @,
// a domain name with a dot. Quoted parts, display names, IP literals and comments, all
// allowed by the RFCs, are refused, because they are how headers and commands get
// smuggled. The length is checked before anything else looks at the text.
func ValidAddress(text string) (string, error) {
	// Blanks around a pasted address are forgiven, within reason.
	if len(text) > 2*maxAddress {
		return "", &AddressError{AddressTooLong}
	}
	text = strings.Trim(text, " \t\u00a0")
	switch {
	case text == "":
		return "", &AddressError{AddressEmpty}
	case len(text) > maxAddress:
		return "", &AddressError{AddressTooLong}
	case strings.ContainsFunc(text, notPlain):
		return "", &AddressError{AddressNotPlain}
	}
	local, domain, found := strings.Cut(text, "@")
	if !found || strings.Contains(domain, "@") {
		return "", &AddressError{AddressNoAt}
	}
	if !validLocal(local) {
		return "", &AddressError{AddressBadStart}
	}
	domain, reason := validDomain(domain)
	if reason != "" {
		return "", &AddressError{reason}
	}
	if len(local)+1+len(domain) > maxAddress {
		return "", &AddressError{AddressTooLong}
	}
	return local + "@" + domain, nil
}

// notPlain reports what a plain address cannot have.
func notPlain(r rune) bool {
	switch r {
	case '<', '>', '(', ')', '[', ']', '"', ',', ';', ':', '\\', ' ', unicode.ReplacementChar:
		return true
	}
	return !unicode.IsPrint(r)
}

// atom holds the signs that RFC 5322 allows in an unquoted local part besides letters,
// digits and dots.
const atom = "!#$%&'*+-/=?^_`{|}~"

func validLocal(local string) bool {
	if local == "" || len(local) > maxLocal || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	return !strings.ContainsFunc(local, func(r rune) bool {
		return !isAlphanumeric(r) && r != '.' && !strings.ContainsRune(atom, r)
	})
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// validDomain returns the ASCII form in lower case, or the reason for refusing it.
func validDomain(domain string) (string, AddressReason) {
	if mixesAlphabets(domain) {
		return "", AddressMixed
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" || len(ascii) > maxDomain {
		return "", AddressBadDomain
	}
	ascii = strings.ToLower(ascii)
	if _, err := netip.ParseAddr(ascii); err == nil {
		return "", AddressNumeric
	}
	labels := strings.Split(ascii, ".")
	if len(labels) < 2 {
		return "", AddressNoDot
	}
	for _, label := range labels {
		if !validLabel(label) {
			return "", AddressBadDomain
		}
	}
	top := labels[len(labels)-1]
	if len(top) < 2 || !strings.ContainsFunc(top, func(r rune) bool { return 'a' <= r && r <= 'z' }) {
		return "", AddressBadDomain
	}
	return ascii, ""
}

func validLabel(label string) bool {
	return label != "" && len(label) <= 63 && !strings.HasPrefix(label, "-") && !strings.HasSuffix(label, "-") &&
		!strings.ContainsFunc(label, func(r rune) bool { return !isAlphanumeric(r) && r != '-' })
}

// mixesAlphabets reports whether one label has Latin and Cyrillic, Latin and Greek, or
// all three kinds of letters: the ways to write a look-alike of a well-known domain.
func mixesAlphabets(domain string) bool {
	if !strings.ContainsFunc(domain, func(r rune) bool { return r > unicode.MaxASCII }) {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		alphabets := 0
		for _, table := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek} {
			if strings.ContainsFunc(label, func(r rune) bool { return unicode.Is(table, r) }) {
				alphabets++
			}
		}
		if alphabets > 1 {
			return true
		}
	}
	return false
}
