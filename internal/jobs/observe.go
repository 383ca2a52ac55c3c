package jobs

import (
	"context"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// observer tells Config.Ran about every run.
type observer struct {
	river.MiddlewareDefaults
	ran   func(Run)
	clock func() time.Time
}

// Work runs around every handler.
func (o *observer) Work(ctx context.Context, job *rivertype.JobRow, next func(context.Context) error) error {
	start := o.clock()
	failed := true // also when the handler panics
	defer func() {
		o.ran(Run{
			Kind: job.Kind, Queue: job.Queue, Attempt: job.Attempt,
			Wait: max(start.Sub(job.ScheduledAt), 0), Took: o.clock().Sub(start), Failed: failed,
		})
	}()
	err := next(ctx)
	_, again := errors.AsType[*rivertype.JobSnoozeError](err)
	failed = err != nil && !again
	return err
}
