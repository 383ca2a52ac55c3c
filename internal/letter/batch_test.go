package letter_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestWhoStoodInLineTooLongIsToldToTryAgain holds up the one writer of SQLite: the letter
// that waits behind it for too long is not taken, the one that came later is.
func TestWhoStoodInLineTooLongIsToldToTryAgain(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	looks := make(chan struct{}, 100)
	p := newPost(t, d)
	p.restart(func(p *post) {
		now := p.clock.now
		p.options.Clock = func() time.Time {
			at := now()
			looks <- struct{}{}
			return at
		}
	})
	free, held := make(chan struct{}), make(chan error, 1)
	begun := make(chan struct{})
	go func() {
		held <- d.Tx(t.Context(), func(context.Context, *db.Tx) error {
			close(begun)
			<-free
			return nil
		})
	}()
	<-begun
	submit := func(n int) <-chan error {
		answer := make(chan error, 1)
		go func() {
			r, err := p.desk.Submit(t.Context(), p.submission(person(n)))
			if err == nil && r.Standing != letter.Taken {
				t.Errorf("letter %d is %s", n, r.Standing)
			}
			answer <- err
		}()
		return answer
	}
	first := submit(1)
	<-looks // it is written
	<-looks // the writer has it
	late := submit(2)
	<-looks
	p.clock.turn(time.Second)
	last := submit(3)
	<-looks
	close(free)
	for name, answer := range map[string]<-chan error{"the first": first, "the last": last} {
		if err := <-answer; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := <-late; !errors.Is(err, letter.ErrLine) || !fault.Is(err, fault.Unavailable) || fault.Of(err).RetryAfter <= 0 {
		t.Errorf("the late one: %v", err)
	}
	if err := <-held; err != nil {
		t.Fatal(err)
	}
	if n := p.counts(); n.Submitted != 2 {
		t.Errorf("%d letters were taken, want 2", n.Submitted)
	}
}

// TestPeopleAtOnceShareCommits: on one processor too, where the writer and those it has just
// answered could go on among themselves. It is not parallel, because the processor is for all.
func TestPeopleAtOnceShareCommits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const people, each = 32, 8
	commits := 0
	p := newPost(t, dbtest.New(t))
	p.restart(func(p *post) {
		taken := p.options.Taken
		p.options.Taken = func(ctx context.Context, tx *db.Tx, ids []string) error {
			commits++
			return taken(ctx, tx, ids)
		}
	})
	var all sync.WaitGroup
	for n := range people {
		all.Go(func() {
			for i := range each {
				if _, err := p.desk.Submit(t.Context(), p.submission(person(n*each+i))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if most := people * each / 16; commits > most { // it takes 9, and without letting others join 17 to 28
		t.Errorf("%d letters took %d commits, at most %d", people*each, commits, most)
	}
}
