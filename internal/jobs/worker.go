package jobs

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// worker is River's view of one kind.
type worker[A Args] struct {
	river.WorkerDefaults[A]
	work    func(context.Context, A) error
	options Options
}

func (w *worker[A]) Work(ctx context.Context, job *river.Job[A]) error {
	return w.work(context.WithValue(ctx, attemptKey{}, job.Attempt), job.Args)
}

func (w *worker[A]) Timeout(*river.Job[A]) time.Duration { return w.options.Timeout }

// NextRetry counts the errors, not the attempts: Again does not make the next wait longer.
func (w *worker[A]) NextRetry(job *river.Job[A]) time.Time {
	failed := len(job.Errors) + 1
	from := time.Time{}
	if job.AttemptedAt != nil {
		from = *job.AttemptedAt
	}
	return from.Add(w.options.Backoff(failed))
}

type attemptKey struct{}

// Attempt returns which attempt a handler is running, from 1; 0 outside a handler.
func Attempt(ctx context.Context) int {
	n, _ := ctx.Value(attemptKey{}).(int)
	return n
}
