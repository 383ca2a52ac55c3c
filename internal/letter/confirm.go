package letter

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Purposes of the marks in the links of the mail that asks to confirm. Neither opens a
// receipt, and neither does what the other does.
const (
	markConfirm = "confirm"
	markStop    = "stop"
)

// ConfirmToken returns the part of a link that proves its bearer reads the mailbox of a
// submission, and lets them confirm it.
func (k Keys) ConfirmToken(submissionID string) string {
	return submissionID + "." + k.mark(markConfirm, submissionID)
}

// StopToken returns the part of a link by which the owner of the mailbox says that they
// did not write, and want no more mail.
func (k Keys) StopToken(submissionID string) string {
	return submissionID + "." + k.mark(markStop, submissionID)
}

// ToConfirm returns the submission that a token of ConfirmToken belongs to.
func (k Keys) ToConfirm(token string) (string, bool) { return k.marked(markConfirm, token) }

// ToStop returns the submission that a token of StopToken belongs to.
func (k Keys) ToStop(token string) (string, bool) { return k.marked(markStop, token) }

func (k Keys) marked(purpose, token string) (string, bool) {
	id, mark, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(mark), []byte(k.mark(purpose, id))) {
		return "", false
	}
	return id, true
}

// Asking is a submission whose mailbox is to be asked for a confirmation.
type Asking struct {
	Submission string
	// Claim tells askings apart: the submission's own id, or another one when the same
	// person wrote again, who may have lost the first mail.
	Claim string
	At    time.Time // not before
}

// askings lists whom to ask after a batch. Somebody who has written before gets a mail
// too, so that only the mailbox tells the two apart.
func askings(drafts []draft, receipts []Receipt) []Asking {
	var all []Asking
	for i, one := range drafts {
		at := one.at.Add(one.ConfirmAfter)
		switch {
		case one.Confirm && receipts[i].Standing == Taken:
			all = append(all, Asking{one.id, one.id, at})
		case one.Confirm && receipts[i].Standing == Already:
			all = append(all, Asking{receipts[i].SubmissionID, one.id, at})
		}
	}
	return all
}

// Pending says what the page behind a confirmation link has to show.
type Pending struct {
	Campaign *campaign.Campaign // the version the letter was written on
	Lang     string             // in which the letter was written
	Waiting  bool               // a letter waits for its confirmation
	Gone     bool               // it was not confirmed in time, or was taken back
}

// Pending looks at a submission that was, or is to be, confirmed. It changes nothing.
func (d *Desk) Pending(ctx context.Context, submissionID string) (Pending, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return Pending{}, fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, submissionID)
	if err != nil {
		return Pending{}, fmt.Errorf("find the letters: %w", db.Fault(err))
	}
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return Pending{}, err
	}
	p := Pending{Campaign: c, Lang: s.Lang}
	for _, l := range letters {
		switch State(l.State) { //nolint:exhaustive // the others went on
		case Unconfirmed:
			p.Waiting = true
		case Expired, Withdrawn:
			p.Gone = true
		}
	}
	return p, nil
}

// Confirm lets the letters of a submission go on: to the office, to the supporter who
// sends them, or to a person who looks at them first. The tick to join the list counts from
// now on. Doing it twice is as good as once.
func (d *Desk) Confirm(ctx context.Context, submissionID string) error {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find the letters: %w", db.Fault(err))
	}
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return err
	}
	once := func(ctx context.Context, tx *db.Tx) error { return d.confirmIn(ctx, tx, s, c) }
	for _, l := range letters {
		if State(l.State) != Unconfirmed {
			continue
		}
		m := d.afterConfirmation(l)
		m.also, once = once, nil
		if err := d.change(ctx, l, m); err != nil && !errors.Is(err, errLostRace) {
			return err
		}
	}
	return nil
}

// afterConfirmation is the move of a letter whose mailbox was confirmed. The reason for
// which it must be looked at was kept with it.
func (d *Desk) afterConfirmation(l query.Letter) move {
	m := move{to: Ready, actor: BySupporter, due: d.Clock()}
	switch {
	case l.Reason != "":
		m = move{to: Frozen, actor: BySupporter, reason: l.Reason}
	case l.Channel == ChannelHandoff:
		m = move{to: Waiting, actor: BySupporter}
	}
	return m
}

// confirmIn writes down what a confirmation says about the person.
func (d *Desk) confirmIn(ctx context.Context, tx *db.Tx, s query.Submission, c *campaign.Campaign) error {
	now := d.Clock()
	err := tx.ConfirmMailbox(ctx, query.ConfirmMailboxParams{Address: d.Keys.Mailbox(s.Email), ConfirmedAt: stamp.Of(now)})
	if err != nil {
		return err
	}
	if s.Joined {
		row := consentRow(s.SupporterID, c, s.Lang, "tick, confirmed by e-mail", now)
		if err := insertConsentRows(ctx, tx, [][]any{row}); err != nil {
			return err
		}
	}
	return d.Taken(ctx, tx, []string{s.ID})
}
