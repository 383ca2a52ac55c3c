package letter_test

import (
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// failingLists is how many times the list fails in these tests: enough to count from.
const failingLists = 1000

// failLists makes the Capitol give no list from now on.
func (p *post) failLists(how cwctest.Misbehaviour) {
	p.t.Helper()
	p.script(cwctest.Act{Do: how, Call: "offices", Times: failingLists})
}

// asked returns how often the Capitol was asked for the list since failLists.
func (p *post) asked() int {
	for _, act := range p.capitol.Scripted() {
		if act.Call == "offices" {
			return failingLists - act.Times
		}
	}
	return failingLists
}

func TestListOfOfficesIsKeptForADay(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	n := 0
	accepted := func() {
		t.Helper()
		n++
		l := p.take(person(n))
		p.deliver(l.ID)
		p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
	}
	accepted()
	p.failLists(cwctest.ServerError)
	p.clock.turn(day - time.Millisecond)
	accepted()
	if p.asked() != 0 {
		t.Errorf("asked %d times within a day", p.asked())
	}
	// A day later the House does not answer: the old list serves, and the House is asked
	// again every ten minutes, not for every letter.
	p.clock.turn(time.Millisecond)
	for range 3 {
		accepted()
	}
	if p.asked() != 1 {
		t.Errorf("asked %d times at once", p.asked())
	}
	p.clock.turn(10*time.Minute - time.Millisecond)
	accepted()
	p.clock.turn(time.Millisecond)
	accepted()
	if p.asked() != 2 {
		t.Errorf("asked %d times in ten minutes", p.asked())
	}
	// And after a restart the list is still known.
	p.restart()
	accepted()
	accepted()
	if p.asked() != 3 {
		t.Errorf("asked %d times after a restart", p.asked())
	}
	p.capitol.ClearScript()
	p.clock.turn(time.Hour)
	accepted()
}

// TestNewListIsUsed: an office that was off is written to as soon as a fresh list has it.
func TestNewListIsUsed(t *testing.T) {
	d := dbtest.New(t)
	with := func(codes ...string) option {
		return at(capitol(t, func(o *cwctest.Options) { o.Offices = codes }))
	}
	p := newPost(t, d, with("HAZ03"))
	off := p.take(person(1))
	p.deliver(off.ID)
	p.expect(off.ID, letter.Waiting, letter.ChannelHandoff, "ready sending waiting")
	p.restart(with("HAZ03", "HAZ04"), func(p *post) { p.house.Client.BaseURL = p.capitol.URL })
	on := p.take(person(2))
	p.deliver(on.ID)
	p.expect(on.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
}

// TestOfficeIsSpelledAsTheListSpellsIt: American Samoa has been seen under two codes.
func TestOfficeIsSpelledAsTheListSpellsIt(t *testing.T) {
	p := newPost(t, dbtest.New(t), at(capitol(t, func(o *cwctest.Options) { o.Offices = []string{"HAS00"} })))
	f := person(1)
	f.State = "AS"
	s := p.submission(f)
	s.Recipient = recipientOf(congress.Seat{State: "AS"})
	r := p.submit(s)
	letters, err := p.db.Read().ListLettersOfSubmission(t.Context(), r.SubmissionID)
	if err != nil || len(letters) != 1 {
		t.Fatal(err)
	}
	p.deliver(letters[0].ID)
	p.expect(letters[0].ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
	if m := p.received(letters[0]); m.Recipient.Office != "HAS00" || letters[0].Office != "HAQ00" {
		t.Errorf("sent to %s, stored as %s", m.Recipient.Office, letters[0].Office)
	}
}

// TestNoListAtAll: without a list no letter leaves, and the House is not asked for each.
func TestNoListAtAll(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		how cwctest.Misbehaviour
		due span
	}{
		"error":        {cwctest.ServerError, backoff},
		"busy":         {cwctest.TooMany, backoff},
		"cut off":      {cwctest.Reset, backoff},
		"a web page":   {cwctest.HTML, backoff},
		"no JSON":      {cwctest.Garbage, backoff},
		"a dead link":  {cwctest.Redirect, backoff},
		"no such page": {cwctest.Refuse, backoff},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPost(t, dbtest.New(t))
			p.failLists(c.how)
			for i := range 5 {
				l := p.take(person(i))
				p.deliver(l.ID)
				l = p.expect(l.ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
				wait := l.DueAt.Time().Sub(p.clock.now())
				if wait < c.due.from || wait > c.due.to || l.Reason == "" {
					t.Errorf("due in %s: %s", wait, l.Reason)
				}
			}
			if p.asked() != 1 {
				t.Errorf("asked %d times", p.asked())
			}
			p.clock.turn(5 * time.Second)
			p.deliver(p.take(person(10)).ID)
			if p.asked() != 2 {
				t.Errorf("asked %d times after five seconds", p.asked())
			}
			if got := len(p.capitol.Receptions()); got != 0 {
				t.Errorf("%d messages without a list", got)
			}
			p.capitol.ClearScript()
			p.clock.turn(time.Minute)
			for _, id := range p.due() {
				p.deliver(id)
			}
			if n := p.counts(); n.Delivered != 6 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestNobodyWaitsForTheList: while one worker asks a House that hangs, the others send on
// with the list they have; without one they wait for that one answer.
func TestNobodyWaitsForTheList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, wired)
		p.deliver(p.take(person(1)).ID)
		p.clock.turn(day)
		reached, release := p.wire.hold("/v2/offices")
		slow, quick := p.take(person(2)), p.take(person(3))
		var wait sync.WaitGroup
		wait.Go(func() { p.deliver(slow.ID) })
		<-reached
		p.deliver(quick.ID)
		p.expect(quick.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
		p.expect(slow.ID, letter.Sending, letter.ChannelHouse, "ready sending")
		release()
		wait.Wait()
		p.expect(slow.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
	})
	p := newPost(t, dbtest.New(t), wired)
	letters := []string{p.take(person(1)).ID, p.take(person(2)).ID, p.take(person(3)).ID}
	reached, release := p.wire.hold("/v2/offices")
	p.failLists(cwctest.ServerError)
	var wait sync.WaitGroup
	for _, id := range letters {
		wait.Go(func() { p.deliver(id) })
	}
	<-reached
	for _, id := range letters { // one asks, the others have come as far as asking
		for p.letter(id).State != string(letter.Sending) {
			runtime.Gosched()
		}
	}
	release()
	wait.Wait()
	for _, id := range letters {
		p.expect(id, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
	}
	if p.asked() != 1 {
		t.Errorf("asked %d times", p.asked())
	}
}
