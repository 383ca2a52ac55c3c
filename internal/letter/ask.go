package letter

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/mail"
)

// How often one mailbox is asked to confirm, whatever is entered on how many campaigns and
// nodes: once in askPause, and maxAsked times until it answers.
const (
	askPause = day
	maxAsked = 3
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
	if blocked, err := d.Blocked(ctx, s.Email); err != nil || blocked {
		return m, false, 0, err
	}
	wait, turn, err := d.claim(ctx, d.Keys.Mailbox(s.Email), a.Claim)
	if err != nil || !turn {
		if repeat { // the first mail, or the next day's, is enough
			wait = 0
		}
		return m, false, wait, err
	}
	return d.askingMail(s, a, p.Waiting, n), true, 0, nil
}

// claim takes the mailbox's turn, or returns how long it has to wait; 0 is for ever.
func (d *Desk) claim(ctx context.Context, mailbox, claim string) (wait time.Duration, turn bool, err error) {
	now := d.Clock()
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.ClaimConfirmation(ctx, query.ClaimConfirmationParams{
			Address: mailbox, AskedAt: stamp.Of(now), AskedFor: claim, Most: maxAsked, Before: int64(stamp.Of(now.Add(-askPause))),
		})
		if turn = rows > 0; err != nil || turn {
			return err
		}
		box, err := tx.Mailbox(ctx, mailbox)
		if err == nil && box.Asked < maxAsked {
			wait = max(box.AskedAt.Time().Add(askPause).Sub(now), time.Second)
		}
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("take a mailbox's turn: %w", err)
	}
	return wait, turn, nil
}

// askingMail holds nothing that the form's writer chose, not even their name: until it is
// confirmed, nobody knows whether they own the mailbox.
func (d *Desk) askingMail(s query.Submission, a Asking, waiting bool, n Notices) mail.Message {
	l := locale.In(locale.Lang(s.Lang))
	lang := "?lang=" + string(l.Lang())
	stop := n.BaseURL + "/stop/" + d.Keys.StopToken(s.ID)
	m := mail.Message{
		ID: "confirm-" + a.Claim, To: s.Email, Subject: l.MailConfirmSubject(),
		Headers: map[string]string{"Auto-Submitted": "auto-generated"},
	}
	if waiting {
		m.Text = l.MailConfirmText(n.BaseURL+"/confirm/"+d.Keys.ConfirmToken(s.ID)+lang, n.Org, n.Postal, stop+lang)
	} else {
		m.Subject = l.MailAgainSubject()
		m.Text = l.MailAgainText(n.BaseURL+"/receipt/"+d.Keys.MailedToken(s.ID)+lang, n.Org, n.Postal, stop+lang)
	}
	m.Text = strings.TrimSpace(m.Text) + "\n"
	if strings.HasPrefix(stop, "https://") { // mail programs show this as a button of their own
		m.Unsubscribe = stop
	}
	return m
}
