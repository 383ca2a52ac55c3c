package letter

import (
	"context"
	"errors"
	"fmt"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// noteErased stands in the history of letters whose writer was erased.
const noteErased = "erased at its writer's request"

// Erase forgets a person: their letters in line are taken back, and who they are, to what
// they agreed and what they wrote is gone when it returns. What counts stays, without them.
// It returns how many letters are on their way this moment, whose words stay for as long as
// the attempt takes: Options.Erasing has EraseLetters called again.
func (d *Desk) Erase(ctx context.Context, who supporter.Person) (left int, err error) {
	err = d.People.Erase(ctx, who, func(ctx context.Context) error {
		left, err = d.erase(ctx, who)
		return err
	})
	return left, err
}

func (d *Desk) erase(ctx context.Context, who supporter.Person) (left int, err error) {
	if left, err = d.EraseLetters(ctx, who.ID); err != nil {
		return left, err
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := d.People.EraseIn(ctx, tx, who); err != nil {
			return err
		}
		if left > 0 && d.Erasing != nil {
			if err := d.Erasing(ctx, tx, who.ID); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, audit.Entry{At: d.Clock(), Who: audit.Supporter, Action: audit.PersonErased, Subject: who.ID})
	})
	if err != nil {
		return left, fmt.Errorf("erase a person: %w", err)
	}
	return left, d.DB.Overwrite(ctx)
}

// EraseLetters takes back what a person has in line and forgets the words of their letters,
// but of those that are on their way, which it counts. Doing it twice is as good as once.
func (d *Desk) EraseLetters(ctx context.Context, supporterID string) (left int, err error) {
	submissions, err := d.DB.Read().ListSubmissionsOfSupporter(ctx, supporterID)
	if err != nil {
		return 0, fmt.Errorf("find a person's submissions: %w", db.Fault(err))
	}
	for _, s := range submissions {
		if _, err := d.withdraw(ctx, s.ID, noteErased); err != nil {
			return left, err
		}
		moving, err := d.endInDoubt(ctx, s.ID)
		if err != nil {
			return left, err
		}
		if left += moving; moving > 0 {
			continue
		}
		if err := d.scrubOne(ctx, s.ID, d.Clock()); err != nil {
			return left, err
		}
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := tx.EraseTextHashes(ctx, supporterID); err != nil {
			return err
		}
		_, err := tx.EraseSubmissions(ctx, supporterID)
		return err
	})
	if err != nil {
		return left, fmt.Errorf("erase a person's letters: %w", err)
	}
	return left, nil
}

// endInDoubt gives up the letters of a submission whose fate is unknown: without its words
// none can be sent again. It returns how many are on their way.
func (d *Desk) endInDoubt(ctx context.Context, submissionID string) (moving int, err error) {
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, submissionID)
	if err != nil {
		return 0, fmt.Errorf("find the letters: %w", db.Fault(err))
	}
	for _, l := range letters {
		switch err := d.endOne(ctx, l); {
		case errors.Is(err, errLostRace):
			moving++
		case err != nil:
			return moving, err
		}
	}
	return moving, nil
}

func (d *Desk) endOne(ctx context.Context, l query.Letter) error {
	switch State(l.State) { //nolint:exhaustive // the others stay where they are
	case Sending:
		return errLostRace
	case Unknown:
		return d.change(ctx, l, move{to: Expired, actor: ByClock, reason: noteErased})
	}
	return nil
}

// ReapplyErasures erases again who was erased after the backup was made from which the
// database came. It returns how many people that were.
func (d *Desk) ReapplyErasures(ctx context.Context) (int, error) {
	return d.People.Reapply(ctx, func(ctx context.Context, who supporter.Person) error {
		_, err := d.erase(ctx, who)
		return err
	})
}
