package district

import (
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Plan is the set of district lines of one state, in force from one moment to another.
// The plans of a state never overlap; those of different states may change at different
// moments.
type Plan struct {
	State    congress.State  `json:"state"`
	Congress congress.Number `json:"congress"`
	From     time.Time       `json:"from"` // the first moment the lines are in force
	To       time.Time       `json:"to"`   // the first moment they no longer are
	Lines    string          `json:"lines"`
	Coarse   bool            `json:"coarse,omitempty"` // generalised to 1:500,000, good to about 100 m
	Source   string          `json:"source"`           // where the lines were published
	SHA256   string          `json:"sha256"`           // of the file as published or passed on
	// Inherits names the Congress whose lines these are, when the state kept them; 0 when
	// the plan has lines of its own.
	Inherits congress.Number `json:"inherits,omitempty"`
	// NoZIPs says that nobody has published which ZIP codes lie in these districts: a ZIP
	// code of the state may lie in any of them.
	NoZIPs bool `json:"no_zips,omitempty"`
	// Overridden says that somebody has decided, or doubts, that these are the lines, against
	// what the Census Bureau has published for the Congress; Note tells.
	Overridden bool   `json:"overridden,omitempty"`
	Note       string `json:"note,omitempty"`
}

// String returns the short name stored with a letter: "AZ 119th".
func (p Plan) String() string {
	if p.State == "" {
		return ""
	}
	return string(p.State) + " " + p.Congress.String()
}

// lines returns the Congress in whose folder the lines of the plan are.
func (p *Plan) lines() congress.Number {
	if p.Inherits != 0 {
		return p.Inherits
	}
	return p.Congress
}

// planSet is the plans in force during a span in which none of them changes.
type planSet struct {
	from, to time.Time
	plans    byState[*Plan]     // nil where the lines are not known
	complete bool               // no state is missing
	zips     byState[*zipSeats] // nil where the plan has no ZIP codes
	atlas    func() (*atlas, error)
}

// of returns the state's plan, the zero Plan where its lines are not known.
func (s *planSet) of(state congress.State) Plan {
	if p := s.plans.of(state); p != nil {
		return *p
	}
	return Plan{}
}

// linesOf returns the Congress in whose folder the lines of the state are, 0 where they are
// not known.
func (s *planSet) linesOf(state congress.State) congress.Number {
	if p := s.plans.of(state); p != nil {
		return p.lines()
	}
	return 0
}

// all returns the plans that are known, ordered by state.
func (s *planSet) all() []*Plan {
	var plans []*Plan
	for _, state := range congress.States() {
		if p := s.plans.of(state); p != nil {
			plans = append(plans, p)
		}
	}
	return plans
}

// plansAt returns the plans in force at the moment.
func (l *Locator) plansAt(at time.Time) (*planSet, error) {
	if set := l.setAt(at); set != nil {
		return set, nil
	}
	nearest := l.sets[0]
	for _, s := range l.sets {
		if !at.Before(s.from) {
			nearest = s
		}
	}
	return nil, &OutOfDateError{At: at, From: nearest.from, To: nearest.to}
}

// setAt is plansAt for callers who can do without.
func (l *Locator) setAt(at time.Time) *planSet {
	for _, s := range l.sets {
		if !at.Before(s.from) && at.Before(s.to) {
			return s
		}
	}
	return nil
}

// lacks returns the first state of the seats whose lines are not known.
func (s *planSet) lacks(seats []congress.Seat) (congress.State, bool) {
	if s.complete {
		return "", false
	}
	for _, seat := range seats {
		if s.plans.of(seat.State) == nil {
			return seat.State, true
		}
	}
	return "", false
}

// outOfDate returns the error for a state without a plan at a moment when others have
// one. It tells the span of the last plan before, or of the first one after.
func (l *Locator) outOfDate(state congress.State, at time.Time) error {
	p := l.timeline.near(state, at)
	return &OutOfDateError{At: at, State: state, From: p.From, To: p.To}
}

// Plans returns the plans in force at the moment, ordered by state, or an
// OutOfDateError. A state whose lines are not known then has no plan.
func (l *Locator) Plans(at time.Time) ([]Plan, error) {
	set, err := l.plansAt(at)
	if err != nil {
		return nil, err
	}
	all := set.all()
	plans := make([]Plan, len(all))
	for i, p := range all {
		plans[i] = *p
	}
	return plans, nil
}

// Uncovered returns the states whose lines at the moment are not known, in order: all of
// them when no plan is loaded for it.
func (l *Locator) Uncovered(at time.Time) []congress.State {
	set, err := l.plansAt(at)
	if err != nil {
		return congress.States()
	}
	return slices.DeleteFunc(congress.States(), func(s congress.State) bool { return set.plans.of(s) != nil })
}

// Covers reports whether the lines in force at the moment are known for every state.
func (l *Locator) Covers(at time.Time) bool { return len(l.Uncovered(at)) == 0 }
