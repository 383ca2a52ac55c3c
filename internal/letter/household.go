package letter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Reasons for which a letter from a shared mailbox is put aside.
const (
	CrowdedMailbox = "mailbox-people: more people wrote from one mailbox on this campaign than share one as a rule"
	OtherHousehold = "mailbox-household: a second person wrote from one mailbox, but lives elsewhere"
)

// holdCrowdedMailboxes puts letters aside that come from a mailbox from which others have
// written on the campaign: up to PerMailbox people may share one if they live in one ZIP
// code. The supporters' rows are locked by now, so no other node can add to the count.
func (d *Desk) holdCrowdedMailboxes(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	for _, one := range drafts {
		if d.PerMailbox == 0 || !one.known {
			continue
		}
		rows, err := tx.ListSubmissionsOfMailbox(ctx, query.ListSubmissionsOfMailboxParams{
			SupporterID: one.supporterID, CampaignID: one.Campaign.ID,
		})
		if err != nil {
			return fmt.Errorf("count the people of a mailbox: %w", err)
		}
		if reason := d.crowded(rows, one); reason != "" {
			one.hold(reason)
		}
	}
	return nil
}

func (d *Desk) crowded(rows []query.ListSubmissionsOfMailboxRow, one *draft) string {
	for place, row := range rows {
		switch {
		case row.ID != one.id:
		case place >= d.PerMailbox:
			return CrowdedMailbox
		case place > 0 && rows[0].Zip != "" && zip5(string(rows[0].Zip)) != zip5(one.Form.ZIP):
			return OtherHousehold
		}
	}
	return ""
}

// hold puts a new letter aside. One that waits for its confirmation goes on waiting, and is
// put aside then.
func (d *draft) hold(reason string) {
	if d.Suspicion == "" {
		d.Suspicion = reason
	}
	if d.state != Unconfirmed {
		d.state = Frozen
	}
}
