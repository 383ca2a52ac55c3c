package journey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// State is where a step stands.
type State string

// The states. Sending is left by its sender; where that one died it becomes Unknown.
const (
	Waiting State = "waiting"
	Sending State = "sending"
	Sent    State = "sent"
	Skipped State = "skipped" // the person must not or need not be written to
	Failed  State = "failed"  // the relay refused it for good, or for too long
	Unknown State = "unknown" // it may have left; it is not sent again
)

const (
	// busy is how long Work works at most; then it asks to be called again.
	busy = 80 * time.Second
	// deadAfter is when the sender of a step counts as dead: no send takes as long.
	deadAfter = 5 * time.Minute
	batch     = 50
	tries     = 20 // over about three days

	// KeptFor is how long it is kept what became of a step.
	KeptFor = 90 * 24 * time.Hour
)

// step is a row whose mail is in hand.
type step struct {
	query.JourneyStep

	journey Journey
}

// verdict is what is to be done with a step: send a mail, wait, or leave it.
type verdict struct {
	mail    mail.Message
	list    supporter.List // by which it goes to the person, or supporter.OwnActs
	fulfils bool           // the mail is all that the list was about
	later   time.Duration
	why     string // it waits, when it was put off
	skip    string // why there is no mail; "" for one
}

func leave(why string) (verdict, error) { return verdict{skip: why}, nil }
func wait(after time.Duration, why string) (verdict, error) {
	return verdict{later: max(after, time.Minute), why: why}, nil
}

func send(m mail.Message, r *reader) (verdict, error)   { return verdict{mail: m, list: r.list}, nil }
func (d *Desk) wants(s step, c *campaign.Campaign) bool { return s.journey.On(c.Mails) }

// Work looks what has happened to campaigns and sends what is due. more says that it ran out
// of time, or that somebody's turn comes soon. Two nodes that work at once share the steps.
func (d *Desk) Work(ctx context.Context) (more bool, err error) {
	until := d.Clock().Add(busy)
	if err := d.tidy(ctx); err != nil {
		return false, err
	}
	kept := d.watch(ctx) // it keeps nobody else's mail back
	more, err = d.due(ctx, until)
	return more, errors.Join(kept, err)
}

// due sends what is due, until a moment.
func (d *Desk) due(ctx context.Context, until time.Time) (more bool, err error) {
	for {
		rows, err := d.DB.Read().ListDueJourneySteps(ctx, query.ListDueJourneyStepsParams{Now: stamp.Of(d.Clock()), MaxRows: batch})
		if err != nil {
			return false, fmt.Errorf("list the mails that are due: %w", db.Fault(err))
		}
		for _, row := range rows {
			if ctx.Err() != nil || !d.Clock().Before(until) {
				return true, ctx.Err()
			}
			soon, err := d.take(ctx, row)
			if err != nil {
				return false, err
			}
			more = more || soon
		}
		if len(rows) < batch {
			return more, nil
		}
	}
}

// tidy marks what a dead sender had in hand, and forgets what is long over.
func (d *Desk) tidy(ctx context.Context) error {
	now := d.Clock()
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.LoseJourneySteps(ctx, query.LoseJourneyStepsParams{Before: stamp.Of(now.Add(-deadAfter)), Reason: "its sender died with it in hand"})
		if err != nil {
			return err
		}
		_, err = tx.ForgetJourneySteps(ctx, stamp.Of(now.Add(-KeptFor)))
		return err
	})
	if err != nil {
		return fmt.Errorf("tidy the mails in line: %w", err)
	}
	return nil
}

// take takes one step in hand, durably, then asks whether its mail may go, and sends it. soon
// says that its turn comes within moments. The error is one that keeps the others from
// leaving too.
func (d *Desk) take(ctx context.Context, row query.JourneyStep) (soon bool, err error) {
	taken := false
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.ClaimJourneyStep(ctx, query.ClaimJourneyStepParams{ID: row.ID, Attempts: row.Attempts, Now: stamp.Of(d.Clock())})
		taken = n > 0
		return err
	})
	if err != nil || !taken {
		return false, err
	}
	row.Attempts++
	v, err := d.judge(ctx, row)
	if err == nil && v.skip == "" && v.later == 0 {
		v.later, err = d.Restraint.Wait(ctx, v.mail.To)
		v.why = whyDomain
	}
	switch {
	case err != nil:
		return false, errors.Join(err, d.end(ctx, row, Waiting, "it could not be looked at", backoff(row.Attempts)))
	case v.skip != "":
		return false, d.end(ctx, row, Skipped, v.skip, 0)
	case v.later > 0:
		return v.later < time.Minute, d.putOff(ctx, row, v.why, v.later)
	}
	err = d.Send(ctx, v.mail, row.ID, func(ctx context.Context) error { return d.still(ctx, row, v) })
	d.Restraint.Learn(context.WithoutCancel(ctx), v.mail.To, err)
	if err == nil && v.fulfils {
		// Should this be cut short, the person stays on that list, and gets nothing more by it.
		err = d.People.Fulfilled(context.WithoutCancel(ctx), row.SupporterID, v.list)
		return false, errors.Join(err, d.end(ctx, row, Sent, "", 0))
	}
	return false, d.sent(ctx, row, err)
}

// The reasons why a mail does not leave at the last moment.
var (
	errBarred = errors.New("the person must not be mailed any more")
	errUnseen = errors.New("whether the person may be mailed could not be looked at")
)

// still asks again right before the relay hears of a mail: it may have taken long to get there.
func (d *Desk) still(ctx context.Context, row query.JourneyStep, v verdict) error {
	_, known, err := d.People.ByID(ctx, row.SupporterID)
	if err != nil {
		return errors.Join(errUnseen, err)
	}
	out, err := d.People.Suppressed(ctx, v.mail.To, v.list)
	switch {
	case err != nil:
		return errors.Join(errUnseen, err)
	case out || !known:
		return errBarred
	}
	return nil
}

func (d *Desk) judge(ctx context.Context, row query.JourneyStep) (verdict, error) {
	j, known := of(Name(row.Journey))
	if !known {
		return leave("this release does not know it")
	}
	return j.judge(d, ctx, step{row, j})
}

// sent records what became of a mail. A relay that is away is the error of all.
func (d *Desk) sent(ctx context.Context, row query.JourneyStep, err error) error {
	failed, told := errors.AsType[*mail.SendError](err)
	switch {
	case err == nil:
		return d.end(ctx, row, Sent, "", 0)
	case errors.Is(err, errBarred):
		return d.end(ctx, row, Skipped, whyGone, 0)
	case errors.Is(err, errUnseen):
		return errors.Join(err, d.end(ctx, row, Waiting, errUnseen.Error(), backoff(row.Attempts)))
	case told && failed.Outcome == mail.Unknown:
		return d.end(ctx, row, Unknown, failed.Error(), 0)
	case !told, failed.Outcome == mail.Permanent:
		return d.end(ctx, row, Failed, err.Error(), 0)
	case row.Attempts >= tries:
		return d.end(ctx, row, Failed, "given up: "+failed.Error(), 0)
	}
	again := d.end(ctx, row, Waiting, failed.Error(), backoff(row.Attempts))
	if failed.Step == "connect" || failed.Step == "sender" {
		return errors.Join(err, again)
	}
	return again
}

// backoff is the wait after the n-th try: a minute, then twice as long, at most six hours.
func backoff(n int64) time.Duration {
	return min(time.Minute<<min(n-1, 9), 6*time.Hour)
}

// end says where a step stands that was in hand, and why.
func (d *Desk) end(ctx context.Context, row query.JourneyStep, state State, reason string, after time.Duration) error {
	params := query.EndJourneyStepParams{Tried: row.Attempts, State: string(state), Reason: reason}
	if state == Waiting {
		params.DueAt = stamp.Of(d.Clock().Add(after))
	}
	return d.record(ctx, row, params)
}

// putOff lets a step wait that has not failed.
func (d *Desk) putOff(ctx context.Context, row query.JourneyStep, why string, after time.Duration) error {
	return d.record(ctx, row, query.EndJourneyStepParams{
		Tried: row.Attempts - 1, State: string(Waiting), Reason: why, DueAt: stamp.Of(d.Clock().Add(after)),
	})
}

// record writes down where a step stands that was in hand. It does so also when its caller must
// stop, because the mail is on its way.
func (d *Desk) record(ctx context.Context, row query.JourneyStep, params query.EndJourneyStepParams) error {
	params.ID, params.Attempts, params.Now = row.ID, row.Attempts, stamp.Of(d.Clock())
	err := d.DB.Tx(context.WithoutCancel(ctx), func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.EndJourneyStep(ctx, params)
		if err != nil || n == 0 || params.State != string(Sent) {
			return err
		}
		return d.Runs.count(ctx, tx, query.CountJourneyRunParams{CampaignID: row.About, Journey: row.Journey, Sent: 1})
	})
	if err != nil {
		return fmt.Errorf("record what became of a mail: %w", err)
	}
	return nil
}
