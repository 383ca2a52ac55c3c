package letter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// newPhone is an installation whose settings have changed.
func newPhone(p *post) { p.house.Sender.Contact.Phone = "202-555-0199" }

// TestARepeatIsTheSameMessage although the settings have changed in between, and a proof is
// that message too.
func TestARepeatIsTheSameMessage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d, resendUnknown)
		l := p.take(person(1))
		p.script(cwctest.Act{Do: cwctest.ErrorAfter})
		p.deliver(l.ID)
		p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
		p.clock.turn(time.Hour)
		p.restart(newPhone)
		p.deliver(l.ID)
		p.expect(l.ID, letter.Accepted, letter.ChannelHouse, "ready sending unknown sending accepted")
		all := p.capitol.Receptions()
		if len(all) != 2 || all[0].SHA256 != all[1].SHA256 {
			t.Fatalf("%+v", all)
		}
		if e := p.evidence(l.ID); e.Message.XML != p.xml(l.DeliveryID) || e.Message.Made != letter.MadeAsSent {
			t.Errorf("the proof is another message: %+v", e.Message)
		}
		// A letter that leaves for the first time goes by the settings of its time.
		next := p.take(person(2))
		if e := p.evidence(next.ID); e.Message.Made != letter.MadeAhead {
			t.Errorf("not sent: %q", e.Message.Made)
		}
		p.deliver(next.ID)
		if strings.Contains(p.xml(l.DeliveryID), "202-555-0199") || !strings.Contains(p.xml(next.DeliveryID), "202-555-0199") {
			t.Error("the messages do not show whether the settings have changed")
		}
		if e := p.evidence(next.ID); e.Message.XML != p.xml(next.DeliveryID) || e.Message.Made != letter.MadeAsSent {
			t.Errorf("the proof is another message: %+v", e.Message)
		}
	})
}

// TestAProofOfWhatWasNeverSent calls no message sent: of a letter that a person refused before
// it left, and of one that came back to be sent again.
func TestAProofOfWhatWasNeverSent(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	refused, busy := p.suspicious(1), p.take(person(2))
	p.operate(letter.Refuse, refused.ID, "spam")
	p.script(cwctest.Act{Do: cwctest.Unavailable})
	p.deliver(busy.ID)
	for _, id := range []string{refused.ID, busy.ID} {
		if e := p.evidence(id); e.Message.XML == "" || e.Message.Made != letter.MadeAhead {
			t.Errorf("the letter is %s: %+v", p.letter(id).State, e.Message)
		}
	}
}

// TestAProofSaysWhatItDoesNotKnow of a letter that left before senders were written down.
func TestAProofSaysWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		l := p.take(person(1))
		p.deliver(l.ID)
		if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM senders"); err != nil {
			t.Fatal(err)
		}
		if e := p.evidence(l.ID); e.Message.XML == "" || e.Message.Made != letter.MadeAfter {
			t.Errorf("%+v", e.Message)
		}
	})
}
