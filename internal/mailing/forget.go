package mailing

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// KeptFor is how long it is known who got a mailing, after its end: longer than reports
// about it come in. Its numbers stay.
const KeptFor = 90 * 24 * time.Hour

// forgetPage is how many people are forgotten in one go.
const forgetPage = 1000

// Forget forgets who got the mailings that ended long ago.
func (s *Store) Forget(ctx context.Context) error {
	for _, state := range []State{Done, Cancelled} {
		ids, err := s.DB.Read().ListMailingsToForget(ctx, query.ListMailingsToForgetParams{State: string(state), Before: stamp.Of(s.Clock().Add(-KeptFor))})
		if err != nil {
			return fmt.Errorf("look for old mailings: %w", db.Fault(err))
		}
		for _, id := range ids {
			if err := s.forget(ctx, id); err != nil {
				return fmt.Errorf("forget who got a mailing: %w", err)
			}
		}
	}
	return nil
}

func (s *Store) forget(ctx context.Context, id string) error {
	for {
		var n int64
		err := s.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			n, err = tx.ForgetRecipients(ctx, query.ForgetRecipientsParams{MailingID: id, MaxRows: forgetPage})
			return err
		})
		if err != nil || n < forgetPage {
			return err
		}
	}
}
