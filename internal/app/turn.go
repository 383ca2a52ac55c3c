package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// turnMailJob asks for the mail that tells that a letter did not reach its office.
type turnMailJob struct {
	Submission string `json:"submission" river:"unique"` // one mail waits for each
	// Mail tells this mail from the other ones about the submission, also when it is tried
	// again: a mailbox may leave out a second one that has the first one's Message-ID.
	Mail string `json:"mail"`
}

// Kind is the name under which the queue keeps the job.
func (turnMailJob) Kind() string { return "mail_turns" }

// turnWaits is how many times the first wait of delivery a mail waits, to gather what
// happens to the letters of one submission: five minutes, unless told.
const turnWaits = 10

func (a *App) registerTurns(registry *jobs.Registry, sender *mail.Sender, options jobs.Options) error {
	options.Unique = true // a letter that turns while the mail leaves is on the receipt it links to
	return jobs.Register(registry, func(ctx context.Context, job turnMailJob) error {
		return a.mailTurn(ctx, sender, job)
	}, options)
}

// turnsOnly makes a queue that works on nothing and takes only what a command may ask for:
// the mail about a letter that an office sent back.
func (a *App) turnsOnly(ctx context.Context) (err error) {
	registry := jobs.NewRegistry()
	if err := a.registerTurns(registry, nil, jobs.Options{MaxAttempts: mailAttempts, Timeout: mailTimeout}); err != nil {
		return err
	}
	a.queue, err = jobs.New(ctx, a.db, registry, jobs.Config{Clock: a.options.Clock})
	return err
}

// enqueueTurn asks for the mail in the transaction of the move.
func (a *App) enqueueTurn(ctx context.Context, tx *db.Tx, submission string) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	wait := turnWaits * a.options.Backoff
	if a.guard != nil { // a command tells of few letters
		waits, err := a.guard.Mails(ctx, tx, 1, a.options.Clock())
		if err != nil {
			return err
		}
		wait += waits[0]
	}
	return a.queue.Enqueue(ctx, tx, turnMailJob{submission, uuid.NewString()}, time.Now().Add(wait))
}

func (a *App) mailTurn(ctx context.Context, sender *mail.Sender, job turnMailJob) error {
	message, due, err := a.desk.TurnNotice(ctx, job.Submission, job.Mail, a.notices())
	if err != nil || !due {
		return err
	}
	return a.handOver(ctx, sender, message, returnpath.Submission, job.Submission)
}
