package letter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
)

// Hushed reports whether a person wrote, or joined the list, on a campaign whose mails must
// not tell in their subjects what they are about.
func (d *Desk) Hushed(ctx context.Context, supporterID string) (bool, error) {
	type version struct {
		campaign string
		number   int64
	}
	seen := map[version]bool{}
	submissions, err := d.DB.Read().ListSubmissionsOfSupporter(ctx, supporterID)
	if err != nil {
		return false, fmt.Errorf("find a person's submissions: %w", db.Fault(err))
	}
	for _, s := range submissions {
		seen[version{s.CampaignID, s.CampaignVersion}] = true
	}
	consents, err := d.DB.Read().ListConsents(ctx, supporterID)
	if err != nil {
		return false, fmt.Errorf("read consents: %w", db.Fault(err))
	}
	for _, c := range consents {
		seen[version{c.CampaignID, c.CampaignVersion}] = true
	}
	for v := range seen {
		c, err := d.Campaigns.Version(ctx, v.campaign, v.number)
		if err != nil {
			return false, err
		}
		if c.Neutral {
			return true, nil
		}
	}
	return false, nil
}
