package letter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// TellOutcome records that the owner of a submission's mailbox, whom a mailed link proves,
// wants one mail that tells how the campaign ends. Doing it twice is as good as once. It
// does nothing where the address has been forgotten or the letter was disowned.
func (d *Desk) TellOutcome(ctx context.Context, submissionID, lang string) error {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	list := supporter.OutcomeOf(s.CampaignID)
	if told, err := d.Told(ctx, s); err != nil || told || s.Email == "" || !s.DisownedAt.IsZero() {
		return err
	}
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return err
	}
	now := d.Clock()
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		tick := supporter.Tick{Supporter: s.SupporterID, List: list, Campaign: c, Lang: lang, At: now, Confirmed: now, Mailed: true}
		if err := d.People.Join(ctx, tx, []supporter.Tick{tick}); err != nil {
			return err
		}
		return d.People.Confirmed(ctx, tx, supporter.Person{ID: s.SupporterID, Email: string(s.Email), Lang: s.Lang}, list)
	})
	if err != nil {
		return fmt.Errorf("record who wants to hear of the end: %w", err)
	}
	return nil
}

// Told reports whether the writer of a submission is told how the campaign ends, because they
// asked for it.
func (d *Desk) Told(ctx context.Context, s query.Submission) (bool, error) {
	m, err := d.People.Membership(ctx, s.SupporterID)
	return m.On(supporter.OutcomeOf(s.CampaignID)), err
}

// DoNotTell takes back what TellOutcome recorded.
func (d *Desk) DoNotTell(ctx context.Context, submissionID string) error {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	if told, err := d.Told(ctx, s); err != nil || !told {
		return err
	}
	who := supporter.Link{Supporter: s.SupporterID, Mailbox: d.Keys.Mailbox(string(s.Email))}
	return d.People.Leave(ctx, who, supporter.OutcomeOf(s.CampaignID), supporter.ByPage)
}
