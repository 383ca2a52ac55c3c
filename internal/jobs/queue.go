package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/jobs/schema"
)

// Config says what this node does with the queue.
type Config struct {
	// Workers is how many jobs of each queue run at the same time on this node. Without
	// any the node only enqueues, and Start and Stop do nothing.
	Workers map[string]int
	// Node names this node; it must be unique among the running nodes. A random name is
	// made unless given.
	Node string
	// Drain is how long Stop lets running jobs finish before it ends their contexts; 20
	// seconds unless told.
	Drain time.Duration
	// PollOnly does without LISTEN, for a PostgreSQL behind a pooler in transaction mode.
	PollOnly bool
	// Log receives failed jobs and the life of the queue; nothing is logged without it.
	Log *slog.Logger
	// Ran, if given, is called after every run of a job. It must be quick.
	Ran func(Run)
	// Clock is the time for the durations in Run, without which Ran is not called, and for
	// what "has come already" means in Enqueue. River itself lives by the real time.
	Clock func() time.Time
}

// Run is one finished run of a job, for metrics.
type Run struct {
	Kind    string
	Queue   string
	Attempt int
	// Wait is the time from when the job was due to its start, Took that of the handler.
	Wait, Took time.Duration
	// Failed is false also for a job that asked to be called again.
	Failed bool
}

// Queue enqueues jobs and, between Start and Stop, works on them.
type Queue struct {
	db       *db.DB
	registry *Registry
	config   Config
	client   *river.Client[*sql.Tx]
	closers  []func()
}

// New returns a queue on the database, which must be migrated.
func New(ctx context.Context, d *db.DB, r *Registry, c Config) (*Queue, error) {
	q := &Queue{db: d, registry: r, config: c}
	driver, err := q.driver(ctx)
	if err != nil {
		return nil, err
	}
	q.client, err = river.NewClient(driver, q.riverConfig())
	if err != nil {
		q.close()
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	return q, nil
}

// driver returns River's driver. On PostgreSQL a working node listens on a connection of
// its own, so that a job starts within milliseconds of the commit.
func (q *Queue) driver(ctx context.Context) (riverdriver.Driver[*sql.Tx], error) {
	postgres := q.db.Engine() == db.Postgres
	if !postgres || !q.works() || q.config.PollOnly {
		return schema.Driver(q.db.SQL(), postgres), nil
	}
	pool, err := q.db.Listener(ctx)
	if err != nil {
		return nil, err
	}
	q.closers = append(q.closers, pool.Close)
	return riverdatabasesql.NewWithPgxListener(q.db.SQL(), pool), nil
}

func (q *Queue) works() bool { return len(q.config.Workers) > 0 }

// riverConfig tunes River to our two engines. FetchCooldown bounds how often a busy node
// asks for more (and so, times the workers, the jobs per second); FetchPollInterval is how
// late a job may start whose notification got lost.
func (q *Queue) riverConfig() *river.Config {
	c := &river.Config{
		ID:                          q.config.Node,
		Workers:                     q.registry.workers,
		FetchCooldown:               20 * time.Millisecond,
		FetchPollInterval:           250 * time.Millisecond,
		FetchOnlyKnownKinds:         true, // an older node leaves a newer release's kinds alone
		JobTimeout:                  defaultTimeout,
		RescueStuckJobsAfter:        stuckAfter,
		SoftStopTimeout:             q.config.Drain,
		CompletedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: 24 * time.Hour,
		DiscardedJobRetentionPeriod: 7 * 24 * time.Hour,
		PollOnly:                    q.config.PollOnly || q.db.Engine() == db.Postgres && !q.works(),
		Logger:                      q.config.Log,
	}
	if c.SoftStopTimeout == 0 {
		c.SoftStopTimeout = 20 * time.Second
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if q.config.Ran != nil && q.config.Clock != nil {
		c.Middleware = []rivertype.Middleware{&observer{ran: q.config.Ran, clock: q.config.Clock}}
	}
	if !q.works() {
		return c
	}
	c.Queues = make(map[string]river.QueueConfig, len(q.config.Workers))
	for name, n := range q.config.Workers {
		c.Queues[name] = river.QueueConfig{MaxWorkers: n}
	}
	for _, p := range q.registry.periodic {
		options := q.insertOptions(p.args, time.Time{})
		c.PeriodicJobs = append(c.PeriodicJobs, river.NewPeriodicJob(
			river.PeriodicInterval(p.every),
			func() (river.JobArgs, *river.InsertOpts) { return p.args, options },
			&river.PeriodicJobOpts{RunOnStart: true},
		))
	}
	return c
}

// Start begins to work. Jobs keep the values of ctx but not its end: only Stop ends them.
// The only process on a SQLite file first frees the jobs that its killed predecessor had
// in hand.
func (q *Queue) Start(ctx context.Context) error {
	if !q.works() {
		return nil
	}
	if err := q.inherit(ctx); err != nil {
		return err
	}
	if err := q.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	return nil
}

// Stop takes no more jobs and waits for the running ones: until Config.Drain their
// contexts live on, then they are ended. It returns when all have stopped or ctx ends.
// What did not finish runs again later. Without an earlier Start it only cleans up.
func (q *Queue) Stop(ctx context.Context) error {
	defer q.close()
	if !q.works() {
		return nil
	}
	if err := q.client.Stop(ctx); err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}

func (q *Queue) close() {
	for _, f := range q.closers {
		f()
	}
	q.closers = nil
}

// Job is one job to enqueue.
type Job struct {
	Args Args
	// At is when it may start; zero means now.
	At time.Time
}

// Enqueue adds a job in the caller's transaction. It may start when at has come (zero
// means now) and the transaction is committed.
func (q *Queue) Enqueue(ctx context.Context, tx *db.Tx, args Args, at time.Time) error {
	return q.EnqueueMany(ctx, tx, []Job{{args, at}})
}

// EnqueueMany adds jobs in the caller's transaction.
func (q *Queue) EnqueueMany(ctx context.Context, tx *db.Tx, jobs []Job) error {
	if len(jobs) == 0 {
		return nil
	}
	params := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		if _, known := q.registry.kinds[j.Args.Kind()]; !known {
			return fmt.Errorf("enqueue: job kind %q is not registered", j.Args.Kind())
		}
		params[i] = river.InsertManyParams{Args: j.Args, InsertOpts: q.insertOptions(j.Args, j.At)}
	}
	// The fast variant skips duplicates of unique jobs, also within one batch, where the
	// other fails.
	if _, err := q.client.InsertManyFastTx(ctx, tx.SQL(), params); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// liveStates are those of a job that will still run.
var liveStates = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
	rivertype.JobStateRetryable, rivertype.JobStateScheduled,
}

func (q *Queue) insertOptions(args Args, at time.Time) *river.InsertOpts {
	if q.config.Clock != nil && !at.After(q.config.Clock()) {
		at = time.Time{} // due: a clock ahead of River's must not delay it
	}
	o := q.registry.kinds[args.Kind()]
	insert := &river.InsertOpts{MaxAttempts: o.MaxAttempts, Queue: o.Queue, ScheduledAt: at}
	if o.Unique {
		insert.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: liveStates}
	}
	return insert
}

// inherit frees what a killed process left: its running jobs, which nobody else can be
// running on a file that only we have, and its leadership, which would otherwise hold up
// scheduled jobs for a quarter of a minute. A job out of attempts is left to River, which
// discards it. River's own tables have no queries of ours, hence the plain statements.
func (q *Queue) inherit(ctx context.Context) error {
	if !q.db.Owner() {
		return nil
	}
	return q.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, statement := range []string{
			"UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempt < max_attempts",
			"DELETE FROM river_leader",
		} {
			if _, err := tx.SQL().ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("take over the job queue: %w", err)
			}
		}
		return nil
	})
}
