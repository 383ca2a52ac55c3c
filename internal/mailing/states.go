package mailing

import "slices"

// State is where a mailing stands. The words are those of the command line and the docs.
type State string

// The states of a mailing. What may follow what is in Moves.
const (
	Draft     State = "draft"
	Scheduled State = "scheduled"
	Sending   State = "sending"
	Paused    State = "paused"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// Actor is who moves a mailing.
type Actor string

// The actors.
const (
	ByStaff   Actor = "staff"   // a person who runs this installation
	ByClock   Actor = "clock"   // its time has come
	BySending Actor = "sending" // the sender, when nobody is left
	ByBrake   Actor = "brake"   // the sender, when going on would do harm
)

// Move is an allowed change of state, who makes it, and when.
type Move struct {
	From, To State
	By       Actor
	When     string
}

// Moves returns the table of allowed moves.
func Moves() []Move {
	return []Move{
		{Draft, Scheduled, ByStaff, "says when it is to leave"},
		{Draft, Sending, ByStaff, "starts it"},
		{Draft, Cancelled, ByStaff, "gives it up"},
		{Scheduled, Draft, ByStaff, "takes the date back"},
		{Scheduled, Scheduled, ByStaff, "says another date"},
		{Scheduled, Sending, ByStaff, "starts it before its time"},
		{Scheduled, Sending, ByClock, "its time has come"},
		{Scheduled, Paused, ByBrake, "finds that mail in bulk must not leave, or that its text does not hold any more"},
		{Scheduled, Cancelled, ByStaff, "gives it up"},
		{Sending, Paused, ByStaff, "stops it; no further message begins"},
		{Sending, Paused, ByBrake, "hears too many complaints"},
		{Sending, Done, BySending, "nobody is left who has not got it"},
		{Sending, Cancelled, ByStaff, "gives it up; who has not got it gets nothing"},
		{Paused, Sending, ByStaff, "lets it go on"},
		{Paused, Cancelled, ByStaff, "gives it up; who has not got it gets nothing"},
	}
}

// May reports whether the actor may take a mailing from one state to another.
func May(from, to State, by Actor) bool {
	return slices.ContainsFunc(Moves(), func(m Move) bool { return m.From == from && m.To == to && m.By == by })
}

// States returns all states, in the order of a mailing's life.
func States() []State { return []State{Draft, Scheduled, Sending, Paused, Done, Cancelled} }

// Where one person's message stands.
const (
	rowQueued  = "queued"
	rowSent    = "sent"    // the relay has it
	rowFailed  = "failed"  // it was refused for good, or given up
	rowUnknown = "unknown" // it may have left when the sender died, or the line broke
	rowSkipped = "skipped" // the person left, has acted, or must not be mailed
)
