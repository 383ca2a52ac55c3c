package letter

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/text"
)

// Form is what a supporter typed, field by field, named as the form names them.
type Form struct {
	Key       string // made by the server before the first post; one letter for each key
	Prefix    string
	FirstName string
	LastName  string
	Email     string
	Address1  string
	Address2  string
	City      string
	State     string // postal code, also AA, AE, AP for military mail
	ZIP       string
	Phone     string
	Subject   string
	Message   string
	Join      bool   // the separate, unticked box
	Partners  string // keys of the partners whose boxes were ticked, with blanks between
	Copy      bool   // wants a copy of the letter by mail
	Forget    bool   // wants to be forgotten once the letter has reached its end
	District  string // "NY-12", when a ZIP code left a choice
	Lang      string
	Source    string // from where the visitor came: supporter.Source
	Network   string // from which the form was posted, cut short: supporter.Network
	Agent     string // the kind of program it was posted with: supporter.Agent
}

// Problem is one thing wrong with a field. Code is a word that the catalogues turn into
// a sentence: missing, invalid, short, long.
type Problem struct {
	Field string
	Code  string
}

// Prefixes are the forms of address that both chambers take; the Senate takes no other.
var Prefixes = []string{"Mr.", "Mrs.", "Miss", "Ms.", "Dr."}

// Bounds in characters. Those of subject and message are the House's; an address line
// and a city need three because its system refuses fewer.
const (
	maxName      = 100
	maxLine      = 200
	minAddress   = 3
	minCity      = 3
	minSubject   = 6
	maxSubject   = 500
	minMessage   = 6
	maxMessage   = 10_000
	keyMinLength = 16
	keyMaxLength = 64
)

var (
	zipForm    = regexp.MustCompile(`^(\d{5})(?:[- ]?(\d{4}))?$`)
	keyForm    = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	notDigit   = regexp.MustCompile(`\D`)
	phoneChars = regexp.MustCompile(`^[\d\s().+\-/]*$`)
)

// military are the "states" of military mail. They have no Representative of their own.
var military = []string{"AA", "AE", "AP"}

// Clean returns the form with everything a person cannot mean taken out: blanks around
// the fields, control and direction characters, Windows line ends. Accents, hyphens and
// scripts stay as they were typed, in Unicode's composed form. Cleaning twice changes
// nothing more.
func (f Form) Clean() Form {
	for _, line := range []*string{
		&f.Prefix, &f.FirstName, &f.LastName, &f.Email, &f.Address1, &f.Address2, &f.City, &f.State, &f.ZIP, &f.Phone, &f.Subject, &f.District,
	} {
		*line = text.Line(*line)
	}
	f.Message = text.Block(f.Message)
	f.State = text.Line(strings.ToUpper(f.State))
	if m := zipForm.FindStringSubmatch(f.ZIP); m != nil && m[2] != "" {
		f.ZIP = m[1] + "-" + m[2]
	}
	if phone, ok := normalPhone(f.Phone); ok {
		f.Phone = phone
	}
	if email, err := mail.ValidAddress(f.Email); err == nil {
		f.Email = email
	}
	return f
}

// Problems returns what is wrong with a cleaned form, in the order of its fields.
func (f Form) Problems() []Problem {
	var all []Problem
	check := func(field, value string, low, high int) bool {
		switch { // an emoji is one character too few and two too many, so both counts matter
		case value == "" && low > 0:
			all = append(all, Problem{field, "missing"})
		case utf8.RuneCountInString(value) < low:
			all = append(all, Problem{field, "short"})
		case text.Length(value) > high:
			all = append(all, Problem{field, "long"})
		default:
			return value != ""
		}
		return false
	}
	form := func(field string, good bool) {
		if !good {
			all = append(all, Problem{field, "invalid"})
		}
	}
	if check("prefix", f.Prefix, 1, maxName) {
		form("prefix", slices.Contains(Prefixes, f.Prefix))
	}
	check("first_name", f.FirstName, 1, maxName)
	check("last_name", f.LastName, 1, maxName)
	if check("email", f.Email, 1, maxLine+54) {
		_, err := mail.ValidAddress(f.Email)
		form("email", err == nil && cwc.ValidEmail(f.Email)) // mail must reach it, and the office must take it
	}
	check("address1", f.Address1, minAddress, maxLine)
	check("address2", f.Address2, 0, maxLine)
	check("city", f.City, minCity, maxName)
	if check("state", f.State, 1, 2) {
		form("state", congress.State(f.State).Valid() || slices.Contains(military, f.State))
	}
	if check("zip", f.ZIP, 1, 20) {
		form("zip", zipForm.MatchString(f.ZIP))
	}
	if check("phone", f.Phone, 0, 40) {
		_, ok := normalPhone(f.Phone)
		form("phone", ok)
	}
	check("subject", f.Subject, minSubject, maxSubject)
	check("message", f.Message, minMessage, maxMessage)
	return all
}

// KeyValid reports whether the key could have been made by NewKey.
func (f Form) KeyValid() bool {
	return len(f.Key) >= keyMinLength && len(f.Key) <= keyMaxLength && keyForm.MatchString(f.Key)
}

// normalPhone writes a North American number as the House wants it: 202-555-0100.
func normalPhone(typed string) (string, bool) {
	if typed == "" {
		return "", true
	}
	if !phoneChars.MatchString(typed) {
		return "", false
	}
	d := notDigit.ReplaceAllString(typed, "")
	if len(d) == 11 && d[0] == '1' {
		d = d[1:]
	}
	if len(d) != 10 || d[0] < '2' || d[3] < '2' {
		return "", false
	}
	return d[:3] + "-" + d[3:6] + "-" + d[6:], true
}
