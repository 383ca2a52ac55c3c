package letter

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// recordLate is for an attempt whose letter no longer stood in sending when it ended. Either an
// earlier try at recording it had succeeded after all; or Reconcile thought the attempt dead and
// made the letter unknown. Then a yes or no ends the doubt, if it answers the last attempt that
// was made: another one may be under way by now, and what it hears counts. All else is told to
// the log.
func (d *Desk) recordLate(ctx context.Context, l query.Letter, m move) error {
	now, err := d.DB.Read().LetterByID(ctx, l.ID)
	if err != nil {
		return fmt.Errorf("look where a letter stands: %w", db.Fault(err))
	}
	from := State(now.State)
	if from == m.to && now.Attempts == l.Attempts {
		return nil
	}
	if from == Unknown && now.Attempts == l.Attempts && May(from, m.to, m.actor) {
		m.reason = cmp.Or(m.reason, "the answer came after the attempt had been given up")
		if err = d.changeTogether(ctx, now, m); !errors.Is(err, errLostRace) {
			return err
		}
	}
	d.Log.Warn("an attempt ended after its letter was given up", "letter", l.ID, "into", string(m.to))
	return nil
}
