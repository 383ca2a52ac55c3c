package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
)

// doubtFloor is from how many reports on a campaign is stopped: one person who does not
// remember must not stop a small one, whatever the share.
const doubtFloor = 3

// Doubted is the reason of the letters of a campaign that too many people say they did not
// write.
const Doubted = "disowned: too many owners of e-mail addresses said that they did not write letters of this campaign"

// holdDoubted puts the new letters of a campaign aside once too many of those before were
// reported by the owners of their addresses. It is part of the report's transaction.
func (d *Desk) holdDoubted(ctx context.Context, tx *db.Tx, campaignID string, now time.Time) error {
	if d.DisownedShare == 0 {
		return nil
	}
	n, err := tx.CampaignDoubts(ctx, campaignID)
	if err != nil {
		return err
	}
	if n.Disowned < doubtFloor || float64(n.Disowned) <= d.DisownedShare*float64(n.Submitted) {
		return nil
	}
	rows, err := tx.HoldCampaign(ctx, query.HoldCampaignParams{CampaignID: campaignID, Reason: Doubted, HeldAt: stamp.Of(now)})
	if err != nil || rows == 0 {
		return err
	}
	d.Log.Error("a campaign is stopped: its new letters are put aside", "campaign", campaignID, "reported", n.Disowned, "letters", n.Submitted)
	return audit.Record(ctx, tx, audit.Entry{
		At: now, Who: audit.Guard, Action: audit.CampaignHeld, Subject: campaignID,
		Detail: fmt.Sprintf("%d of %d letters were reported as not theirs", n.Disowned, n.Submitted),
	})
}

// holdOnHeldCampaigns puts new letters aside whose campaigns are stopped.
func holdOnHeldCampaigns(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	held, err := heldCampaigns(ctx, tx.Queries)
	if err != nil {
		return err
	}
	for _, one := range drafts {
		if reason := held[one.Campaign.ID]; reason != "" {
			one.hold(reason)
		}
	}
	return nil
}

// heldCampaigns returns the reasons of the campaigns that are stopped, by their ids.
func heldCampaigns(ctx context.Context, q *query.Queries) (map[string]string, error) {
	rows, err := q.ListHeldCampaigns(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the campaigns that are stopped: %w", db.Fault(err))
	}
	reasons := make(map[string]string, len(rows))
	for _, r := range rows {
		reasons[r.CampaignID] = r.Reason
	}
	return reasons, nil
}

// ResumeCampaign lets the new letters of a campaign go on in the name of who; those that
// were put aside stay so until they are released. What was reported so far does not stop it
// again. It returns a conflict fault when the campaign is not stopped.
func ResumeCampaign(ctx context.Context, d *db.DB, campaignID, who, why string, now time.Time) error {
	err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.CampaignCounts(ctx, campaignID)
		if err != nil {
			return err
		}
		rows, err := tx.ResumeCampaign(ctx, query.ResumeCampaignParams{CampaignID: campaignID, Disowned: n.Disowned, Submitted: n.Submitted})
		if err != nil {
			return err
		}
		if rows == 0 {
			return fault.New(fault.Conflict, "the campaign is not stopped")
		}
		return audit.Record(ctx, tx, audit.Entry{At: now, Who: who, Action: audit.CampaignResumed, Subject: campaignID, Detail: why})
	})
	if err != nil {
		return fmt.Errorf("let a campaign go on: %w", err)
	}
	return nil
}
