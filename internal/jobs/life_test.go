package jobs_test

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/jobs"
)

// TestMain lets the test binary play the process that is killed.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "be-killed" {
		if err := beKilled(context.Background(), os.Args[2], os.Args[3] == "working"); err != nil {
			os.Stdout.WriteString("error: " + err.Error() + "\n")
		}
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// beKilled enqueues a job, lets it hang in its handler when it is to work, says where it
// stands and waits for its end.
func beKilled(ctx context.Context, url string, working bool) error {
	d, err := db.Open(ctx, url)
	if err != nil {
		return err
	}
	r := jobs.NewRegistry()
	err = jobs.Register(r, func(context.Context, note) error {
		os.Stdout.WriteString("running\n")
		select {}
	}, jobs.Options{})
	if err != nil {
		return err
	}
	config := jobs.Config{}
	if working {
		config.Workers = map[string]int{"default": 1}
	}
	q, err := jobs.New(ctx, d, r, config)
	if err != nil {
		return err
	}
	if err := q.Start(ctx); err != nil {
		return err
	}
	err = d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return q.Enqueue(ctx, tx, note{"left behind"}, time.Time{})
	})
	if err != nil {
		return err
	}
	if !working {
		os.Stdout.WriteString("committed\n")
	}
	select {}
}

// kill runs the process until it says the word, and kills it.
func kill(t *testing.T, url, mode, word string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "be-killed", url, mode)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(output).ReadString('\n'); err != nil || line != word+"\n" {
		t.Errorf("the process says %q, %v", line, err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}

func TestAJobOfAKilledProcessRunsAfterTheRestart(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		kill(t, url, "enqueueing", "committed")
		k := open(t, dbtest.Open(t, url), jobs.Options{}, nil).start()
		if got := k.next(); got != "left behind" {
			t.Errorf("%q ran", got)
		}
	})
}

// TestAJobThatRanWhenTheProcessWasKilledRunsAtOnce: on SQLite the next process knows that
// nobody else can have the job. On PostgreSQL it is taken for dead after some minutes.
func TestAJobThatRanWhenTheProcessWasKilledRunsAtOnce(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	kill(t, url, "working", "running")
	attempts := make(chan int, 1)
	k := open(t, dbtest.Open(t, url), jobs.Options{}, func(ctx context.Context, _ note) error {
		attempts <- jobs.Attempt(ctx)
		return nil
	})
	begin := time.Now()
	k.start()
	k.next()
	if attempt := <-attempts; attempt != 2 {
		t.Errorf("attempt %d, want the second", attempt)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestPeriodicJobsRunAtTheStartAndAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := jobs.NewRegistry()
		ran := make(chan struct{}, 10)
		err := errors.Join(
			jobs.Register(r, func(context.Context, note) error { ran <- struct{}{}; return nil }, jobs.Options{}),
			r.Every(time.Second, note{"tick"}),
		)
		if err != nil {
			t.Fatal(err)
		}
		q, err := jobs.New(t.Context(), d, r, jobs.Config{Workers: map[string]int{"default": 1}})
		if err != nil {
			t.Fatal(err)
		}
		(&desk{Queue: q, t: t, db: d}).start()
		wait(t, ran)
		wait(t, ran)
	})
}

func TestStopWaitsForTheRunningJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		started, finish := make(chan struct{}), make(chan struct{})
		finished := false
		k := open(t, d, jobs.Options{}, func(ctx context.Context, _ note) error {
			close(started)
			<-finish
			finished = ctx.Err() == nil
			return nil
		})
		if err := k.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.put("go")
		wait(t, started)
		time.AfterFunc(20*time.Millisecond, func() { close(finish) })
		if err := k.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !finished {
			t.Error("the job was cut off although it was quick enough")
		}
		k.until(func(b jobs.Backlog) bool { return b == jobs.Backlog{} })
	})
}

func TestStopEndsAJobThatIsTooSlow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		started := make(chan struct{})
		k := open(t, d, jobs.Options{}, func(ctx context.Context, _ note) error {
			close(started)
			<-ctx.Done()
			return jobs.Again(0) // not done: once more after the restart
		})
		if err := k.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		k.put("slow")
		wait(t, started)
		if err := k.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		again := open(t, d, jobs.Options{}, nil).start()
		if got := again.next(); got != "slow" {
			t.Errorf("%q ran", got)
		}
	})
}

// TestStopGivesUpWithItsContext: a handler that ignores the end of its context cannot keep
// the process for ever.
func TestStopGivesUpWithItsContext(t *testing.T) {
	d := dbtest.New(t)
	started, release := make(chan struct{}), make(chan struct{})
	k := open(t, d, jobs.Options{}, func(context.Context, note) error {
		close(started)
		<-release
		return nil
	}).start()
	k.put("deaf")
	wait(t, started)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := k.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	close(release)
}
