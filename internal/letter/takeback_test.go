package letter_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

func (p *post) takeBack(l query.Letter, wantGone int) {
	p.t.Helper()
	if gone, err := p.desk.TakeBack(p.t.Context(), l.SubmissionID); err != nil || gone != wantGone {
		p.t.Errorf("%d letters are gone, want %d; %v", gone, wantGone, err)
	}
}

func TestTakeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		ready, odd, waiting, sent := p.take(person(1)), p.suspicious(2), p.take(person(3)), p.take(person(4))
		p.script(cwctest.Act{Do: cwctest.Unavailable})
		p.deliver(waiting.ID)
		p.deliver(sent.ID)
		for range 2 { // twice is as good as once
			p.takeBack(ready, 0)
			p.takeBack(odd, 0)
			p.takeBack(waiting, 0)
			p.takeBack(sent, 1)
		}
		p.expect(ready.ID, letter.Withdrawn, letter.ChannelHouse, "ready withdrawn")
		p.expect(odd.ID, letter.Withdrawn, letter.ChannelHouse, "frozen withdrawn")
		p.expect(waiting.ID, letter.Withdrawn, letter.ChannelHouse, "ready sending waiting withdrawn")
		p.expect(sent.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
		p.clock.turn(day)
		p.deliver(ready.ID)
		p.reconcile(false)
		if n := len(p.capitol.Messages()); n != 1 {
			t.Errorf("the Capitol has %d letters", n)
		}
		p.counts()
		if _, err := p.desk.TakeBack(t.Context(), "nobody"); err != nil {
			t.Error(err)
		}
	})
}

// TestTakeBackWhileItIsSent: either the letter stays here or it goes, and both sides agree.
func TestTakeBackWhileItIsSent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		for n := range 12 {
			l := p.take(person(n))
			var both sync.WaitGroup
			both.Go(func() { p.deliver(l.ID) })
			both.Go(func() {
				if _, err := p.desk.TakeBack(t.Context(), l.SubmissionID); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
			switch state := letter.State(p.letter(l.ID).State); state {
			case letter.Accepted, letter.Withdrawn:
				_, arrived, err := p.capitol.XML(l.DeliveryID)
				if err != nil || arrived != (state == letter.Accepted) {
					t.Errorf("the letter is %s, and the Capitol has it: %v", state, arrived)
				}
			default:
				t.Errorf("the letter is %s", state)
			}
		}
		p.counts()
	})
}

func TestDisown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		joined := person(1)
		joined.Join = true
		unsent, sent := p.take(joined), p.take(person(2))
		p.deliver(sent.ID)
		p.clock.turn(time.Hour)
		for range 2 { // twice is as good as once
			for _, l := range []query.Letter{unsent, sent} {
				if err := p.desk.Disown(t.Context(), l.SubmissionID, true); err != nil {
					t.Fatal(err)
				}
			}
		}
		p.expect(unsent.ID, letter.Withdrawn, letter.ChannelHouse, "ready withdrawn")
		p.expect(sent.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted accepted") // the last line is no move
		if s := p.submissionRow(sent.SubmissionID); s.DisownedAt != stamp.Of(start.Add(time.Hour)) {
			t.Errorf("flagged at %v", s.DisownedAt)
		}
		if n := p.counts(); n.Disowned != 2 || n.Delivered != 1 {
			t.Errorf("%+v", n)
		}
		consents, err := d.Read().ListConsents(t.Context(), p.submissionRow(unsent.SubmissionID).SupporterID)
		if err != nil || len(consents) != 1 || consents[0].WithdrawnAt == 0 {
			t.Errorf("what they are said to have agreed to holds on: %+v, %v", consents, err)
		}
		blocks := 0
		for _, a := range p.acts() {
			if a.Who != audit.Supporter {
				t.Errorf("%+v", a)
			}
			if a.Action == audit.AddressBlocked {
				blocks++
			}
		}
		if blocks != 4 || len(p.acts()) != 6 {
			t.Errorf("the log: %+v", p.acts())
		}
		if err := p.desk.Disown(t.Context(), "nobody", true); !fault.Is(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

// TestBlockedAddress: no letter is taken with it and no mail goes to it, in any spelling,
// until its owner asks for it.
func TestBlockedAddress(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		l := p.take(person(1))
		if err := p.desk.Disown(t.Context(), l.SubmissionID, true); err != nil {
			t.Fatal(err)
		}
		if _, due := p.notice(l.SubmissionID); due {
			t.Error("a mail goes to a blocked address")
		}
		second := person(1)
		second.Key, second.FirstName, second.Email = "00000000000000000000000000000099", "Eve", "DOE1+more@example.org"
		if r := p.submit(p.submission(second)); r != (letter.Receipt{Standing: letter.Barred}) {
			t.Errorf("%+v", r)
		}
		p.take(person(2)) // others are not touched
		if n := p.counts(); n.Submitted != 2 {
			t.Errorf("%+v", n)
		}
		for want := range 2 {
			if found, err := p.desk.Unblock(t.Context(), "doe1@example.org", "ada"); err != nil || found != (want == 0) {
				t.Errorf("%v, %v", found, err)
			}
		}
		if r := p.submit(p.submission(second)); r.Standing != letter.Taken {
			t.Errorf("after the block ended: %+v", r)
		}
	})
}

// TestWhoeverPressedSendCannotBlock: only the mailed link shows whose the address is.
func TestWhoeverPressedSendCannotBlock(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	if err := p.desk.Disown(t.Context(), l.SubmissionID, false); err != nil {
		t.Fatal(err)
	}
	p.expect(l.ID, letter.Withdrawn, letter.ChannelHouse, "ready withdrawn")
	if blocked, err := p.desk.Blocked(t.Context(), "doe1@example.org"); err != nil || blocked {
		t.Errorf("%v, %v", blocked, err)
	}
	// The owner of the mailbox can still do it.
	if err := p.desk.Disown(t.Context(), l.SubmissionID, true); err != nil {
		t.Fatal(err)
	}
	if blocked, err := p.desk.Blocked(t.Context(), "doe1@example.org"); err != nil || !blocked {
		t.Errorf("%v, %v", blocked, err)
	}
	want := []audit.Entry{
		{Who: audit.Supporter, Action: audit.LetterDisowned, Subject: l.SubmissionID},
		{Who: audit.Supporter, Action: audit.AddressBlocked, Subject: keys().Mailbox("doe1@example.org"), Detail: "reported with submission " + l.SubmissionID},
	}
	if diff := cmp.Diff(want, p.acts()); diff != "" {
		t.Error(diff)
	}
}

func TestDisownAfterTheScrub(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	p.deliver(l.ID)
	p.clock.turn(letter.ScrubAfter + time.Second)
	p.scrub()
	if err := p.desk.Disown(t.Context(), l.SubmissionID, true); err != nil {
		t.Fatal(err)
	}
	if blocked, err := p.desk.Blocked(t.Context(), ""); err != nil || blocked {
		t.Errorf("nobody's address is blocked: %v, %v", blocked, err)
	}
	if n := p.counts(); n.Disowned != 1 {
		t.Errorf("%+v", n)
	}
}
