// Package jobs is the only door to River, the queue of background work.
//
// A job is enqueued inside the caller's transaction, so it exists exactly when the change
// it belongs to exists. It runs at least once: after a crash, a time-out or an error it
// runs again, so every handler looks at the rows first and does nothing when its work is
// done. The queue says only "try again"; the rows are the truth, and whoever owns them
// can fill an empty queue from them. Arguments hold ids, never personal data, because
// they and the text of errors stay in the queue's table for a while.
//
// A Registry names the kinds of jobs and their handlers once, at start-up. A Queue made
// from it enqueues on every node and works on the nodes that are told to.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
)

// Args are the arguments of one kind of job: a struct that survives JSON. Kind is the
// constant name of the kind, lower case with underscores, and must never change while jobs
// of it are waiting.
type Args interface{ Kind() string }

// Options are the rules of one kind.
type Options struct {
	// Queue keeps slow kinds from holding up quick ones; "default" unless told.
	Queue string
	// MaxAttempts is how often a job is run before it is given up; 20 unless told, which
	// takes about two days.
	MaxAttempts int
	// Timeout ends the handler's context; a minute unless told, two at most.
	Timeout time.Duration
	// Unique skips a job when one with the same arguments is waiting or running. A job
	// that is enqueued while its twin is at its last line is skipped too, so use it only
	// where something else, such as a periodic check, looks again.
	Unique bool
	// Backoff is the wait after the n-th failed attempt (n counts from 1). Without it the
	// wait is n to the fourth power in seconds, at most an hour.
	Backoff func(n int) time.Duration
}

// Defaults and limits of Options. A job is taken for dead after stuckAfter, which has to
// be longer than any handler may run.
const (
	defaultQueue    = "default"
	defaultAttempts = 20
	defaultTimeout  = time.Minute
	maxTimeout      = 2 * time.Minute
	stuckAfter      = 3 * time.Minute
	maxBackoff      = time.Hour
)

// Registry holds the kinds of jobs. Fill it before New; it is not safe for concurrent use.
type Registry struct {
	workers  *river.Workers
	kinds    map[string]Options
	periodic []periodic
}

type periodic struct {
	every time.Duration
	args  Args
}

// NewRegistry returns an empty registry.
func NewRegistry() *Registry {
	return &Registry{workers: river.NewWorkers(), kinds: map[string]Options{}}
}

// Register adds the kind of A with its handler. The handler returns nil when the work is
// done or was done already, Again to be called later without counting an attempt, Drop to
// give up, and any other error to be tried again after the back-off.
func Register[A Args](r *Registry, work func(context.Context, A) error, o Options) error {
	var zero A
	kind := zero.Kind()
	if _, known := r.kinds[kind]; known {
		return fmt.Errorf("job kind %q is registered twice", kind)
	}
	if o.Queue == "" {
		o.Queue = defaultQueue
	}
	if o.MaxAttempts == 0 {
		o.MaxAttempts = defaultAttempts
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Timeout < 0 || o.Timeout > maxTimeout {
		return fmt.Errorf("job kind %q: time-out %s is not between 0 and %s", kind, o.Timeout, maxTimeout)
	}
	if o.Backoff == nil {
		o.Backoff = defaultBackoff
	}
	if err := river.AddWorkerSafely(r.workers, &worker[A]{work: work, options: o}); err != nil {
		return fmt.Errorf("job kind %q: %w", kind, err)
	}
	r.kinds[kind] = o
	return nil
}

// Every enqueues args at the start of the first working node and then at this interval,
// once for all nodes. A restart enqueues it again, so its handler must not mind. The kind
// must be registered first.
func (r *Registry) Every(interval time.Duration, args Args) error {
	if _, known := r.kinds[args.Kind()]; !known {
		return fmt.Errorf("periodic job: kind %q is not registered", args.Kind())
	}
	if interval < time.Second {
		return fmt.Errorf("periodic job %q: interval %s is under a second", args.Kind(), interval)
	}
	r.periodic = append(r.periodic, periodic{interval, args})
	return nil
}

// Queues returns the names of the queues of all kinds.
func (r *Registry) Queues() []string {
	seen := map[string]bool{}
	var names []string
	for _, o := range r.kinds {
		if !seen[o.Queue] {
			seen[o.Queue] = true
			names = append(names, o.Queue)
		}
	}
	return names
}

// Again makes the job run once more after the wait, without counting the attempt.
func Again(after time.Duration) error { return river.JobSnooze(max(after, 0)) }

// Drop ends the job for good; cause says why and must hold no personal data.
func Drop(cause error) error {
	if cause == nil {
		cause = errors.New("dropped")
	}
	return river.JobCancel(cause)
}

func defaultBackoff(n int) time.Duration {
	n = min(max(n, 1), 8) // 8^4 s is over an hour
	return min(time.Duration(n*n*n*n)*time.Second, maxBackoff)
}
