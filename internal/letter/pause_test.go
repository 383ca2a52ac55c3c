package letter_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

func (p *post) pause() {
	p.t.Helper()
	if err := p.desk.Pause(p.t.Context(), letter.ChannelHouse, "ada", "the House asked us to"); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) resume() int {
	p.t.Helper()
	n, err := p.desk.Resume(p.t.Context(), letter.ChannelHouse, "ada")
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

func TestPausedChannelSendsNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		other := newPost(t, d, named("second node"), at(p.capitol))
		ready, waiting := p.take(person(1)), p.take(person(2))
		p.script(cwctest.Act{Do: cwctest.Unavailable})
		p.deliver(waiting.ID)
		later := p.take(person(3))
		p.script(cwctest.Act{Do: cwctest.Unavailable, RetryAfter: 5 * 3600})
		p.deliver(later.ID)
		p.clock.turn(time.Hour)

		p.pause()
		pause, paused, err := letter.PauseOf(t.Context(), d, letter.ChannelHouse)
		if want := (letter.Pause{At: start.Add(time.Hour), Who: "ada", Why: "the House asked us to"}); err != nil || !paused || pause != want {
			t.Errorf("%+v, %v, %v", pause, paused, err)
		}
		p.deliver(ready.ID)
		if err := other.desk.DeliverOne(t.Context(), waiting.ID); err != nil { // the other node knows
			t.Error(err)
		}
		p.reconcile(false)
		p.expect(ready.ID, letter.Ready, letter.ChannelHouse, "ready")
		p.expect(waiting.ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")

		if n := p.resume(); n != 2 {
			t.Errorf("%d letters are in line, want those whose time had come", n)
		}
		if diff := cmp.Diff([]string{ready.ID, waiting.ID}, p.due()); diff != "" {
			t.Error(diff)
		}
		p.deliver(ready.ID)
		p.expect(ready.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
		want := []audit.Entry{
			{Who: "ada", Action: audit.QueuePause, Subject: letter.ChannelHouse, Detail: "the House asked us to"},
			{Who: "ada", Action: audit.QueueResume, Subject: letter.ChannelHouse},
		}
		if diff := cmp.Diff(want, p.acts()); diff != "" {
			t.Error(diff)
		}
	})
}

// TestPausingRestsAtOnce pauses the channel in the middle of a long line. The dispatcher begins
// no attempt any more and waits, rather than to try one letter after the other, and goes on
// after the pause.
func TestPausingRestsAtOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t)) // on PostgreSQL the lease's time would run with the clock
	idle := make(chan struct{}, 1)
	var paused atomic.Bool
	var rounds atomic.Int32 // of the dispatcher, since the pause
	l := p.onLedger(nil)
	p.desk.Close()
	turning := p.options.After
	p.options.After = func(wait time.Duration) <-chan time.Time {
		if !paused.Load() || wait >= 2*time.Second {
			return turning(wait)
		}
		if rounds.Add(1); p.desk.Quiet() {
			select {
			case idle <- struct{}{}:
			default:
			}
		}
		return nil // the clock stands still
	}
	p.open()
	l.answer = func(query.Letter) cwc.Outcome {
		if len(l.sent) == 3 {
			p.pause()
			paused.Store(true)
		}
		return cwc.Outcome{Result: cwc.Accepted}
	}
	p.fill("x", 500, func(int) string { return "HAZ01" })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.desk.Deliver(ctx) }()
	limit := time.NewTicker(10 * time.Millisecond)
	defer limit.Stop()
	deadline := time.Now().Add(time.Minute)
	for resting := false; !resting; {
		select {
		case <-idle:
			resting = true
		case <-limit.C:
			if rounds.Load() > 100 || time.Now().After(deadline) {
				t.Fatalf("after %d rounds the dispatcher does not rest", rounds.Load())
			}
		}
	}
	if n := len(l.sent); n < 3 || n > 4 { // two at a time
		t.Errorf("%d letters left, want those under way", n)
	}
	paused.Store(false)
	p.clock.turn(time.Minute)
	p.resume()
	l.mu.Lock()
	l.full, l.done = 10, stop
	l.mu.Unlock()
	if err := <-ended; err != nil || len(l.sent) < 10 {
		t.Errorf("after the pause %d letters left, %v", len(l.sent), err)
	}
}

// TestPauseDoesNotStopTheClock: letters behind those that are paused still time out.
func TestPauseDoesNotStopTheClock(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	p.pause()
	p.clock.turn(8 * day)
	p.reconcile(false)
	p.expect(l.ID, letter.Waiting, letter.ChannelHandoff, "ready waiting")
}

func TestChannelsThatCannotBePaused(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	if err := p.desk.Pause(t.Context(), "pigeon", "ada", "why"); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if err := p.desk.Pause(t.Context(), letter.ChannelHouse, "ada", ""); !fault.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if _, err := p.desk.Resume(t.Context(), letter.ChannelHandoff, "ada"); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if n := p.resume(); n != 0 {
		t.Errorf("an open channel has %d letters in line", n)
	}
}

// TestAResumedChannelGoesOnAtOnce where the same process resumes it.
func TestAResumedChannelGoesOnAtOnce(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	stop := p.delivering(t)
	p.accepted(p.take(person(1)).ID) // delivery may only be starting
	p.pause()
	held := p.take(person(2))
	if now := p.letter(held.ID); now.State != string(letter.Ready) {
		t.Errorf("it is %s while the channel is paused", now.State)
	}
	p.resume()
	p.accepted(held.ID)
	stop()
}
