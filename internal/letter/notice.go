package letter

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/notice"
)

// Notices are the mails that belong to a letter itself.
type Notices = notice.House

// TurnNotice returns the mail that tells that a letter did not reach its office and what
// can be done. It returns false when the address has been forgotten or blocked, the letters
// were disowned, or all is well by now; and, so that nobody can have a mailbox flooded with
// letters that fail, when its owner has not answered since the letter came and it is not the
// mailbox's turn; see supporter.People.Turn. The mail's name tells it from the other ones about
// the submission.
func (d *Desk) TurnNotice(ctx context.Context, submissionID, name string, n Notices) (mail.Message, bool, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return mail.Message{}, false, fmt.Errorf("read a submission: %w", db.Fault(err))
	}
	if s.Email == "" || !s.DisownedAt.IsZero() {
		return mail.Message{}, false, nil
	}
	if blocked, err := d.silent(ctx, string(s.Email)); err != nil || blocked {
		return mail.Message{}, false, err
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, submissionID)
	if err != nil {
		return mail.Message{}, false, fmt.Errorf("read letters: %w", db.Fault(err))
	}
	if !slices.ContainsFunc(letters, func(l query.Letter) bool {
		state := State(l.State)
		return state == Refused || state == Expired || state == Waiting && l.Channel == ChannelHandoff
	}) {
		return mail.Message{}, false, nil
	}
	if turn, err := d.answeredOrTurn(ctx, s); err != nil || !turn {
		return mail.Message{}, false, err
	}
	if n, _, err = d.quiet(ctx, s, n); err != nil {
		return mail.Message{}, false, err
	}
	return n.Turn(reader(s, strings.TrimSuffix(s.ID+"-"+name, "-")), n.BaseURL+"/receipt/"+d.Keys.MailedToken(s.ID)+inLang(s)), true, nil
}

// reader is whoever reads the mailbox of a submission.
func reader(s query.Submission, id string) notice.Reader {
	return notice.Reader{ID: id, Email: string(s.Email), Lang: locale.Lang(s.Lang)}
}

// inLang makes the page behind a link speak the language of the mail.
func inLang(s query.Submission) string {
	return "?lang=" + string(locale.In(locale.Lang(s.Lang)).Lang())
}

// ReceiptNotice returns the mail with the link to a submission's receipt. It returns false
// when the address has been forgotten or blocked, or it is not the mailbox's turn: another
// submission's mail went there within the last day, or three without an answer; see supporter.People.Turn.
func (d *Desk) ReceiptNotice(ctx context.Context, submissionID string, n Notices) (mail.Message, bool, error) {
	s, err := d.DB.Read().SubmissionByID(ctx, submissionID)
	if err != nil {
		return mail.Message{}, false, fmt.Errorf("read a submission: %w", db.Fault(err))
	}
	if s.Email == "" {
		return mail.Message{}, false, nil
	}
	if blocked, err := d.silent(ctx, string(s.Email)); err != nil || blocked {
		return mail.Message{}, false, err
	}
	if turn, err := d.People.Turn(ctx, d.Keys.Mailbox(string(s.Email)), s.ID); err != nil || !turn.Taken {
		return mail.Message{}, false, err
	}
	// Whoever ticked the box of the list or of a partner is asked in the same mail.
	join, err := d.People.JoinLink(ctx, s.SupporterID)
	if err != nil {
		return mail.Message{}, false, err
	}
	if join.Link != "" {
		join.Link += inLang(s)
	}
	n, c, err := d.quiet(ctx, s, n)
	if err != nil {
		return mail.Message{}, false, err
	}
	own, err := d.ownCopy(ctx, s, c)
	if err != nil {
		return mail.Message{}, false, err
	}
	return n.Receipt(reader(s, s.ID), n.BaseURL+"/receipt/"+d.Keys.MailedToken(s.ID)+inLang(s), join, own), true, nil
}

// quiet returns the mails of a submission with subjects that tell nothing, where its campaign
// wants that, and the campaign.
func (d *Desk) quiet(ctx context.Context, s query.Submission, n Notices) (Notices, *campaign.Campaign, error) {
	c, err := d.Campaigns.Version(ctx, s.CampaignID, s.CampaignVersion)
	if err != nil {
		return n, nil, err
	}
	n.Neutral = n.Neutral || c.Neutral
	return n, c, nil
}

// ownCopy is the letter for a writer who asked for a copy. Words that the form's writer chose
// go only to a mailbox whose owner has answered since: who types an address need not own it.
func (d *Desk) ownCopy(ctx context.Context, s query.Submission, c *campaign.Campaign) (notice.Copy, error) {
	if !s.Copied {
		return notice.Copy{}, nil
	}
	letters, err := d.DB.Read().ListLettersOfSubmission(ctx, s.ID)
	if err != nil || len(letters) == 0 {
		return notice.Copy{}, db.Fault(err)
	}
	own := notice.Copy{Subject: string(letters[0].Subject), Text: cmp.Or(string(letters[0].Message), c.Letter.Text)}
	if own == (notice.Copy{Subject: c.Letter.Subject, Text: c.Letter.Text}) {
		return own, nil
	}
	box, err := d.DB.Read().Mailbox(ctx, d.Keys.Mailbox(string(s.Email)))
	if err = db.Fault(err); err != nil && !fault.Is(err, fault.NotFound) {
		return notice.Copy{}, fmt.Errorf("look whether a mailbox has answered: %w", err)
	}
	if box.ConfirmedAt >= s.CreatedAt {
		return own, nil
	}
	return notice.Copy{Unproven: true}, nil
}

// answeredOrTurn reports whether a mail about a submission may go to its mailbox: the owner
// has answered since the submission came, or it is the mailbox's turn.
func (d *Desk) answeredOrTurn(ctx context.Context, s query.Submission) (bool, error) {
	mailbox := d.Keys.Mailbox(string(s.Email))
	if box, err := d.DB.Read().Mailbox(ctx, mailbox); err == nil && box.ConfirmedAt >= s.CreatedAt {
		return true, nil
	}
	turn, err := d.People.Turn(ctx, mailbox, s.ID)
	return turn.Taken, err
}

// Reached records that the owner of a submission's mailbox did something by a link that was
// mailed there: mails that nobody answered before no longer count. It does nothing where the
// address has been forgotten.
func (d *Desk) Reached(ctx context.Context, submissionID string) error {
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, err := tx.SubmissionByID(ctx, submissionID)
		if err != nil || s.Email == "" {
			return err
		}
		return d.reachedIn(ctx, tx, s)
	})
	if err != nil {
		return fmt.Errorf("record that a mailbox answers: %w", db.Fault(err))
	}
	return nil
}

// reachedIn also gives the mailbox's turn to the submission that its owner answered for.
func (d *Desk) reachedIn(ctx context.Context, tx *db.Tx, s query.Submission) error {
	return tx.ConfirmMailbox(ctx, query.ConfirmMailboxParams{
		Address: d.Keys.Mailbox(string(s.Email)), AskedFor: s.ID, ConfirmedAt: stamp.Of(d.Clock()),
	})
}
