package letter

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Waits of delivery.
const (
	longestBackoff   = time.Hour
	misconfiguredFor = 5 * time.Minute // until an operator may have mended the settings
	giveUpAfter      = 7 * day         // then the supporter is told and offered the letter to send themselves
)

// Deliver sends letters whenever it is this node's turn, until ctx ends. Of all nodes one
// has the lease and sends; the others wait for it to end. Deliver returns when no letter of
// this node is on its way any more and the lease is given back.
func (d *Desk) Deliver(ctx context.Context) error {
	var crew sync.WaitGroup
	for _, o := range d.outboxes {
		crew.Go(func() { o.run(ctx) })
	}
	d.lease.Keep(ctx, d.After, d.note, func(here bool) {
		d.Log.Info("delivery moved", "here", here)
		d.wake()
	}, func(err error) {
		d.Log.Warn("the lease of delivery could not be prolonged", "error", err.Error())
	})
	crew.Wait()
	return d.lease.Release(context.WithoutCancel(ctx))
}

// wake tells delivery that a letter may go.
func (d *Desk) wake() {
	for _, o := range d.outboxes {
		o.wake()
	}
}

// attempt takes one letter, as it was seen, through one attempt under a lease, if it is its
// time. The first one to move the letter into sending makes the attempt, others do nothing.
// It returns whether the message was given to the channel, and the outcome then.
func (d *Desk) attempt(ctx context.Context, seen *sight, fence int64) (o cwc.Outcome, sent bool, err error) {
	row, c, as, err := d.begin(ctx, seen, fence)
	if err != nil || c == nil {
		return o, false, err
	}
	// From here on the attempt is on record. A shutdown must not turn it into an unknown.
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.SendTimeout)
	defer cancel()
	check, late := d.lastCheck(fence)
	if check() == nil {
		o = d.Channels[row.Letter.Channel].Send(cwc.WithLastCheck(sending, check), row, c, as)
	}
	l := row.Letter
	l.State = string(Sending)
	if late.Load() {
		d.Log.Warn("a letter was kept back", "letter", l.ID, "reason", errNotOurs.Error())
		m := move{to: Waiting, actor: ByDelivery, reason: errNotOurs.Error(), due: d.Clock()}
		return o, false, d.record(ctx, l, inDoubt(row.Letter, o, m))
	}
	d.Log.Info("letter sent", "letter", l.ID, "office", row.Letter.Office, "result", string(o.Result), "status", o.Status, "attempt", row.Letter.Attempts)
	if o.Result == cwc.Misconfigured {
		d.Log.Error("an office system refuses our access; letters wait", "channel", row.Letter.Channel, "status", o.Status, "detail", o.Detail)
	}
	return o, true, d.record(ctx, l, inDoubt(row.Letter, o, d.settle(ctx, l, c, o)))
}

// inDoubt keeps a letter unknown that an earlier attempt may have brought to its office, as
// long as the office's system does not say yes or no: it is not its writer's to take back, or
// to send again by hand. Given is the letter as it stood before the attempt.
func inDoubt(before query.Letter, o cwc.Outcome, m move) move {
	if State(before.State) == Unknown && (m.to == Waiting || ours(o)) {
		m.to, m.channel = Unknown, ""
	}
	return m
}

// errNotOurs says that the node lost the lease before it sent a single byte.
var errNotOurs = errors.New("this node was held up and may not send any more; nothing was sent")

// lastCheck returns what is asked before the message is built and again when its first byte
// is to leave: whether the lease still holds. late remembers that it did not.
func (d *Desk) lastCheck(fence int64) (check func() error, late *atomic.Bool) {
	late = &atomic.Bool{}
	return func() error {
		if d.lease.Holds(d.Clock()) != fence {
			late.Store(true)
			return errNotOurs
		}
		return nil
	}, late
}

// beginTime bounds the reads before an attempt, and then its beginning.
const beginTime = 20 * time.Second

// bounded returns a context that ends in time where a statement waits for the network. On
// SQLite there is nobody to wait for but the disk, and each statement under a context that
// may end costs a goroutine to watch it.
func (d *Desk) bounded(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if d.DB.Engine() == db.SQLite {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// begin moves a letter into sending, and returns it with the state in which it stood before, and
// as whom it is sent. It returns no campaign when there is nothing to do, and errPaused when nothing is for now.
func (d *Desk) begin(ctx context.Context, seen *sight, fence int64) (row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender, err error) {
	ctx, cancel := d.bounded(ctx, beginTime)
	defer cancel()
	row = *seen.row
	if !d.itsTime(row.Letter) {
		return row, nil, as, d.putOff(ctx, row.Letter)
	}
	if why := seen.unwanted(); why != "" {
		return row, nil, as, d.keepBack(ctx, row.Letter, why)
	}
	if c, err = d.Campaigns.Version(ctx, row.Letter.CampaignID, row.Submission.CampaignVersion); err != nil {
		return row, nil, as, err
	}
	if as, err = d.signature(ctx, row.Letter); err != nil {
		return row, nil, as, err
	}
	err = d.changeTogether(ctx, row.Letter, move{to: Sending, actor: ByDelivery, attempt: true, fence: fence})
	if errors.Is(err, errLostRace) && !errors.Is(err, errPaused) {
		return row, nil, as, nil
	}
	row.Letter.Attempts++
	return row, c, as, err
}

// putOff takes a letter out of its line that stands there although it may not be sent any
// more: it waits for the end of its state.
func (d *Desk) putOff(ctx context.Context, l query.Letter) error {
	if State(l.State) != Unknown || l.DueAt > stamp.Of(d.Clock()) {
		return nil
	}
	return d.leave(ctx, l)
}

// leave lets a letter stand where it does until the end of its state.
func (d *Desk) leave(ctx context.Context, l query.Letter) error {
	rule := rules[State(l.State)]
	return d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.HastenLetter(ctx, query.HastenLetterParams{ID: l.ID, State: l.State, Attempts: l.Attempts, DueAt: l.Since.Add(rule.After)})
		return err
	})
}

// keepBack is for a letter that became unwanted while an attempt at it was under way, or when
// nobody knew whether it had arrived: it is not sent again.
func (d *Desk) keepBack(ctx context.Context, l query.Letter, why string) error {
	if !State(l.State).Withdrawable() {
		return d.leave(ctx, l)
	}
	err := d.change(ctx, l, d.withdrawal(l, why))
	if errors.Is(err, errLostRace) {
		return nil
	}
	return err
}

// itsTime reports whether the letter is one that we may try to send now.
func (d *Desk) itsTime(l query.Letter) bool {
	if d.Channels[l.Channel] == nil || l.DueAt > stamp.Of(d.Clock()) {
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

// settle turns an outcome into the letter's next move.
func (d *Desk) settle(ctx context.Context, l query.Letter, c *campaign.Campaign, o cwc.Outcome) move {
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
			m.to, m.channel = Waiting, d.nextFor(l, c)
		}
	case cwc.Unknown:
		m.to = Unknown
		if d.resends(l) {
			m.due = now.Add(d.backoff(l.Attempts))
		}
	case cwc.Busy, cwc.NotSent:
		m.to, m.due = Waiting, c.Drip.Next(now.Add(max(o.RetryAfter, d.backoff(l.Attempts))))
	case cwc.Misconfigured:
		m.to, m.due = Waiting, now.Add(misconfiguredFor)
	}
	if m.to == Waiting && m.channel == "" && d.givesUp(ctx, l, m.due) {
		m.channel, m.due = d.nextFor(l, c), time.Time{}
	}
	if m.channel != "" && !byHand(m.channel) {
		m.due = now
	}
	return m
}

// givesUp reports whether the next attempt at a letter would come too late. The week counts
// from when it came into line: one that waited before for its confirmation, or for a person,
// has all of it.
func (d *Desk) givesUp(ctx context.Context, l query.Letter, next time.Time) bool {
	if next.Sub(l.CreatedAt.Time()) <= giveUpAfter {
		return false
	}
	history, err := d.DB.Read().ListLetterHistory(ctx, l.ID)
	if err != nil {
		return false // the next attempt asks again
	}
	for _, h := range slices.Backward(history) {
		if State(h.ToState) == Ready {
			return next.Sub(h.At.Time()) > giveUpAfter
		}
	}
	return true
}

// recordTries is how often a move is tried that records what became of an attempt: what is
// known must not be lost because the database is away for a moment.
const recordTries = 20

// record makes the move that ends an attempt.
func (d *Desk) record(ctx context.Context, l query.Letter, m move) error {
	for try := 1; ; try++ {
		err := d.changeTogether(ctx, l, m)
		if errors.Is(err, errLostRace) {
			err = d.recordLate(ctx, l, m)
		}
		if !fault.Is(err, fault.Unavailable) || try == recordTries {
			return err
		}
		<-d.After(time.Second)
	}
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
