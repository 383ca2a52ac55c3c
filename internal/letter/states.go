package letter

import (
	"slices"
	"time"
)

// State is where a letter stands. The words are those of the receipt and of the docs.
type State string

// The states of a letter. What may follow what is in Rules.
const (
	Unconfirmed State = "unconfirmed"
	Frozen      State = "frozen"
	Ready       State = "ready"
	Sending     State = "sending"
	Accepted    State = "accepted"
	Refused     State = "refused"
	Unknown     State = "unknown"
	Waiting     State = "waiting"
	HandedOver  State = "handed-over"
	Withdrawn   State = "withdrawn"
	Expired     State = "expired"
)

// Rule says what a state means, which states may follow, and into which one the letter
// falls when nothing has happened for a while.
type Rule struct {
	State   State
	Meaning string
	To      []State
	After   time.Duration // 0: stays
	Into    State
}

const day = 24 * time.Hour

// Rules is the table of allowed moves. A state without followers is final.
func Rules() []Rule {
	return []Rule{
		{Unconfirmed, "the supporter has not yet confirmed the e-mail address", []State{Ready, Frozen, Withdrawn, Expired}, 7 * day, Expired},
		{Frozen, "put aside for a person to look at, with the reason", []State{Ready, Refused, Withdrawn, Expired}, 30 * day, Expired},
		{Ready, "in line to be sent", []State{Sending, Frozen, Withdrawn, Expired}, 7 * day, Expired},
		{Sending, "on its way to the office's mail system right now", []State{Accepted, Refused, Unknown, Waiting}, 2 * time.Minute, Unknown},
		{Accepted, "the office's mail system said that it has the letter", nil, 0, ""},
		{Refused, "the office's mail system or a person said no, with reasons", nil, 0, ""},
		{Unknown, "sent, but no clear answer came: it may or may not have arrived", []State{Sending, Accepted, Refused, Expired}, 30 * day, Expired},
		{Waiting, "the office or channel is closed for now, or it is the supporter's turn", []State{Sending, HandedOver, Withdrawn, Expired}, 30 * day, Expired},
		{HandedOver, "the supporter said that they sent it themselves", nil, 0, ""},
		{Withdrawn, "taken back by the supporter before it was sent", nil, 0, ""},
		{Expired, "given up; the supporter is told so", nil, 0, ""},
	}
}

var rules = func() map[State]Rule {
	m := map[State]Rule{}
	for _, r := range Rules() {
		m[r.State] = r
	}
	return m
}()

// May reports whether a letter may go from one state to another.
func May(from, to State) bool { return slices.Contains(rules[from].To, to) }

// Final reports whether nothing can follow the state.
func (s State) Final() bool { return len(rules[s].To) == 0 }

// Counts reports whether the letter counts towards the goal: it was really accepted, or
// the supporter handed it over.
func (s State) Counts() bool { return s == Accepted || s == HandedOver }
