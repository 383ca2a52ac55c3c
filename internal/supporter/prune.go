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
// is known of them, and which mailed links were used.
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
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ForgetDownloads(ctx, stamp.Of(p.Clock().Add(-2*DataFor)))
		return err
	})
	if err != nil {
		return fmt.Errorf("forget used links: %w", err)
	}
	return nil
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
