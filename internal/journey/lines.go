package journey

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Line is how the mails of a journey about one thing stand, as far as they wait or were
// stopped. Its names are stable: they are what `franklin journey status --json` prints.
type Line struct {
	Journey  Name   `json:"journey"`
	Campaign string `json:"campaign,omitempty"` // its slug; "" for the list
	// Waiting is how many mails have not left whose time has come, or that were put off.
	Waiting int64 `json:"waiting"`
	// Due is when the first of them is due; in the future when all were put off.
	Due time.Time `json:"due,omitzero"`
	Why []string  `json:"why,omitempty"` // the reasons, the most frequent first

	// Of those that go to all people of a campaign: for how many they are, how many have left,
	// came back and were called spam, and who paused them when.
	People     int64     `json:"people,omitempty"`
	Sent       int64     `json:"sent,omitempty"`
	Returned   int64     `json:"returned,omitempty"`
	Complained int64     `json:"complained,omitempty"`
	Paused     time.Time `json:"paused,omitzero"`
	PausedBy   string    `json:"paused_by,omitempty"`
	PausedWhy  string    `json:"paused_why,omitempty"`
}

// whyBusy is why mails wait of which nothing else is known.
const whyBusy = "their turn has not come yet"

// Lines returns what waits or was stopped, by journeys and campaigns.
func (r Runs) Lines(ctx context.Context) ([]Line, error) {
	rows, err := r.DB.Read().ListJourneyLines(ctx, stamp.Of(r.Clock()))
	if err != nil {
		return nil, fmt.Errorf("look which mails wait: %w", db.Fault(err))
	}
	runs, err := r.DB.Read().ListAllJourneyRuns(ctx)
	if err != nil {
		return nil, fmt.Errorf("look which mails wait: %w", db.Fault(err))
	}
	campaigns, err := r.Campaigns.List(ctx)
	if err != nil {
		return nil, err
	}
	slugs := map[string]string{}
	for _, c := range campaigns {
		slugs[c.ID] = c.Slug
	}
	slices.SortFunc(rows, func(a, b query.ListJourneyLinesRow) int { return cmp.Compare(b.Steps, a.Steps) })
	all := map[thing]*Line{}
	for _, row := range rows {
		lineOf(all, row.Journey, row.About).wait(row)
	}
	for _, run := range runs {
		if run.PausedAt > 0 || all[thing{run.Journey, run.CampaignID}] != nil {
			lineOf(all, run.Journey, run.CampaignID).of(run)
		}
	}
	return sorted(all, slugs), nil
}

// thing is what mails of one line are about.
type thing struct{ journey, about string }

func lineOf(all map[thing]*Line, journey, about string) *Line {
	l := all[thing{journey, about}]
	if l == nil {
		l = &Line{Journey: Name(journey)}
		all[thing{journey, about}] = l
	}
	return l
}

// wait adds mails that wait for one reason.
func (l *Line) wait(row query.ListJourneyLinesRow) {
	l.Waiting += row.Steps
	if due := stamp.Time(row.Due).Time(); l.Due.IsZero() || due.Before(l.Due) {
		l.Due = due
	}
	if why := cmp.Or(row.Reason, whyBusy); !slices.Contains(l.Why, why) {
		l.Why = append(l.Why, why)
	}
}

// of adds how the run stands to which the mails belong.
func (l *Line) of(run query.JourneyRun) {
	l.People, l.Sent, l.Returned, l.Complained = run.Queued, run.Sent, run.Returned, run.Complained
	if run.PausedAt > 0 {
		l.Paused, l.PausedBy, l.PausedWhy = run.PausedAt.Time(), run.PausedBy, run.PausedWhy
	}
}

func sorted(all map[thing]*Line, slugs map[string]string) []Line {
	lines := make([]Line, 0, len(all))
	for about, l := range all {
		l.Campaign = slugs[about.about]
		lines = append(lines, *l)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(strings.Compare(string(a.Journey), string(b.Journey)), strings.Compare(a.Campaign, b.Campaign))
	})
	return lines
}
