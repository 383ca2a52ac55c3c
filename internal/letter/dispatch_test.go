package letter_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
)

// ledger is a channel that answers at once and remembers what it was given, when.
type ledger struct {
	now     func() time.Time
	answer  func(l query.Letter) cwc.Outcome // nil accepts all
	repeats bool

	mu   sync.Mutex
	sent []entry
	full int // how many letters the test waits for
	done context.CancelFunc
}

type entry struct {
	id, campaign, office string
	at                   time.Time
}

func (l *ledger) Send(_ context.Context, row query.LetterWithSubmissionRow, _ *campaign.Campaign, _ letter.Sender) cwc.Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, entry{row.Letter.ID, row.Letter.CampaignID, row.Letter.Office, l.now()})
	if len(l.sent) == l.full {
		l.done()
	}
	if l.answer != nil {
		return l.answer(row.Letter)
	}
	return cwc.Outcome{Result: cwc.Accepted}
}

func (l *ledger) Rebuild(context.Context, query.LetterWithSubmissionRow, *campaign.Campaign, letter.Sender) ([]byte, error) {
	return nil, nil
}

func (l *ledger) Self() letter.Sender { return letter.Sender{} }

func (l *ledger) Repeats() bool { return l.repeats }

// onLedger opens the post office again with a channel that remembers, on a clock that runs
// only while no letter is on its way.
func (p *post) onLedger(change func(*letter.Options)) *ledger {
	p.t.Helper()
	l := &ledger{now: p.clock.now}
	p.desk.Close()
	p.options.Channels = map[string]letter.Channel{letter.ChannelHouse: l}
	p.options.After = func(wait time.Duration) <-chan time.Time {
		fire := make(chan time.Time, 1)
		if wait < 2*time.Second && p.desk.Quiet() { // longer ones are the lease's
			p.clock.turn(max(wait, time.Millisecond))
			fire <- p.clock.now()
		}
		return fire
	}
	if change != nil {
		change(&p.options)
	}
	p.open()
	return l
}

// run delivers until the ledger holds n letters.
func (p *post) run(l *ledger, n int) {
	p.t.Helper()
	ctx, done := context.WithTimeout(p.t.Context(), 5*time.Minute)
	defer done()
	l.mu.Lock()
	l.full, l.done = len(l.sent)+n, done
	want := l.full
	l.mu.Unlock()
	if err := p.desk.Deliver(ctx); err != nil {
		p.t.Fatal(err)
	}
	if len(l.sent) < want {
		p.t.Fatalf("%d letters left, want %d", len(l.sent), want)
	}
}

// delivering lets delivery run until stop is called, which waits for its end.
func (p *post) delivering(t *testing.T) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.desk.Deliver(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// fill puts letters in line at the given offices, which all belong to one submission.
func (p *post) fill(prefix string, letters int, office func(i int) string) {
	p.t.Helper()
	s := p.take(person(len(prefix) + 7000))
	now := stamp.Of(p.clock.now())
	for from := 0; from < letters; from += 1000 {
		var rows [][]any
		for i := from; i < min(from+1000, letters); i++ {
			id := fmt.Sprintf("%s-%07d", prefix, i)
			rows = append(rows, []any{id, s.SubmissionID, p.campaign.ID, "AZ-04", office(i), letter.ChannelHouse, id, "Water", string(letter.Ready), now, now, now})
		}
		err := p.db.Tx(p.t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, db.Insert{Table: "letters", Columns: []string{
				"id", "submission_id", "campaign_id", "seat", "office", "channel", "delivery_id", "subject", "state", "since", "due_at", "created_at",
			}}, rows)
			return err
		})
		if err != nil {
			p.t.Fatal(err)
		}
	}
}

// TestALetterLeavesAtOnce: with the real clock, and over HTTP.
func TestALetterLeavesAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newPost(t, d)
		stop := p.delivering(t)
		p.accepted(p.take(person(1)).ID) // delivery may only be starting
		begin := time.Now()
		p.accepted(p.take(person(2)).ID)
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("it took %s", took)
		}
		stop()
		if row, err := d.Read().Lease(t.Context(), "delivery"); err != nil || row.Holder != "" {
			t.Errorf("the lease was not given back: %+v, %v", row, err)
		}
	})
}

// accepted waits until a letter is.
func (p *post) accepted(id string) {
	p.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(30 * time.Second); p.letter(id).State != string(letter.Accepted); {
		select {
		case <-tick.C:
		case <-deadline:
			p.t.Fatalf("the letter is %s", p.letter(id).State)
		}
	}
}

// TestOneDeadOfficeDelaysNobody: an office whose system takes letters and never answers
// holds up its own letters, two at a time, and no others.
func TestOneDeadOfficeDelaysNobody(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	p.script(cwctest.Act{Do: cwctest.TimeoutBefore, Office: "HAZ03", Times: -1})
	p.restart(func(p *post) { p.options.SendTimeout = 6 * time.Second })
	dead := arizona4
	dead.District = 3
	for i := range 100 {
		s := p.submission(person(1000 + i))
		s.Recipient = recipientOf(dead)
		p.submit(s)
	}
	living := make([]query.Letter, 60)
	for i := range living {
		living[i] = p.take(person(i))
	}
	stop := p.delivering(t)
	for _, l := range living {
		p.accepted(l.ID)
	}
	if n := p.states()[letter.Unknown]; n > 0 {
		t.Errorf("the living office's letters waited until %d to the dead one were given up", n)
	}
	stop()
	if n := p.states()[letter.Unknown]; n > 2 {
		t.Errorf("%d letters were on their way to the dead office at once", n)
	}
}

// TestTenDoNotWaitForThousands: a small campaign beside a large one, and a small office
// beside a large one.
func TestTenDoNotWaitForThousands(t *testing.T) {
	t.Parallel()
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: 2} }) // one after the other
	p.fill("many", 2000, func(i int) string { return fmt.Sprintf("HAZ%02d", 1+i%20) })
	large := p.campaign.ID
	p.campaign = p.apply(smallWater())
	p.fill("few", 10, func(int) string { return "HAZ01" })
	p.run(l, 100)
	few, offices := 0, map[string]int{}
	for _, one := range l.sent[:30] {
		if one.campaign != large {
			few++
		} else {
			offices[one.office]++
		}
	}
	if few < 11 { // with that of the person who wrote them
		t.Errorf("%d of the small campaign's 11 letters are among the first 30", few)
	}
	for name, n := range offices {
		if n > 2 {
			t.Errorf("%s got %d of the large campaign's first letters", name, n)
		}
	}
}

func smallWater() string {
	p := &post{}
	named("small")(p)
	return p.source
}

// TestPaceIsKeptOverALongDrain sends letters to all offices of the House at 5 a second by
// an injected clock: exactly at the pace, and evenly. FRANKLIN_DRAIN is how many letters.
func TestPaceIsKeptOverALongDrain(t *testing.T) {
	t.Parallel()
	letters := 1305
	if n, err := strconv.Atoi(os.Getenv("FRANKLIN_DRAIN")); err == nil {
		letters = n
	}
	const offices, rate = 435, 5
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: rate} })
	p.fill("x", letters, func(i int) string { return fmt.Sprintf("H%03d", i%offices) })
	p.clock.turn(time.Hour) // a pause is not made up for
	p.run(l, letters)
	took, want := l.sent[len(l.sent)-1].at.Sub(l.sent[0].at), time.Duration(letters-1)*time.Second/rate
	if d := float64(took-want) / float64(want); d < -0.001 || d > 0.03 {
		t.Errorf("%d letters took %s, want %s: %.2f %% off", letters, took, want, 100*d)
	}
	got := map[string]int{}
	for i, one := range l.sent {
		if i >= 2*rate && one.at.Sub(l.sent[i-2*rate].at) < 1900*time.Millisecond {
			t.Fatalf("letters %d to %d left within %s", i-2*rate, i, one.at.Sub(l.sent[i-2*rate].at))
		}
		got[one.office]++
		if got[one.office] > 2+i/offices {
			t.Fatalf("%s has got %d of the first %d letters", one.office, got[one.office], i+1)
		}
	}
}

// TestOutcomesShareCommits: where delivery is calm, what became of an attempt waits for others,
// and all that is known then is recorded by one commit.
func TestOutcomesShareCommits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const letters, rate = 40, 400
		p := newPost(t, d)
		p.clock.turn(time.Since(p.clock.now()))
		var commits atomic.Int64
		l := p.onLedger(func(o *letter.Options) {
			o.Clock, o.Calm, o.Pace = time.Now, true, map[string]float64{letter.ChannelHouse: rate}
			o.After = func(wait time.Duration) <-chan time.Time {
				if wait == letter.Beat {
					commits.Add(1)
				}
				return time.After(wait)
			}
		})
		p.fill("x", letters, func(i int) string { return fmt.Sprintf("H%03d", i) })
		p.run(l, letters)
		if n := commits.Load(); n == 0 || n > letters/4 {
			t.Errorf("what became of %d letters was recorded by %d commits", letters, n)
		}
	})
}

// TestManyASecondLeaveTogether: at 400 a second eight leave every 20 ms, which share statements
// and commits, and the pace is kept.
func TestManyASecondLeaveTogether(t *testing.T) {
	t.Parallel()
	const rate, letters = 400, 1200
	p := newPost(t, dbtest.New(t))
	l := p.onLedger(func(o *letter.Options) { o.Pace = map[string]float64{letter.ChannelHouse: rate} })
	p.fill("x", letters, func(i int) string { return fmt.Sprintf("H%03d", i%435) })
	p.run(l, letters)
	took, together := l.sent[letters-1].at.Sub(l.sent[0].at), map[time.Time]int{}
	for _, one := range l.sent {
		together[one.at]++
	}
	if took < 2900*time.Millisecond || took > 3100*time.Millisecond {
		t.Errorf("%d letters took %s", letters, took)
	}
	if n := len(together); n < 140 || n > 160 {
		t.Errorf("they left at %d times", n)
	}
}
