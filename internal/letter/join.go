package letter

import (
	"context"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// joinAll writes down the ticks beside "join the list": of new letters, and of forms of
// people who have written before. A letter that waits for its mailbox has its tick wait with
// it.
func (d *Desk) joinAll(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	var ticks []supporter.Tick
	for _, one := range drafts {
		if one.Form.Join && (one.state != Unconfirmed || one.again) {
			ticks = append(ticks, supporter.Tick{
				Supporter: one.supporterID, List: supporter.Updates, Campaign: one.Campaign, Lang: one.Form.Lang, At: one.at,
				Source: one.Form.Source, Network: one.Form.Network, Agent: one.Form.Agent,
			})
		}
	}
	if err := d.People.Join(ctx, tx, ticks); err != nil || d.Joined == nil {
		return err
	}
	for _, t := range ticks {
		if err := d.Joined(ctx, tx, t.Supporter); err != nil {
			return err
		}
	}
	return nil
}
