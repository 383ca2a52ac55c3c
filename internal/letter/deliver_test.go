package letter_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// span is a range of waits, the ends included.
type span struct{ from, to time.Duration }

var (
	never    = span{}
	backoff  = span{24 * time.Second, 36 * time.Second} // 30 s, a fifth either way
	givingUp = span{30 * day, 30 * day}
)

// TestDeliver makes one attempt at a letter under everything the Capitol may do. Each case
// has a database of its own, because the last good list of offices stays in it.
func TestDeliver(t *testing.T) {
	listed := func(codes ...string) func(*cwctest.Options) {
		return func(o *cwctest.Options) { o.Offices = codes }
	}
	for name, c := range map[string]struct {
		options  []option
		capitol  func(*cwctest.Options)
		act      cwctest.Act
		state    letter.State
		channel  string // the House's unless told
		reason   string
		due      span // from now
		again    bool // whether there is a next attempt
		received int  // how many messages the Capitol stored
	}{
		"accepted":        {state: letter.Accepted, received: 1},
		"slow acceptance": {act: cwctest.Act{Do: cwctest.Slow, DelayMS: 1}, state: letter.Accepted, received: 1},
		"known already":   {act: cwctest.Act{Do: cwctest.Duplicate}, state: letter.Accepted, reason: "an earlier attempt had arrived", received: 1},
		"refused":         {act: cwctest.Act{Do: cwctest.Refuse, Text: "The message is a duplicate of another"}, state: letter.Refused, reason: "The message is a duplicate of another"},
		"office not on the list": {
			capitol: listed("HAZ03"), state: letter.Waiting, channel: letter.ChannelHandoff,
			reason: "the office is not on the House's list of offices that take letters", due: givingUp,
		},
		"office off": {
			act: cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HAZ04"}, state: letter.Waiting, channel: letter.ChannelHandoff,
			reason: "Message delivery is not enabled for HAZ04", due: givingUp,
		},
		"busy": {
			act: cwctest.Act{Do: cwctest.TooMany}, state: letter.Waiting, reason: "it answered 429 Too Many Requests", due: backoff, again: true,
		},
		"busy for an hour": {
			act: cwctest.Act{Do: cwctest.TooMany, RetryAfter: 3600}, state: letter.Waiting, reason: "it answered 429 Too Many Requests", due: span{time.Hour, time.Hour}, again: true,
		},
		"down for an hour": {
			act: cwctest.Act{Do: cwctest.Unavailable, RetryAfter: 3600}, state: letter.Waiting, reason: "it answered 503 Service Unavailable", due: span{time.Hour, time.Hour}, again: true,
		},
		"error":               {act: cwctest.Act{Do: cwctest.ServerError}, state: letter.Unknown, reason: "it answered 500 Internal Server Error", due: givingUp},
		"error after storing": {act: cwctest.Act{Do: cwctest.ErrorAfter}, state: letter.Unknown, reason: "it answered 500 Internal Server Error", due: givingUp, received: 1},
		"time-out":            {options: []option{impatient}, act: cwctest.Act{Do: cwctest.TimeoutBefore}, state: letter.Unknown, reason: "no answer in time", due: givingUp},
		"time-out after":      {options: []option{impatient}, act: cwctest.Act{Do: cwctest.TimeoutAfter}, state: letter.Unknown, reason: "no answer in time", due: givingUp, received: 1},
		"web page":            {act: cwctest.Act{Do: cwctest.HTML}, state: letter.Unknown, reason: "a web page answered instead of the office system", due: givingUp, received: 1},
		"garbage":             {act: cwctest.Act{Do: cwctest.Garbage}, state: letter.Unknown, reason: "its answer does not say that the message was accepted", due: givingUp, received: 1},
		"nothing":             {act: cwctest.Act{Do: cwctest.Empty}, state: letter.Unknown, reason: "its answer does not say that the message was accepted", due: givingUp, received: 1},
		"broken off":          {act: cwctest.Act{Do: cwctest.Truncated}, state: letter.Unknown, reason: "its answer broke off", due: givingUp, received: 1},
		"redirect":            {act: cwctest.Act{Do: cwctest.Redirect}, state: letter.Unknown, reason: "it answered with a redirect, which is not followed", due: givingUp},
		"unknown, may repeat": {options: []option{resendUnknown}, act: cwctest.Act{Do: cwctest.ErrorAfter}, state: letter.Unknown, reason: "it answered 500 Internal Server Error", due: backoff, again: true, received: 1},
		"other agent's name":  {capitol: func(o *cwctest.Options) { o.Agent = "Somebody Else" }, state: letter.Waiting, reason: "DeliveryAgent Mismatch", due: span{5 * time.Minute, 5 * time.Minute}, again: true},
		"key no longer good":  {capitol: func(o *cwctest.Options) { o.Key = "another" }, state: letter.Waiting, due: span{5 * time.Minute, 5 * time.Minute}, again: true},
		"nobody at the address": {options: []option{func(p *post) {
			p.house.Client.BaseURL = "http://127.0.0.1:1"
			p.capitol = &cwctest.Server{URL: "http://127.0.0.1:1"}
		}}, state: letter.Waiting, due: backoff, again: true},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				options := append([]option{named(name)}, c.options...)
				if c.capitol != nil {
					options = append(options, at(capitol(t, c.capitol)))
				}
				p := newPost(t, d, options...)
				if c.act.Do != "" {
					p.script(c.act)
				}
				f := person(1)
				f.Key = letter.NewKey()
				l := p.take(f)
				p.clock.turn(time.Minute)
				p.deliver(l.ID)
				channel := c.channel
				if channel == "" {
					channel = letter.ChannelHouse
				}
				l = p.expect(l.ID, c.state, channel, "ready sending "+string(c.state))
				p.settled(l, c.reason, c.due, c.again)
				if p.capitol.Capitol != nil && len(p.capitol.Messages()) != c.received {
					t.Errorf("the Capitol has %d messages, want %d", len(p.capitol.Messages()), c.received)
				}
			})
		})
	}
}

// settled checks what stands with a letter after its first attempt.
func (p *post) settled(l query.Letter, reason string, due span, again bool) {
	p.t.Helper()
	now := p.clock.now()
	if string(l.Reason) != reason && reason != "" || reason == "" && letter.State(l.State) == letter.Accepted && l.Reason != "" {
		p.t.Errorf("reason %q, want %q", l.Reason, reason)
	}
	if l.Attempts != 1 || l.Since != stamp.Of(now) {
		p.t.Errorf("%d attempts, since %v", l.Attempts, l.Since.Time())
	}
	if due == never && l.DueAt != 0 || due != never && (l.DueAt < stamp.Of(now.Add(due.from)) || l.DueAt > stamp.Of(now.Add(due.to))) {
		p.t.Errorf("due in %s, want %s to %s", l.DueAt.Time().Sub(now), due.from, due.to)
	}
	p.clock.turn(l.DueAt.Time().Sub(now))
	if due := slices.Contains(p.due(), l.ID); due != again {
		p.t.Errorf("in line when its time has come: %v, want %v", due, again)
	}
	p.clock.turn(now.Sub(p.clock.now()))
	delivered := letter.State(l.State) == letter.Accepted
	if n := p.counts(); delivered != (n.Delivered == 1) || n.Submitted != 1 || delivered != (l.DeliveredAt == stamp.Of(now)) {
		p.t.Errorf("%+v, delivered at %v", n, l.DeliveredAt)
	}
}

// TestResend: a letter whose fate is unknown goes out again under its own number and in
// the same bytes; the Capitol keeps one, and the receipt says what is known.
func TestResend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act    cwctest.Act
		reason string
	}{
		"it had arrived":            {cwctest.Act{Do: cwctest.ErrorAfter}, "an earlier attempt had arrived"},
		"it had arrived, no answer": {cwctest.Act{Do: cwctest.TimeoutAfter}, "an earlier attempt had arrived"},
		"it had arrived, cut off":   {cwctest.Act{Do: cwctest.ResetAfter}, "an earlier attempt had arrived"},
		"it had not":                {cwctest.Act{Do: cwctest.ServerError}, ""},
		"it had not, no answer":     {cwctest.Act{Do: cwctest.TimeoutBefore}, ""},
		"it had not, cut off":       {cwctest.Act{Do: cwctest.Reset}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := []option{resendUnknown}
			if strings.HasPrefix(string(c.act.Do), "timeout") {
				options = append(options, impatient)
			}
			p := newPost(t, dbtest.New(t), options...)
			p.script(c.act)
			f := person(1)
			f.Message = "My own words."
			l := p.take(f)
			p.deliver(l.ID)
			unknown := p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
			p.apply(bluntWater()) // the campaign changes in between, the letter does not
			p.deliver(l.ID)       // not yet its time
			p.clock.turn(unknown.DueAt.Time().Sub(p.clock.now()))
			if p.wire != nil {
				p.wire.hurry(0)
			}
			p.deliver(l.ID)
			done := p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending unknown sending accepted")
			if string(done.Reason) != c.reason || done.Attempts != 2 || done.DeliveryID != l.DeliveryID {
				t.Errorf("%+v", done)
			}
			if stored := p.capitol.Messages(); len(stored) != 1 || stored[0].DeliveryID != l.DeliveryID {
				t.Errorf("stored: %+v", stored)
			}
			seen := p.capitol.Receptions()
			for _, r := range seen {
				if r.SHA256 != seen[0].SHA256 {
					t.Error("the second attempt is made of other bytes")
				}
			}
			if n := p.counts(); n.Delivered != 1 {
				t.Errorf("%+v", n)
			}
		})
	}
}

func bluntWater() string {
	return string(bytes.ReplaceAll([]byte(water), []byte("Please vote yes."), []byte("Vote yes!")))
}

// TestNoResendUnlessTold: without the setting an unknown letter is never sent again.
func TestNoResendUnlessTold(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.script(cwctest.Act{Do: cwctest.ErrorAfter})
	l := p.take(person(1))
	for range 20 {
		p.deliver(l.ID)
		p.clock.turn(day)
		p.reconcile(false)
	}
	p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
	if n := len(p.capitol.Receptions()); n != 1 || len(p.due()) != 0 {
		t.Errorf("sent %d times", n)
	}
	p.clock.turn(10 * day)
	p.reconcile(false)
	p.expect(l.ID, letter.Expired, letter.ChannelHouse, "ready sending unknown expired")
}

// TestOneAttemptByManyWorkers: the first to take a letter makes the attempt.
func TestOneAttemptByManyWorkers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		letters := make([]query.Letter, 10)
		for i := range letters {
			letters[i] = p.take(person(i))
		}
		var wait sync.WaitGroup
		for range 6 {
			for _, l := range letters {
				wait.Go(func() { p.deliver(l.ID) })
			}
		}
		wait.Wait()
		for _, l := range letters {
			if done := p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted"); done.Attempts != 1 {
				t.Errorf("%d attempts", done.Attempts)
			}
		}
		if n := len(p.capitol.Receptions()); n != len(letters) {
			t.Errorf("the Capitol saw %d messages for %d letters", n, len(letters))
		}
		if n := p.counts(); n.Delivered != len(letters) {
			t.Errorf("%+v", n)
		}
	})
}

// TestDeliverDoesNothing: to letters that are not there, not due, or done.
func TestDeliverDoesNothing(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	if err := p.desk.DeliverOne(t.Context(), "nobody"); err != nil {
		t.Errorf("a letter that is gone: %v", err)
	}
	l := p.take(person(1))
	p.clock.turn(-time.Minute) // a node whose clock is behind
	p.deliver(l.ID)
	p.expect(l.ID, letter.Ready, letter.ChannelHouse, "ready")
	p.clock.turn(time.Minute)
	for range 3 {
		p.deliver(l.ID)
	}
	p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending accepted")
	p.restart(noHouse)
	other := p.take(person(2))
	p.deliver(other.ID)
	p.expect(other.ID, letter.Waiting, letter.ChannelHandoff, "waiting")
}

// received returns the message that the Capitol stored for a letter.
func (p *post) received(l query.Letter) cwc.Message {
	p.t.Helper()
	text, ok, err := p.capitol.XML(l.DeliveryID)
	if err != nil || !ok {
		p.t.Fatalf("the Capitol has no message %s: %v", l.DeliveryID, err)
	}
	m, err := cwc.Parse(bytes.NewReader(text))
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// TestMessage reads what the office gets.
func TestMessage(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	f := person(1)
	f.Address2, f.ZIP, f.Join = "Apt 5", "85281-1234", true
	p.clock.turn(11*time.Hour + 59*time.Minute) // 23:59 in Washington
	l := p.take(f)
	p.clock.turn(time.Hour) // sent on the next day, dated when it was written
	p.deliver(l.ID)
	want := cwc.Message{
		Delivery: cwc.Delivery{
			ID: cwc.DeliveryID(f.Key, "HAZ04"), Date: "20261123", Agent: agent, AckEmail: "ack@example.org",
			Contact:      cwc.Contact{Name: "Ada Operator", Email: "ada@example.org", Phone: "202-224-3121"},
			Organization: "Water League", OrganizationContact: cwc.Contact{Name: "Wes Waters", Email: "wes@example.org"}, OrganizationAbout: "We care for water.",
			CampaignID: cwc.CampaignID(agent, p.campaign.ID, p.campaign.Bill.String(), cwc.Pro),
		},
		// Joining the organisation's list is not joining the office's.
		Recipient: cwc.Recipient{Office: "HAZ04", NewsletterOptIn: cwc.No},
		Constituent: cwc.Constituent{
			Prefix: "Ms.", FirstName: "Jane", LastName: "Doe1", Address1: "1 Main Street", Address2: "Apt 5", City: "Tempe", State: "AZ",
			Zip: "85281-1234", Phone: "480-224-3121", Email: "doe1@example.org",
		},
		Letter: cwc.Letter{
			Subject: "Please support H.R. 77", Topics: []string{"Environmental Protection", "Health"}, Stance: cwc.Pro,
			Bills:                 []congress.Bill{{Congress: 119, Type: congress.HouseBill, Number: 77}},
			OrganizationStatement: "Our water is brown.\n\nPlease vote yes.", MoreInfo: "https://act.example.org/c/water",
		},
	}
	if diff := cmp.Diff(want, p.received(l)); diff != "" {
		t.Errorf("unedited (-want +got):\n%s", diff)
	}

	edited := person(2)
	edited.Subject, edited.Message, edited.Phone = "Water, please", "My own words.\n\n<b>& more</b> 😀", ""
	other := p.take(edited)
	p.deliver(other.ID)
	got := p.received(other)
	if got.Letter.ConstituentMessage != edited.Message || got.Letter.OrganizationStatement != want.Letter.OrganizationStatement || got.Letter.Subject != edited.Subject {
		t.Errorf("edited: %+v", got.Letter)
	}
	if got.Delivery.CampaignID != want.Delivery.CampaignID || got.Delivery.ID == want.Delivery.ID {
		t.Errorf("edited: %+v", got.Delivery)
	}
	if got.Constituent.Phone != "" {
		t.Errorf("a phone out of nowhere: %+v", got.Constituent)
	}
}

// TestMessageWithoutBill: a demand that is about no bill names none, and takes no side.
func TestMessageWithoutBill(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	source := water
	for _, line := range []string{"bill: H.R. 77\n", "bill_title: Water Act\n", "stance: pro\n"} {
		source = string(bytes.Replace([]byte(source), []byte(line), nil, 1))
	}
	bill := p.campaign
	p.campaign = p.apply(source)
	l := p.take(person(1))
	p.deliver(l.ID)
	m := p.received(l)
	if len(m.Letter.Bills) != 0 || m.Letter.Stance != cwc.NoStance {
		t.Errorf("%+v", m.Letter)
	}
	if m.Delivery.CampaignID == cwc.CampaignID(agent, bill.ID, bill.Bill.String(), cwc.Pro) {
		t.Error("the offices would take it for the campaign with the bill")
	}
}

// TestStance: one that is against a bill says so.
func TestStance(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	p.campaign = p.apply(string(bytes.Replace([]byte(water), []byte("stance: pro"), []byte("stance: con"), 1)))
	l := p.take(person(1))
	p.deliver(l.ID)
	if m := p.received(l); m.Letter.Stance != cwc.Con {
		t.Errorf("%+v", m.Letter)
	}
	if p.campaign.Stance != campaign.Con {
		t.Error(p.campaign.Stance)
	}
}

// TestMessageThatCannotBeBuilt: a letter that the House's rules refuse ends with their
// reasons; one that only the settings spoil waits until somebody has mended them. Nothing
// is sent.
func TestMessageThatCannotBeBuilt(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	f := person(1)
	f.Prefix = "Reverend" // Problems would have said so
	l := p.take(f)
	p.deliver(l.ID)
	done := p.expect(l.ID, letter.Refused, letter.ChannelHouse, "ready sending refused")
	if !strings.Contains(string(done.Reason), "CWC/Constituent/Prefix") || strings.Contains(string(done.Reason), "Reverend") {
		t.Errorf("%q", done.Reason)
	}
	p.house.Sender.AckEmail = "nobody" // Settings.Problems would have said so
	l = p.take(person(2))
	p.deliver(l.ID)
	waiting := p.expect(l.ID, letter.Waiting, letter.ChannelHouse, "ready sending waiting")
	if !strings.Contains(string(waiting.Reason), "DeliveryAgentAckEmailAddress") || waiting.DueAt != stamp.Of(start.Add(5*time.Minute)) {
		t.Errorf("%+v", waiting)
	}
	if len(p.capitol.Receptions()) != 0 || p.capitol.Refused() != 0 {
		t.Error("sent")
	}
	p.house.Sender.AckEmail = "ack@example.org"
	p.clock.turn(5 * time.Minute)
	p.deliver(l.ID)
	p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending waiting sending accepted")
}

// TestADoubtStaysUntilAnAnswer: a letter that may have arrived is not its writer's to take
// back or to send by hand because a later attempt was told to wait. Only the office's system
// ends the doubt.
func TestADoubtStaysUntilAnAnswer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		n := 0
		for name, c := range map[string]struct {
			then  cwctest.Act
			state letter.State
			path  string
		}{
			"busy":                  {cwctest.Act{Do: cwctest.Unavailable}, letter.Unknown, "ready sending unknown sending unknown"},
			"the office is off":     {cwctest.Act{Do: cwctest.Refuse, Text: "Message delivery is not enabled for HAZ04"}, letter.Unknown, "ready sending unknown sending unknown"},
			"it says no":            {cwctest.Act{Do: cwctest.Refuse, Text: "not in order"}, letter.Refused, "ready sending unknown sending refused"},
			"it has it, as it says": {cwctest.Act{}, letter.Accepted, "ready sending unknown sending accepted"},
		} {
			n++
			p := newPost(t, d, named("doubt"), resendUnknown)
			l := p.take(person(n))
			p.script(cwctest.Act{Do: cwctest.ErrorAfter})
			p.deliver(l.ID)
			if c.then.Do != "" {
				p.script(c.then)
			}
			p.clock.turn(time.Hour)
			p.deliver(l.ID)
			if got := p.letter(l.ID); got.State != string(c.state) || p.path(l.ID) != c.path {
				t.Errorf("%s: it went %s", name, p.path(l.ID))
			}
			if c.state == letter.Unknown {
				p.takeBack(l, 1)
			}
			if name == "busy" { // the doubt ends with an answer
				p.clock.turn(2 * time.Hour)
				p.deliver(l.ID)
				p.expect(l.ID, letter.Accepted, letter.ChannelHouse, c.path+" sending accepted")
			}
		}
		p := newPost(t, d, named("doubt for ever"), resendUnknown)
		l := p.take(person(99))
		p.script(cwctest.Act{Do: cwctest.ErrorAfter}, cwctest.Act{Do: cwctest.Unavailable, Times: -1})
		for range 10 * 24 {
			p.deliver(l.ID)
			p.clock.turn(time.Hour)
		}
		if got := p.letter(l.ID); got.State != string(letter.Unknown) || got.Channel != letter.ChannelHouse || len(p.due()) != 0 {
			t.Errorf("after ten days it is %s on %s, and %v stand in line", got.State, got.Channel, p.due())
		}
	})
}
