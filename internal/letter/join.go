package letter

import (
	"context"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// agreed returns to what boxes belong that were ticked: our own list, and those of the
// partners that the campaign has.
func agreed(c *campaign.Campaign, joined bool, partners string) []supporter.List {
	var lists []supporter.List
	if joined {
		lists = append(lists, supporter.Updates)
	}
	ticked := strings.Fields(partners)
	for _, p := range c.Partners {
		if slices.Contains(ticked, p.Key) {
			lists = append(lists, supporter.PartnerOf(p.Key))
		}
	}
	return lists
}

// known returns those of the keys that are keys of the campaign's partners, as a submission
// keeps them until the mailbox is confirmed.
func known(c *campaign.Campaign, partners string) string {
	var keys []string
	for _, list := range agreed(c, false, partners) {
		key, _ := list.Partner()
		keys = append(keys, key)
	}
	return strings.Join(keys, " ")
}

// joinAll writes down the ticks beside the letter: of new letters, and of forms of people who
// have written before. A letter that waits for its mailbox has its ticks wait with it.
func (d *Desk) joinAll(ctx context.Context, tx *db.Tx, drafts []*draft) error {
	var ticks []supporter.Tick
	var asked []Ticked
	for _, one := range drafts {
		if one.state == Unconfirmed && !one.again {
			continue
		}
		lists := agreed(one.Campaign, one.Form.Join, one.Form.Partners)
		for _, list := range lists {
			ticks = append(ticks, supporter.Tick{
				Supporter: one.supporterID, List: list, Campaign: one.Campaign, Lang: one.Form.Lang, At: one.at,
				Source: one.Form.Source, Network: one.Form.Network, Agent: one.Form.Agent,
			})
		}
		if len(lists) > 0 {
			asked = append(asked, Ticked{one.supporterID, one.Form.Join})
		}
	}
	if err := d.People.Join(ctx, tx, ticks); err != nil || d.Joined == nil {
		return err
	}
	for _, t := range asked {
		if err := d.Joined(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}
