package cwc

import "strings"

// ValidEmail reports whether Check takes the e-mail address of a constituent or contact,
// so that a form can say no while the person is still there.
func ValidEmail(address string) bool { return realEmail(address) }

// realEmail takes addresses that mail can reach and that office systems understand: an
// unquoted local part of up to 64 characters, and a host name with a top level. The schema
// takes much more, such as "a@b@c.d". Non-ASCII addresses are left out, because nobody
// has shown that offices can answer them.
func realEmail(address string) bool {
	local, domain, found := strings.Cut(address, "@")
	return found && len(address) <= 254 && len(local) <= 64 && isDotAtom(local) && isHost(domain)
}

// isDotAtom takes what RFC 5322 lets stand before the @ without quotes.
func isDotAtom(local string) bool {
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || !only(atom, isAtomText) {
			return false
		}
	}
	return true
}

func isAtomText(b byte) bool {
	return isLetter(b) || isDigit(b) || strings.IndexByte("!#$%&'*+/=?^_`{|}~-", b) >= 0
}

// isHost takes names of at least two labels.
func isHost(name string) bool {
	labels, last := 0, ""
	for label := range strings.SplitSeq(name, ".") {
		if !isLabel(label) {
			return false
		}
		labels, last = labels+1, label
	}
	return labels >= 2 && isTop(last)
}

func isLabel(text string) bool {
	return text != "" && len(text) <= 63 && text[0] != '-' && text[len(text)-1] != '-' &&
		only(text, func(b byte) bool { return isLetter(b) || isDigit(b) || b == '-' })
}

// isTop takes the labels that can be a top level: words, and those of other scripts in their ASCII form.
func isTop(label string) bool {
	const ascii = "xn--"
	return len(label) >= 2 && only(label, isLetter) ||
		len(label) > len(ascii) && strings.EqualFold(label[:len(ascii)], ascii)
}
