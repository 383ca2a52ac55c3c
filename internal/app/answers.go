package app

import (
	"context"
	"errors"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// askAnswersJob asks to look whose offices have had the time to answer.
type askAnswersJob struct{}

// Kind is the name under which the queue keeps the job.
func (askAnswersJob) Kind() string { return "ask_for_answers" }

// answerMailJob asks for the mail that asks whether the offices answered.
type answerMailJob struct {
	Submission string `json:"submission"`
}

// Kind is the name under which the queue keeps the job.
func (answerMailJob) Kind() string { return "mail_answers" }

// askAnswersEvery is how often the server looks. Nobody waits for this mail.
const askAnswersEvery = time.Hour

// registerAnswers makes the senders of the mails that ask whether the offices answered.
func (a *App) registerAnswers(registry *jobs.Registry, sender *mail.Sender, options jobs.Options) error {
	return errors.Join(
		jobs.Register(registry, a.askAnswers, jobs.Options{MaxAttempts: 1}),
		jobs.Register(registry, func(ctx context.Context, job answerMailJob) error {
			return a.mailAnswer(ctx, sender, job)
		}, options),
		registry.Every(askAnswersEvery, askAnswersJob{}),
	)
}

func (a *App) askAnswers(ctx context.Context, _ askAnswersJob) error {
	return a.desk.AskForAnswers(ctx, func(ctx context.Context, tx *db.Tx, submission string) error {
		now := a.options.Clock()
		waits, err := a.guard.Mails(ctx, tx, 1, now)
		if err != nil {
			return err
		}
		return a.queue.EnqueueMany(ctx, tx, []jobs.Job{{Args: answerMailJob{submission}, At: a.queueTime(now.Add(waits[0]))}})
	})
}

func (a *App) mailAnswer(ctx context.Context, sender *mail.Sender, job answerMailJob) error {
	message, due, err := a.desk.AnswerNotice(ctx, job.Submission, a.notices())
	if err != nil || !due {
		return err
	}
	return a.handOver(ctx, sender, message, returnpath.Submission, job.Submission)
}
