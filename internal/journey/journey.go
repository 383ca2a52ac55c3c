// Package journey sends the mails that follow by themselves from something that happened:
// somebody joined the list, or did not confirm; a letter arrived; a campaign reached its
// goal, or ended.
//
// What follows from what, after how long, to whom and on which condition is a table. A step
// is one such mail to one person, and a row: there is never a second of its kind about the
// same thing. Its row is marked before the mail goes to the relay, so that a node that is
// killed leaves at most one mail of unknown fate, which is not sent again. Whether the
// person may be written to is asked when the step is put in line, when its time has come, and
// again right before the relay hears of the mail. They keep to what mailings keep to: see
// mailing.Restraint.
package journey

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/guard"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/notice"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Name tells journeys apart. Names stand in the database.
type Name string

// The journeys.
const (
	Welcome  Name = "welcome"
	Reminder Name = "reminder"
	Share    Name = "share"
	Goal     Name = "goal"
	Outcome  Name = "outcome"
)

// Trigger is what a journey begins with.
type Trigger string

// The triggers.
const (
	Joined      Trigger = "the mailbox confirmed the list"
	Unconfirmed Trigger = "a letter or the list waits for the mailbox"
	Written     Trigger = "a letter was taken in"
	GoalReached Trigger = "the campaign has its letters"
	Ended       Trigger = "the campaign has an outcome"
)

// Journey is one mail that follows from something that happened.
type Journey struct {
	Name  Name
	After Trigger
	Wait  time.Duration
	On    func(campaign.Mails) bool // whether a campaign wants it

	// happened says whether a campaign-wide trigger has come; nil for those of single people.
	happened func(c campaign.Listed, now time.Time) bool
	// judge decides on a step whose time has come.
	judge func(*Desk, context.Context, step) (verdict, error)
}

// outcomeNews is for how long after its date an outcome is news. It keeps a campaign that
// ended long ago from being told anew because its file was touched, or this program is new.
const outcomeNews = 30 * 24 * time.Hour

// Journeys returns all of them.
func Journeys() []Journey {
	return []Journey{
		{Name: Welcome, After: Joined, On: func(m campaign.Mails) bool { return m.Welcome }, judge: (*Desk).welcome},
		{Name: Reminder, After: Unconfirmed, Wait: 48 * time.Hour, On: func(m campaign.Mails) bool { return m.Reminder }, judge: (*Desk).remind},
		{Name: Share, After: Written, Wait: 24 * time.Hour, On: func(m campaign.Mails) bool { return m.Share }, judge: (*Desk).share},
		// The hour is for an author who sees a mistake.
		{Name: Goal, After: GoalReached, Wait: time.Hour, On: func(m campaign.Mails) bool { return m.Goal }, happened: goalReached, judge: (*Desk).goal},
		{Name: Outcome, After: Ended, Wait: time.Hour, On: func(m campaign.Mails) bool { return m.Outcome }, happened: ended, judge: (*Desk).outcome},
	}
}

// of returns the journey with a name.
func of(name Name) (Journey, bool) {
	for _, j := range Journeys() {
		if j.Name == name {
			return j, true
		}
	}
	return Journey{}, false
}

func goalReached(c campaign.Listed, _ time.Time) bool {
	return c.Published && c.Counts.Delivered >= c.Goal
}

func ended(c campaign.Listed, now time.Time) bool {
	return c.Published && c.Outcome != nil && now.Sub(c.Outcome.Date) < outcomeNews
}

// Options are what a desk needs. All are required but Wake.
type Options struct {
	DB        *db.DB
	People    *supporter.People
	Letters   Letters
	Campaigns *campaign.Store
	Clock     func() time.Time
	House     func() notice.House
	Guard     *guard.Guard // counts the mails to mailboxes that have not answered
	// Send gives a mail to the relay, as mail.Pool.SendIf does, with a return address that names
	// the step.
	Send func(ctx context.Context, m mail.Message, stepID string, may func(context.Context) error) error
	// Runs count the mails to all people of a campaign.
	Runs Runs
	// Restraint says when a mail may go to its domain.
	Restraint *mailing.Restraint
	// Wake, if given, asks in the same transaction to have Work called soon.
	Wake func(ctx context.Context, tx *db.Tx) error
}

// Letters makes the one mail of a journey that is about a letter itself.
type Letters interface {
	// Remind returns the mail that asks once more to confirm a letter; see supporter.People.AskJoin.
	Remind(ctx context.Context, submissionID, claim string, n notice.House) (m mail.Message, send bool, wait time.Duration, err error)
}

// Desk puts steps in line and sends their mails.
type Desk struct{ Options }

// New returns a desk.
func New(o Options) *Desk { return &Desk{o} }
