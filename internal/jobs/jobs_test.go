package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/jobs"
)

// note is the job of these tests.
type note struct {
	Text string `json:"text"`
}

func (note) Kind() string { return "note" }

type badKind struct{}

func (badKind) Kind() string { return "Not A Kind!" }

type unknown struct{}

func (unknown) Kind() string { return "unknown" }

// desk is a queue with one kind of job and what its handler saw.
type desk struct {
	*jobs.Queue
	t    *testing.T
	db   *db.DB
	seen chan string
}

// patience bounds every wait of these tests.
const patience = 30 * time.Second

// open makes a working queue; the handler sends the text to seen before it runs work.
func open(t *testing.T, d *db.DB, o jobs.Options, work func(context.Context, note) error) *desk {
	t.Helper()
	k := &desk{t: t, db: d, seen: make(chan string, 1000)}
	r := jobs.NewRegistry()
	err := jobs.Register(r, func(ctx context.Context, n note) error {
		k.seen <- n.Text
		if work == nil {
			return nil
		}
		return work(ctx, n)
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	k.Queue, err = jobs.New(t.Context(), d, r, jobs.Config{Workers: map[string]int{"default": 4}, Drain: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// start works until the test ends.
func (k *desk) start() *desk {
	k.t.Helper()
	if err := k.Start(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() {
		if err := k.Stop(context.Background()); err != nil {
			k.t.Error(err)
		}
	})
	return k
}

func (k *desk) put(texts ...string) {
	k.t.Helper()
	var all []jobs.Job
	for _, text := range texts {
		all = append(all, jobs.Job{Args: note{text}})
	}
	err := k.db.Tx(k.t.Context(), func(ctx context.Context, tx *db.Tx) error { return k.EnqueueMany(ctx, tx, all) })
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) next() string {
	k.t.Helper()
	select {
	case text := <-k.seen:
		return text
	case <-time.After(patience):
		k.t.Fatal("no job came")
		return ""
	}
}

// until waits for a backlog.
func (k *desk) until(ok func(jobs.Backlog) bool) {
	k.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var b jobs.Backlog
	for deadline := time.After(patience); ; {
		var err error
		if b, err = k.Backlog(k.t.Context()); err != nil {
			k.t.Fatal(err)
		}
		if ok(b) {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			k.t.Fatalf("the backlog stays at %+v", b)
		}
	}
}

func TestAJobExistsExactlyWhenItsTransactionDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, jobs.Options{}, nil)
		failed := errors.New("changed my mind")
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if err := k.Enqueue(ctx, tx, note{"lost"}, time.Time{}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		k.put("kept")
		if b, err := k.Backlog(t.Context()); err != nil || b.Due != 1 || b.Oldest.IsZero() {
			t.Errorf("backlog %+v, %v", b, err)
		}
		k.start()
		if got := k.next(); got != "kept" {
			t.Errorf("%q ran", got)
		}
		k.until(func(b jobs.Backlog) bool { return b == jobs.Backlog{} })
		if len(k.seen) > 0 {
			t.Errorf("%q ran too", <-k.seen)
		}
	})
}

// TestAJobStartsSoonAfterTheCommit: the person looks at the receipt, so the letter should
// be on its way within the second, also when another node took the submission.
func TestAJobStartsSoonAfterTheCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		worker := open(t, d, jobs.Options{}, nil).start()
		web := insertOnly(t, d)
		var waits []time.Duration
		for range 9 {
			from := worker
			if d.Engine() == db.Postgres {
				from = web
			}
			from.put("go")
			committed := time.Now()
			worker.next()
			waits = append(waits, time.Since(committed))
		}
		slices.Sort(waits)
		t.Logf("from commit to start: median %s, worst %s", waits[4], waits[8])
		if waits[4] > time.Second {
			t.Errorf("the median job starts %s after the commit", waits[4])
		}
	})
}

func insertOnly(t *testing.T, d *db.DB) *desk {
	t.Helper()
	r := jobs.NewRegistry()
	if err := jobs.Register(r, func(context.Context, note) error { return errors.New("not here") }, jobs.Options{}); err != nil {
		t.Fatal(err)
	}
	q, err := jobs.New(t.Context(), d, r, jobs.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{Queue: q, t: t, db: d}
}

func TestANodeWithoutWorkersOnlyEnqueues(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		web := insertOnly(t, d).start()
		web.put("later")
		worker := open(t, d, jobs.Options{}, nil).start()
		if got := worker.next(); got != "later" {
			t.Errorf("%q ran", got)
		}
	})
}

func TestAFailedJobIsTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var attempts []int
		done := make(chan struct{})
		backoff := func(int) time.Duration { return 0 }
		k := open(t, d, jobs.Options{Backoff: backoff}, func(ctx context.Context, _ note) error {
			attempts = append(attempts, jobs.Attempt(ctx))
			<-time.After(30 * time.Millisecond) // work that takes longer than the back-off
			switch len(attempts) {
			case 1:
				return errors.New("not yet")
			case 2:
				panic("not yet either")
			}
			close(done)
			return nil
		}).start()
		k.put("go")
		begin := time.Now()
		wait(t, done)
		if !slices.Equal(attempts, []int{1, 2, 3}) {
			t.Errorf("attempts %v", attempts)
		}
		if took := time.Since(begin); took > 10*time.Second {
			t.Errorf("the retries took %s: not our back-off", took)
		}
	})
}

func TestAJobIsGivenUpAfterItsAttempts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := jobs.Options{MaxAttempts: 2, Backoff: func(int) time.Duration { return 0 }}
		k := open(t, d, o, func(context.Context, note) error { return errors.New("never") }).start()
		k.put("go")
		k.until(func(b jobs.Backlog) bool { return b == jobs.Backlog{GivenUp: 1} })
		if len(k.seen) != 2 {
			t.Errorf("it ran %d times", len(k.seen))
		}
	})
}

func TestAgainDoesNotCountAsAnAttempt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		runs, done := 0, make(chan struct{})
		k := open(t, d, jobs.Options{MaxAttempts: 1}, func(ctx context.Context, _ note) error {
			if jobs.Attempt(ctx) != 1 {
				t.Errorf("attempt %d", jobs.Attempt(ctx))
			}
			if runs++; runs < 4 {
				return jobs.Again(time.Millisecond)
			}
			close(done)
			return nil
		}).start()
		k.put("go")
		wait(t, done)
	})
}

func TestADroppedJobIsNotTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, jobs.Options{}, func(context.Context, note) error { return jobs.Drop(errors.New("pointless")) }).start()
		k.put("go")
		k.next()
		k.until(func(b jobs.Backlog) bool { return b == jobs.Backlog{} })
	})
}

func TestAHandlerIsToldWhenItsTimeIsUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		over := make(chan struct{})
		k := open(t, d, jobs.Options{Timeout: 20 * time.Millisecond}, func(ctx context.Context, _ note) error {
			<-ctx.Done()
			close(over)
			return jobs.Drop(ctx.Err())
		}).start()
		k.put("go")
		wait(t, over)
	})
}

func TestAJobWaitsForItsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, jobs.Options{}, nil)
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(
				k.Enqueue(ctx, tx, note{"tomorrow"}, time.Now().Add(24*time.Hour)),
				k.Enqueue(ctx, tx, note{"yesterday"}, time.Now().Add(-24*time.Hour)))
		})
		if err != nil {
			t.Fatal(err)
		}
		k.start()
		if got := k.next(); got != "yesterday" {
			t.Errorf("%q ran", got)
		}
		k.until(func(b jobs.Backlog) bool { return b == jobs.Backlog{Later: 1} })
	})
}

func TestAUniqueJobIsThereOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, jobs.Options{Unique: true}, nil)
		k.put("a", "b", "a")
		k.put("a")
		if b, err := k.Backlog(t.Context()); err != nil || b.Due != 2 {
			t.Fatalf("backlog %+v, %v; want a and b", b, err)
		}
		k.start()
		k.next()
		k.next()
		k.until(func(b jobs.Backlog) bool { return b == jobs.Backlog{} })
		k.put("a") // a finished job is no obstacle
		if got := k.next(); got != "a" {
			t.Errorf("%q ran", got)
		}
	})
}

func TestManyJobsAllRunOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d, jobs.Options{}, nil).start()
		seen := map[string]int{}
		var texts []string
		for i := range 200 {
			texts = append(texts, strings.Repeat("x", i))
		}
		k.put(texts...)
		for range texts {
			seen[k.next()]++
		}
		if len(seen) != len(texts) {
			t.Errorf("%d different jobs ran, want %d", len(seen), len(texts))
		}
	})
}

func TestRunsAreReported(t *testing.T) {
	d := dbtest.New(t)
	r := jobs.NewRegistry()
	err := jobs.Register(r, func(_ context.Context, n note) error {
		switch n.Text {
		case "again":
			return jobs.Again(time.Hour)
		case "bad":
			return errors.New("no")
		}
		return nil
	}, jobs.Options{Queue: "letters"})
	if err != nil {
		t.Fatal(err)
	}
	runs := make(chan jobs.Run, 3)
	q, err := jobs.New(t.Context(), d, r, jobs.Config{
		Workers: map[string]int{"letters": 1}, Clock: time.Now, Ran: func(r jobs.Run) { runs <- r },
	})
	if err != nil {
		t.Fatal(err)
	}
	k := (&desk{Queue: q, t: t, db: d}).start()
	for text, failed := range map[string]bool{"good": false, "again": false, "bad": true} {
		k.put(text)
		run := <-runs
		if run.Kind != "note" || run.Queue != "letters" || run.Attempt != 1 || run.Failed != failed || run.Wait < 0 || run.Took < 0 {
			t.Errorf("%s: %+v", text, run)
		}
	}
}

func TestMistakesAtRegistration(t *testing.T) {
	r := jobs.NewRegistry()
	none := func(context.Context, note) error { return nil }
	if err := jobs.Register(r, none, jobs.Options{Timeout: time.Hour}); err == nil {
		t.Error("a time-out of an hour was accepted")
	}
	if err := jobs.Register(r, none, jobs.Options{Queue: "letters"}); err != nil {
		t.Fatal(err)
	}
	if err := jobs.Register(r, none, jobs.Options{}); err == nil {
		t.Error("a kind was registered twice")
	}
	if err := r.Every(time.Minute, unknown{}); err == nil {
		t.Error("an unknown periodic job was accepted")
	}
	if err := r.Every(time.Millisecond, note{}); err == nil {
		t.Error("a thousand jobs a second were accepted")
	}
	if got := r.Queues(); !slices.Equal(got, []string{"letters"}) {
		t.Errorf("queues %v", got)
	}
	d := dbtest.New(t)
	k := open(t, d, jobs.Options{}, nil)
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return k.Enqueue(ctx, tx, unknown{}, time.Time{}) })
	if err == nil {
		t.Error("an unknown job was enqueued")
	}
	if err := jobs.Register(r, func(context.Context, badKind) error { return nil }, jobs.Options{}); err == nil {
		if _, err = jobs.New(t.Context(), d, r, jobs.Config{}); err == nil {
			t.Error("a kind with spaces was accepted")
		}
	}
}

func wait(t *testing.T, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("it never happened")
	}
}
