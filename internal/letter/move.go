package letter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// errLostRace says that somebody else moved the letter first. It is no failure.
var errLostRace = errors.New("the letter was moved by somebody else")

// move is one change of state.
type move struct {
	to     State
	reason string // shown to the supporter's helpers and on the receipt
	actor  Actor
	due    time.Time
	// attempt counts a try; handoff gives the letter into the supporter's own hands.
	attempt bool
	handoff bool
	// also, if given, is done in the same transaction.
	also func(context.Context, *db.Tx) error
}

// change is the only function that changes a letter's state. In one transaction it checks
// the move against the table, moves the row if it still stands where the caller saw it,
// writes the history, keeps the counters, and enqueues the next attempt.
func (d *Desk) change(ctx context.Context, l query.Letter, m move) error {
	from := State(l.State)
	if !May(from, m.to, m.actor) {
		return fmt.Errorf("a letter that is %s cannot become %s by %s", from, m.to, m.actor)
	}
	now := d.Clock()
	if m.due.IsZero() && rules[m.to].After > 0 {
		m.due = now.Add(rules[m.to].After)
	}
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return d.changeIn(ctx, tx, l, m, now)
	})
	if err != nil && !errors.Is(err, errLostRace) {
		return fmt.Errorf("move a letter from %s to %s: %w", from, m.to, err)
	}
	return err
}

func (d *Desk) changeIn(ctx context.Context, tx *db.Tx, l query.Letter, m move, now time.Time) error {
	params := query.MoveLetterParams{
		ID: l.ID, FromState: l.State, ToState: string(m.to), Reason: m.reason, Since: stamp.Of(now),
		DueAt: stamp.Of(m.due), FromAttempts: l.Attempts, Attempts: l.Attempts, DeliveredAt: l.DeliveredAt,
	}
	if m.attempt {
		params.Attempts++
	}
	if m.to.Counts() {
		params.DeliveredAt = stamp.Of(now)
	}
	n, err := tx.MoveLetter(ctx, params)
	if err != nil {
		return err
	}
	if n == 0 {
		return errLostRace
	}
	if m.handoff {
		_, err := tx.SetLetterChannel(ctx, query.SetLetterChannelParams{ID: l.ID, State: string(m.to), Channel: ChannelHandoff, Office: l.Office})
		if err != nil {
			return err
		}
	}
	err = tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{
		LetterID: l.ID, At: stamp.Of(now), FromState: l.State, ToState: string(m.to), Actor: string(m.actor), Node: d.Node, Note: m.reason,
	})
	if err != nil {
		return err
	}
	if m.to.Counts() {
		err = tx.AddCampaignCounts(ctx, query.AddCampaignCountsParams{CampaignID: l.CampaignID, Shard: tx.Shard(), Delivered: 1})
		if err != nil {
			return err
		}
	}
	if m.also != nil {
		if err := m.also(ctx, tx); err != nil {
			return err
		}
	}
	if d.triesAgain(m, l) {
		return d.Enqueue(ctx, tx, []string{l.ID}, m.due)
	}
	return nil
}

// triesAgain reports whether the state the letter goes into ends with another attempt of
// ours rather than with a time-out.
func (d *Desk) triesAgain(m move, l query.Letter) bool {
	switch m.to { //nolint:exhaustive // the other states wait for nobody, or for a person
	case Ready:
		return true
	case Waiting:
		return l.Channel == ChannelHouse && !m.handoff
	case Unknown:
		return d.resends(l)
	}
	return false
}

// resends reports whether a letter of unknown fate may be sent again under its own number:
// its channel recognises repeats, and it has not been tried for too long.
func (d *Desk) resends(l query.Letter) bool {
	return l.Channel == ChannelHouse && d.House != nil && d.House.ResendUnknown && d.Clock().Sub(l.CreatedAt.Time()) < giveUpAfter
}

// HandedOver records that the supporter sent the letter in their own way. Saying it twice
// is as good as once. It returns a not-found fault for a letter that is not of the
// submission, and a conflict for one that is not the supporter's to send.
func (d *Desk) HandedOver(ctx context.Context, submissionID, letterID string) error {
	for {
		l, err := d.DB.Read().LetterByID(ctx, letterID)
		switch {
		case err != nil:
			return fmt.Errorf("find a letter: %w", db.Fault(err))
		case l.SubmissionID != submissionID:
			return fault.New(fault.NotFound, "")
		case State(l.State) == HandedOver:
			return nil
		case l.Channel != ChannelHandoff || State(l.State) != Waiting:
			return fault.New(fault.Conflict, "")
		}
		err = d.change(ctx, l, move{to: HandedOver, actor: BySupporter})
		if !errors.Is(err, errLostRace) {
			return err
		}
	}
}
