package letter_test

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// report feeds in what an office's system wrote.
func (p *post) report(a letter.Ack, dry bool) letter.AckResult {
	p.t.Helper()
	r, err := p.desk.Acknowledge(p.t.Context(), a, "ada", dry)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

func TestReportsOfOfficesMoveLetters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		arrived, thrown, late := p.lost(1), p.lost(2), p.take(person(3))
		p.deliver(late.ID)
		yes := letter.Ack{Numbers: []string{"00000000000000000000000000000000", arrived.DeliveryID}, Accepted: true, Reason: "not kept"}
		if r := p.report(yes, true); r.To != letter.Accepted || r.From != letter.Unknown {
			t.Errorf("a dry run says %+v", r)
		}
		p.expect(arrived.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown") // it was dry
		for range 2 {
			p.report(yes, false)
			p.report(letter.Ack{Numbers: []string{thrown.DeliveryID}, Reason: "wrong district"}, false)
			p.report(letter.Ack{Numbers: []string{late.DeliveryID}, Reason: "invalid address"}, false)
		}
		if l := p.expect(arrived.ID, letter.Accepted, letter.ChannelHouse, "ready sending unknown accepted"); l.Reason != "" || l.DeliveredAt.IsZero() {
			t.Errorf("%+v", l)
		}
		p.expect(thrown.ID, letter.Refused, letter.ChannelHouse, "ready sending unknown refused")
		if l := p.expect(late.ID, letter.Refused, letter.ChannelHouse, "ready sending accepted refused"); l.Reason != "invalid address" || !l.DeliveredAt.IsZero() {
			t.Errorf("%+v", l)
		}
		if n := p.counts(); n.Delivered != 1 {
			t.Errorf("%d letters count, and one arrived", n.Delivered)
		}
		for _, id := range []string{arrived.ID, thrown.ID, late.ID} {
			if n := p.audited(audit.LetterReported, id); n != 1 {
				t.Errorf("%d entries in the log", n)
			}
		}
	})
}

func TestReportsThatDoNotFitChangeNothing(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	ready, one, two := p.take(person(1)), p.lost(2), p.lost(3)
	for name, a := range map[string]letter.Ack{
		"nothing":        {Accepted: true},
		"no such letter": {Numbers: []string{"00000000000000000000000000000000"}, Accepted: true},
		"two letters":    {Numbers: []string{one.DeliveryID, two.DeliveryID}, Accepted: true},
		"not sent":       {Numbers: []string{ready.DeliveryID}, Accepted: true},
		"its id":         {Numbers: []string{one.ID}, Accepted: true},
	} {
		if r := p.report(a, false); r.To != "" || r.Why == "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
	p.expect(ready.ID, letter.Ready, letter.ChannelHouse, "ready")
	p.expect(one.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
	if r := p.report(letter.Ack{Numbers: []string{one.DeliveryID}}, false); r.To != letter.Refused {
		t.Fatalf("%+v", r)
	}
	if r := p.report(letter.Ack{Numbers: []string{one.DeliveryID}, Accepted: true}, false); r.To != "" {
		t.Errorf("what was refused came back: %+v", r)
	}
}

func TestLateRefusalOfAnErasedLetterKeepsNoWords(t *testing.T) {
	p := newPost(t, dbtest.New(t))
	l := p.take(person(1))
	p.deliver(l.ID)
	p.clock.turn(letter.ScrubAfter + day)
	if err := p.desk.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.report(letter.Ack{Numbers: []string{l.DeliveryID}, Reason: "Ana Muñoz of 2101 O'Neil Ave is unknown"}, false)
	if l := p.expect(l.ID, letter.Refused, letter.ChannelHouse, "ready sending accepted refused"); l.Reason != "sent back by the office's mail system" {
		t.Errorf("the reason %q is kept", l.Reason)
	}
}
