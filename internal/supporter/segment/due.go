package segment

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
)

// A count looks each changed person up: so many are soon done. Folding makes whole blocks
// anew, so it is not done all the time; but who was forgotten is out of the blocks within the
// hour.
const (
	foldWhen   = 2000
	foldPause  = 15 * time.Minute
	foldWithin = 45 * time.Minute
)

// FoldDue folds in who has changed, when many wait or some have waited for long. Call it
// every minute. It rests after each block for as long as that took: letters come first, and a
// program that asked for much memory in a second would take it for a rush.
func (p *People) FoldDue(ctx context.Context) error {
	last, err := p.folded(ctx)
	if err != nil {
		return err
	}
	since := p.Clock().Sub(last)
	if since < foldPause {
		return nil
	}
	if n, err := p.Waiting(ctx, foldWhen); err != nil || n == 0 || n < foldWhen && since < foldWithin {
		return err
	}
	return p.foldAll(ctx, func(took time.Duration) {
		select {
		case <-time.After(took):
		case <-ctx.Done():
		}
	})
}

// folded returns when a block was last made anew; zero for never.
func (p *People) folded(ctx context.Context) (time.Time, error) {
	text, err := p.DB.Read().Setting(ctx, foldLock)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("look when people were last folded in: %w", err)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, nil //nolint:nilerr // somebody wrote into it: as never
	}
	return at, nil
}

// Forget takes a person who was erased out of their block in the same transaction, which
// makes the block anew. It is for one person; who forgets many has Changed and waits.
func Forget(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	if err := Changed(ctx, tx, id); err != nil {
		return err
	}
	at, err := piecesOf(ctx, tx.Queries, id)
	if err != nil || at.find(id) == 0 {
		return err
	}
	_, err = fold(ctx, tx, id, now)
	return err
}
