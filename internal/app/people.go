package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// joinMailJob asks for the mail that lets somebody confirm what they ticked.
type joinMailJob struct {
	Supporter string `json:"supporter"`
	Claim     string `json:"claim"`
}

// Kind is the name under which the queue keeps the job.
func (joinMailJob) Kind() string { return "mail_joins" }

// dataMailJob asks for the mail that leads somebody to their data.
type dataMailJob struct {
	Supporter string `json:"supporter"`
	Claim     string `json:"claim"`
	Waited    bool   `json:"waited,omitempty"` // it has its place among those of the hour
}

// Kind is the name under which the queue keeps the job.
func (dataMailJob) Kind() string { return "mail_data" }

// eraseJob asks to erase the letters of somebody that were on their way.
type eraseJob struct {
	Supporter string `json:"supporter"`
}

// Kind is the name under which the queue keeps the job.
func (eraseJob) Kind() string { return "erase_letters" }

// pruneJob asks to forget what its time is over for.
type pruneJob struct{}

// Kind is the name under which the queue keeps the job.
func (pruneJob) Kind() string { return "prune_people" }

const (
	// joinAfter lets the receipt go first, which holds the same link.
	joinAfter = 5 * time.Minute
	// eraseEvery is how long after each other letters on their way are looked at.
	eraseEvery = time.Minute
	pruneEvery = time.Hour
)

// erasuresSuffix is what the name of the secret's file gets for the list of erasures, which
// stands beside it.
const erasuresSuffix = ".erasures"

func (a *App) people(secrets [][]byte) (*supporter.People, error) {
	erasures, err := supporter.OpenErasures(a.settings.Secret.File + erasuresSuffix)
	if err != nil {
		return nil, err
	}
	return &supporter.People{
		DB: a.db, Keys: supporter.NewKeys(secrets...), Clock: a.options.Clock, BaseURL: a.settings.BaseURL, Erasures: erasures,
	}, nil
}

// eraseAgain erases whom a database from a backup brought back, before anything is served.
func (a *App) eraseAgain(ctx context.Context) error {
	n, err := a.desk.ReapplyErasures(ctx)
	if err != nil {
		return fmt.Errorf("erase whom the database has again: %w", err)
	}
	if n > 0 {
		a.options.Log.Warn("the database held people who had been erased; they were erased again", "people", n)
	}
	return nil
}

// registerPeople makes what forgets people.
func (a *App) registerPeople(registry *jobs.Registry) error {
	err := jobs.Register(registry, func(ctx context.Context, job eraseJob) error {
		left, err := a.desk.EraseLetters(ctx, job.Supporter)
		if err == nil && left > 0 {
			return jobs.Again(eraseEvery)
		}
		return err
	}, jobs.Options{})
	return errors.Join(
		err,
		jobs.Register(registry, a.prune, jobs.Options{MaxAttempts: 1}),
		registry.Every(pruneEvery, pruneJob{}),
	)
}

// forgetDeliveredJob asks to forget people who asked for it, and whose letters have arrived.
type forgetDeliveredJob struct{}

// Kind is the name under which the queue keeps the job.
func (forgetDeliveredJob) Kind() string { return "forget_delivered" }

// registerForgetting makes what keeps the promise to forget people soon.
func (a *App) registerForgetting(registry *jobs.Registry) error {
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, _ forgetDeliveredJob) error { return a.desk.ForgetDelivered(ctx) }, jobs.Options{MaxAttempts: 1}),
		registry.Every(reconcileEvery, forgetDeliveredJob{}),
	)
}

// prune forgets what its time is over for.
func (a *App) prune(ctx context.Context, _ pruneJob) error {
	if err := a.desk.People.ForgetOld(ctx); err != nil {
		return err
	}
	if a.settings.Mail.Host == "" { // nobody could have confirmed anything
		return nil
	}
	return a.desk.People.Prune(ctx)
}

// registerPeopleMail makes the mails that people have to answer.
func (a *App) registerPeopleMail(registry *jobs.Registry, sender *mail.Sender, options jobs.Options) error {
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, job joinMailJob) error { return a.mailJoin(ctx, sender, job) }, options),
		jobs.Register(registry, func(ctx context.Context, job dataMailJob) error { return a.mailData(ctx, sender, job) }, options),
	)
}

// mailData sends the link to somebody's data, in the mailbox's turn and in those of the hour.
func (a *App) mailData(ctx context.Context, sender *mail.Sender, job dataMailJob) error {
	message, send, wait, err := a.desk.People.DataNotice(ctx, job.Supporter, job.Claim, a.noticesTo(ctx, job.Supporter))
	if send, err = inTurn(send, wait, err); !send {
		return err
	}
	if later, err := a.dataLater(ctx, job); err != nil || later {
		return err
	}
	return a.handOver(ctx, sender, message, returnpath.Supporter, job.Supporter)
}

// dataLater counts the link to somebody's data, or puts it off when very many were asked for.
func (a *App) dataLater(ctx context.Context, job dataMailJob) (later bool, err error) {
	now := a.options.Clock()
	err = a.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if !job.Waited {
			wait, err := a.guard.DataMail(ctx, tx, now)
			if later = wait > 0; err != nil {
				return err
			}
			if later {
				waited := job
				waited.Waited = true
				return a.queue.Enqueue(ctx, tx, waited, a.queueTime(now.Add(wait)))
			}
		}
		_, err := a.guard.Mails(ctx, tx, 1, now)
		return err
	})
	return later, err
}

// mailJoin asks somebody to confirm the list. The receipts of a busy hour go first: each holds
// the same link, and takes its mailbox's turn.
func (a *App) mailJoin(ctx context.Context, sender *mail.Sender, job joinMailJob) error {
	var message mail.Message
	send, wait, err := a.guard.Spare(ctx, a.db, a.options.Clock(), func() (send bool, wait time.Duration, err error) {
		message, send, wait, err = a.desk.People.AskJoin(ctx, job.Supporter, job.Claim, a.noticesTo(ctx, job.Supporter))
		return send, wait, err
	})
	if send, err = inTurn(send, wait, err); !send {
		return err
	}
	return a.handOver(ctx, sender, message, returnpath.Supporter, job.Supporter)
}

// enqueueJoin asks for the mail to who ticked the box of the list or of a partner, in their
// transaction. Only the list is worth a reminder.
func (a *App) enqueueJoin(ctx context.Context, tx *db.Tx, t letter.Ticked) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	if t.List {
		if err := a.journeys.Ticked(ctx, tx, t.Supporter); err != nil {
			return err
		}
	}
	at := a.queueTime(a.options.Clock().Add(joinAfter))
	return a.queue.Enqueue(ctx, tx, joinMailJob{t.Supporter, uuid.NewString()}, at)
}

// enqueueData asks for the mail with the link to somebody's data.
func (a *App) enqueueData(ctx context.Context, supporterID string) error {
	return a.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return a.queue.Enqueue(ctx, tx, dataMailJob{Supporter: supporterID, Claim: uuid.NewString()}, time.Time{})
	})
}

// enqueueErasure looks again at letters that were on their way.
func (a *App) enqueueErasure(ctx context.Context, tx *db.Tx, supporterID string) error {
	return a.queue.Enqueue(ctx, tx, eraseJob{supporterID}, a.queueTime(a.options.Clock().Add(eraseEvery)))
}
