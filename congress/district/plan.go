package district

import (
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Plan is the set of district lines of one state, in force from one moment to another.
type Plan struct {
	State    congress.State  `json:"state"`
	Congress congress.Number `json:"congress"`
	From     time.Time       `json:"from"` // the first moment the lines are in force
	To       time.Time       `json:"to"`   // the first moment they no longer are
	Lines    string          `json:"lines"`
	Coarse   bool            `json:"coarse,omitempty"` // generalised to 1:500,000, good to about 100 m
	Source   string          `json:"source"`           // where the lines were published
	SHA256   string          `json:"sha256"`           // of the file as published or passed on
	Note     string          `json:"note,omitempty"`
}

// String returns the short name stored with a letter: "AZ 119th".
func (p Plan) String() string {
	if p.State == "" {
		return ""
	}
	return string(p.State) + " " + p.Congress.String()
}

// planSet is what is loaded for one Congress: a plan for each state, the ZIP codes'
// districts and, on demand, the lines.
type planSet struct {
	number   congress.Number
	from, to time.Time
	plans    map[congress.State]Plan
	seats    *zipSeats
	atlas    func() (*atlas, error)
}

func (s *planSet) of(state congress.State) Plan { return s.plans[state] }

// plansAt returns the plans in force at the moment.
func (l *Locator) plansAt(at time.Time) (*planSet, error) {
	var nearest *planSet
	for _, s := range l.sets {
		if !at.Before(s.from) && at.Before(s.to) {
			return s, nil
		}
		if nearest == nil || !at.Before(s.from) {
			nearest = s
		}
	}
	return nil, &OutOfDateError{At: at, From: nearest.from, To: nearest.to}
}

// answer asks under the plans in force at the moment. What is known without any plan is
// the answer, beside the OutOfDateError, when none is.
func (l *Locator) answer(at time.Time, without Result, ask func(*planSet) (Result, error)) (Result, error) {
	set, err := l.plansAt(at)
	if err != nil {
		return without, err
	}
	return ask(set)
}

// Plans returns the plans in force at the moment, ordered by state, or an
// OutOfDateError.
func (l *Locator) Plans(at time.Time) ([]Plan, error) {
	set, err := l.plansAt(at)
	if err != nil {
		return nil, err
	}
	plans := make([]Plan, 0, len(set.plans))
	for _, state := range congress.States() {
		if p, ok := set.plans[state]; ok {
			plans = append(plans, p)
		}
	}
	return plans, nil
}
