package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/franklin-letters/franklin/internal/db"
)

// Backlog is what the queue holds, for health checks and metrics.
type Backlog struct {
	// Due jobs could run now, Running ones do, Later ones wait for their time or the end
	// of a back-off, Given up ones failed too often in the last week.
	Due, Running, Later, GivenUp int
	// Oldest is since when the longest waiting due job could have run; zero when none is.
	Oldest time.Time
}

// Backlog counts the jobs of all nodes. It reads an index of the whole queue.
func (q *Queue) Backlog(ctx context.Context) (Backlog, error) {
	counts, err := q.client.Driver().GetExecutor().JobCountByAllStates(ctx, &riverdriver.JobCountByAllStatesParams{})
	if err != nil {
		return Backlog{}, db.Fault(fmt.Errorf("count the jobs: %w", err))
	}
	b := Backlog{
		Due:     counts[rivertype.JobStateAvailable],
		Running: counts[rivertype.JobStateRunning],
		Later:   counts[rivertype.JobStateScheduled] + counts[rivertype.JobStateRetryable],
		GivenUp: counts[rivertype.JobStateDiscarded],
	}
	if b.Due == 0 {
		return b, nil
	}
	due, err := q.client.JobList(ctx, river.NewJobListParams().
		States(rivertype.JobStateAvailable).OrderBy(river.JobListOrderByScheduledAt, river.SortOrderAsc).First(1))
	if err != nil {
		return Backlog{}, db.Fault(fmt.Errorf("find the oldest job: %w", err))
	}
	for _, job := range due.Jobs {
		b.Oldest = job.ScheduledAt
	}
	return b, nil
}
