package letter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Waits of delivery.
const (
	longestBackoff   = time.Hour
	misconfiguredFor = 5 * time.Minute // until an operator may have mended the settings
	giveUpAfter      = 7 * day         // then the supporter is told and offered the letter to send themselves
)

// Deliver takes one letter through one attempt, if it is the letter's time. It may be
// called any number of times, by several workers at once: the first one to move the
// letter into sending makes the attempt, the others do nothing.
func (d *Desk) Deliver(ctx context.Context, letterID string) error {
	row, err := d.DB.Read().LetterWithSubmission(ctx, letterID)
	if err != nil {
		return fmt.Errorf("read a letter: %w", db.Fault(err))
	}
	if !d.itsTime(row.Letter) {
		return nil
	}
	if mayGo, err := d.turn(ctx, row.Letter.Channel); err != nil || !mayGo {
		return err
	}
	c, err := d.Campaigns.Version(ctx, row.Letter.CampaignID, row.Submission.CampaignVersion)
	if err != nil {
		return err
	}
	err = d.change(ctx, row.Letter, move{to: Sending, actor: ByDelivery, attempt: true})
	if errors.Is(err, errLostRace) {
		return nil
	}
	if err != nil {
		return err
	}
	row.Letter.State, row.Letter.Attempts = string(Sending), row.Letter.Attempts+1
	// From here on the attempt is on record. A shutdown must not turn it into an unknown.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.SendTimeout)
	defer cancel()
	outcome := d.House.Send(ctx, row, c)
	d.Log.Info("letter sent", "letter", letterID, "office", row.Letter.Office, "result", string(outcome.Result), "status", outcome.Status, "attempt", row.Letter.Attempts)
	return d.settle(context.WithoutCancel(ctx), row.Letter, outcome)
}

// itsTime reports whether the letter is one that we may try to send now.
func (d *Desk) itsTime(l query.Letter) bool {
	if l.Channel != ChannelHouse || d.House == nil || l.DueAt > stamp.Of(d.Clock()) {
		return false
	}
	switch State(l.State) { //nolint:exhaustive // no other state is sent from
	case Ready, Waiting:
		return true
	case Unknown:
		return d.resends(l)
	}
	return false
}

// settle turns an outcome into the letter's next state.
func (d *Desk) settle(ctx context.Context, l query.Letter, o cwc.Outcome) error {
	m := move{actor: ByDelivery, reason: reasonOf(o)}
	now := d.Clock()
	switch o.Result {
	case cwc.Accepted:
		m.to, m.reason = Accepted, ""
		if o.Earlier {
			m.reason = "an earlier attempt had arrived"
		}
	case cwc.Refused:
		m.to = Refused
		if o.OfficeOff { // the office is closed for this channel, not for this letter
			m.to, m.handoff = Waiting, true
		}
	case cwc.Unknown:
		m.to = Unknown
		if d.resends(l) {
			m.due = now.Add(d.backoff(l.Attempts))
		}
	case cwc.Busy, cwc.NotSent:
		m.to, m.due = Waiting, now.Add(max(o.RetryAfter, d.backoff(l.Attempts)))
	case cwc.Misconfigured:
		d.Log.Error("the House's system refuses our access; letters wait", "status", o.Status, "detail", o.Detail)
		m.to, m.due = Waiting, now.Add(misconfiguredFor)
	}
	if m.to == Waiting && !m.handoff && m.due.Sub(l.CreatedAt.Time()) > giveUpAfter {
		m.handoff, m.due = true, time.Time{}
	}
	err := d.change(ctx, l, m)
	if errors.Is(err, errLostRace) {
		// Reconcile thought this attempt dead. What is known now is in the log.
		d.Log.Warn("an attempt ended after its letter was given up", "letter", l.ID, "result", string(o.Result))
		return nil
	}
	return err
}

func reasonOf(o cwc.Outcome) string {
	if len(o.Reasons) > 0 {
		return strings.Join(o.Reasons, "; ")
	}
	return o.Detail
}

// backoff doubles with each attempt and is spread by a fifth either way, so that letters
// that failed together do not come back together.
func (d *Desk) backoff(attempts int64) time.Duration {
	wait := longestBackoff
	if n := min(max(attempts-1, 0), 20); d.Backoff<<n < longestBackoff {
		wait = d.Backoff << n
	}
	spread := 0.8 + 0.4*rand.Float64() //nolint:gosec // no secret depends on it
	return time.Duration(float64(wait) * spread)
}

// reconcileBatch bounds one transaction and one read of Reconcile.
const reconcileBatch = 500

// Reconcile mends what a crash or a lost queue left behind. Attempts that nobody can be
// making any more become unknown; letters whose time came longer than grace ago are put
// back into the queue; and those whose state timed out fall into the next one. At the
// start of the only process alone says so: then no attempt of an earlier run can live.
func (d *Desk) Reconcile(ctx context.Context, grace time.Duration, alone bool) error {
	if err := d.giveUpAttempts(ctx, alone); err != nil {
		return err
	}
	_, paused, err := PauseOf(ctx, d.DB, ChannelHouse)
	if err != nil {
		return err
	}
	for limit := int64(reconcileBatch); ; {
		rows, err := d.DB.Read().ListDueLetters(ctx, query.ListDueLettersParams{Now: stamp.Of(d.Clock().Add(-grace)), MaxRows: limit})
		if err != nil {
			return fmt.Errorf("list due letters: %w", db.Fault(err))
		}
		again, ended, err := d.lookAt(ctx, rows, paused)
		if err == nil {
			err = d.requeue(ctx, again)
		}
		switch {
		case err != nil || int64(len(rows)) < limit:
			return err
		case len(again) > 0: // the rest is behind these in the queue, and is found again next time
			return nil
		case ended == 0: // these can only wait for their time-out: look behind them
			limit *= 2
		}
	}
}

// lookAt returns the due letters that can be tried again, and ends the states of those
// that have lasted too long. The others wait for a channel that is paused or that this
// node does not have now, or for an attempt under way.
func (d *Desk) lookAt(ctx context.Context, rows []query.ListDueLettersRow, paused bool) (again []string, ended int, err error) {
	now := d.Clock()
	for _, r := range rows {
		l := query.Letter{
			ID: r.ID, CampaignID: r.CampaignID, Channel: r.Channel, State: r.State,
			Since: r.Since, DueAt: r.DueAt, Attempts: r.Attempts, CreatedAt: r.CreatedAt,
		}
		rule := rules[State(r.State)]
		switch {
		case rule.Into != "" && rule.State != Sending && now.Sub(r.Since.Time()) >= rule.After:
			if err := d.timeOut(ctx, l); err != nil {
				return nil, ended, err
			}
			ended++
		case !paused && d.itsTime(l):
			again = append(again, r.ID)
		}
	}
	return again, ended, nil
}

// giveUpAttempts moves letters whose sender died from sending to unknown.
func (d *Desk) giveUpAttempts(ctx context.Context, alone bool) error {
	before := d.Clock().Add(-d.SendTimeout - cmp.Or(d.Margin, rules[Sending].After))
	if alone {
		before = d.Clock().Add(time.Millisecond)
	}
	for {
		rows, err := d.DB.Read().ListStaleSendingLetters(ctx, query.ListStaleSendingLettersParams{Before: stamp.Of(before), MaxRows: reconcileBatch})
		if err != nil {
			return fmt.Errorf("list stale attempts: %w", db.Fault(err))
		}
		for _, r := range rows {
			m := move{to: Unknown, actor: ByClock, reason: "the attempt was cut short; nobody knows whether the letter arrived"}
			l := query.Letter{ID: r.ID, CampaignID: r.CampaignID, Channel: r.Channel, State: r.State, Attempts: r.Attempts, CreatedAt: r.CreatedAt}
			if d.resends(l) {
				m.due = d.Clock()
			}
			if err := d.change(ctx, l, m); err != nil && !errors.Is(err, errLostRace) {
				return err
			}
		}
		if len(rows) < reconcileBatch {
			return nil
		}
	}
}

func (d *Desk) timeOut(ctx context.Context, l query.Letter) error {
	rule := rules[State(l.State)]
	d.Log.Warn("a letter timed out", "letter", l.ID, "state", l.State, "into", string(rule.Into))
	m := move{to: rule.Into, actor: ByClock, reason: "nothing happened for too long"}
	if rule.State == Unconfirmed {
		m.also = func(ctx context.Context, tx *db.Tx) error { return scrubUnconfirmed(ctx, tx, l.ID, d.Clock()) }
	}
	err := d.change(ctx, l, m)
	if errors.Is(err, errLostRace) {
		return nil
	}
	return err
}

func (d *Desk) requeue(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return d.Enqueue(ctx, tx, ids, d.Clock()) })
	if err != nil {
		return fmt.Errorf("put letters back into the queue: %w", err)
	}
	return nil
}
