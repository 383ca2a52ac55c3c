package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// receiptMailJob asks for the mail with the link to the receipt, for a few submissions.
type receiptMailJob struct {
	Submissions []string `json:"submissions"`
}

// Kind is the name under which the queue keeps the job.
func (receiptMailJob) Kind() string { return "mail_receipts" }

// mailAttempts spreads tries over about two days; then the receipt's page is all there is.
const mailAttempts = 20

// mailTimeout bounds a job of mails.
const mailTimeout = 2 * time.Minute

// mailsPerJob is small: when a node is killed in the middle of a job, its mails go out again.
const mailsPerJob = 8

// sender returns what gives mail to the relay that is set.
func (a *App) sender() (*mail.Sender, error) {
	relay, err := a.settings.Relay()
	if err != nil {
		return nil, err
	}
	return mail.NewSender(relay, a.options.Clock)
}

// registerMail makes the sender of mails. Without a relay none are sent.
func (a *App) registerMail(registry *jobs.Registry) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	sender, err := a.sender()
	if err != nil {
		return err
	}
	a.mailPool = sender.Pool(1)
	options := jobs.Options{MaxAttempts: mailAttempts, Timeout: mailTimeout}
	return errors.Join(
		a.registerJourneys(registry),
		jobs.Register(registry, func(ctx context.Context, job receiptMailJob) error {
			return a.mailReceipts(ctx, sender, job)
		}, options),
		jobs.Register(registry, func(ctx context.Context, job confirmMailJob) error {
			return a.mailConfirmation(ctx, sender, job)
		}, options),
		a.registerAnswers(registry, sender, options),
		a.registerTurns(registry, sender, options),
		a.registerPeopleMail(registry, sender, options),
		a.registerStaffLinks(registry, sender),
	)
}

// enqueueMail asks for the receipts of new submissions, in their transaction. Nobody knows
// whose mailboxes they name, so what is too much for the hour leaves later.
func (a *App) enqueueMail(ctx context.Context, tx *db.Tx, submissions []string) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	now := a.options.Clock()
	waits, err := a.guard.Mails(ctx, tx, len(submissions), now)
	if err != nil {
		return err
	}
	var all []jobs.Job
	var prompt []string
	for i, id := range submissions {
		if waits[i] > 0 {
			all = append(all, jobs.Job{Args: receiptMailJob{Submissions: []string{id}}, At: a.queueTime(now.Add(waits[i]))})
		} else {
			prompt = append(prompt, id)
		}
	}
	for part := range slices.Chunk(prompt, mailsPerJob) {
		all = append(all, jobs.Job{Args: receiptMailJob{Submissions: part}})
	}
	return a.queue.EnqueueMany(ctx, tx, all)
}

// enqueueConfirmed asks for the receipt of a submission whose mailbox has just answered.
func (a *App) enqueueConfirmed(ctx context.Context, tx *db.Tx, submission string) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	return a.queue.Enqueue(ctx, tx, receiptMailJob{Submissions: []string{submission}}, time.Time{})
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
	return a.handOver(ctx, sender, message, returnpath.Submission, id)
}

// handOver gives a mail to the relay, with a return address that names for whom it is: so
// reports about it are believed. Only an error that is worth another try comes back; a mail
// that is refused for good stands in the log.
func (a *App) handOver(ctx context.Context, sender *mail.Sender, m mail.Message, kind returnpath.Kind, id string) error {
	err := sender.Send(ctx, a.returning(m, kind, id))
	if a.givenUp(m, err) {
		return nil
	}
	return err
}

// givenUp reports whether a mail failed for good, or may have left, and logs that.
func (a *App) givenUp(m mail.Message, err error) bool {
	failed, told := errors.AsType[*mail.SendError](err)
	over := told && failed.Outcome != mail.Temporary || errors.Is(err, mail.ErrMessage)
	if over {
		a.options.Log.Warn("a mail could not be mailed", "mail", m.ID, "error", err.Error())
	}
	return over
}

// returning gives a mail a return address that names for whom it is.
func (a *App) returning(m mail.Message, kind returnpath.Kind, id string) mail.Message {
	if of, err := uuid.Parse(id); err == nil && a.paths.Domain() != "" {
		ref, now := returnpath.Ref{Kind: kind, ID: of}, a.options.Clock()
		m.ReturnPath = a.paths.Path(ref, now)
		m.Headers = maps.Clone(m.Headers)
		m.Headers[returnpath.ReferenceHeader] = a.paths.Token(ref, now)
	}
	return m
}
