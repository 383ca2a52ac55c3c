package letter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/mail"
)

// Ask returns the mail that an asking calls for and takes the mailbox's turn for it. Of a
// first asking the mail may have to wait: then wait is how long, and there is no mail yet.
// No mail and no wait mean that none is sent: the mailbox was asked too often or lately, or
// its owner wants none, or there is nothing to confirm any more.
func (d *Desk) Ask(ctx context.Context, a Asking, n Notices) (m mail.Message, send bool, wait time.Duration, err error) {
	s, err := d.DB.Read().SubmissionByID(ctx, a.Submission)
	if err != nil {
		return m, false, 0, fmt.Errorf("read a submission: %w", db.Fault(err))
	}
	p, err := d.Pending(ctx, a.Submission)
	if err != nil {
		return m, false, 0, err
	}
	repeat := a.Claim != a.Submission
	if s.Email == "" || !p.Waiting && !repeat {
		return m, false, 0, nil
	}
	if blocked, err := d.silent(ctx, string(s.Email)); err != nil || blocked {
		return m, false, 0, err
	}
	turn, err := d.People.Turn(ctx, d.Keys.Mailbox(string(s.Email)), a.Claim)
	if err != nil || !turn.Taken {
		if repeat { // the first mail, or the next day's, is enough
			turn.Wait = 0
		}
		return m, false, turn.Wait, err
	}
	n.Neutral = n.Neutral || p.Campaign.Neutral
	return d.askingMail(s, a, p.Waiting, n), true, 0, nil
}

// askingMail holds nothing that the form's writer chose, not even their name: until it is
// confirmed, nobody knows whether they own the mailbox.
func (d *Desk) askingMail(s query.Submission, a Asking, waiting bool, n Notices) mail.Message {
	stop := n.BaseURL + "/stop/" + d.Keys.StopToken(s.ID, string(s.Email)) + inLang(s)
	if waiting {
		return n.Confirm(reader(s, a.Claim), n.BaseURL+"/confirm/"+d.Keys.ConfirmToken(s.ID)+inLang(s), stop)
	}
	return n.Again(reader(s, a.Claim), n.BaseURL+"/receipt/"+d.Keys.MailedToken(s.ID)+inLang(s), stop)
}
