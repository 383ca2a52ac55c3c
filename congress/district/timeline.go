package district

import (
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// timeline is the plans of every state, oldest first.
type timeline map[congress.State][]Plan

// timeline sorts the plans and refuses those that contradict each other: a state without
// any plan, plans of a state that overlap, plans that inherit lines which are not there,
// and two sets of lines for one state and Congress. Lines that change within a term can
// only come from another Congress's folder.
func (m Manifest) timeline() (timeline, error) {
	line, own := timeline{}, map[string]Plan{}
	for _, p := range m.Plans {
		if !p.State.Valid() || !p.From.Before(p.To) || !sensible(p.Congress) {
			return nil, badPlans("plan %q %s is not valid", p.State, p.Congress)
		}
		line[p.State] = append(line[p.State], p)
		if p.Inherits != 0 {
			continue
		}
		if other, ok := own[p.String()]; ok {
			return nil, badPlans("%s has lines of its own from %s and from %s: the folder of a Congress holds one set", p,
				other.From.Format(time.RFC3339), p.From.Format(time.RFC3339))
		}
		own[p.String()] = p
	}
	for _, state := range congress.States() {
		if len(line[state]) == 0 {
			return nil, badPlans("it has no plan for %s", state.Name())
		}
		if err := order(line[state], own); err != nil {
			return nil, err
		}
	}
	return line, nil
}

func badPlans(format string, args ...any) error {
	return &FormatError{File: "manifest.json", Reason: fmt.Sprintf(format, args...)}
}

// order sorts the plans of one state. Own are all plans with lines of their own, by name.
func order(plans []Plan, own map[string]Plan) error {
	slices.SortFunc(plans, func(a, b Plan) int { return a.From.Compare(b.From) })
	for i, p := range plans {
		if i > 0 && p.From.Before(plans[i-1].To) {
			return badPlans("two plans of %s are in force at %s", p.State.Name(), p.From.Format(time.RFC3339))
		}
		origin, ok := own[Plan{State: p.State, Congress: p.lines()}.String()]
		if !ok {
			return badPlans("%s inherits lines of the %s, which has none of its own", p, p.Inherits)
		}
		plans[i].NoZIPs = p.NoZIPs || origin.NoZIPs
	}
	return nil
}

// sensible keeps numbers of Congresses such that their dates exist and their folders have
// plain names.
func sensible(n congress.Number) bool { return n > 0 && n < 1000 }

// spans cuts time at every moment when a plan begins or ends, oldest first. In a span no
// plan changes. Time without any plan is left out.
func (t timeline) spans() []*planSet {
	var cuts []time.Time
	for _, plans := range t {
		for _, p := range plans {
			cuts = append(cuts, p.From, p.To)
		}
	}
	slices.SortFunc(cuts, time.Time.Compare)
	cuts = slices.CompactFunc(cuts, time.Time.Equal)
	var sets []*planSet
	for i := 1; i < len(cuts); i++ {
		set, known := &planSet{from: cuts[i-1], to: cuts[i]}, 0
		for state := range t {
			if p := t.near(state, set.from); !set.from.Before(p.From) && set.from.Before(p.To) {
				set.plans.set(state, p)
				known++
			}
		}
		set.complete = known == len(t)
		if known > 0 {
			sets = append(sets, set)
		}
	}
	return sets
}

// near returns the state's plan at the moment, or else the last one before it, or else
// the first one.
func (t timeline) near(state congress.State, at time.Time) *Plan {
	near := &t[state][0]
	for i := range t[state] {
		if p := &t[state][i]; !at.Before(p.From) {
			near = p
		}
	}
	return near
}
