package app

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// confirmMailJob asks for the mail that lets somebody confirm a submission.
type confirmMailJob struct {
	Submission string `json:"submission"`
	Claim      string `json:"claim"`
}

// Kind is the name under which the queue keeps the job.
func (confirmMailJob) Kind() string { return "mail_confirmations" }

// longestNap is how long a mail waits at most before its turn is looked at again.
const longestNap = time.Hour

// enqueueAskings asks for the mails, in the transaction of their submissions.
func (a *App) enqueueAskings(ctx context.Context, tx *db.Tx, askings []letter.Asking) error {
	now := a.options.Clock()
	waits, err := a.guard.Mails(ctx, tx, len(askings), now)
	if err != nil {
		return err
	}
	all := make([]jobs.Job, len(askings))
	for i, one := range askings {
		at := one.At
		if turn := now.Add(waits[i]); turn.After(at) {
			at = turn
		}
		all[i] = jobs.Job{Args: confirmMailJob{one.Submission, one.Claim}, At: a.queueTime(at)}
	}
	return a.queue.EnqueueMany(ctx, tx, all)
}

// mailConfirmation sends one mail, or comes back when it is the mailbox's turn.
func (a *App) mailConfirmation(ctx context.Context, sender *mail.Sender, job confirmMailJob) error {
	message, send, wait, err := a.desk.Ask(ctx, letter.Asking{Submission: job.Submission, Claim: job.Claim}, a.notices())
	if send, err = inTurn(send, wait, err); !send {
		return err
	}
	return a.handOver(ctx, sender, message, returnpath.Submission, job.Submission)
}

// inTurn reports whether a mail that its mailbox has to answer is to be sent now. The error
// has the job come back when it is the mailbox's turn.
func inTurn(send bool, wait time.Duration, err error) (bool, error) {
	if err == nil && wait > 0 {
		err = jobs.Again(min(wait, longestNap))
	}
	return send && err == nil, err
}

// notices are what mails say about this installation.
func (a *App) notices() letter.Notices {
	org := a.settings.Org
	return letter.Notices{Org: org.Name, Postal: org.Postal, Contact: org.ContactEmail, BaseURL: a.settings.BaseURL, Neutral: a.settings.Mail.NeutralSubject}
}
