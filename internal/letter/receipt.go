package letter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Dossier is what a supporter may know about their own submission.
type Dossier struct {
	Submission query.Submission
	Campaign   *campaign.Campaign // the version the letter was written on
	Letters    []query.Letter
}

// Dossier opens the submission that a receipt's token stands for. A token that was not
// made here, and one whose submission is gone, are both not found.
func (d *Desk) Dossier(ctx context.Context, token string) (Dossier, error) {
	id, ok := d.Keys.SubmissionOf(token)
	if !ok {
		return Dossier{}, fault.New(fault.NotFound, "")
	}
	s, err := d.DB.Read().SubmissionByID(ctx, id)
	if err != nil {
		return Dossier{}, fmt.Errorf("open a receipt: %w", db.Fault(err))
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, id)
	if err != nil {
		return Dossier{}, fmt.Errorf("open a receipt: %w", db.Fault(err))
	}
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return Dossier{}, err
	}
	return Dossier{Submission: s, Campaign: c, Letters: letters}, nil
}

// LinksFor is how long the links to one's own letter lead anywhere: to its receipt, to confirm
// it, to say whether the office answered. The one that ends all mail never ends.
const LinksFor = 366 * day

// LinkEnded reports whether a token is one of those links and too old. A token that was not
// made here, and one whose submission is gone, are for others to refuse.
func (d *Desk) LinkEnded(ctx context.Context, token string) (bool, error) {
	id, ok := d.Keys.SubmissionOf(token)
	if !ok {
		id, ok = d.Keys.ByMail(token)
	}
	if !ok {
		return false, nil
	}
	s, err := d.DB.Read().SubmissionByID(ctx, id)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look how old a link is: %w", err)
	}
	return d.Clock().Sub(s.CreatedAt.Time()) > LinksFor, nil
}

// History returns the moves of a letter, the oldest first.
func (d *Desk) History(ctx context.Context, letterID string) ([]query.LetterHistory, error) {
	rows, err := d.DB.Read().ListLetterHistory(ctx, letterID)
	if err != nil {
		return nil, fmt.Errorf("read a letter's history: %w", db.Fault(err))
	}
	return rows, nil
}
