package letter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/seal"
)

// errLostRace says that somebody else moved the letter first. It is no failure.
var errLostRace = errors.New("the letter was moved by somebody else")

// move is one change of state.
type move struct {
	to      State
	reason  string // shown to the supporter's helpers and on the receipt
	actor   Actor
	due     time.Time
	attempt bool  // begins one: counts a try
	fence   int64 // of the lease under which an attempt begins
	// channel, if given, is the way on which the letter goes on.
	channel string
	// also, if given, is done in the same transaction.
	also func(context.Context, *db.Tx) error
}

// change changes a letter's state. It checks the move against the table; in one transaction
// it moves the row if it still stands where the caller saw it, writes the history and keeps
// the counters; after the commit it wakes delivery if a letter may go. Nothing but change
// and changeTogether changes a letter's state.
func (d *Desk) change(ctx context.Context, l query.Letter, m move) error {
	now := d.Clock()
	m, err := planned(l, m, now)
	if err != nil {
		return err
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		sum := newTally()
		if err := d.changeIn(ctx, tx, l, m, now, sum); err != nil {
			return err
		}
		return d.finish(ctx, tx, sum)
	})
	return d.changed(l, m, err)
}

// planned checks a move against the table and fills in when the letter's new state ends.
func planned(l query.Letter, m move, now time.Time) (move, error) {
	from := State(l.State)
	if !May(from, m.to, m.actor) {
		return m, fmt.Errorf("a letter that is %s cannot become %s by %s", from, m.to, m.actor)
	}
	if m.due.IsZero() && rules[m.to].After > 0 {
		m.due = now.Add(rules[m.to].After)
	}
	return m, nil
}

// changed tells of a move after its commit, and names it in the error if it failed.
func (d *Desk) changed(l query.Letter, m move, err error) error {
	from := State(l.State)
	switch {
	case errors.Is(err, errLostRace):
		return err
	case err != nil:
		return fmt.Errorf("move a letter from %s to %s: %w", from, m.to, err)
	}
	if d.Moved != nil {
		d.Moved(l.Channel, from, m.to)
	}
	if m.to == Ready {
		d.wake()
	}
	return nil
}

// tally is what the moves of a transaction add up to: by how much they change how many letters
// of each campaign are delivered, and the submissions whose writers are to hear of them.
type tally struct {
	delivered map[string]int64
	turned    []string
}

func newTally() *tally { return &tally{delivered: map[string]int64{}} }

// finish writes what the moves of a transaction add up to. It comes last, in one order
// everywhere: here transactions that have no letter in common meet at the same rows.
func (d *Desk) finish(ctx context.Context, tx *db.Tx, t *tally) error {
	for _, id := range slices.Sorted(maps.Keys(t.delivered)) {
		err := tx.AddCampaignCounts(ctx, query.AddCampaignCountsParams{CampaignID: id, Shard: tx.Shard(), Delivered: t.delivered[id]})
		if err != nil {
			return err
		}
	}
	for _, id := range t.turned {
		if err := d.Turned(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) changeIn(ctx context.Context, tx *db.Tx, l query.Letter, m move, now time.Time, sum *tally) error {
	params := query.MoveLetterParams{
		ID: l.ID, FromState: l.State, ToState: string(m.to), Reason: seal.Word(m.reason), Since: stamp.Of(now),
		DueAt: stamp.Of(m.due), FromAttempts: l.Attempts, Attempts: l.Attempts, DeliveredAt: l.DeliveredAt,
	}
	if m.attempt {
		params.Attempts++
	}
	counts := int64(0) // how the move changes the number of those delivered
	switch {
	case m.to.Counts():
		params.DeliveredAt, counts = stamp.Of(now), 1
	case State(l.State).Counts():
		params.DeliveredAt, counts = 0, -1
	}
	n, err := tx.MoveLetter(ctx, params)
	if err != nil {
		return err
	}
	if n == 0 {
		return errLostRace
	}
	if m.channel != "" {
		_, err := tx.SetLetterChannel(ctx, query.SetLetterChannelParams{ID: l.ID, State: string(m.to), Channel: m.channel, Office: l.Office})
		if err != nil {
			return err
		}
	}
	err = tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{
		LetterID: l.ID, At: stamp.Of(now), FromState: l.State, ToState: string(m.to), Actor: string(m.actor), Node: d.Node, Note: seal.Text(m.reason),
	})
	if err != nil {
		return err
	}
	if counts != 0 {
		sum.delivered[l.CampaignID] += counts
	}
	if d.Turned != nil && turns(State(l.State), m) {
		sum.turned = append(sum.turned, l.SubmissionID)
	}
	if m.also != nil {
		err = m.also(ctx, tx)
	}
	return err
}

// turns reports whether the writer should hear of a move: a letter that was on its way to
// an office, or waited for a person to look at it whom nobody found, will not get there by
// itself. What an operator does is no news for a mailbox that the writer may only have
// borrowed.
func turns(from State, m move) bool {
	if m.actor == BySupporter || m.actor == ByOperator || from == Unconfirmed {
		return false
	}
	return m.channel == ChannelHandoff || m.to == Refused || m.to == Expired
}

// resends reports whether a letter of unknown fate may be sent again under its own number:
// its channel recognises repeats, and it has not been tried for too long.
func (d *Desk) resends(l query.Letter) bool {
	channel := d.Channels[l.Channel]
	return channel != nil && channel.Repeats() && d.Clock().Sub(l.CreatedAt.Time()) < giveUpAfter
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
