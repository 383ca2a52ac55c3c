package letter

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Operation is one thing that an operator may do to letters.
type Operation string

// The operations.
const (
	Hold            Operation = "hold"             // put aside a letter that is in line
	Release         Operation = "release"          // a letter put aside may go
	Refuse          Operation = "refuse"           // a letter put aside must not go
	ResolveAccepted Operation = "resolve-accepted" // a letter of unknown fate had arrived
	ResolveRefused  Operation = "resolve-refused"  // a letter of unknown fate was thrown away
	Retry           Operation = "retry"            // a waiting letter is tried now
)

type operation struct {
	from, to State
	action   audit.Action
	why      bool // whether a reason must be given
}

var operations = map[Operation]operation{
	Hold:            {Ready, Frozen, audit.LetterHold, true},
	Release:         {Frozen, Ready, audit.LetterRelease, false},
	Refuse:          {Frozen, Refused, audit.LetterRefuse, true},
	ResolveAccepted: {Unknown, Accepted, audit.LetterResolve, true},
	ResolveRefused:  {Unknown, Refused, audit.LetterResolve, true},
	Retry:           {Waiting, Waiting, audit.LetterRetry, false},
}

var errNoReason = fault.New(fault.Invalid, "a reason is needed")

// From returns the state in which a letter must stand for the operation.
func (o Operation) From() State { return operations[o].from }

// NeedsReason reports whether Operate wants the operator's reason. That of a refusal is
// shown to the supporter.
func (o Operation) NeedsReason() bool { return operations[o].why }

// Operate does one thing to one letter in the name of who, and writes it into the log of
// acts in the same transaction. It returns a not-found fault for an unknown letter, an
// invalid one when the reason is missing, and a conflict when the letter stands elsewhere.
func (d *Desk) Operate(ctx context.Context, op Operation, letterID, who, why string) error {
	o, known := operations[op]
	if !known {
		return fault.New(fault.Invalid, fmt.Sprintf("there is no operation %q", op))
	}
	if o.why && why == "" {
		return errNoReason
	}
	l, err := d.movable(ctx, op, letterID)
	if err != nil {
		return err
	}
	if op == Retry {
		err = d.hasten(ctx, l, who, why)
	} else {
		err = d.operatorsChange(ctx, o, l, who, why)
	}
	if errors.Is(err, errLostRace) {
		return fault.Wrap(fault.Conflict, err, "the letter was moved by somebody else")
	}
	return err
}

// movable finds a letter that stands where the operation may move it.
func (d *Desk) movable(ctx context.Context, op Operation, letterID string) (query.Letter, error) {
	l, err := d.DB.Read().LetterByID(ctx, letterID)
	switch from := op.From(); {
	case err != nil:
		return l, fmt.Errorf("find a letter: %w", db.Fault(err))
	case State(l.State) != from:
		return l, fault.New(fault.Conflict, fmt.Sprintf("the letter is %s, not %s", l.State, from))
	case op == Retry && byHand(l.Channel):
		return l, fault.New(fault.Conflict, "it waits for people who carry it, not for us")
	}
	return l, nil
}

// Unmovable returns why an operation would not move some of the letters, by their ids. It
// changes nothing.
func (d *Desk) Unmovable(ctx context.Context, op Operation, letterIDs []string) (map[string]string, error) {
	why := map[string]string{}
	for _, id := range letterIDs {
		_, err := d.movable(ctx, op, id)
		if err == nil {
			continue
		}
		words := unmoved(err)
		if words == "" {
			return nil, err
		}
		why[id] = words
	}
	return why, nil
}

// unmoved says in words why one letter cannot be moved; "" for a fault that has nothing to do
// with the letter.
func unmoved(err error) string {
	switch {
	case fault.Is(err, fault.NotFound):
		return "there is no such letter"
	case fault.Is(err, fault.Conflict):
		return fault.Message(err)
	}
	return ""
}

// OperateAll does one thing to many letters, one after the other, and returns how many were
// moved and why the others were not, by their ids. A letter that moved meanwhile does not
// stop the others; a database that is away does.
func (d *Desk) OperateAll(ctx context.Context, op Operation, letterIDs []string, who, why string) (moved int, failed map[string]string, err error) {
	failed = map[string]string{}
	for _, id := range letterIDs {
		err := d.Operate(ctx, op, id, who, why)
		if err == nil {
			moved++
			continue
		}
		words := unmoved(err)
		if words == "" {
			return moved, failed, err
		}
		failed[id] = words
	}
	return moved, failed, nil
}

// operatorsChange makes the move of an operation. A letter that may go takes its turn as a
// new one does: a campaign may spread its letters over the day.
func (d *Desk) operatorsChange(ctx context.Context, o operation, l query.Letter, who, why string) error {
	m := d.operatorsMove(o, l, who, why)
	if m.to == Ready {
		c, err := d.campaignOf(ctx, l)
		if err != nil {
			return err
		}
		m.due = firstDue(c, l.DeliveryID, d.Clock())
	}
	return d.change(ctx, l, m)
}

// campaignOf returns the version of the campaign that a letter was written on.
func (d *Desk) campaignOf(ctx context.Context, l query.Letter) (*campaign.Campaign, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, l.SubmissionID)
	if err != nil {
		return nil, fmt.Errorf("find the submission of a letter: %w", db.Fault(err))
	}
	return d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
}

func (d *Desk) operatorsMove(o operation, l query.Letter, who, why string) move {
	m := move{to: o.to, actor: ByOperator, reason: why, also: func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{
			At: d.Clock(), Who: who, Action: o.action, Subject: l.ID, Detail: fmt.Sprintf("%s to %s: %s", l.State, o.to, why),
		})
	}}
	if o.to == Ready && byHand(l.Channel) { // people carry it
		m.to = Waiting
	}
	return m
}

// States returns the states in the order of a letter's life, for those who choose one.
func States() []State {
	var all []State
	for _, r := range Rules() {
		all = append(all, r.State)
	}
	return all
}

// StateKnown reports whether there is such a state.
func StateKnown(s State) bool { return slices.Contains(States(), s) }
