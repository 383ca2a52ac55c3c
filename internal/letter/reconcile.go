package letter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// reconcileBatch bounds one read of Reconcile.
const reconcileBatch = 500

// Reconcile mends what a crash left behind. Attempts that nobody can be making any more
// become unknown, letters whose state timed out fall into the next one, and those that wait
// for another attempt longer than a week take the campaign's next way. At the start of
// the only process alone says so: then no attempt of an earlier run can live.
func (d *Desk) Reconcile(ctx context.Context, alone bool) error {
	for _, rule := range Rules() {
		before := d.Clock().Add(-rule.After)
		end := d.timeOut
		switch {
		case rule.Into == "":
			continue
		case rule.State == Sending && alone:
			before, end = d.Clock(), d.cutShort
		case rule.State == Sending:
			before, end = d.Clock().Add(-d.SendTimeout-cmp.Or(d.Margin, rule.After)-time.Millisecond), d.cutShort
		}
		err := endAll(ctx, end, func() ([]query.Letter, error) {
			return d.DB.Read().ListStaleLetters(ctx, query.ListStaleLettersParams{State: string(rule.State), Before: stamp.Of(before), MaxRows: reconcileBatch})
		})
		if err != nil {
			return fmt.Errorf("end what is %s for too long: %w", rule.State, err)
		}
	}
	for _, channel := range Channels() {
		before := stamp.Of(d.Clock().Add(-giveUpAfter))
		err := endAll(ctx, d.giveUp, func() ([]query.Letter, error) {
			return d.DB.Read().ListLettersGivenUp(ctx, query.ListLettersGivenUpParams{Channel: channel, Before: before, MaxRows: reconcileBatch})
		})
		if err != nil {
			return fmt.Errorf("give up what waits on %s for too long: %w", channel, err)
		}
	}
	return nil
}

// endAll ends a state for all letters that list returns, as long as there are any.
func endAll(ctx context.Context, end func(context.Context, query.Letter) error, list func() ([]query.Letter, error)) error {
	for {
		rows, err := list()
		if err != nil {
			return fmt.Errorf("list letters: %w", db.Fault(err))
		}
		for _, l := range rows {
			if err := end(ctx, l); err != nil && !errors.Is(err, errLostRace) {
				return err
			}
		}
		if len(rows) < reconcileBatch {
			return nil
		}
	}
}

// CutShort is the reason of a letter whose sender died.
const CutShort = "the attempt was cut short; nobody knows whether the letter arrived"

// cutShort moves a letter whose sender died to unknown.
func (d *Desk) cutShort(ctx context.Context, l query.Letter) error {
	m := move{to: Unknown, actor: ByClock, reason: CutShort}
	if d.resends(l) {
		m.due = d.Clock()
	}
	err := d.change(ctx, l, m)
	d.wake()
	return err
}

func (d *Desk) timeOut(ctx context.Context, l query.Letter) error {
	rule := rules[State(l.State)]
	d.Log.Warn("a letter timed out", "letter", l.ID, "state", l.State, "into", string(rule.Into))
	m := move{to: rule.Into, actor: ByClock, reason: "nothing happened for too long"}
	switch rule.State { //nolint:exhaustive // the others only end
	case Ready:
		return d.goNextWay(ctx, l, m)
	case Unconfirmed:
		m.also = func(ctx context.Context, tx *db.Tx) error { return scrubUnconfirmed(ctx, tx, l.ID, d.Clock()) }
	}
	return d.change(ctx, l, m)
}

// giveUp is for a letter that was tried and then waited on a channel on which no attempt has
// ended since its week was over: it is paused or down, or its key was taken away.
func (d *Desk) giveUp(ctx context.Context, l query.Letter) error {
	d.Log.Warn("a letter waited for too long on its channel", "letter", l.ID, "channel", l.Channel)
	return d.goNextWay(ctx, l, move{to: Waiting, actor: ByClock, reason: "a week in line brought no success"})
}

// goNextWay makes the move onto the way that follows in the campaign's order.
func (d *Desk) goNextWay(ctx context.Context, l query.Letter, m move) error {
	c, err := d.campaignOf(ctx, l)
	if err != nil {
		return err
	}
	if m.channel = d.nextFor(l, c); !byHand(m.channel) {
		m.due = d.Clock()
	}
	return d.change(ctx, l, m)
}
