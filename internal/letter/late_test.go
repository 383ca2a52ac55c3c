package letter_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// slowOffice is a channel whose answers come when a test says so, and say what it says.
type slowOffice struct {
	reached chan chan cwc.Outcome // of each attempt the one into which its answer goes
}

func (s *slowOffice) Send(context.Context, query.LetterWithSubmissionRow, *campaign.Campaign, letter.Sender) cwc.Outcome {
	answer := make(chan cwc.Outcome)
	s.reached <- answer
	return <-answer
}

func (s *slowOffice) Rebuild(context.Context, query.LetterWithSubmissionRow, *campaign.Campaign, letter.Sender) ([]byte, error) {
	return nil, nil
}

func (s *slowOffice) Self() letter.Sender { return letter.Sender{} }

func (s *slowOffice) Repeats() bool { return true }

// begin starts an attempt that waits for its answer, and returns what lets it end.
func (s *slowOffice) begin(p *post, id string) (answer func(cwc.Outcome)) {
	p.t.Helper()
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := p.desk.DeliverOne(p.t.Context(), id); err != nil {
			p.t.Error(err)
		}
	})
	into := <-s.reached
	return func(o cwc.Outcome) {
		into <- o
		wait.Wait()
	}
}

// TestALateAnswer: an attempt is thought dead, its letter becomes unknown, and then the office
// answers after all. Yes and no end the doubt; nothing else does, and nothing does once a person
// has decided or another attempt was made.
func TestALateAnswer(t *testing.T) {
	t.Parallel()
	accepted, refused := cwc.Outcome{Result: cwc.Accepted, Status: 200}, cwc.Outcome{Result: cwc.Refused, Status: 400, Reasons: []string{"not in order"}}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		turned := &queue{}
		for n, c := range []struct {
			name      string
			answer    cwc.Outcome
			meanwhile func(p *post, s *slowOffice, l query.Letter)
			state     letter.State
			path      string
			told      int
		}{
			{"yes", accepted, nil, letter.Accepted, "ready sending unknown accepted", 0},
			{"no", refused, nil, letter.Refused, "ready sending unknown refused", 1},
			{"nothing clear", cwc.Outcome{Result: cwc.Unknown}, nil, letter.Unknown, "ready sending unknown", 0},
			{"later", cwc.Outcome{Result: cwc.Busy, Status: 429}, nil, letter.Unknown, "ready sending unknown", 0},
			{"not this way", cwc.Outcome{Result: cwc.Refused, Status: 400, OfficeOff: true}, nil, letter.Unknown, "ready sending unknown", 0},
			{"no, after a person said yes", refused, func(p *post, _ *slowOffice, l query.Letter) {
				p.operate(letter.ResolveAccepted, l.ID, "the office has it")
			}, letter.Accepted, "ready sending unknown accepted", 0},
			{"no, after another attempt", refused, func(p *post, s *slowOffice, l query.Letter) {
				s.begin(p, l.ID)(cwc.Outcome{Result: cwc.Unknown})
			}, letter.Unknown, "ready sending unknown sending unknown", 0},
		} {
			office := &slowOffice{make(chan chan cwc.Outcome)}
			p := newPost(t, d)
			p.desk.Close()
			p.options.Channels = map[string]letter.Channel{letter.ChannelHouse: office}
			p.options.Turned = func(_ context.Context, _ *db.Tx, id string) error { turned.add([]string{id}); return nil }
			p.open()
			before := p.counts()
			l := p.take(person(n))
			answer := office.begin(p, l.ID)
			p.clock.turn(p.options.SendTimeout + 3*time.Minute)
			p.reconcile(false)
			p.expect(l.ID, letter.Unknown, letter.ChannelHouse, "ready sending unknown")
			if c.meanwhile != nil {
				c.meanwhile(p, office, l)
			}
			answer(c.answer)
			got := p.expect(l.ID, c.state, letter.ChannelHouse, c.path)
			if c.state == letter.Refused && got.Reason != "not in order" {
				t.Errorf("%s: the reason is %q", c.name, got.Reason)
			}
			history, err := p.desk.History(t.Context(), l.ID)
			if last := history[len(history)-1]; err != nil || c.meanwhile == nil && c.state != letter.Unknown && last.Actor != string(letter.ByDelivery) {
				t.Errorf("%s: moved by %s, %v", c.name, last.Actor, err)
			}
			if n := p.counts().Delivered - before.Delivered; (n == 1) != (c.state == letter.Accepted) {
				t.Errorf("%s: %d more count", c.name, n)
			}
			if told := turned.drain(); len(told) != c.told {
				t.Errorf("%s: told %d times, want %d", c.name, len(told), c.told)
			}
		}
	})
}
