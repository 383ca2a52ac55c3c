package inbox

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// How long things are kept.
const (
	HeldFor     = 30 * 24 * time.Hour // a mail that waits for a person
	seenFor     = 60 * 24 * time.Hour // longer than a return address counts
	countsFor   = 2 * 365 * 24 * time.Hour
	RefusalsFor = 30 * 24 * time.Hour // a domain that did not want our mail
)

// RefusingFor is how long a domain that did not want our mail is named.
const RefusingFor = 24 * time.Hour

const maxRefusals = 100

// Held is one mail that waits for a person.
type Held struct {
	ID   string
	Kind Kind
	Came time.Time
}

// Counts are what a page shows of the mail that came in.
type Counts struct {
	Kinds    []query.ListMailInCountsRow // of the last 30 days, the most first
	Waiting  int64                       // not worked on yet
	Since    time.Time                   // when the first of them came; zero for none
	Held     int64                       // for a person
	Refusals []query.MailRefusal         // domains that did not want our mail in the last day
}

// Count tells what came in. It needs nothing but a database and the time.
func Count(ctx context.Context, d *db.DB, now time.Time) (c Counts, err error) {
	since := day(stamp.Of(now.Add(-30 * 24 * time.Hour)))
	if c.Kinds, err = d.Read().ListMailInCounts(ctx, since); err != nil {
		return c, fmt.Errorf("count mails: %w", db.Fault(err))
	}
	waiting, err := d.Read().CountMailIn(ctx, stateNew)
	if err != nil {
		return c, fmt.Errorf("count mails: %w", db.Fault(err))
	}
	held, err := d.Read().CountMailIn(ctx, stateHeld)
	if err != nil {
		return c, fmt.Errorf("count mails: %w", db.Fault(err))
	}
	c.Waiting, c.Since, c.Held = waiting.Mails, stamp.Time(waiting.Oldest).Time(), held.Mails
	c.Refusals, err = Refusals(ctx, d, now)
	return c, err
}

// Refusals returns the domains that did not want our mail in the last day, the latest
// first. Whoever sends many mails should send them none.
func Refusals(ctx context.Context, d *db.DB, now time.Time) ([]query.MailRefusal, error) {
	rows, err := d.Read().ListMailRefusals(ctx, query.ListMailRefusalsParams{After: stamp.Of(now.Add(-RefusingFor)), MaxRows: maxRefusals})
	if err != nil {
		return nil, fmt.Errorf("look who wants no mail: %w", db.Fault(err))
	}
	return rows, nil
}

// List returns the mails that wait for a person, the oldest first.
func List(ctx context.Context, d *db.DB, now time.Time, limit int) ([]Held, error) {
	rows, err := d.Read().ListMailIn(ctx, query.ListMailInParams{State: stateHeld, Until: stamp.Of(now), MaxRows: int64(limit)})
	if err != nil {
		return nil, fmt.Errorf("list mails: %w", db.Fault(err))
	}
	all := make([]Held, len(rows))
	for i, r := range rows {
		all[i] = Held{ID: r.ID, Kind: Kind(r.Kind), Came: r.CreatedAt.Time()}
	}
	return all, nil
}

// Show returns a mail that waits for a person. Every look is logged.
func (b *Inbox) Show(ctx context.Context, id string) ([]byte, error) {
	row, err := b.DB.Read().MailIn(ctx, id)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return nil, fault.New(fault.NotFound, "There is no such mail")
	}
	if err != nil {
		return nil, fmt.Errorf("read a mail: %w", err)
	}
	raw, err := b.keys.open(id, row.Raw)
	if err != nil {
		return nil, err
	}
	err = b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: b.Clock(), Who: b.Who, Action: audit.MailView, Subject: id})
	})
	return raw, err
}

// Close forgets a mail that a person has dealt with; false when there is none.
func (b *Inbox) Close(ctx context.Context, id string) (closed bool, err error) {
	err = b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.DropMailIn(ctx, id)
		if closed = n > 0; err != nil || !closed {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: b.Clock(), Who: b.Who, Action: audit.MailClose, Subject: id})
	})
	if err != nil {
		return false, fmt.Errorf("close a mail: %w", err)
	}
	return closed, nil
}

// Forget drops what has been kept long enough.
func (b *Inbox) Forget(ctx context.Context) error {
	before := func(kept time.Duration) stamp.Time { return stamp.Of(b.Clock().Add(-kept)) }
	err := b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		steps := []func() (int64, error){
			func() (int64, error) {
				return tx.ForgetMailIn(ctx, query.ForgetMailInParams{State: stateHeld, Before: before(HeldFor)})
			},
			func() (int64, error) { return tx.ForgetMailSeen(ctx, before(seenFor)) },
			func() (int64, error) { return tx.ForgetSoftBounces(ctx, before(SoftWithin)) },
			func() (int64, error) { return tx.ForgetMailInCounts(ctx, day(before(countsFor))) },
			func() (int64, error) { return tx.ForgetMailRefusals(ctx, before(RefusalsFor)) },
		}
		for _, forget := range steps {
			if _, err := forget(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget old mail: %w", err)
	}
	return nil
}
