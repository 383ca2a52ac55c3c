package letter_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/supporter"
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

// TestAUTHN_3_NotMe: what was not sent is withdrawn, what was is flagged and counted for the
// operator, and the address is blocked. A third person's letter is the control.
func TestAUTHN_3_NotMe(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		joined := person(1)
		joined.Join = true
		unsent, sent, other := p.take(joined), p.take(person(2)), p.take(person(3))
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
		p.expect(other.ID, letter.Ready, letter.ChannelHouse, "ready")
		for email, want := range map[string]bool{"doe1@example.org": true, "doe2@example.org": true, "doe3@example.org": false} {
			if blocked, err := p.desk.Blocked(t.Context(), email); err != nil || blocked != want {
				t.Errorf("that %s is blocked is %t, %v", email, blocked, err)
			}
		}
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
			if found, err := p.desk.People.Release(t.Context(), "doe1@example.org", "ada"); err != nil || found != (want == 0) {
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

// meanwhile is a channel in whose first attempt something else happens, and which says then
// what became of it. It accepts all others.
type meanwhile struct {
	letter.Channel

	happens func()
	answer  cwc.Outcome
	sends   int
}

func (m *meanwhile) Send(context.Context, query.LetterWithSubmissionRow, *campaign.Campaign, letter.Sender) cwc.Outcome {
	if m.sends++; m.sends > 1 {
		return cwc.Outcome{Result: cwc.Accepted}
	}
	m.happens()
	return m.answer
}

func (*meanwhile) Self() letter.Sender { return letter.Sender{} }

func (*meanwhile) Repeats() bool { return true }

// TestDisownedWhileItIsSent: a letter that the owner of the address reports while an attempt
// is under way, or before anybody knows whether it arrived, is not sent once more.
func TestDisownedWhileItIsSent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for name, c := range map[string]struct {
			answer  cwc.Result
			reports bool // during the attempt; else after it
			path    string
			sends   int
		}{
			"the office is busy":       {cwc.Busy, true, "ready sending sending waiting withdrawn", 1},
			"nothing left":             {cwc.NotSent, true, "ready sending sending waiting withdrawn", 1},
			"nobody knows":             {cwc.Unknown, true, "ready sending sending unknown", 1},
			"reported when unknown":    {cwc.Unknown, false, "ready sending unknown unknown", 1},
			"it arrived all the same":  {cwc.Accepted, true, "ready sending sending accepted", 1},
			"reported while it waited": {cwc.Busy, false, "ready sending waiting withdrawn", 1},
		} {
			n++
			p := newPost(t, d)
			l := p.take(person(n))
			report := func() {
				if err := p.desk.Disown(t.Context(), l.SubmissionID, true); err != nil {
					t.Error(err)
				}
			}
			m := &meanwhile{answer: cwc.Outcome{Result: c.answer}, happens: func() {}}
			if c.reports {
				m.happens = report
			}
			p.desk.Close()
			p.options.Channels = map[string]letter.Channel{letter.ChannelHouse: m}
			p.open()
			p.deliver(l.ID)
			if !c.reports {
				report()
			}
			for range 3 {
				p.clock.turn(time.Hour)
				p.deliver(l.ID)
			}
			if got := p.path(l.ID); got != c.path || m.sends != c.sends {
				t.Errorf("%s: it went %s and was sent %d times", name, got, m.sends)
			}
			if due := p.due(); slices.Contains(due, l.ID) {
				t.Errorf("%s: it stands in line", name)
			}
		}
	})
}

// TestABlockStopsTheOtherLetters: somebody who learns from one mail that a stranger writes in
// their name need not learn of each letter, on whatever campaign. What may have arrived is not
// sent again, and what is on its way goes once. Others' letters go on.
func TestABlockStopsTheOtherLetters(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]func(*post, query.Submission) error{
		"not me": func(p *post, s query.Submission) error { return p.desk.Disown(p.t.Context(), s.ID, true) },
		"stop": func(p *post, s query.Submission) error {
			return p.desk.Stop(p.t.Context(), s.ID, keys().Mailbox(string(s.Email)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				p := newPost(t, d, resendUnknown)
				p.restart(confirming(new([]letter.Asking)))
				asked := func(f letter.Form) string { return p.unconfirmed(f, "").SubmissionID }
				n := 0
				from := func(mailbox string) letter.Form {
					n++
					f := person(n)
					f.Email = mailbox
					return f
				}
				reported := p.take(from("doe@example.org"))
				first := p.campaign
				p.campaign = p.apply(strings.Replace(water, "slug: water", "slug: air", 1))
				ready, unconfirmed := p.take(from("Doe+x@example.org")), p.lettersOf(asked(from("doe+2@example.org")))[0]
				doubted, busy, sent := p.take(from("doe@example.org")), p.take(from("doe@example.org")), p.take(from("doe@example.org"))
				neighbor := p.take(from("roe@example.org"))
				p.script(cwctest.Act{Do: cwctest.ErrorAfter}, cwctest.Act{Do: cwctest.Unavailable})
				for _, l := range []query.Letter{doubted, busy, sent} {
					p.deliver(l.ID)
				}
				for range 2 { // twice is as good as once
					if err := block(p, p.submissionRow(reported.SubmissionID)); err != nil {
						t.Fatal(err)
					}
				}
				acts := len(p.acts())
				p.clock.turn(day)
				for _, id := range p.due() {
					p.deliver(id)
				}
				for l, path := range map[string]string{
					reported.ID: "ready withdrawn", ready.ID: "ready withdrawn", unconfirmed.ID: "unconfirmed withdrawn",
					busy.ID: "ready sending waiting withdrawn", doubted.ID: "ready sending unknown", sent.ID: "ready sending accepted",
					neighbor.ID: "ready sending accepted",
				} {
					if got := p.path(l); got != path {
						t.Errorf("letter %s went %s, want %s", p.submissionRow(p.letter(l).SubmissionID).Email, got, path)
					}
				}
				if l := p.letter(ready.ID); l.Reason != "the owner of the e-mail address wants no letters in their name" {
					t.Errorf("the reason is %q", l.Reason)
				}
				withdrawn := 0
				for _, a := range p.acts() {
					if a.Action == audit.LetterWithdrawn && a.Who == audit.Supporter && a.Subject != reported.ID {
						withdrawn++
					}
				}
				if withdrawn != 3 || acts != len(p.acts()) {
					t.Errorf("the log tells of %d: %+v", withdrawn, p.acts())
				}
				if due := p.due(); len(due) > 0 {
					t.Errorf("in line are %v", due)
				}
				if counts := p.counts(); counts.Disowned != 0 {
					t.Errorf("nobody reported a letter of this campaign: %+v", counts)
				}
				p.campaign = first
				p.counts()
			})
		})
	}
}

// TestNoLetterOfABlockedMailboxLeaves: whoever pressed send while the block was written has a
// letter that the block did not find.
func TestNoLetterOfABlockedMailboxLeaves(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		late := p.take(person(1))
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertSuppression(ctx, query.InsertSuppressionParams{
				Address: p.desk.People.Keys.Mailbox("doe1@example.org"), Reason: string(supporter.NotMe), CreatedAt: stamp.Of(start),
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		p.deliver(late.ID)
		p.expect(late.ID, letter.Withdrawn, letter.ChannelHouse, "ready withdrawn")
		if n := len(p.capitol.Messages()); n != 0 || len(p.acts()) != 1 {
			t.Errorf("%d letters left, and the log says %+v", n, p.acts())
		}
	})
}
