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
// The wait begins now, by the same real clock as River's; a time that has passed, as after
// a long run, would make River fall back on a schedule of its own.
func (w *worker[A]) NextRetry(job *river.Job[A]) time.Time {
	if job.AttemptedAt == nil {
		return time.Time{} // never so for a job that ran; River's schedule then
	}
	failedAt := job.AttemptedAt.Add(time.Since(*job.AttemptedAt))
	return failedAt.Add(max(w.options.Backoff(len(job.Errors)+1), minBackoff))
}

// minBackoff keeps the next attempt in the future until River looks at it.
const minBackoff = 10 * time.Millisecond

type attemptKey struct{}

// Attempt returns which attempt a handler is running, from 1; 0 outside a handler.
func Attempt(ctx context.Context) int {
	n, _ := ctx.Value(attemptKey{}).(int)
	return n
}
