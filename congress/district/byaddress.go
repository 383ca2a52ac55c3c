package district

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/postal"
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

// ByAddress finds the seat of an address: by the side of the street where the tables know
// the streets of its ZIP code, even where the whole ZIP code lies in one district; else by
// the ZIP code and state, with the errors of ByZIP. A street that is found only under
// another name or ZIP code, or without the number, carries a note that says so; where it
// leaves several districts, they are the candidates.
//
// A military or foreign address has a class of its own and no district. A post office box
// or rented mailbox carries NotePOBox, for its holder may live elsewhere: ask for the
// address of the home. A street table that is cut or changed is a FormatError, with the
// answer of the ZIP code beside it.
func (l *Locator) ByAddress(a Address, at time.Time) (Result, error) {
	if !homeCountry(a.Country) {
		return Result{Class: ClassForeign, Candidates: []congress.Seat{}}, nil
	}
	r, err := l.classify(a.ZIP, a.State)
	if err != nil {
		return r, err
	}
	line := postal.Parse(a.Street)
	if r.Class == ClassUnknown && (militaryRegion(a.State) || militaryCity(a.City) || line.Kind == postal.KindMilitary) {
		r.Class = ClassMilitary
	}
	if line.Kind == postal.KindPOBox || line.Mailbox != "" {
		r.note(NotePOBox)
	}
	if len(r.States) == 0 {
		return r, nil
	}
	return l.answer(at, r, func(set *planSet) (Result, error) { return l.addressIn(set, r, a, line) })
}

// addressIn answers for an address whose ZIP code lies in a state, under one set of plans.
func (l *Locator) addressIn(set *planSet, r Result, a Address, line postal.Line) (Result, error) {
	byZIP, err := zipIn(set, r)
	oneSeat := len(r.States) == 1 && r.States[0].AtLarge()
	if err != nil || line.Kind != postal.KindStreet || oneSeat {
		return byZIP, err
	}
	best, seats, covered := outcome{rung: rungNone}, []congress.Seat(nil), 0
	var table *streetTable // of the best outcome
	for _, state := range r.States {
		s, covers, err := l.streets.search(set, byZIP, state, a, line)
		if err != nil {
			return byZIP, err
		}
		if !covers {
			continue
		}
		covered++
		o := s.climb()
		switch {
		case o.rung < best.rung:
			best, table, seats = o, s.streetTable, o.districts.appendTo(nil, state)
		case o.rung == best.rung:
			best.others = true
			best.finding.add(o.finding)
			seats = o.districts.appendTo(seats, state)
		}
	}
	if covered < len(r.States) { // it may be a street of a state whose streets are not known
		best.unknown = true
	}
	if best.unknown {
		seats = union(seats, byZIP.Candidates)
	}
	switch {
	case covered == 0 || best.unknown && slices.Equal(seats, byZIP.Candidates):
		return byZIP, nil
	case best.rung == rungNone || len(seats) == 0:
		byZIP.note(NoteStreetUnknown)
		return byZIP, nil
	}
	r.settle(seats, BasisStreet, set)
	for _, n := range best.notes(len(seats) > 1) {
		r.note(n)
	}
	if !best.others {
		r.Street = table.street(best.street).String()
	}
	return r, nil
}

// search prepares the ladder of a state. It reports false when the state's table does not
// cover the ZIP code or the lines asked about.
func (s *streets) search(set *planSet, byZIP Result, state congress.State, a Address, line postal.Line) (search, bool, error) {
	load, ok := s.tables[state]
	if !ok {
		return search{}, false, nil
	}
	table, err := load()
	if err != nil {
		return search{}, false, err
	}
	zip := zipNumber(byZIP.ZIP)
	column, known := table.column(set.of(state).lines())
	in, covers := table.streetsIn(zip)
	return search{
		streetTable: table, column: column, in: in, line: line,
		allowed: districtsOf(byZIP.Candidates, state),
		streets: s, zip: zip, cities: [2]string{a.City, byZIP.Place},
	}, known && covers, nil
}

// union returns the seats of both lists, ordered by state and district.
func union(a, b []congress.Seat) []congress.Seat {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(a, b congress.Seat) int {
		return cmp.Or(cmp.Compare(a.State, b.State), cmp.Compare(a.District, b.District))
	})
	return slices.Compact(all)
}

// militaryCity recognises the cities of military addresses, whose ZIP codes no list may
// know: posts come and go faster than lists. APO, FPO and DPO, with or without a region.
func militaryCity(name string) bool {
	words := strings.Fields(strings.ToUpper(strings.ReplaceAll(name, ".", "")))
	if len(words) == 0 || len(words) > 2 {
		return false
	}
	post := words[0] == "APO" || words[0] == "FPO" || words[0] == "DPO"
	return post && (len(words) == 1 || militaryRegion(congress.State(words[1])))
}

func homeCountry(country string) bool {
	if country == "" {
		return true
	}
	switch strings.ToUpper(strings.NewReplacer(".", "", " ", "").Replace(country)) {
	case "", "US", "USA", "UNITEDSTATES", "UNITEDSTATESOFAMERICA":
		return true
	}
	return false
}
