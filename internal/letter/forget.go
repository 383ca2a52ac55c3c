package letter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// ForgetDelivered forgets people who asked for it, as Scrub does others, as soon as every
// letter of theirs has reached its end. Who joined the list stays on it.
func (d *Desk) ForgetDelivered(ctx context.Context) error {
	for forgotten := false; ; {
		rows, err := d.DB.Read().ListForgettableSubmissions(ctx, query.ListForgettableSubmissionsParams{Now: stamp.Of(d.Clock()), MaxRows: reconcileBatch})
		if err != nil {
			return fmt.Errorf("list who wants to be forgotten: %w", db.Fault(err))
		}
		for _, id := range rows {
			if err := d.scrubOne(ctx, id, d.Clock()); err != nil {
				return err
			}
			forgotten = true
		}
		switch {
		case len(rows) == reconcileBatch:
		case forgotten:
			return d.DB.Overwrite(ctx)
		default:
			return nil
		}
	}
}
