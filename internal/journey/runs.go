package journey

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// Runs are the mails of a journey that go to all people of a campaign: what became of them,
// and what stops them. Too many complaints do, as with mailings.
type Runs struct {
	DB        *db.DB
	Campaigns *campaign.Store
	Clock     func() time.Time
	Log       *slog.Logger
	// Fit returns why mail in bulk must not leave; nil when it may.
	Fit func(context.Context) error
}

// Counted notes a report about a mail, in the transaction that records the report.
func (r Runs) Counted(ctx context.Context, tx *db.Tx, e inbox.Event) error {
	if e.Ref.Kind != returnpath.Step {
		return nil
	}
	row, err := tx.JourneyStep(ctx, e.Ref.ID.String())
	if fault.Is(db.Fault(err), fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n := query.CountJourneyRunParams{CampaignID: row.About, Journey: row.Journey}
	switch e.Kind { //nolint:exhaustive // the others are no news about a message
	case inbox.Hard, inbox.Soft, inbox.Policy:
		n.Returned = 1
	case inbox.Complaint:
		n.Complained = 1
	}
	return r.count(ctx, tx, n)
}

// count counts what became of mails, and stops those that would do harm. Mails that go to
// single people are no run.
func (r Runs) count(ctx context.Context, tx *db.Tx, n query.CountJourneyRunParams) error {
	run, err := tx.CountJourneyRun(ctx, n)
	if fault.Is(db.Fault(err), fault.NotFound) {
		return nil
	}
	if err != nil || run.PausedAt > 0 {
		return err
	}
	why := mailing.Brake(run.Sent-run.Returned-run.HeardDelivered, run.Complained-run.HeardComplained)
	if why == "" {
		return nil
	}
	r.Log.Error("mails that follow by themselves have paused themselves", "journey", run.Journey, "campaign", run.CampaignID, "reason", why)
	return r.pause(ctx, tx, run, string(mailing.ByBrake), why)
}

func (r Runs) pause(ctx context.Context, tx *db.Tx, run query.JourneyRun, who, why string) error {
	n, err := tx.PauseJourneyRun(ctx, query.PauseJourneyRunParams{
		CampaignID: run.CampaignID, Journey: run.Journey, PausedAt: stamp.Of(r.Clock()), PausedBy: who, PausedWhy: why,
	})
	if err != nil || n == 0 {
		return err
	}
	return r.log(ctx, tx, run, who, audit.JourneyPause, why)
}

func (r Runs) log(ctx context.Context, tx *db.Tx, run query.JourneyRun, who string, action audit.Action, why string) error {
	detail := run.Journey
	if why != "" {
		detail += ": " + why
	}
	return audit.Record(ctx, tx, audit.Entry{At: r.Clock(), Who: who, Action: action, Subject: run.CampaignID, Detail: detail})
}

// find returns the run of a journey for a campaign.
func (r Runs) find(ctx context.Context, name Name, slug string) (query.JourneyRun, error) {
	j, known := of(name)
	if !known || j.happened == nil {
		return query.JourneyRun{}, fault.New(fault.NotFound, fmt.Sprintf("%q is none of the journeys to all people of a campaign: %s and %s are", name, Goal, Outcome))
	}
	c, err := r.Campaigns.Live(ctx, slug)
	if fault.Is(err, fault.NotFound) {
		return query.JourneyRun{}, fault.New(fault.NotFound, fmt.Sprintf("there is no campaign %q", slug))
	}
	if err != nil {
		return query.JourneyRun{}, err
	}
	runs, err := r.DB.Read().ListJourneyRuns(ctx, c.ID)
	if err != nil {
		return query.JourneyRun{}, db.Fault(err)
	}
	for _, run := range runs {
		if run.Journey == string(name) {
			return run, nil
		}
	}
	return query.JourneyRun{}, fault.New(fault.NotFound, fmt.Sprintf("nothing has happened yet in %s that the mails of %s follow", slug, name))
}

// Pause stops the mails of a journey about a campaign: when it returns, no further one begins.
func (r Runs) Pause(ctx context.Context, name Name, slug, who, why string) error {
	run, err := r.find(ctx, name, slug)
	if err != nil {
		return err
	}
	if run.PausedAt > 0 {
		return fault.New(fault.Conflict, "they are paused already by "+run.PausedBy)
	}
	return r.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return r.pause(ctx, tx, run, who, why) })
}

// Resume lets paused mails go on, as far from each other as before. Complaints count anew
// from here: whoever lets them go on has seen the others.
func (r Runs) Resume(ctx context.Context, name Name, slug, who, why string) error {
	run, err := r.find(ctx, name, slug)
	if err != nil {
		return err
	}
	if run.PausedAt == 0 {
		return fault.New(fault.Conflict, "they are not paused")
	}
	if err := r.Fit(ctx); err != nil {
		return fault.Wrap(fault.Conflict, err, err.Error())
	}
	return r.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.ResumeJourneyRun(ctx, query.ResumeJourneyRunParams{CampaignID: run.CampaignID, Journey: run.Journey, Since: run.PausedAt})
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "somebody else let them go on at the same moment")
		}
		later := r.Clock().Sub(run.PausedAt.Time()).Milliseconds()
		_, err = tx.ShiftJourneySteps(ctx, query.ShiftJourneyStepsParams{Journey: run.Journey, About: run.CampaignID, Later: stamp.Time(later)})
		if err != nil {
			return err
		}
		return r.log(ctx, tx, run, who, audit.JourneyResume, why)
	})
}
