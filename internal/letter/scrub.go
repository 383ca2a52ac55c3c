package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// ScrubAfter is how long street, name and words are kept after a letter's last move.
const ScrubAfter = 28 * day

// Scrub forgets where people live and what they wrote, once every letter of a submission
// has been in its final state for ScrubAfter. Seat, state, moves and counts stay. A person
// who never joined the list is forgotten with their last letter. The log of acts forgets
// what is older than audit.KeptFor.
func (d *Desk) Scrub(ctx context.Context) error {
	if err := audit.Forget(ctx, d.DB, d.Clock()); err != nil {
		return err
	}
	for {
		cutoff := stamp.Of(d.Clock().Add(-ScrubAfter))
		rows, err := d.DB.Read().ListScrubbableSubmissions(ctx, query.ListScrubbableSubmissionsParams{Before: cutoff, MaxRows: reconcileBatch})
		if err != nil {
			return fmt.Errorf("list what may be forgotten: %w", db.Fault(err))
		}
		for _, id := range rows {
			if err := d.scrubOne(ctx, id, d.Clock()); err != nil {
				return err
			}
		}
		if len(rows) < reconcileBatch {
			return d.DB.Overwrite(ctx)
		}
	}
}

func (d *Desk) scrubOne(ctx context.Context, id string, now time.Time) error {
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return scrubIn(ctx, tx, id, now) })
	if err != nil {
		return fmt.Errorf("forget a submission: %w", err)
	}
	return nil
}

func scrubIn(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	s, err := tx.SubmissionByID(ctx, id)
	if err != nil {
		return err
	}
	// A new letter of the same person either is seen below or comes after us.
	if _, err := tx.LockSupporter(ctx, s.SupporterID); err != nil {
		return err
	}
	if _, err := tx.ScrubLetters(ctx, id); err != nil {
		return err
	}
	// The notes hold the office's reasons, which may quote the letter.
	if _, err := tx.ScrubLetterHistory(ctx, id); err != nil {
		return err
	}
	if _, err := tx.ForgetQuestion(ctx, id); err != nil {
		return err
	}
	if _, err := tx.ScrubSubmission(ctx, query.ScrubSubmissionParams{ID: id, ScrubbedAt: stamp.Of(now)}); err != nil {
		return err
	}
	return supporter.ForgetIn(ctx, tx, s.SupporterID, now)
}

// scrubUnconfirmed forgets a submission at once that nobody confirmed: whoever was entered
// in it need not know of it. Its person may write again.
func scrubUnconfirmed(ctx context.Context, tx *db.Tx, letterID string, now time.Time) error {
	l, err := tx.LetterByID(ctx, letterID)
	if err != nil {
		return err
	}
	if _, err := tx.ReleasePerson(ctx, l.SubmissionID); err != nil {
		return err
	}
	return scrubIn(ctx, tx, l.SubmissionID, now)
}
