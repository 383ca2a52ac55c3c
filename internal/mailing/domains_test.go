package mailing_test

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
	"github.com/franklin-letters/franklin/internal/mailing"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// answers is a relay that answers as a function says, which tests may change.
type answers struct {
	mu    sync.Mutex
	reply func(mailtest.Step) mailtest.Reply
	asked map[string]int // recipients by domain
}

func (a *answers) answer(s mailtest.Step) mailtest.Reply {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.Command == "rcpt" {
		if a.asked == nil {
			a.asked = map[string]int{}
		}
		_, domain, _ := strings.Cut(s.Address, "@")
		a.asked[domain]++
	}
	if a.reply == nil {
		return mailtest.Reply{}
	}
	return a.reply(s)
}

func (a *answers) set(reply func(mailtest.Step) mailtest.Reply) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reply = reply
}

func (a *answers) slow() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked["slow.example"]
}

// to refuses the recipients of one domain.
func to(domain string, r mailtest.Reply) func(mailtest.Step) mailtest.Reply {
	return func(s mailtest.Step) mailtest.Reply {
		if s.Command == "rcpt" && strings.HasSuffix(s.Address, "@"+domain) {
			return r
		}
		return mailtest.Reply{}
	}
}

// halves gives every second person an address at slow.example.
func halves(i int, p *person) {
	if i%2 == 0 {
		p.email = fmt.Sprintf("p%d@slow.example", i)
	}
}

// TestMAIL_7_BackOff: a domain that puts mail off is asked less and less often, the others
// get theirs meanwhile, and nobody gets it twice.
func TestMAIL_7_BackOff(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			a := &answers{}
			a.set(to("slow.example", mailtest.Reply{Code: 421, Status: [3]int{4, 7, 0}}))
			w := worldOn(t, engine, mailtest.Options{Answer: a.answer})
			w.people(40, halves)
			w.run(func(o *mailing.Options) { o.Backoff = time.Hour })
			m := w.start(news)
			w.until("the other domain has got it", func() bool { return len(w.got()) == 20 })
			w.settled()
			first := a.slow()
			if first == 0 || first > 8 {
				t.Errorf("the slow domain was asked %d times at once", first)
			}
			w.clock.turn(61 * time.Minute)
			w.until("one asks again", func() bool { return a.slow() > first })
			if n := a.slow(); n > first+1 {
				t.Errorf("%d asked again, want one", n-first)
			}
			a.set(nil)
			w.finish(m, 5*time.Minute)
			once(w, 40)
		})
	}
}

// settled waits until everything that was under way is recorded, so that what is learnt of it
// is not learnt after the clock is turned.
func (w *world) settled() {
	w.Helper()
	w.until("nothing is under way", func() bool { return w.count("mailing_flights", "people <> ''") == 0 })
}

// count counts the rows of a table that are so.
func (w *world) count(table, so string) (n int) {
	w.Helper()
	if err := w.db.SQL().QueryRowContext(w.Context(), "SELECT count(*) FROM "+table+" WHERE "+so).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// finish turns the clock step by step until the mailing is done: what failed last is learnt
// at some moment between.
func (w *world) finish(m mailing.Mailing, step time.Duration) {
	w.Helper()
	w.until(m.Name+" is done", func() bool {
		w.clock.turn(step)
		now, err := w.store.Find(w.Context(), m.Name)
		return err == nil && now.State == string(mailing.Done)
	})
}

// once fails when not exactly so many people got exactly one.
func once(w *world, people int) {
	w.Helper()
	got := w.got()
	if len(got) != people {
		w.Errorf("%d people got it, want %d\n%s", len(got), people, w.log)
	}
	for who, n := range got {
		if n != 1 {
			w.Errorf("%s got it %d times", who, n)
		}
	}
}

// TestMAIL_7_PolicyStopsTheDomain: a domain that says 5.7.x is asked no more for a day, the
// operator is told, nobody is suppressed, and a day later one message tries.
func TestMAIL_7_PolicyStopsTheDomain(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			a := &answers{}
			a.set(to("slow.example", mailtest.Reply{Code: 550, Status: [3]int{5, 7, 1}}))
			w := worldOn(t, engine, mailtest.Options{Answer: a.answer})
			w.people(40, halves)
			w.run(func(o *mailing.Options) { o.PerDomain = 1 })
			m := w.start(news)
			w.until("the other domain has got it", func() bool { return len(w.got()) == 20 })
			if n := a.slow(); n != 1 {
				t.Errorf("it was asked %d times", n)
			}
			w.until("the operator is told", func() bool { return strings.Contains(w.log.String(), "does not want mail from us") })
			w.until("the operator's page names it", func() bool {
				refusals, err := inbox.Refusals(t.Context(), w.db, w.clock.now())
				return err == nil && len(refusals) == 1 && refusals[0].Domain == "slow.example"
			})
			if out, err := w.store.People.Suppressed(t.Context(), "p0@slow.example", supporter.Updates); err != nil || out {
				t.Errorf("suppressed: %t, %v", out, err)
			}
			a.set(nil)
			w.clock.turn(25 * time.Hour)
			w.finish(m, time.Minute)
			once(w, 39)
			if n := w.numbers(m); n.Failed != 1 || n.Sent != 39 {
				t.Errorf("%+v", n)
			}
		})
	}
}

// TestMAIL_7_RelayDeadForADay: nothing is lost and nothing doubled when the relay is away for a
// day in the middle.
func TestMAIL_7_RelayDeadForADay(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var dead atomic.Bool
			var taken atomic.Int32
			w := worldOn(t, engine, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply {
				if s.Command == "mail" && (dead.Load() || taken.Add(1) > 30 && !dead.Swap(true)) {
					return mailtest.Reply{Drop: true}
				}
				return mailtest.Reply{}
			}})
			w.people(100, nil)
			w.run(nil)
			m := w.start(news)
			w.until("the relay is away", func() bool { return strings.Contains(w.log.String(), "the relay takes no mail") })
			for range 24 {
				w.clock.turn(time.Hour)
				time.Sleep(20 * time.Millisecond) // so that some attempts are made
			}
			if n := w.numbers(m); n.Failed+n.Unknown > 0 || n.InLine == 0 {
				t.Errorf("while it is away: %+v", n)
			}
			taken.Store(-1_000_000)
			dead.Store(false)
			w.finish(m, time.Minute)
			once(w, 100)
		})
	}
}

// TestMAIL_7_DomainLimit: not more than so many messages are under way to one domain, nor leave
// in a minute, and people at other domains do not wait behind.
func TestMAIL_7_DomainLimit(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var at, most atomic.Int32
			w := worldOn(t, engine, mailtest.Options{Answer: func(s mailtest.Step) mailtest.Reply {
				if strings.HasSuffix(s.Address, "@slow.example") {
					n := at.Add(1)
					for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
					}
					time.Sleep(2 * time.Millisecond)
					at.Add(-1)
				}
				return mailtest.Reply{}
			}})
			// More of the slow domain stand in front than are read at once.
			const slow = 510
			w.people(slow+20, func(i int, p *person) {
				if i < slow {
					p.email = fmt.Sprintf("p%d@slow.example", i)
				}
			})
			w.run(func(o *mailing.Options) { o.PerDomain = 2 })
			m := w.start(strings.Replace(news, "subject: News", "domains:\n  - {name: slow.example, rate: 60}\nsubject: News", 1))
			w.until("the others have got it", func() bool { return at20(w) == 20 })
			got := len(w.got()) - 20
			if may := int(w.clock.now().Sub(noon)/time.Second) + 1; got > may {
				t.Errorf("%d have got it, at a rate of one a second at most %d may", got, may)
			}
			if most.Load() > 2 {
				t.Errorf("%d were under way to one domain", most.Load())
			}
			if testing.Short() { // each of the others takes a turn of the clock
				w.until("some of the slow domain get it", func() bool { w.clock.turn(10 * time.Second); return len(w.got()) > 40 })
				return
			}
			w.finish(m, 10*time.Second)
			once(w, slow+20)
		})
	}
}

// at20 counts who has got it at example.org.
func at20(w *world) int {
	n := 0
	for to := range w.got() {
		if strings.HasSuffix(to, "@example.org") {
			n++
		}
	}
	return n
}

// TestMAIL_7_OneRateForADomain: mailings and mails that follow by themselves keep to one limit of a
// domain together, and neither waits for the end of the other.
func TestMAIL_7_OneRateForADomain(t *testing.T) {
	t.Parallel()
	w := worldOn(t, "sqlite", mailtest.Options{})
	w.people(60, nil)
	rates := mailing.NewRates(60)
	others := &mailing.Restraint{People: w.store.People, Log: slog.New(slog.DiscardHandler), Rates: rates}
	w.run(func(o *mailing.Options) { o.Rates = rates })
	w.start(news)
	w.until("the first has got it", func() bool { return len(w.got()) > 0 })
	went := 0
	for range 40 {
		wait, err := others.Wait(t.Context(), fmt.Sprintf("q%d@example.org", went))
		if err != nil {
			t.Fatal(err)
		}
		if wait == 0 {
			went++
		}
		w.clock.turn(500 * time.Millisecond)
		time.Sleep(5 * time.Millisecond) // for the mailing
		if all, may := len(w.got())+went, int(w.clock.now().Sub(noon)/time.Second)+1; all > may {
			t.Fatalf("%d messages have left, at a rate of one a second at most %d may", all, may)
		}
	}
	if went == 0 {
		t.Error("mails that follow by themselves wait for the end of the mailing")
	}
	w.until("the mailing goes on", func() bool { w.clock.turn(time.Second); return len(w.got()) > 30 })
}
