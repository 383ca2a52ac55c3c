package app

import (
	"context"
	"errors"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/journey"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/obs"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// journeysJob asks to look which mails follow from what happened, and to send them.
type journeysJob struct{}

// Kind is the name under which the queue keeps the job.
func (journeysJob) Kind() string { return "journeys" }

// journeysEvery is how often the server looks, in first waits of delivery: a minute, unless
// told.
const journeysEvery = 2

// registerJourneys makes the job. One runs at a time, on whichever node; two that overlap all
// the same share the mails.
func (a *App) registerJourneys(registry *jobs.Registry) error {
	return errors.Join(
		jobs.Register(registry, func(ctx context.Context, _ journeysJob) error {
			more, err := a.journeys.Work(ctx)
			if err == nil && more {
				return jobs.Again(time.Second)
			}
			return err
		}, jobs.Options{MaxAttempts: 1, Timeout: mailTimeout, Unique: true}),
		registry.Every(max(journeysEvery*a.options.Backoff, time.Second), journeysJob{}),
	)
}

// newJourneys makes what sends the mails that follow by themselves, and returns whom to tell of
// new letters. Without a relay none follow.
func (a *App) newJourneys(people *supporter.People) func(context.Context, *db.Tx, []letter.Written) error {
	if a.settings.Mail.Host == "" {
		return nil
	}
	a.journeys = journey.New(journey.Options{
		DB: a.db, People: people, Letters: reminders{a}, Campaigns: a.campaigns, Clock: a.options.Clock, House: a.notices, Guard: a.guard,
		Runs: a.runs(), Restraint: &mailing.Restraint{People: people, Log: a.options.Log, Rates: a.rates, Backoff: a.options.Backoff},
		Send: func(ctx context.Context, m mail.Message, stepID string, may func(context.Context) error) error {
			err := a.mailPool.SendIf(ctx, a.returning(m, returnpath.Step, stepID), may)
			a.givenUp(m, err)
			return err
		},
		Wake: func(ctx context.Context, tx *db.Tx) error {
			return a.queue.Enqueue(ctx, tx, journeysJob{}, time.Time{})
		},
	})
	people.OnList = a.journeys.OnList
	return a.journeys.Written
}

// runs are the mails that follow by themselves and go to all people of a campaign.
func (a *App) runs() journey.Runs {
	return journey.Runs{DB: a.db, Campaigns: a.campaigns, Clock: a.options.Clock, Log: a.options.Log, Fit: a.fitForBulk}
}

// measureJourneys tells which mails that follow by themselves wait.
func (a *App) measureJourneys(ctx context.Context, set obs.Set) error {
	lines, err := a.runs().Lines(ctx)
	if err != nil {
		return err
	}
	now := a.options.Clock()
	waiting, oldest, paused := map[journey.Name]int64{}, map[journey.Name]time.Duration{}, map[journey.Name]int{}
	for _, l := range lines {
		waiting[l.Journey] += l.Waiting
		if l.Waiting > 0 {
			oldest[l.Journey] = max(oldest[l.Journey], now.Sub(l.Due))
		}
		if !l.Paused.IsZero() {
			paused[l.Journey]++
		}
	}
	for _, j := range journey.Journeys() {
		set("franklin_journey_waiting", float64(waiting[j.Name]), string(j.Name))
		set("franklin_journey_oldest_seconds", oldest[j.Name].Seconds(), string(j.Name))
		set("franklin_journey_paused", float64(paused[j.Name]), string(j.Name))
	}
	return nil
}

// reminders lets the journeys and the desk know each other.
type reminders struct{ app *App }

// Remind is that of the desk.
func (r reminders) Remind(ctx context.Context, submissionID, claim string, n letter.Notices) (mail.Message, bool, time.Duration, error) {
	return r.app.desk.Remind(ctx, submissionID, claim, n)
}

// noticesTo are the mails to a person, as quiet as the quietest campaign wants on which they
// have written or joined the list.
func (a *App) noticesTo(ctx context.Context, supporterID string) letter.Notices {
	n := a.notices()
	quiet, err := a.desk.Hushed(ctx, supporterID)
	n.Neutral = n.Neutral || quiet || err != nil // who cannot know does not tell
	return n
}
