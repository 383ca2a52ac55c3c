package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// UnknownPage chooses among the letters whose fate is not known.
type UnknownPage struct {
	Campaign string // the slug; "" for every campaign
	Office   string // "" for every office
	// After and AfterID are since and id of the last letter of the page before; zero for the
	// oldest.
	After   time.Time
	AfterID string
	Limit   int
}

// Unknown returns a page of the letters whose fate is not known, the oldest first, with
// nothing of what is in them.
func (d *Desk) Unknown(ctx context.Context, p UnknownPage) ([]query.ListUnknownRow, error) {
	rows, err := d.DB.Read().ListUnknown(ctx, query.ListUnknownParams{
		Slug: p.Campaign, Office: p.Office, After: stamp.Of(p.After), AfterID: p.AfterID, MaxRows: int64(p.Limit),
	})
	if err != nil {
		return nil, fmt.Errorf("list the letters of unknown fate: %w", db.Fault(err))
	}
	return rows, nil
}

// UnknownSums returns how many letters of unknown fate there are, by campaign and office.
func (d *Desk) UnknownSums(ctx context.Context) ([]query.CountUnknownRow, error) {
	rows, err := d.DB.Read().CountUnknown(ctx)
	if err != nil {
		return nil, fmt.Errorf("count the letters of unknown fate: %w", db.Fault(err))
	}
	return rows, nil
}
