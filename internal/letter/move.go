package letter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/keys"
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

// ride is a letter's move on its way into the database.
type ride struct {
	letter query.Letter
	move   move
	lost   error     // why nothing was written: somebody else was quicker
	told   chan word // by the transaction that carries it along with others
}

// change changes a letter's state. It checks the move against the table; in one transaction
// it moves the row if it still stands where the caller saw it, writes the history and keeps
// the counters; after the commit it wakes delivery if a letter may go. Nothing but change
// and changeTogether changes a letter's state.
func (d *Desk) change(ctx context.Context, l query.Letter, m move) error {
	if err := allowed(l, m); err != nil {
		return err
	}
	r := &ride{letter: l, move: m}
	return d.changed(r, d.changeAll(ctx, []*ride{r}))
}

// allowed checks a move against the table.
func allowed(l query.Letter, m move) error {
	if from := State(l.State); !May(from, m.to, m.actor) {
		return fmt.Errorf("a letter that is %s cannot become %s by %s", from, m.to, m.actor)
	}
	return nil
}

// changed tells of a move after its commit, and names it in the error if it failed.
func (d *Desk) changed(r *ride, err error) error {
	from, m := State(r.letter.State), r.move
	switch {
	case err != nil:
		return fmt.Errorf("move a letter from %s to %s: %w", from, m.to, err)
	case r.lost != nil:
		return r.lost
	}
	if d.Moved != nil {
		d.Moved(r.letter.Channel, from, m.to)
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

// changeAll makes moves in one transaction.
func (d *Desk) changeAll(ctx context.Context, rides []*ride) error {
	now := d.Clock()
	return d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		sum, g := newTally(), gate{}
		var passed []*ride
		for _, r := range rides {
			if r.lost = g.pass(ctx, tx, r); r.lost == nil {
				passed = append(passed, r)
			} else if !errors.Is(r.lost, errLostRace) {
				return r.lost
			}
		}
		for _, alike := range likes(passed, now) {
			if err := d.changeAlike(ctx, tx, alike, sum); err != nil {
				return err
			}
		}
		return d.finish(ctx, tx, sum)
	})
}

// likeness is what one statement can do to many letters, and write into their history.
type likeness struct {
	from, to              State
	attempts, tried       int64 // before the move, and by it
	since, due, delivered stamp.Time
	actor                 Actor
	reason                string
}

// alike are moves that do the same.
type alike struct {
	likeness

	rides []*ride
}

// likes puts moves together that do the same.
func likes(rides []*ride, now time.Time) []*alike {
	var all []*alike
	by := map[likeness]*alike{}
	for _, r := range rides {
		what := r.like(now)
		a := by[what]
		if a == nil {
			a = &alike{likeness: what}
			by[what] = a
			all = append(all, a)
		}
		a.rides = append(a.rides, r)
	}
	return all
}

// like says what a move does to its letter.
func (r *ride) like(now time.Time) likeness {
	l, m := r.letter, r.move
	how := likeness{
		from: State(l.State), to: m.to, attempts: l.Attempts, since: stamp.Of(now), due: stamp.Of(m.due),
		delivered: l.DeliveredAt, actor: m.actor, reason: m.reason,
	}
	if after := rules[m.to].After; m.due.IsZero() && after > 0 {
		how.due = how.since.Add(after)
	}
	if m.attempt {
		how.tried = 1
	}
	switch {
	case how.to.Counts():
		how.delivered = how.since
	case how.from.Counts():
		how.delivered = 0
	}
	return how
}

// changeAlike makes moves that do the same, and notes which lost their race: of two moves of one
// letter, one wins.
func (d *Desk) changeAlike(ctx context.Context, tx *db.Tx, a *alike, sum *tally) error {
	ids := make(keys.List, len(a.rides))
	for i, r := range a.rides {
		ids[i] = r.letter.ID
	}
	moved, err := tx.MoveLetters(ctx, query.MoveLettersParams{
		Letters: ids, FromState: string(a.from), ToState: string(a.to), Reason: seal.Word(a.reason), Since: a.since,
		DueAt: a.due, FromAttempts: a.attempts, Attempts: a.attempts + a.tried, DeliveredAt: a.delivered,
	})
	if err != nil {
		return err
	}
	won := make(map[string]bool, len(moved))
	for _, id := range moved {
		won[id] = true
	}
	for _, r := range a.rides {
		if !won[r.letter.ID] {
			r.lost = errLostRace
			continue
		}
		delete(won, r.letter.ID)
		if err := d.follow(ctx, tx, r, sum); err != nil {
			return err
		}
	}
	return d.remember(ctx, tx, a, moved)
}

// remember adds a move to the history of letters.
func (d *Desk) remember(ctx context.Context, tx *db.Tx, a *alike, moved keys.List) error {
	ends, err := tx.ListHistoryEnds(ctx, moved)
	if err != nil {
		return err
	}
	last := make(map[string]int64, len(ends))
	for _, end := range ends {
		last[end.LetterID] = end.Seq
	}
	rows := make([][]any, len(moved))
	for i, id := range moved {
		rows[i] = []any{id, last[id] + 1}
	}
	_, err = tx.InsertRows(ctx, db.Insert{
		Table:   "letter_history",
		Columns: []string{"letter_id", "seq", "at", "from_state", "to_state", "actor", "node", "note"},
		Same:    []any{a.since, string(a.from), string(a.to), string(a.actor), d.Node, a.reason},
	}, rows)
	return err
}

// follow does what follows from a move in the same transaction.
func (d *Desk) follow(ctx context.Context, tx *db.Tx, r *ride, sum *tally) error {
	l, m := r.letter, r.move
	from := State(l.State)
	switch {
	case m.to.Counts():
		sum.delivered[l.CampaignID]++
	case from.Counts():
		sum.delivered[l.CampaignID]--
	}
	if d.Turned != nil && turns(from, m) {
		sum.turned = append(sum.turned, l.SubmissionID)
	}
	if m.channel != "" {
		_, err := tx.SetLetterChannel(ctx, query.SetLetterChannelParams{ID: l.ID, State: string(m.to), Channel: m.channel, Office: l.Office})
		if err != nil {
			return err
		}
	}
	if m.also != nil {
		return m.also(ctx, tx)
	}
	return nil
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
