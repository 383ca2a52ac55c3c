package letter_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

// TestABrokenChannelIsProbed: after some failures at several offices nothing more goes out
// but one letter now and then; when that one is taken, all go.
func TestABrokenChannelIsProbed(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: 5} })
	l.answer = func(query.Letter) cwc.Outcome { // the caller holds the ledger's lock
		if len(l.sent) <= 11 {
			return cwc.Outcome{Result: cwc.Busy, Detail: "it answered 503 Service Unavailable"}
		}
		return cwc.Outcome{Result: cwc.Accepted}
	}
	p.fill("x", 200, func(i int) string { return fmt.Sprintf("H%03d", i%50) })
	p.run(l, 161)
	if took := l.sent[7].at.Sub(l.sent[0].at); took > 5*time.Second {
		t.Errorf("the first failures took %s", took)
	}
	for i, probe := range l.sent[8:12] {
		// The pauses begin at 30 s and double, a fifth either way.
		if wait, least := probe.at.Sub(l.sent[7+i].at), 24*time.Second<<i; wait < least || wait > 2*least {
			t.Errorf("probe %d came after %s", i+1, wait)
		}
	}
	if took := l.sent[160].at.Sub(l.sent[11].at); took > 40*time.Second {
		t.Errorf("after the system was back, 150 letters took %s", took)
	}
}

// TestTheBreakerIsShown to all nodes, with the words of the system.
func TestTheBreakerIsShown(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: 5} })
	l.answer = func(query.Letter) cwc.Outcome {
		return cwc.Outcome{Result: cwc.Busy, Detail: "it answered 503 Service Unavailable"}
	}
	p.fill("x", 50, func(i int) string { return fmt.Sprintf("H%03d", i) })
	p.run(l, 9)
	one := p.overview()
	if one.Breaker == letter.BreakerClosed || one.BreakerUntil.IsZero() || one.Reason != "it answered 503 Service Unavailable" || one.Node != "test/1" {
		t.Errorf("%+v", one)
	}
}

func (p *post) overview() letter.Overview {
	p.t.Helper()
	p.hold()
	p.hold() // tells how it stands
	all, err := p.desk.Overview(p.t.Context())
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%+v, %v", all, err)
	}
	return all[0]
}

// TestABrokenOfficeIsProbed while the letters to all others go out.
func TestABrokenOfficeIsProbed(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: 5} })
	l.answer = func(one query.Letter) cwc.Outcome {
		if one.Office == "H000" {
			return cwc.Outcome{Result: cwc.Unknown, Detail: "no answer in time"}
		}
		return cwc.Outcome{Result: cwc.Accepted}
	}
	p.fill("x", 200, func(i int) string { return fmt.Sprintf("H%03d", i%4) })
	p.run(l, 153)
	dead := 0
	for _, one := range l.sent {
		if one.office == "H000" {
			dead++
		}
	}
	if took := l.sent[152].at.Sub(l.sent[0].at); dead > 5 || took > 35*time.Second {
		t.Errorf("%d letters went to the broken office; the others took %s", dead, took)
	}
	if one := p.overview(); one.Breaker != letter.BreakerClosed || len(one.Offices) != 1 || one.Offices["H000"].IsZero() {
		t.Errorf("%+v", one)
	}
}

// TestARefusalOfOurOwnSaysNothing about the system: letters to a vacant seat are refused
// before anything is sent, and neither keep the breaker of a dead system from opening nor
// close it.
func TestARefusalOfOurOwnSaysNothing(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: 5} })
	sent := func() (n int) { // the caller holds the ledger's lock
		for _, e := range l.sent {
			if e.office != "H000" {
				n++
			}
		}
		return n
	}
	l.answer = func(q query.Letter) cwc.Outcome {
		switch {
		case q.Office == "H000":
			return cwc.Outcome{Result: cwc.Refused, OfficeOff: true, Reasons: []string{"the seat is vacant"}}
		case sent() <= 12:
			return cwc.Outcome{Result: cwc.Busy, Status: 503}
		}
		return cwc.Outcome{Result: cwc.Accepted, Status: 200}
	}
	p.fill("x", 100, func(i int) string { return fmt.Sprintf("H%03d", i%10) })
	p.run(l, 40)
	var busy []entry
	for _, e := range l.sent {
		if e.office != "H000" {
			busy = append(busy, e)
		}
	}
	if len(busy) < 13 {
		t.Fatalf("%d letters were sent", len(busy))
	}
	if pause := busy[8].at.Sub(busy[7].at); pause < 24*time.Second {
		t.Errorf("after eight failures the next letter went out after %s", pause)
	}
	if pause := busy[11].at.Sub(busy[10].at); pause < 4*24*time.Second {
		t.Errorf("the fourth look came after %s", pause)
	}
}

// TestTheSystemsOwnTimeIsObeyed, also when it is longer than the longest pause of ours.
func TestTheSystemsOwnTimeIsObeyed(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: 5} })
	l.answer = func(query.Letter) cwc.Outcome {
		return cwc.Outcome{Result: cwc.Busy, Status: 503, RetryAfter: time.Hour}
	}
	p.fill("x", 50, func(i int) string { return fmt.Sprintf("H%03d", i%10) })
	p.run(l, 9)
	if wait := l.sent[8].at.Sub(l.sent[7].at); wait < time.Hour || wait > time.Hour+time.Minute {
		t.Errorf("told to wait an hour, it sent the next letter after %s", wait)
	}
}
