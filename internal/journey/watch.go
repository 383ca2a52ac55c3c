package journey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/supporter"
)

const (
	// audiencePage is how many people are looked at in one go.
	audiencePage = 200
	// pace is the distance between two mails of a campaign-wide journey: people act on them,
	// and the relay and the pages must not notice.
	pace = time.Second
)

// watch looks what happened to campaigns, and puts the mails about it in line.
func (d *Desk) watch(ctx context.Context) error {
	all, err := d.Campaigns.List(ctx)
	if err != nil {
		return err
	}
	var kept []error
	fit := sync.OnceValue(func() error { return d.Runs.Fit(ctx) }) // it may take a minute
	for _, c := range all {
		for _, j := range Journeys() {
			if j.happened == nil || !j.On(c.Mails) {
				continue
			}
			if err := d.follow(ctx, j, c, fit); err != nil {
				kept = append(kept, fmt.Errorf("put the mails of %s about %s in line: %w", j.Name, c.Slug, err))
			}
		}
	}
	return errors.Join(kept...)
}

// follow brings one campaign's run of a journey on. Its mails are many, so they are put in line
// only while mail in bulk may leave.
func (d *Desk) follow(ctx context.Context, j Journey, c campaign.Listed, fit func() error) error {
	now := d.Clock()
	if !j.happened(c, now) {
		return nil
	}
	runs, err := d.DB.Read().ListJourneyRuns(ctx, c.ID)
	if err != nil {
		return db.Fault(err)
	}
	i := slices.IndexFunc(runs, func(r query.JourneyRun) bool { return r.Journey == string(j.Name) })
	if i < 0 {
		return d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.BeginJourneyRun(ctx, query.BeginJourneyRunParams{CampaignID: c.ID, Journey: string(j.Name), Since: stamp.Of(now)})
			return err
		})
	}
	if runs[i].DoneAt > 0 || now.Before(runs[i].Since.Time().Add(j.Wait)) {
		return nil
	}
	if err := fit(); err != nil {
		return err
	}
	for run := runs[i]; run.DoneAt == 0 && ctx.Err() == nil; {
		if run, err = d.queue(ctx, j, c, run); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// queue puts the next page of people in line. Another node that did it first has it ended.
func (d *Desk) queue(ctx context.Context, j Journey, c campaign.Listed, run query.JourneyRun) (query.JourneyRun, error) {
	rows, err := d.DB.Read().ListWritersOnLists(ctx, query.ListWritersOnListsParams{
		CampaignID: c.ID, LastAt: run.LastAt, LastID: run.LastID, List: string(supporter.Updates), OtherList: string(j.other(c.ID)), MaxRows: audiencePage,
	})
	if err != nil {
		return run, db.Fault(err)
	}
	due := run.Since.Time().Add(j.Wait + time.Duration(run.Queued)*pace)
	var all []beginning
	for _, r := range rows {
		may, err := d.reachable(ctx, r.SupporterID, supporter.Updates, j.other(c.ID))
		if err != nil {
			return run, err
		}
		if may == nil || slices.ContainsFunc(all, func(b beginning) bool { return b.supporter == r.SupporterID }) {
			continue
		}
		all = append(all, beginning{j.Name, r.SupporterID, c.ID, r.ID, due.Add(time.Duration(len(all)) * pace)})
	}
	from := run.LastID
	if len(rows) > 0 {
		run.LastAt, run.LastID = rows[len(rows)-1].CreatedAt, rows[len(rows)-1].ID
	}
	if run.Queued += int64(len(all)); len(rows) < audiencePage {
		run.DoneAt = stamp.Of(d.Clock())
	}
	err = d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.AdvanceJourneyRun(ctx, query.AdvanceJourneyRunParams{
			CampaignID: c.ID, Journey: string(j.Name), FromID: from, LastAt: run.LastAt, LastID: run.LastID, More: int64(len(all)), DoneAt: run.DoneAt,
		})
		if err != nil || n == 0 {
			run.DoneAt = max(run.DoneAt, 1)
			return err
		}
		_, err = d.put(ctx, tx, all)
		return err
	})
	return run, err
}

// other is the list beside that of updates whose people a journey is for.
func (j Journey) other(campaignID string) supporter.List {
	if j.Name == Outcome {
		return supporter.OutcomeOf(campaignID)
	}
	return supporter.Updates
}
