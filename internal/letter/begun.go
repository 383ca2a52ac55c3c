package letter

import (
	"context"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
)

// Written is a submission that was just taken in.
type Written struct {
	Submission, Supporter string
	Campaign              *campaign.Campaign
	Unconfirmed           bool // its letters wait until its mailbox answers
}

func (d *Desk) begun(ctx context.Context, tx *db.Tx, added []*draft) error {
	if d.Begun == nil {
		return nil
	}
	all := make([]Written, len(added))
	for i, one := range added {
		all[i] = Written{one.id, one.supporterID, one.Campaign, one.state == Unconfirmed}
	}
	return d.Begun(ctx, tx, all)
}
