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
// or rented mailbox carries NotePOBox, unless the whole state is one seat, for its holder may
// live elsewhere: ask for the address of the home. A street table that is cut or changed is a FormatError, with the
// answer of the ZIP code beside it.
func (l *Locator) ByAddress(a Address, at time.Time) (r Result, err error) {
	if !homeCountry(a.Country) {
		return Result{Class: ClassForeign, Candidates: []congress.Seat{}}, nil
	}
	if err := l.classify(&r, a.ZIP, a.State); err != nil {
		return r, err
	}
	line := postal.Parse(a.Street)
	if r.Class == ClassUnknown && (militaryRegion(a.State) || militaryCity(a.City) || line.Kind == postal.KindMilitary) {
		r.Class = ClassMilitary
	}
	if (line.Kind == postal.KindPOBox || line.Mailbox != "") && !l.oneSeat(&r) {
		r.note(NotePOBox)
	}
	if len(r.States) == 0 {
		return r, nil
	}
	err = l.answer(question{address: &a, line: &line}, at, &r)
	return r, err
}

// oneSeat reports whether a classified address lies in a state that is a single seat.
func (l *Locator) oneSeat(r *Result) bool { return len(r.States) == 1 && l.atLarge.of(r.States[0]) }

// addressIn answers for an address whose ZIP code lies in a state, under one set of plans.
func (l *Locator) addressIn(set *planSet, a *Address, line *postal.Line, r *Result) error {
	if line.Kind != postal.KindStreet || l.oneSeat(r) {
		zipIn(set, r)
		return nil
	}
	best, err := l.streets.climb(set, r, a, line)
	if best.unknown || len(best.seats) == 0 {
		byZIP := *r
		possible := zipCandidates(&byZIP, set)
		all := union(best.seats, possible)
		if len(best.seats) == 0 || slices.Equal(all, possible) { // the street tells nothing new
			byZIP.settle(possible, BasisZIP, set)
			if best.missing {
				byZIP.note(NoteStreetUnknown)
			}
			*r = byZIP
			return err
		}
		best.seats = all
	}
	r.settle(best.seats, BasisStreet, set)
	for _, n := range best.notes(len(best.seats) > 1) {
		r.note(n)
	}
	if !best.others {
		r.Street = l.streets.name(&best, line).String()
	}
	return nil
}

// ascent is the best outcome of the states that a ZIP code lies in.
type ascent struct {
	outcome
	state   congress.State  // of the outcome
	seats   []congress.Seat // all that are possible, but for those of the ZIP code when something is unknown
	missing bool            // the tables of all states know the ZIP code, and none the street
}

// name returns the street that was found.
func (s *streets) name(a *ascent, line *postal.Line) postal.Street {
	if a.asRead {
		return line.Street
	}
	table, err := s.tables.of(a.state)()
	if err != nil {
		return postal.Street{} // it was read before
	}
	return table.street(a.street)
}

// climb goes up the ladder of each state. The surest outcome counts; equal ones of two
// states together. Where a state's streets, or the district of some blocks, are not known,
// something is unknown.
func (s *streets) climb(set *planSet, r *Result, a *Address, line *postal.Line) (ascent, error) {
	best, covered := ascent{outcome: outcome{rung: rungNone}}, 0
	one := search{line: line, set: set, streets: s, address: a, known: r}
	for _, state := range r.States {
		covers, err := one.enter(state)
		if err != nil {
			return ascent{}, err
		}
		if !covers {
			continue
		}
		covered++
		switch o := one.climb(); {
		case o.rung < best.rung:
			best.outcome, best.state, best.seats = o, state, o.districts.appendTo(nil, state)
		case o.rung == best.rung:
			best.others = true
			best.finding.add(o.finding)
			best.seats = o.districts.appendTo(best.seats, state)
		}
	}
	if best.missing = covered == len(r.States) && best.rung == rungNone; best.missing {
		return best, nil
	}
	if covered < len(r.States) {
		best.unknown = true
	}
	return best, nil
}

// enter sets the ladder up in a state. It reports false when the state's table does not cover
// the ZIP code or the lines asked about.
func (s *search) enter(state congress.State) (bool, error) {
	load := s.streets.tables.of(state)
	if load == nil {
		return false, nil
	}
	table, err := load()
	if err != nil {
		return false, err
	}
	column, known := table.column(s.set.linesOf(state))
	in, covers := table.streetsIn(zipNumber(s.known.ZIP))
	s.streetTable, s.column, s.in = table, column, in
	return known && covers, nil
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
