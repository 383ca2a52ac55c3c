package app

import (
	"context"
	"errors"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
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
	all := make([]jobs.Job, len(askings))
	for i, one := range askings {
		all[i] = jobs.Job{Args: confirmMailJob{one.Submission, one.Claim}, At: a.queueTime(one.At)}
	}
	return a.queue.EnqueueMany(ctx, tx, all)
}

// mailConfirmation sends one mail, or comes back when it is the mailbox's turn.
func (a *App) mailConfirmation(ctx context.Context, sender *mail.Sender, job confirmMailJob) error {
	message, send, wait, err := a.desk.Ask(ctx, letter.Asking{Submission: job.Submission, Claim: job.Claim}, a.notices())
	switch {
	case err != nil:
		return err
	case wait > 0:
		return jobs.Again(min(wait, longestNap))
	case !send:
		return nil
	}
	err = sender.Send(ctx, message)
	if failed, ok := errors.AsType[*mail.SendError](err); ok && failed.Outcome != mail.Temporary || errors.Is(err, mail.ErrMessage) {
		a.options.Log.Warn("a confirmation could not be asked for", "submission", job.Submission, "error", err.Error())
		return nil
	}
	return err
}

// notices are what mails say about this installation.
func (a *App) notices() letter.Notices {
	org := a.settings.Org
	return letter.Notices{Org: org.Name, Postal: org.Postal, Contact: org.ContactEmail, BaseURL: a.settings.BaseURL}
}
