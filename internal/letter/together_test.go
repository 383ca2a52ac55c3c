package letter_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// together lets many attempts begin at the same moment, while the writer is held, so that
// they share a transaction. It returns their errors.
func (p *post) together(ctx context.Context, ids ...string) []error {
	p.t.Helper()
	errs := make([]error, len(ids))
	var wait sync.WaitGroup
	for i, id := range ids {
		wait.Go(func() { errs[i] = p.desk.AttemptNow(ctx, id) })
	}
	wait.Wait()
	return errs
}

// lined returns letters that stand in line.
func (p *post) lined(n int) []string {
	p.t.Helper()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = p.take(person(i)).ID
	}
	if has, err := p.desk.Hold(p.t.Context()); err != nil || !has {
		p.t.Fatalf("no lease: %v", err)
	}
	return ids
}

// TestALostRaceTakesNoOtherWithIt tries each of twenty letters three times at once: one of
// the three begins, and each letter arrives once.
func TestALostRaceTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		ids := p.lined(20)
		for i, err := range p.together(t.Context(), append(append(ids, ids...), ids...)...) {
			if err != nil {
				t.Errorf("attempt %d: %v", i, err)
			}
		}
		for _, id := range ids {
			l := p.letter(id)
			if l.State != string(letter.Accepted) || l.Attempts != 1 {
				t.Errorf("the letter is %s after %d attempts", l.State, l.Attempts)
			}
		}
		if n := len(p.capitol.Receptions()); n != len(ids) {
			t.Errorf("%d letters arrived, want %d", n, len(ids))
		}
		if counts := p.counts(); counts.Delivered != len(ids) {
			t.Errorf("%d are counted as delivered", counts.Delivered)
		}
	})
}

// TestARefusedMoveTakesNoOtherWithIt lets the database refuse what one move writes.
func TestARefusedMoveTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		ids := p.lined(12)
		bad := ids[5]
		refuse := fmt.Sprintf("CREATE UNIQUE INDEX refused_%s ON letter_history (letter_id) WHERE letter_id = '%s'", "here", bad)
		if _, err := d.SQL().ExecContext(t.Context(), refuse); err != nil {
			t.Fatal(err)
		}
		defer func() {
			if _, err := d.SQL().ExecContext(context.WithoutCancel(t.Context()), "DROP INDEX refused_here"); err != nil {
				t.Error(err)
			}
		}()
		for i, err := range p.together(t.Context(), ids...) {
			if (err != nil) != (ids[i] == bad) {
				t.Errorf("letter %d: %v", i, err)
			}
		}
		for _, id := range ids {
			want := letter.Accepted
			if id == bad {
				want = letter.Ready
			}
			if l := p.letter(id); l.State != string(want) {
				t.Errorf("the letter is %s, want %s", l.State, want)
			}
		}
		if n := len(p.capitol.Receptions()); n != len(ids)-1 {
			t.Errorf("%d letters arrived", n)
		}
	})
}

// TestTheEndOfItsContextCallsNoMoveBack ends the context of attempts while their transaction
// waits for the writer: they are made and recorded all the same.
func TestTheEndOfItsContextCallsNoMoveBack(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	ids := p.lined(4)
	p.deliver(ids[0]) // the first attempt of a process writes down who sends
	ids = ids[1:]
	held, free := make(chan struct{}), make(chan struct{})
	errStop := errors.New("enough")
	go func() {
		_ = p.db.Tx(context.WithoutCancel(t.Context()), func(context.Context, *db.Tx) error {
			close(held)
			<-free
			return errStop
		})
	}()
	<-held
	ctx, end := context.WithCancel(t.Context())
	begun := p.db.SQL().Stats().WaitCount
	ended := make(chan []error, 2)
	go func() { ended <- p.together(ctx, ids[:1]...) }()
	until(t, "the first move waits for the writer", func() bool { return p.db.SQL().Stats().WaitCount > begun })
	go func() { ended <- p.together(ctx, ids[1:]...) }()
	until(t, "the others wait for the first", func() bool { return p.desk.Waiting() == len(ids) })
	end()
	close(free)
	if err := errors.Join(append(<-ended, <-ended...)...); err != nil {
		t.Error(err)
	}
	for _, id := range ids {
		if l := p.letter(id); l.State != string(letter.Accepted) {
			t.Errorf("the letter is %s", l.State)
		}
	}
}

// until waits for what others are about to do.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.After(30 * time.Second); !done(); runtime.Gosched() {
		select {
		case <-deadline:
			t.Fatal(what + ": not within 30 s")
		default:
		}
	}
}

// TestNoAttemptBeginsOnAPausedChannel or under a lease that another node took meanwhile.
func TestNoAttemptBeginsOnAPausedChannel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		ids := p.lined(4)
		none := func(why string) {
			t.Helper()
			for _, err := range p.together(t.Context(), ids...) {
				if err != nil {
					t.Errorf("%s: %v", why, err)
				}
			}
			for _, id := range ids {
				if l := p.letter(id); l.State != string(letter.Ready) || l.Attempts != 0 {
					t.Errorf("%s: the letter is %s", why, l.State)
				}
			}
		}
		if err := p.desk.Pause(t.Context(), letter.ChannelHouse, "ops", "works"); err != nil {
			t.Fatal(err)
		}
		none("paused")
		if _, err := p.desk.Resume(t.Context(), letter.ChannelHouse, "ops"); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE leases SET fence = fence + 1 WHERE name = 'delivery'"); err != nil {
			t.Fatal(err)
		}
		none("the lease is another's")
	})
}
