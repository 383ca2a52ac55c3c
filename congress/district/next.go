package district

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Next is how an answer changes when the lines do: from a moment on, another district or
// other candidates. Its Seat is set when one remains, as in Result.
type Next struct {
	From       time.Time       `json:"from"`
	Seat       congress.Seat   `json:"seat,omitzero"`
	Candidates []congress.Seat `json:"candidates"`
	Plan       Plan            `json:"plan"`
}

// Text returns the change as a sentence in English, such as "From 3 January 2027 noon
// Eastern your address is in TX-10".
func (n Next) Text() string {
	when := n.From.UTC().Format("2 January 2006 15:04 UTC")
	if begin := congress.CongressAt(n.From).Start(); begin.Equal(n.From) {
		when = begin.Format("2 January 2006") + " noon Eastern"
	}
	if !n.Seat.IsZero() {
		return fmt.Sprintf("From %s your address is in %s.", when, n.Seat)
	}
	names := make([]string, len(n.Candidates))
	for i, c := range n.Candidates {
		names[i] = c.String()
	}
	return fmt.Sprintf("From %s other lines are in force, and your address is in one of %s.", when, strings.Join(names, ", "))
}

// next asks the question of an answer again under the plans that follow those of its
// candidates, and tells what then is different. It does not ask where the lines stay.
func (l *Locator) next(q *question, known *Result, candidates []congress.Seat, now *planSet) *Next {
	then := l.after(candidates, now)
	if then == nil {
		return nil
	}
	later := *known
	if err := l.ask(q, then, &later); err != nil {
		return nil // the answer of today is not worse for it
	}
	return then.next(candidates, later.Candidates)
}

// nextOfChoice tells what a choice among candidates becomes under the plans that follow.
// It knows no more about the place than the candidates of then, in the state chosen.
func (l *Locator) nextOfChoice(r Result, seat congress.Seat, now *planSet) *Next {
	chosen := []congress.Seat{seat}
	then := l.after(chosen, now)
	if then == nil {
		return nil
	}
	later := slices.Clone(r.Candidates)
	if r.Next != nil && r.Next.From.Equal(then.from) {
		later = slices.Clone(r.Next.Candidates)
	} else {
		var again Result
		if err := l.classify(&again, r.ZIP, seat.State); err == nil && len(again.States) > 0 {
			zipIn(then, &again)
			later = again.Candidates
		}
	}
	later = slices.DeleteFunc(later, func(s congress.Seat) bool { return s.State != seat.State })
	return then.next(chosen, later)
}

// after returns the plans in force when the first of the candidates' plans ends, and nil
// when they are not loaded or no candidate's lines change.
func (l *Locator) after(candidates []congress.Seat, now *planSet) *planSet {
	if now == l.sets[len(l.sets)-1] {
		return nil
	}
	var until time.Time
	for _, c := range candidates {
		if p := now.plans.of(c.State); p != nil && (until.IsZero() || p.To.Before(until)) {
			until = p.To
		}
	}
	if until.IsZero() {
		return nil
	}
	then := l.setAt(until)
	if then == nil {
		return nil
	}
	for _, c := range candidates {
		if now.differs(then, c.State) {
			return then
		}
	}
	return nil
}

// differs reports whether the state's lines, or what is known of its ZIP codes, are not
// the same in both sets.
func (s *planSet) differs(then *planSet, state congress.State) bool {
	return s.linesOf(state) != then.linesOf(state) || s.zips.of(state) != then.zips.of(state)
}

// next makes the change from some candidates to others; nil when there is none, or when
// the later ones are not known.
func (s *planSet) next(now, later []congress.Seat) *Next {
	if _, unknown := s.lacks(later); unknown || len(later) == 0 || slices.Equal(now, later) {
		return nil
	}
	n := &Next{From: s.from, Candidates: later, Plan: s.of(later[0].State)}
	if len(later) == 1 {
		n.Seat = later[0]
	}
	return n
}
