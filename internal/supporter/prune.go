package supporter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// pruneBatch is how many people are looked at in one go.
const pruneBatch = 500

// Prune erases the ticks that nobody confirmed in time, with their people if nothing else
// is known of them.
func (p *People) Prune(ctx context.Context) error {
	for {
		rows, err := p.DB.Read().ListUnconfirmedSubscriptions(ctx, query.ListUnconfirmedSubscriptionsParams{
			Before: stamp.Of(p.Clock().Add(-JoinFor)), MaxRows: pruneBatch,
		})
		if err != nil {
			return fmt.Errorf("list ticks that nobody confirmed: %w", db.Fault(err))
		}
		for _, r := range rows {
			err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return p.forgetTick(ctx, tx, r) })
			if err != nil {
				return fmt.Errorf("erase a tick that nobody confirmed: %w", err)
			}
		}
		if len(rows) < pruneBatch {
			break
		}
	}
	return nil
}

// How long the ledger keeps from which network a tick came, and a line that was taken back.
const (
	NetworkFor = 30 * 24 * time.Hour
	EndedFor   = 3 * 365 * 24 * time.Hour
)

// ForgetOld forgets what its time is over for: which mailed links were used, from which
// networks ticks came, and lines of the ledger that ended long ago, with their people if
// nothing else is known of them.
func (p *People) ForgetOld(ctx context.Context) error {
	now := p.Clock()
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.ForgetDownloads(ctx, stamp.Of(now.Add(-2*DataFor))); err != nil {
			return err
		}
		_, err := tx.ForgetNetworks(ctx, stamp.Of(now.Add(-NetworkFor)))
		return err
	})
	if err != nil {
		return fmt.Errorf("forget used links and networks: %w", err)
	}
	before := stamp.Of(now.Add(-EndedFor))
	for {
		ids, err := p.DB.Read().ListEndedConsents(ctx, query.ListEndedConsentsParams{Before: before, MaxRows: pruneBatch})
		if err != nil {
			return fmt.Errorf("list consents that ended: %w", db.Fault(err))
		}
		for _, id := range ids {
			if err := p.forgetEnded(ctx, id, before); err != nil {
				return err
			}
		}
		if len(ids) < pruneBatch {
			return nil
		}
	}
}

func (p *People) forgetTick(ctx context.Context, tx *db.Tx, s query.Subscription) error {
	if _, err := tx.LockSupporter(ctx, s.SupporterID); err != nil {
		return err
	}
	n, err := tx.DropUnconfirmedSubscription(ctx, query.DropUnconfirmedSubscriptionParams{SupporterID: s.SupporterID, List: s.List})
	if err != nil || n == 0 { // it was confirmed a moment ago
		return err
	}
	_, err = tx.EraseUnconfirmedConsents(ctx, query.EraseUnconfirmedConsentsParams{SupporterID: s.SupporterID, Purpose: s.List})
	if err != nil {
		return err
	}
	return ForgetIn(ctx, tx, s.SupporterID, p.Clock())
}

// ForgetIn forgets in the caller's transaction who a person is of whom nothing is left to
// know: no consent, and no letter that still has its words. Lock the person's row first.
func ForgetIn(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	n, err := tx.ForgetSupporter(ctx, query.ForgetSupporterParams{ID: id, UpdatedAt: stamp.Of(now)})
	if err != nil || n == 0 {
		return err
	}
	if _, err := tx.DropTagsOfForgotten(ctx, id); err != nil {
		return err
	}
	return segment.Changed(ctx, tx, id)
}

func (p *People) forgetEnded(ctx context.Context, id string, before stamp.Time) error {
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.LockSupporter(ctx, id); err != nil {
			return err
		}
		if _, err := tx.ForgetEndedConsents(ctx, query.ForgetEndedConsentsParams{SupporterID: id, Before: before}); err != nil {
			return err
		}
		return ForgetIn(ctx, tx, id, p.Clock())
	})
	if err != nil {
		return fmt.Errorf("forget consents that ended: %w", err)
	}
	return nil
}
