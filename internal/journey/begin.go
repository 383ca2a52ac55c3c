package journey

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// beginning is a step before it is in line. about is what may happen to a person once: the
// id of a campaign, or the name of a list.
type beginning struct {
	journey                      Name
	supporter, about, submission string
	due                          time.Time
}

// put puts steps in line. What a person had before, they do not get again. It returns how
// many are new.
func (d *Desk) put(ctx context.Context, tx *db.Tx, all []beginning) (int64, error) {
	if len(all) == 0 {
		return 0, nil
	}
	now := stamp.Of(d.Clock())
	rows := make([][]any, len(all))
	for i, b := range all {
		rows[i] = []any{uuid.Must(uuid.NewV7()).String(), string(b.journey), b.supporter, b.about, b.submission, string(Waiting), now, stamp.Of(b.due)}
	}
	n, err := tx.InsertRows(ctx, db.Insert{
		Table: "journey_steps", Columns: []string{"id", "journey", "supporter_id", "about", "submission_id", "state", "since", "due_at"},
		Suffix: "ON CONFLICT (supporter_id, journey, about) DO NOTHING",
	}, rows)
	if err != nil {
		return 0, fmt.Errorf("put mails in line: %w", err)
	}
	return n, nil
}

// begin puts one person's steps in line and has them looked at, if they are due at once.
func (d *Desk) begin(ctx context.Context, tx *db.Tx, name Name, all ...beginning) error {
	j, _ := of(name)
	for i := range all {
		all[i].journey, all[i].due = name, d.Clock().Add(j.Wait)
	}
	n, err := d.put(ctx, tx, all)
	if err != nil || n == 0 || j.Wait > 0 || d.Wake == nil {
		return err
	}
	return d.Wake(ctx, tx)
}

// OnList is to be told, in the same transaction, who has confirmed that they want to be on
// a list.
func (d *Desk) OnList(ctx context.Context, tx *db.Tx, supporterID string, list supporter.List) error {
	if list != supporter.Updates {
		return nil
	}
	return d.begin(ctx, tx, Welcome, beginning{supporter: supporterID, about: string(list)})
}

// Ticked is to be told, in the same transaction, who ticked the box of the list and has to
// confirm it.
func (d *Desk) Ticked(ctx context.Context, tx *db.Tx, supporterID string) error {
	return d.begin(ctx, tx, Reminder, beginning{supporter: supporterID, about: string(supporter.Updates)})
}

// Written is to be told, in the same transaction, which letters are new.
func (d *Desk) Written(ctx context.Context, tx *db.Tx, all []letter.Written) error {
	var reminders, shares []beginning
	for _, w := range all {
		b := beginning{supporter: w.Supporter, about: w.Campaign.ID, submission: w.Submission}
		if w.Unconfirmed && w.Campaign.Mails.Reminder {
			reminders = append(reminders, b)
		}
		if w.Campaign.Mails.Share {
			shares = append(shares, b)
		}
	}
	if err := d.begin(ctx, tx, Reminder, reminders...); err != nil {
		return err
	}
	return d.begin(ctx, tx, Share, shares...)
}

// now is a campaign as its newest file has it: what the author turned off meanwhile is off.
func (d *Desk) now(ctx context.Context, c *campaign.Campaign) (*campaign.Campaign, error) {
	live, err := d.Campaigns.Live(ctx, c.Slug)
	if err != nil {
		return nil, err
	}
	return live.Campaign, nil
}
