package app

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/jobs"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// foldJob asks to fold in who has changed, so that segments are counted quickly.
type foldJob struct{}

// Kind is the name under which the queue keeps the job.
func (foldJob) Kind() string { return "fold_people" }

const (
	foldEvery = time.Minute
	// foldFor is how long one job folds. The first time after an upgrade, when all blocks are
	// made, may take several.
	foldFor = 100 * time.Second
)

// segments answers who is in a segment, with the roster in use now.
func (a *App) segments() *segment.People {
	return &segment.People{
		DB: a.db, Campaigns: a.campaigns, Clock: a.options.Clock, Roster: func() (*roster.Roster, error) { return a.guide().Roster, nil },
	}
}

// registerSegments makes the copy of people by which segments are counted.
func (a *App) registerSegments(registry *jobs.Registry) error {
	return errors.Join(
		jobs.Register(registry, a.fold, jobs.Options{MaxAttempts: 1, Timeout: 2 * time.Minute}),
		registry.Every(foldEvery, foldJob{}),
	)
}

// fold folds for a while. What is left waits for its next turn.
func (a *App) fold(ctx context.Context, _ foldJob) error {
	within, cancel := context.WithTimeout(ctx, foldFor)
	defer cancel()
	err := a.segments().FoldDue(within)
	if within.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// Segments answers who is in a segment.
func (b *BackOffice) Segments() *segment.People {
	return &segment.People{DB: b.DB, Campaigns: b.Campaigns, Clock: b.app.options.Clock, Roster: b.roster}
}

// rosterIn returns who reads the roster in use, when it is first asked for.
func rosterIn(dir string, log *slog.Logger) func() (*roster.Roster, error) {
	return sync.OnceValues(func() (*roster.Roster, error) {
		data, err := inuse.OpenLive(dir, log)
		if err != nil {
			return nil, err
		}
		return data.Data().Roster, nil
	})
}

// holder says who holds a seat by the roster in use.
func (b *BackOffice) holder(seat congress.Seat, at time.Time) (roster.Answer, error) {
	r, err := b.roster()
	if err != nil {
		return roster.Answer{}, err
	}
	return r.Holder(seat, at)
}

// Places returns who finds state and district of a ZIP code, by the lines in use. It answers
// with "" for what is not certain.
func (b *BackOffice) Places() (func(zip, state string) (inState, seat string), error) {
	data, err := inuse.OpenLive(b.app.settings.DataDir, b.Desk.Log)
	if err != nil {
		return nil, err
	}
	lines, at := data.Data().Districts, b.app.options.Clock()
	type place struct{ state, seat string }
	known := map[place]place{}
	return func(zip, state string) (string, string) {
		asked := place{state, zip}
		if answer, ok := known[asked]; ok {
			return answer.state, answer.seat
		}
		var answer place
		if r, err := lines.ByZIP(zip, congress.State(state), at); err == nil && r.Unique() {
			answer = place{string(r.Seat.State), r.Seat.String()}
		} else if err == nil && len(r.Candidates) > 0 && !slices.ContainsFunc(r.Candidates, func(s congress.Seat) bool { return s.State != r.Candidates[0].State }) {
			answer.state = string(r.Candidates[0].State)
		}
		known[asked] = answer
		return answer.state, answer.seat
	}, nil
}

// CustomFields are the organisation's own fields of people.
func (b *BackOffice) CustomFields() []string { return b.app.settings.CustomFields }
