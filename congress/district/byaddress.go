package district

import (
	"regexp"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Address is a postal address as the person typed it. State is a two-letter code, also
// AA, AE or AP. Country may be empty for the United States.
type Address struct {
	Street  string
	City    string
	State   congress.State
	ZIP     string
	Country string
}

// Post office boxes and the forms of military addresses after USPS Publication 28.
var (
	poBox          = regexp.MustCompile(`(?i)^\s*(?:p\.?\s*o\.?\s*|post\s+office\s+)(?:box|b\.?)\s*#?\s*[a-z0-9]`)
	militaryStreet = regexp.MustCompile(`(?i)^\s*(?:psc|cmr|unit)\s+\d+\s+box\s+\d+`)
	militaryCity   = regexp.MustCompile(`(?i)^\s*[afd]\.?p\.?o\.?(?:\s+a[aep])?\s*$`)
)

// ByAddress finds the seat of an address. A military or foreign address has a class of
// its own and no district; a post office box carries NotePOBox, for its holder may live
// elsewhere. Otherwise the ZIP code and state decide, with the errors of ByZIP.
func (l *Locator) ByAddress(a Address, at time.Time) (Result, error) {
	if !homeCountry(a.Country) {
		return Result{Class: ClassForeign, Candidates: []congress.Seat{}}, nil
	}
	r, err := l.classify(a.ZIP, a.State)
	if err != nil {
		return r, err
	}
	if r.Class == ClassUnknown && looksMilitary(a) {
		r.Class = ClassMilitary
	}
	if poBox.MatchString(a.Street) {
		r.Notes = append(r.Notes, NotePOBox)
	}
	if len(r.States) == 0 {
		return r, nil
	}
	return l.answer(at, r, func(set *planSet) (Result, error) { return addressIn(set, r) })
}

// addressIn answers for an address in the country, whose ZIP code is classified, under
// one set of plans.
func addressIn(set *planSet, r Result) (Result, error) { return zipIn(set, r) }

// looksMilitary recognises military addresses whose ZIP code no list knows: posts come
// and go faster than lists.
func looksMilitary(a Address) bool {
	return militaryRegion(a.State) || militaryCity.MatchString(a.City) || militaryStreet.MatchString(a.Street)
}

func homeCountry(country string) bool {
	switch strings.ToUpper(strings.NewReplacer(".", "", " ", "").Replace(country)) {
	case "", "US", "USA", "UNITEDSTATES", "UNITEDSTATESOFAMERICA":
		return true
	}
	return false
}
