package public

import (
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/locale"
)

// Form holds what a person typed, under the names of the form's fields. It travels from
// page to page in the page itself; nothing is kept on the person's device.
type Form struct {
	Prefix    string
	FirstName string
	LastName  string
	Email     string
	Address1  string
	Address2  string
	City      string
	State     string
	ZIP       string
	Phone     string
	Subject   string
	Message   string
	Join      bool
	Partners  string // keys of the partners whose boxes were ticked, with blanks between
	Copy      bool   // wants a copy of the letter by mail
	Forget    bool   // wants to be forgotten once the letter has arrived
	Key       string // idempotency key, made when the form was first shown
	Source    string // from where the visitor came to the page; see keyed
	Via       string // token of the mailing whose link led here; "" for none
	Work      string // the proof that the browser worked, see guard.Worked; "" for none
	District  string // seat the person chose ("AZ-04"); "" when no choice was needed
	Latitude  string // position the person offered, decimal degrees; "" for none
	Longitude string
	Accuracy  string // radius of the position in metres
	Trap      Trap
}

// Trap is the field that only programs fill in.
type Trap struct {
	Name  string // an innocuous field name; "" leaves it out
	Value string
}

// hiddenField is one value that travels with a page.
type hiddenField struct{ name, value string }

// typed returns the fields that every page carries, in the order of the form.
func (f Form) typed() []hiddenField {
	ticked := func(box bool) string {
		if box {
			return "yes"
		}
		return ""
	}
	return []hiddenField{
		{"prefix", f.Prefix},
		{"first_name", f.FirstName},
		{"last_name", f.LastName},
		{"email", f.Email},
		{"phone", f.Phone},
		{"address1", f.Address1},
		{"address2", f.Address2},
		{"city", f.City},
		{"state", f.State},
		{"zip", f.ZIP},
		{"subject", f.Subject},
		{"message", f.Message},
		{"join", ticked(f.Join)},
		{"partner", f.Partners},
		{"copy", ticked(f.Copy)},
		{"forget", ticked(f.Forget)},
		{"key", keyed(f.Key, f.Source)},
		{"via", f.Via},
	}
}

// value returns what was typed into the field with the name.
func (f Form) value(name string) string {
	for _, h := range f.typed() {
		if h.name == name {
			return h.value
		}
	}
	return ""
}

// partner reports whether the box of a partner was ticked.
func (f Form) partner(key string) bool { return slices.Contains(strings.Fields(f.Partners), key) }

// hidden returns all that was typed, for pages that show no fields. The district and the
// position are left out when choosing is the page's business.
func (f Form) hidden(withDistrict bool) []hiddenField {
	all := f.typed()
	if withDistrict {
		all = f.everything()
	}
	kept := all[:0]
	for _, h := range all {
		if h.value != "" {
			kept = append(kept, h)
		}
	}
	return kept
}

// everything is what was typed, chosen or found out, empty or not.
func (f Form) everything() []hiddenField {
	return append(f.typed(), hiddenField{"district", f.District}, hiddenField{"lat", f.Latitude},
		hiddenField{"lon", f.Longitude}, hiddenField{"accuracy", f.Accuracy})
}

// Problem is what is wrong with a field. The words are those of the letter's own rules.
type Problem string

// The problems.
const (
	Missing   Problem = "missing"
	Invalid   Problem = "invalid"
	TooShort  Problem = "short"
	TooLong   Problem = "long"
	Elsewhere Problem = "elsewhere" // the ZIP code is not in the state that was picked
	Barred    Problem = "barred"    // the owner of the address wants no letter in their name
)

// FieldError is one problem of one field. The page finds the words for it, so it speaks
// the language of the page.
type FieldError struct {
	Field   string // form field name
	Problem Problem
}

// Errors are the problems of a form in the order of its fields.
type Errors []FieldError

// text says in plain words what to do about the problem.
func (e FieldError) text(l *locale.Locale) string {
	if say, ok := fieldProblems[e.Field][e.Problem]; ok {
		return say(l)
	}
	label := e.Field
	if say, ok := fieldLabels[e.Field]; ok {
		label = say(l)
	}
	switch e.Problem {
	case TooShort:
		return l.ErrorShort(label)
	case TooLong:
		return l.ErrorLong(label)
	case Missing, Invalid, Elsewhere, Barred:
	}
	return l.ErrorUnusable(label)
}

// of returns the first problem of a field in words, "" when there is none.
func (es Errors) of(field string, l *locale.Locale) string {
	for _, e := range es {
		if e.Field == field {
			return e.text(l)
		}
	}
	return ""
}

type say = func(*locale.Locale) string

var fieldLabels = map[string]say{
	"prefix": (*locale.Locale).FormPrefix, "first_name": (*locale.Locale).FormFirstName,
	"last_name": (*locale.Locale).FormLastName, "email": (*locale.Locale).FormEmail,
	"address1": (*locale.Locale).FormAddress1, "address2": (*locale.Locale).FormAddress2,
	"city": (*locale.Locale).FormCity, "state": (*locale.Locale).FormState, "zip": (*locale.Locale).FormZip,
	"phone": (*locale.Locale).FormPhone, "subject": (*locale.Locale).FormSubject,
	"message": (*locale.Locale).FormMessage,
}

var fieldProblems = map[string]map[Problem]say{
	"prefix":     {Missing: (*locale.Locale).ErrorPrefixMissing, Invalid: (*locale.Locale).ErrorPrefixMissing},
	"first_name": {Missing: (*locale.Locale).ErrorFirstNameMissing},
	"last_name":  {Missing: (*locale.Locale).ErrorLastNameMissing},
	"email":      {Missing: (*locale.Locale).ErrorEmailMissing, Invalid: (*locale.Locale).ErrorEmailInvalid, Barred: (*locale.Locale).ErrorEmailBlocked},
	"address1":   {Missing: (*locale.Locale).ErrorAddress1Missing, TooShort: (*locale.Locale).ErrorAddress1Short},
	"address2":   {TooShort: (*locale.Locale).ErrorAddress2Short},
	"city":       {Missing: (*locale.Locale).ErrorCityMissing, TooShort: (*locale.Locale).ErrorCityShort},
	"state":      {Missing: (*locale.Locale).ErrorStateMissing, Invalid: (*locale.Locale).ErrorStateMissing},
	"zip": {
		Missing: (*locale.Locale).ErrorZipMissing, Invalid: (*locale.Locale).ErrorZipInvalid,
		Elsewhere: (*locale.Locale).ErrorZipElsewhere,
	},
	"phone":    {Invalid: (*locale.Locale).ErrorPhoneInvalid},
	"subject":  {Missing: (*locale.Locale).ErrorSubjectMissing},
	"message":  {Missing: (*locale.Locale).ErrorMessageMissing, TooLong: (*locale.Locale).ErrorMessageLong},
	"district": {Missing: (*locale.Locale).ErrorDistrictMissing, Invalid: (*locale.Locale).ErrorDistrictMissing},
	"lat":      {Invalid: (*locale.Locale).ErrorPositionUnsure},
}

// keyed is the value of a form's key, with where the visitor came from behind it: it goes
// along on every page that carries the form, also on the first, which is rendered once for
// everybody but for the key.
func keyed(key, source string) string {
	if source == "" {
		return key
	}
	return key + "~" + source
}
