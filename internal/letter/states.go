package letter

import (
	"slices"
	"time"
)

// State is where a letter stands. The words are those of the receipt and of the docs.
type State string

// The states of a letter. What may follow what is in Moves.
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

// Actor is who moves a letter. The words are those of the history.
type Actor string

// The actors.
const (
	BySupporter Actor = "supporter"
	ByDelivery  Actor = "delivery" // the worker that makes an attempt
	ByClock     Actor = "clock"    // Reconcile, when nothing happened for too long
	ByOperator  Actor = "operator" // a person who runs this installation
	ByOffice    Actor = "office"   // a report of an office's mail system, after the attempt
)

// Rule says what a state means, and into which one the letter falls when nothing has
// happened for a while.
type Rule struct {
	State   State
	Meaning string
	After   time.Duration // 0: stays
	Into    State
}

// Move is an allowed change of state, who makes it, and when.
type Move struct {
	From, To State
	By       Actor
	When     string
}

const day = 24 * time.Hour

// Rules returns the states in the order of a letter's life.
func Rules() []Rule {
	return []Rule{
		{Unconfirmed, "the supporter has not yet confirmed the e-mail address", 7 * day, Expired},
		{Frozen, "put aside for a person to look at, with the reason", 30 * day, Expired},
		{Ready, "in line to be sent", 7 * day, Waiting},
		{Sending, "on its way to the office's mail system right now", 2 * time.Minute, Unknown},
		{Accepted, "the office's mail system said that it has the letter", 0, ""},
		{Refused, "the office's mail system or a person said no, with reasons", 0, ""},
		{Unknown, "sent, but no clear answer came: it may or may not have arrived", 30 * day, Expired},
		{Waiting, "the office or channel is closed for now, or people have to carry it: the supporter, or the organisation on paper", 30 * day, Expired},
		{HandedOver, "whoever carried it said that it was sent or handed over", 0, ""},
		{Withdrawn, "taken back by the supporter before it was sent", 0, ""},
		{Expired, "given up; the supporter is told so", 0, ""},
	}
}

// Moves returns the table of allowed moves. A final state is left by reports of offices only.
func Moves() []Move {
	return []Move{
		{Unconfirmed, Ready, BySupporter, "confirms the e-mail address"},
		{Unconfirmed, Waiting, BySupporter, "confirms the e-mail address of a letter that people carry"},
		{Unconfirmed, Frozen, BySupporter, "confirms the e-mail address of a letter that a person has to look at"},
		{Unconfirmed, Frozen, ByOperator, "wants to look at it first"},
		{Unconfirmed, Withdrawn, BySupporter, "takes it back"},
		{Unconfirmed, Expired, ByClock, "it was not confirmed in time"},
		{Frozen, Ready, ByOperator, "finds it in order"},
		{Frozen, Waiting, ByOperator, "finds it in order, and people carry it"},
		{Frozen, Refused, ByOperator, "finds that it must not go out"},
		{Frozen, Withdrawn, BySupporter, "takes it back"},
		{Frozen, Expired, ByClock, "nobody looked at it in time"},
		{Ready, Sending, ByDelivery, "makes the first attempt"},
		{Ready, Frozen, ByOperator, "wants to look at it first"},
		{Ready, Withdrawn, BySupporter, "takes it back"},
		{Ready, Waiting, ByClock, "it could not be sent in time, so it takes the campaign's next way"},
		{Sending, Accepted, ByDelivery, "hears that the letter is there"},
		{Sending, Refused, ByDelivery, "hears no, with reasons"},
		{Sending, Unknown, ByDelivery, "hears nothing clear"},
		{Sending, Unknown, ByClock, "the attempt was cut short"},
		{Sending, Waiting, ByDelivery, "hears: later; or: not this way, so it takes the campaign's next one"},
		{Unknown, Sending, ByDelivery, "repeats it, where the system is known to recognise repeats"},
		{Unknown, Accepted, ByDelivery, "hears late, after the attempt was given up, that the letter is there"},
		{Unknown, Refused, ByDelivery, "hears late, after the attempt was given up, no, with reasons"},
		{Unknown, Accepted, ByOperator, "learns that it had arrived"},
		{Unknown, Refused, ByOperator, "learns that it was thrown away"},
		{Unknown, Accepted, ByOffice, "reports that it had arrived"},
		{Unknown, Refused, ByOffice, "reports that it was thrown away"},
		{Unknown, Expired, ByClock, "nobody found out in time"},
		{Accepted, Refused, ByOffice, "sends it back late"},
		{Waiting, Sending, ByDelivery, "makes the next attempt"},
		{Waiting, Waiting, ByClock, "a week in line brought no success, so it takes the campaign's next way; not if people carry it"},
		{Waiting, HandedOver, BySupporter, "says that they sent it themselves"},
		{Waiting, HandedOver, ByOperator, "says that it was handed to the office on paper"},
		{Waiting, Withdrawn, BySupporter, "takes it back"},
		{Waiting, Expired, ByClock, "its time is over"},
	}
}

var rules = func() map[State]Rule {
	m := map[State]Rule{}
	for _, r := range Rules() {
		m[r.State] = r
	}
	return m
}()

var moves = func() map[State][]Move {
	m := map[State][]Move{}
	for _, one := range Moves() {
		m[one.From] = append(m[one.From], one)
	}
	return m
}()

// May reports whether the actor may take a letter from one state to another.
func May(from, to State, by Actor) bool {
	return slices.ContainsFunc(moves[from], func(m Move) bool { return m.To == to && m.By == by })
}

// Final reports whether nothing follows the state by itself: all that can still come is an
// office that sends a letter back late.
func (s State) Final() bool { return rules[s].After == 0 }

// Counts reports whether the letter counts towards the goal: it was really accepted, or
// the supporter handed it over.
func (s State) Counts() bool { return s == Accepted || s == HandedOver }
