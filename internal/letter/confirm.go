package letter

import (
	"cmp"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter"
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
// did not write, and want no more mail. It carries the keyed hash of the address: the link
// works for as long as the mail is kept, also when the submission forgot the address.
func (k Keys) StopToken(submissionID, email string) string {
	mailed := submissionID + "." + k.Mailbox(email)
	return mailed + "." + k.mark(markStop, mailed)
}

// ToConfirm returns the submission that a token of ConfirmToken belongs to.
func (k Keys) ToConfirm(token string) (string, bool) { return k.marked(markConfirm, token) }

// ToStop returns the submission that a token of StopToken belongs to, and the keyed hash of
// the address that it was mailed to; see Mailbox.
func (k Keys) ToStop(token string) (submissionID, address string, ok bool) {
	mailed, ok := k.marked(markStop, token)
	submissionID, address, _ = strings.Cut(mailed, ".")
	return submissionID, address, ok
}

// marked returns what stands before the mark of a token.
func (k Keys) marked(purpose, token string) (string, bool) {
	dot := max(0, strings.LastIndexByte(token, '.'))
	what, mark := token[:dot], strings.TrimPrefix(token[dot:], ".")
	if !hmac.Equal([]byte(mark), []byte(k.mark(purpose, what))) {
		return "", false
	}
	return what, true
}

// Stop records that the owner of a mailbox did not write a submission, as Disown does, and
// blocks their address, given by its keyed hash. Its other letters are withdrawn too.
func (d *Desk) Stop(ctx context.Context, submissionID, address string) error {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return fmt.Errorf("find a submission: %w", db.Fault(err))
	}
	if err := d.Disown(ctx, submissionID, false); err != nil {
		return err
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return d.blockIn(ctx, tx, s, address, d.Clock()) })
	if err != nil {
		return fmt.Errorf("stop the mail to an address: %w", err)
	}
	return d.withdrawBlocked(ctx, s.SupporterID)
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
func askings(drafts []*draft, receipts []Receipt) []Asking {
	var all []Asking
	for i, one := range drafts {
		at := one.at.Add(one.ConfirmAfter)
		switch {
		case one.Confirm && receipts[i].Standing == Taken:
			all = append(all, Asking{one.id, one.id, at})
		case (one.Confirm || one.Discreet) && receipts[i].Standing == Already:
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
	Email    string             // "" when it was forgotten
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
	p := Pending{Campaign: c, Lang: s.Lang, Email: string(s.Email)}
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
// sends them, or to a person who looks at them first. What was ticked beside them counts from
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
	held, err := heldCampaigns(ctx, d.DB.Read())
	if err != nil {
		return err
	}
	once := func(ctx context.Context, tx *db.Tx) error { return d.confirmIn(ctx, tx, s, c) }
	for _, l := range letters {
		if State(l.State) != Unconfirmed {
			continue
		}
		m := d.afterConfirmation(l, c, cmp.Or(string(l.Reason), held[l.CampaignID]))
		m.also, once = once, nil
		if err := d.change(ctx, l, m); err != nil && !errors.Is(err, errLostRace) {
			return err
		}
	}
	return nil
}

// afterConfirmation is the move of a letter whose mailbox was confirmed. The reason for
// which a person must look at it was kept with it, or is new; "" lets it go on.
func (d *Desk) afterConfirmation(l query.Letter, c *campaign.Campaign, reason string) move {
	m := move{to: Ready, actor: BySupporter, due: firstDue(c, l.DeliveryID, d.Clock())}
	switch {
	case reason != "":
		m = move{to: Frozen, actor: BySupporter, reason: reason}
	case byHand(l.Channel):
		m = move{to: Waiting, actor: BySupporter}
	}
	return m
}

// confirmIn writes down what a confirmation says about the person.
func (d *Desk) confirmIn(ctx context.Context, tx *db.Tx, s query.Submission, c *campaign.Campaign) error {
	now := d.Clock()
	if err := d.reachedIn(ctx, tx, s); err != nil {
		return err
	}
	for _, list := range agreed(c, s.Joined, s.Partners) {
		tick := supporter.Tick{Supporter: s.SupporterID, List: list, Campaign: c, Lang: s.Lang, At: s.CreatedAt.Time(), Confirmed: now, Source: s.Source}
		if err := d.People.Join(ctx, tx, []supporter.Tick{tick}); err != nil {
			return err
		}
		if err := d.People.Confirmed(ctx, tx, supporter.Person{ID: s.SupporterID, Email: string(s.Email), Lang: s.Lang}, list); err != nil {
			return err
		}
	}
	if d.Confirmed != nil {
		return d.Confirmed(ctx, tx, s.ID)
	}
	return d.Taken(ctx, tx, []string{s.ID})
}
