package letter_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// underWay starts an attempt that reaches the Capitol and hears nothing. The attempt ends,
// unknown, when the function is called.
func (p *post) underWay(l query.Letter) (end func()) {
	p.t.Helper()
	reached, release := p.wire.hold("/v2/message")
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := p.desk.DeliverOne(p.t.Context(), l.ID); err != nil {
			p.t.Error(err)
		}
	})
	<-reached
	return func() {
		release()
		wait.Wait()
	}
}

// TestAttemptCutShort: a sender that died leaves its letter in sending. Nobody knows
// whether it arrived, and nobody may say otherwise.
func TestAttemptCutShort(t *testing.T) {
	t.Parallel()
	const cutShort = "the attempt was cut short; nobody knows whether the letter arrived"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, wired)
		l := p.take(person(1))
		end := p.underWay(l)
		p.clock.turn(p.options.SendTimeout + 2*time.Minute) // the longest that an attempt may take, and some
		p.reconcile(false)
		p.expect(l.ID, letter.Sending, letter.ChannelHouse, "ready sending")
		p.clock.turn(time.Second)
		p.reconcile(false)
		lost := p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
		if lost.Reason != cutShort || lost.DueAt != stamp.Of(p.clock.now().Add(30*day)) || len(p.due()) != 0 {
			t.Errorf("%+v", lost)
		}
		end() // it was not dead, but what it says comes too late
		p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
		history, err := p.desk.History(t.Context(), l.ID)
		if err != nil || history[2].Actor != string(letter.ByClock) || history[2].Note != cutShort {
			t.Errorf("%+v, %v", history, err)
		}
	})
}

// TestAttemptCutShortAlone: the only process knows at its start that nobody sends.
func TestAttemptCutShortAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, wired)
		l := p.take(person(1))
		end := p.underWay(l)
		p.reconcile(false)
		p.expect(l.ID, letter.Sending, letter.ChannelHouse, "ready sending")
		p.reconcile(true)
		p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
		end()
	})
}

// TestAttemptCutShortResent: towards a system that recognises repeats the letter goes out
// again, and the receipt ends well.
func TestAttemptCutShortResent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, wired, resendUnknown)
		l := p.take(person(1))
		end := p.underWay(l)
		p.reconcile(true)
		if got := p.due(); !slices.Equal(got, []string{l.ID}) {
			t.Errorf("in line: %v", got)
		}
		p.deliver(l.ID)
		done := p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending unknown sending accepted")
		end()
		if again := p.letter(l.ID); again != done {
			t.Errorf("the dead attempt changed %+v into %+v", done, again)
		}
		if stored := p.capitol.Messages(); len(stored) != 1 {
			t.Errorf("%d messages", len(stored))
		}
		if n := p.counts(); n.Delivered != 1 {
			t.Errorf("%+v", n)
		}
	})
}

// TestWhoIsInLine: those and only those letters that can be tried, as the rows say.
func TestWhoIsInLine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, resendUnknown)
		ready := p.take(person(1))
		p.script(cwctest.Act{Do: cwctest.TooMany, RetryAfter: 3600}, cwctest.Act{Do: cwctest.ServerError}, cwctest.Act{Do: cwctest.Refuse, Text: "no"})
		busy, unknown, refused, accepted := p.take(person(2)), p.take(person(3)), p.take(person(4)), p.take(person(5))
		for _, l := range []query.Letter{busy, unknown, refused, accepted} {
			p.deliver(l.ID)
		}
		s := p.submission(person(6))
		s.Suspicion = "odd"
		p.submit(s)
		p.restart()
		due := func(after time.Duration, want ...string) {
			t.Helper()
			p.clock.turn(after)
			if got := p.due(); !slices.Equal(got, want) {
				t.Errorf("after %s: in line %v, want %v", after, got, want)
			}
		}
		due(0, ready.ID)
		due(time.Minute, ready.ID, unknown.ID)
		due(time.Hour, ready.ID, unknown.ID, busy.ID)
		for _, id := range []string{ready.ID, unknown.ID, busy.ID} {
			p.deliver(id)
		}
		due(time.Hour)
		if n := p.counts(); n.Delivered != 4 {
			t.Errorf("%+v", n)
		}
	})
}

// TestTimeOuts: each state that has a time-out falls into the state the table names, when
// its time is over and not before.
func TestTimeOuts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		letters := map[letter.State]query.Letter{letter.Ready: p.take(person(1))}
		s := p.submission(person(2))
		s.Suspicion = "odd"
		frozen, err := d.Read().ListLettersOfSubmission(t.Context(), p.submit(s).SubmissionID)
		if err != nil {
			t.Fatal(err)
		}
		letters[letter.Frozen] = frozen[0]
		p.script(cwctest.Act{Do: cwctest.ServerError}, cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HAZ04"})
		unknown, handoff := p.take(person(3)), p.take(person(4))
		p.deliver(unknown.ID)
		p.deliver(handoff.ID)
		letters[letter.Unknown], letters[letter.Waiting] = unknown, handoff
		tried := 0
		for _, after := range []time.Duration{7 * day, 30 * day} {
			p.clock.ms.Store(start.Add(after - time.Millisecond).UnixMilli())
			p.reconcile(false)
			for _, rule := range letter.Rules() {
				if l, ours := letters[rule.State]; ours && rule.After >= after && p.letter(l.ID).State != string(rule.State) {
					t.Errorf("%s ended too early", rule.State)
				}
			}
			p.clock.turn(time.Millisecond)
			p.reconcile(false)
			for _, rule := range letter.Rules() {
				l, ours := letters[rule.State]
				if !ours || rule.After != after {
					continue
				}
				tried++
				l = p.letter(l.ID)
				due := stamp.Time(0)
				if rule.State == letter.Ready { // now it is its writer's
					due = stamp.Of(p.clock.now().Add(30 * day))
				}
				if l.State != string(rule.Into) || l.Reason != "nothing happened for too long" || l.DueAt != due || l.Since != stamp.Of(p.clock.now()) {
					t.Errorf("%s: %+v", rule.State, l)
				}
			}
		}
		if tried != len(letters) {
			t.Errorf("%d of %d states tried", tried, len(letters))
		}
		if n := p.counts(); n.Delivered != 0 || n.Submitted != 4 {
			t.Errorf("%+v", n)
		}
	})
}

// TestGivingUp: a House that is down for a week costs the letter its way, not its life:
// it is handed to the supporter.
func TestGivingUp(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	p.script(cwctest.Act{Do: cwctest.Unavailable, RetryAfter: 24 * 3600, Times: -1})
	attempts := 0
	for attempts < 20 && p.letter(l.ID).Channel == letter.ChannelHouse {
		attempts++
		if p.letter(l.ID).DueAt > stamp.Of(start.Add(7*day)) {
			t.Fatal("an attempt is planned for after the week")
		}
		p.clock.ms.Store(p.letter(l.ID).DueAt.Time().UnixMilli())
		p.deliver(l.ID)
	}
	given := p.letter(l.ID)
	if given.State != string(letter.Waiting) || given.Channel != letter.ChannelHandoff || attempts != 8 {
		t.Errorf("after %d attempts: %+v", attempts, given)
	}
	if given.DueAt != stamp.Of(p.clock.now().Add(30*day)) {
		t.Errorf("the supporter has until %v", given.DueAt.Time())
	}
	p.capitol.ClearScript()
	p.clock.turn(day)
	p.deliver(l.ID) // ours no more
	if len(p.capitol.Receptions()) != 0 {
		t.Error("sent although it was handed over")
	}
	if err := p.desk.HandedOver(t.Context(), given.SubmissionID, l.ID); err != nil {
		t.Fatal(err)
	}
	if n := p.counts(); n.Delivered != 1 {
		t.Errorf("%+v", n)
	}
}

// TestGivingUpOnTheUnknown: repeating ends after a week as well, and the state after its
// own month.
func TestGivingUpOnTheUnknown(t *testing.T) {
	p := newPost(t, dbtest.New(t), resendUnknown)
	l := p.take(person(1))
	p.script(cwctest.Act{Do: cwctest.ServerError, Times: -1})
	p.deliver(l.ID)
	for range 500 {
		p.reconcile(false)
		if len(p.due()) == 0 {
			p.clock.turn(time.Hour)
			continue
		}
		p.deliver(l.ID)
	}
	tired := p.letter(l.ID)
	if tired.State != string(letter.Unknown) || tired.Since > stamp.Of(start.Add(7*day)) || tired.Since < stamp.Of(start.Add(6*day)) || tired.Attempts < 100 {
		t.Errorf("%+v", tired)
	}
	p.clock.ms.Store(tired.Since.Time().Add(30*day - time.Millisecond).UnixMilli())
	p.reconcile(false)
	if got := p.letter(l.ID).State; got != string(letter.Unknown) {
		t.Errorf("%s before its time", got)
	}
	p.clock.turn(time.Millisecond)
	p.reconcile(false)
	if got := p.letter(l.ID).State; got != string(letter.Expired) {
		t.Errorf("%s after its time", got)
	}
}

// TestBackoff doubles up to an hour.
func TestBackoff(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	p.script(cwctest.Act{Do: cwctest.TooMany, Times: -1})
	want := 30 * time.Second
	for range 12 {
		p.deliver(l.ID)
		wait := p.letter(l.ID).DueAt.Time().Sub(p.clock.now())
		if wait < want*8/10 || wait > want*12/10 {
			t.Errorf("waits %s, want about %s", wait, want)
		}
		want = min(2*want, time.Hour)
		p.clock.turn(wait)
	}
}

// TestKeyIsGone: a start without the House's key, perhaps by mistake, ends no letter before
// its time, and the letters go on when the key is back.
func TestKeyIsGone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, resendUnknown)
		house := p.house
		p.script(cwctest.Act{Do: cwctest.ServerError}, cwctest.Act{Do: cwctest.TooMany})
		letters := []query.Letter{p.take(person(1)), p.take(person(2)), p.take(person(3))}
		p.deliver(letters[0].ID)
		p.deliver(letters[1].ID)
		p.restart(noHouse)
		p.clock.turn(day)
		p.reconcile(true)
		p.expect(letters[0].ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
		p.expect(letters[1].ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
		p.expect(letters[2].ID, letter.Ready, letter.ChannelHouse, "ready")
		if got := p.due(); len(got) != 0 {
			t.Errorf("in line without a key: %v", got)
		}
		p.restart(func(p *post) { p.house = house })
		p.reconcile(true)
		for _, id := range p.due() {
			p.deliver(id)
		}
		if n := p.counts(); n.Delivered != 3 {
			t.Errorf("%+v", n)
		}
	})
}

// TestManyWaitInFront: letters that can only wait do not hide those behind them whose time
// is over.
func TestManyWaitInFront(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	p.restart(func(p *post) { p.house = &letter.House{Clock: p.clock.now, DB: p.db} })
	const front = 600 // more than Reconcile reads at once
	var wait sync.WaitGroup
	for i := range front {
		wait.Go(func() { p.submit(p.submission(person(i))) })
	}
	wait.Wait()
	p.restart(noHouse)
	handoff := p.take(person(front))
	p.clock.turn(7*day - time.Millisecond)
	p.reconcile(false)
	counts := p.states()
	if counts[letter.Ready] != front || counts[letter.Waiting] != 1 {
		t.Errorf("%v", counts)
	}
	if err := p.desk.HandedOver(t.Context(), handoff.SubmissionID, handoff.ID); err != nil {
		t.Fatal(err)
	}
	late := p.take(person(front + 1))
	p.clock.turn(time.Millisecond)
	p.reconcile(false)
	if counts = p.states(); counts[letter.Waiting] != front+1 || counts[letter.HandedOver] != 1 {
		t.Errorf("%v", counts)
	}
	p.clock.turn(30 * day)
	p.reconcile(false)
	p.expect(late.ID, letter.Expired, letter.ChannelHandoff, "waiting expired")
}

// states counts the letters in each state.
func (p *post) states() map[letter.State]int64 {
	p.t.Helper()
	rows, err := p.db.Read().CountLettersByState(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	counts := map[letter.State]int64{}
	for _, r := range rows {
		counts[letter.State(r.State)] += r.Letters
	}
	return counts
}

// TestTheWeekCountsFromTheLine: a letter that lay for eight days until a person released it
// is not given up when the House is busy once.
func TestTheWeekCountsFromTheLine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		odd := p.suspicious(1)
		p.clock.turn(8 * day)
		p.operate(letter.Release, odd.ID, "")
		p.script(cwctest.Act{Do: cwctest.TooMany, Times: -1})
		p.deliver(odd.ID)
		p.expect(odd.ID, letter.Waiting, letter.ChannelHouse, "frozen ready sending waiting")
		p.clock.turn(7 * day)
		p.deliver(odd.ID) // the control: now its week is over
		p.expect(odd.ID, letter.Waiting, letter.ChannelHandoff, "frozen ready sending waiting sending waiting")
	})
}
