package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/mail"
)

// receiptMailJob asks for the mail with the link to the receipt, for a few submissions.
type receiptMailJob struct {
	Submissions []string `json:"submissions"`
}

// Kind is the name under which the queue keeps the job.
func (receiptMailJob) Kind() string { return "mail_receipts" }

// mailAttempts spreads tries over about two days; then the receipt's page is all there is.
const mailAttempts = 20

// mailsPerJob is small: when a node is killed in the middle of a job, its mails go out again.
const mailsPerJob = 8

// registerMail makes the sender of mails. Without a relay none are sent.
func (a *App) registerMail(registry *jobs.Registry) error {
	m := a.settings.Mail
	if m.Host == "" {
		return nil
	}
	sender, err := mail.NewSender(mail.Config{
		Host: m.Host, Port: m.Port, TLS: mail.TLSMode(m.TLS), Username: m.Username, Password: m.Password,
		From: m.From, FromName: a.settings.Org.Name,
	}, a.options.Clock)
	if err != nil {
		return err
	}
	options := jobs.Options{MaxAttempts: mailAttempts, Timeout: 2 * time.Minute}
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, job receiptMailJob) error {
			return a.mailReceipts(ctx, sender, job)
		}, options),
		jobs.Register(registry, func(ctx context.Context, job confirmMailJob) error {
			return a.mailConfirmation(ctx, sender, job)
		}, options),
	)
}

// enqueueMail asks for the receipts of new submissions, in their transaction.
func (a *App) enqueueMail(ctx context.Context, tx *db.Tx, submissions []string) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	var all []jobs.Job
	for part := range slices.Chunk(submissions, mailsPerJob) {
		all = append(all, jobs.Job{Args: receiptMailJob{Submissions: part}})
	}
	return a.queue.EnqueueMany(ctx, tx, all)
}

// mailReceipts sends the mails of a job. Those that must be tried again become a job of
// their own, so that the others do not go out twice.
func (a *App) mailReceipts(ctx context.Context, sender *mail.Sender, job receiptMailJob) error {
	var again []string
	var last error
	for _, id := range job.Submissions {
		err := a.mailReceipt(ctx, sender, id)
		if err == nil {
			continue
		}
		if failed, ok := errors.AsType[*mail.SendError](err); ok && failed.Outcome != mail.Temporary || errors.Is(err, mail.ErrMessage) {
			a.options.Log.Warn("a receipt could not be mailed", "submission", id, "error", err.Error())
			continue
		}
		again, last = append(again, id), err
	}
	if len(again) == 0 || len(again) == len(job.Submissions) {
		return last
	}
	return a.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return a.queue.Enqueue(ctx, tx, receiptMailJob{Submissions: again}, time.Now().Add(a.options.Backoff))
	})
}

func (a *App) mailReceipt(ctx context.Context, sender *mail.Sender, id string) error {
	message, due, err := a.desk.ReceiptNotice(ctx, id, a.notices())
	if err != nil || !due {
		return err
	}
	return sender.Send(ctx, message)
}
