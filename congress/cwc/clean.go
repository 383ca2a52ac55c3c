package cwc

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
)

// Clean returns the message as Build writes it for the chamber. It changes nothing that a
// reader could see as a change of words:
//
//   - characters that XML cannot carry, and bytes that are no UTF-8, are removed;
//   - CRLF and CR become LF; white space around a text is taken off;
//   - in fields of one line, runs of white space become one blank, and invisible controls
//     of writing direction are removed;
//   - telephone numbers and ZIP codes are written the one way the schema takes;
//   - flags become capitals, repeated topics and empty bills go;
//   - a second or third address line too short for the schema ("#5") is joined to the line
//     before it.
//
// Cleaning twice changes nothing more.
func (m Message) Clean(chamber congress.Chamber) Message {
	m.clean(chamber)
	return m
}

func (m *Message) clean(chamber congress.Chamber) {
	d, c, l := &m.Delivery, &m.Constituent, &m.Letter
	for _, field := range []*string{
		&d.ID, &d.Date, &d.Agent, &d.AckEmail, &d.Contact.Name, &d.Contact.Email, &d.Contact.Phone,
		&d.Organization, &d.OrganizationContact.Name, &d.OrganizationContact.Email,
		&d.OrganizationContact.Phone, &d.OrganizationAbout, &d.CampaignID, &m.Recipient.Office,
		&c.Prefix, &c.FirstName, &c.MiddleName, &c.LastName, &c.Suffix, &c.Title, &c.Organization,
		&c.Address1, &c.Address2, &c.Address3, &c.City, &c.Zip, &c.Phone, &c.Email, &l.Subject, &l.MoreInfo,
	} {
		*field = cleanLine(*field)
	}
	c.State = congress.State(strings.ToUpper(cleanLine(string(c.State))))
	l.OrganizationStatement, l.ConstituentMessage = cleanText(l.OrganizationStatement), cleanText(l.ConstituentMessage)
	for _, phone := range []*string{&d.Contact.Phone, &d.OrganizationContact.Phone, &c.Phone} {
		*phone = cleanPhone(*phone)
	}
	for _, flag := range []*Flag{&m.Recipient.ResponseRequested, &m.Recipient.NewsletterOptIn, &c.AddressValidated, &c.EmailValidated} {
		*flag = Flag(strings.ToUpper(cleanLine(string(*flag))))
	}
	c.Zip = cleanZip(c.Zip)
	l.Stance = cleanStance(l.Stance)
	l.Topics = cleanTopics(l.Topics)
	l.Bills = cleanBills(l.Bills)
	c.foldAddress(chamber)
}

// newlines makes all of them one kind.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// carried drops what XML 1.0 cannot carry, and unifies newlines.
func carried(text string) string {
	if carriedWhole(text) {
		return text // as most are
	}
	text = newlines.Replace(strings.ToValidUTF8(text, ""))
	return strings.Map(func(r rune) rune {
		if uncarried(r) {
			return -1
		}
		return r
	}, text)
}

func carriedWhole(text string) bool {
	for _, r := range text {
		plain := ' ' <= r && r <= '~'
		if !plain && (r == utf8.RuneError || uncarried(r)) {
			return false
		}
	}
	return true
}

// uncarried reports whether XML 1.0 has no place for a character, or, of CR, none that it
// would keep.
func uncarried(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF
}

func cleanText(text string) string { return strings.TrimSpace(carried(text)) }

// cleanLine also takes out the direction controls, which can make a name or address show
// as something else. Zero-width joiners stay: names and emoji need them.
func cleanLine(text string) string {
	if tidy(text) {
		return text
	}
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, carried(text))
	return strings.Join(strings.Fields(text), " ")
}

// tidy reports whether a line is of plain letters with single blanks between its words, as
// most are: there is nothing to clean.
func tidy(line string) bool {
	before := byte(' ')
	for _, b := range []byte(line) {
		if b < ' ' || b > '~' || b == ' ' && before == ' ' {
			return false
		}
		before = b
	}
	return line == "" || before != ' '
}

var (
	phoneForm = regexp.MustCompile(`^(?:\+?1[-. ]?)?\(?(\d{3})\)?[-. ]{0,3}(\d{3})[-. ]{0,3}(\d{4})$`)
	zipForm   = regexp.MustCompile(`^(\d{5})[- ]?(\d{4})$`)
)

// cleanPhone writes a ten-digit number as NNN-NNN-NNNN; other text is left for the check.
func cleanPhone(text string) string {
	if text == "" || isPhone(text) {
		return text
	}
	return phoneForm.ReplaceAllString(text, "$1-$2-$3")
}

func cleanZip(text string) string {
	if isZip(text) {
		return text
	}
	return zipForm.ReplaceAllString(text, "$1-$2")
}

func cleanStance(s Stance) Stance {
	switch text := cleanLine(string(s)); {
	case strings.EqualFold(text, string(Pro)):
		return Pro
	case strings.EqualFold(text, string(Con)):
		return Con
	default:
		return Stance(text)
	}
}

func cleanTopics(topics []string) []string {
	var kept []string
	for _, t := range topics {
		if t = cleanLine(t); t != "" && !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	return kept
}

func cleanBills(bills []congress.Bill) []congress.Bill {
	var kept []congress.Bill
	for _, b := range bills {
		if !b.IsZero() {
			kept = append(kept, b)
		}
	}
	return kept
}

// foldAddress joins the lines that are too short for the schema to the line before.
func (c *Constituent) foldAddress(chamber congress.Chamber) {
	const shortest = 3
	line2 := shortest
	if chamber == congress.Senate {
		line2 = 2
	}
	if short(c.Address3, shortest) {
		if c.Address2 == "" {
			c.Address1, c.Address3 = joined(c.Address1, c.Address3), ""
		} else {
			c.Address2, c.Address3 = joined(c.Address2, c.Address3), ""
		}
	}
	if short(c.Address2, line2) {
		c.Address1, c.Address2 = joined(c.Address1, c.Address2), ""
	}
}

func short(text string, least int) bool {
	n := utf8.RuneCountInString(text)
	return n > 0 && n < least
}

func joined(line, rest string) string { return strings.TrimSpace(line + " " + rest) }

// sameWords compares two texts but for white space.
func sameWords(a, b string) bool {
	if a == b {
		return true
	}
	for {
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		first, other := firstWord(a), firstWord(b)
		if first != other || first == "" {
			return first == other
		}
		a, b = a[len(first):], b[len(other):]
	}
}

func firstWord(text string) string {
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		return text[:i]
	}
	return text
}
