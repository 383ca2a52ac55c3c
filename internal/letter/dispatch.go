package letter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Numbers of the dispatcher.
const (
	// lookEvery is how often the lines are listed: a letter that another node took waits that
	// long. Where listing would take more than a lookShare-th of the time it is done less often,
	// because everybody else waits meanwhile where there is one processor: after lookRarely at the
	// latest. A letter that this node took waits for its part of that, but no longer than
	// lookPause for each line, so that a moment's trouble does not hold up the few.
	lookEvery  = time.Second
	lookShare  = 400
	lookPause  = 10 * time.Millisecond
	lookRarely = 10 * time.Second
	// officeSenders is how many letters are on their way to one office at most, senders to a
	// whole channel: a slow office holds up itself. Most of the senders wait for a commit that
	// they share; the client's connections bound how many letters are with the office system.
	officeSenders = 2
	senders       = 512
	// lineAhead is how many letters of a line are read at once; more than officeSenders.
	lineAhead = 64
	// afterTrouble is the pause when the database or the program failed.
	afterTrouble = time.Second
)

// outbox sends the letters of one channel while this node has the lease. All its fields but
// view are its own goroutine's.
type outbox struct {
	desk    *Desk
	name    string
	channel Channel

	fence   int64 // of the lease under which all of this was learnt
	pace    bucket
	breaker breaker
	offices map[string]*office // those with a letter under way, or that failed
	round   round
	flying  map[string]bool // letters under way
	look    time.Time       // when to list the lines again; zero: now
	rest    time.Time       // not before, whoever wakes us
	resume  time.Time       // not before, after trouble
	paused  bool

	woken    chan struct{}
	chosen   []flight // letters of this step, to be looked at together
	starting chan flight
	hands    int // goroutines that take from it
	landed   chan flight
	mu       sync.Mutex
	view     view
}

// office is what the dispatcher knows of one office.
type office struct {
	flying  int
	breaker breaker
}

// flight is one attempt and what came of it.
type flight struct {
	id, office         string
	fence              int64
	seen               *sight
	to                 *office
	probe, officeProbe bool
	outcome            cwc.Outcome
	sent               bool
	err                error
}

func newOutbox(d *Desk, name string) *outbox {
	o := &outbox{
		desk: d, name: name, channel: d.Channels[name], flying: map[string]bool{},
		woken: make(chan struct{}, 1), landed: make(chan flight, senders),
	}
	o.forget(0)
	return o
}

// forget begins anew, as a node does that takes over.
func (o *outbox) forget(fence int64) {
	o.fence, o.look, o.rest, o.resume = fence, time.Time{}, time.Time{}, time.Time{}
	o.pace = bucket{rate: o.desk.Pace[o.name]}
	o.breaker, o.round = breaker{limit: channelFailures}, round{}
	o.offices = map[string]*office{}
}

// wake makes the outbox look at the lines at once.
func (o *outbox) wake() {
	select {
	case o.woken <- struct{}{}:
	default:
	}
}

// run sends letters until ctx ends, and returns when none is on its way any more.
func (o *outbox) run(ctx context.Context) {
	o.starting, o.hands = make(chan flight, senders), 0
	defer close(o.starting)
	for ctx.Err() == nil {
		wait := o.step(ctx)
		o.show()
		select {
		case <-ctx.Done():
		case f := <-o.landed:
			o.land(f)
			runtime.Gosched() // they come as their commits do: many at once
			for len(o.landed) > 0 {
				o.land(<-o.landed)
			}
		case <-o.woken:
			if o.rest.Before(o.look) {
				o.look = o.rest
			}
		case <-o.desk.After(wait):
		}
	}
	for len(o.flying) > 0 {
		o.land(<-o.landed)
	}
}

// step lets all letters go that may go now, and returns how long nothing else can happen
// unless a letter lands or somebody wakes us.
func (o *outbox) step(ctx context.Context) time.Duration {
	defer o.depart(ctx)
	for ctx.Err() == nil {
		now := o.desk.Clock()
		fence := o.desk.lease.Holds(now)
		if fence != o.fence {
			o.forget(fence)
		}
		if fence == 0 || len(o.flying) >= senders {
			return lookEvery
		}
		if wait := o.resume.Sub(now); wait > 0 {
			return min(wait, lookEvery)
		}
		if err := o.list(ctx, now); err != nil {
			o.trouble(err)
			continue
		}
		if o.closed(now) {
			return min(o.look.Sub(now), lookEvery)
		}
		next, err := o.next(ctx, now)
		switch {
		case err != nil:
			o.trouble(err)
			continue
		case next == nil:
			return min(o.look.Sub(now), lookEvery)
		}
		if wait := o.pace.take(now); wait > 0 {
			return wait
		}
		o.choose(next, now)
	}
	return 0
}

// closed reports whether nothing may go out on the whole channel.
func (o *outbox) closed(now time.Time) bool {
	if _, in := o.desk.Windows[o.name].Closed(now); in || o.paused {
		return true
	}
	return o.breaker.blocked(now)
}

// trouble waits a little after an error of ours.
func (o *outbox) trouble(err error) {
	if !errors.Is(err, context.Canceled) {
		o.desk.Log.Error("delivery is held up", "channel", o.name, "error", err.Error())
	}
	o.resume = o.desk.Clock().Add(afterTrouble)
}

// list adds the lines whose first letter is due, when it is time to look.
func (o *outbox) list(ctx context.Context, now time.Time) error {
	if now.Before(o.look) {
		return nil
	}
	var err error
	if _, o.paused, err = PauseOf(ctx, o.desk.DB, o.name); err != nil {
		return err
	}
	if o.paused { // what would be listed cannot leave
		o.look, o.rest = now.Add(lookEvery), now
		return nil
	}
	rows, err := o.desk.DB.Read().ListLines(ctx, o.name)
	if err != nil {
		return fmt.Errorf("list the lines: %w", db.Fault(err))
	}
	end := o.desk.Clock()
	pause := min(lookShare*end.Sub(now), lookRarely)
	o.rest = end.Add(min(pause, time.Duration(len(rows))*lookPause))
	o.look = end.Add(max(pause, lookEvery))
	for _, r := range rows {
		due := stamp.Time(r.DueAt).Time()
		if !due.After(now) {
			o.round.add(r.CampaignID, r.Office)
		} else if due.Before(o.look) {
			o.look = later(due, o.rest)
		}
	}
	maps.DeleteFunc(o.offices, func(_ string, f *office) bool { return f.flying == 0 && f.breaker.failures == 0 })
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// next returns the line whose turn it is and whose first letter may go now, or nil.
func (o *outbox) next(ctx context.Context, now time.Time) (*line, error) {
	for {
		l := o.round.next(func(office string) bool { return o.free(office, now) })
		if l == nil || len(l.ids) > 0 {
			return l, nil
		}
		ids, err := o.desk.DB.Read().ListLine(ctx, query.ListLineParams{
			Channel: o.name, CampaignID: l.campaign, Office: l.office, Now: stamp.Of(now), Repeats: o.channel.Repeats(), MaxRows: lineAhead,
		})
		if err != nil {
			return nil, fmt.Errorf("read a line: %w", db.Fault(err))
		}
		l.ids = slices.DeleteFunc(ids, func(id string) bool { return o.flying[id] })
		if len(l.ids) == 0 {
			o.round.remove(l)
		}
	}
}

// free reports whether a letter may go to the office now.
func (o *outbox) free(name string, now time.Time) bool {
	f := o.offices[name]
	if f == nil {
		return true
	}
	return !f.breaker.blocked(now) && f.flying < officeSenders
}

// choose takes the first letter of a line as the next one to be sent.
func (o *outbox) choose(l *line, now time.Time) {
	to := o.offices[l.office]
	if to == nil {
		to = &office{breaker: breaker{limit: officeFailures}}
		o.offices[l.office] = to
	}
	f := flight{id: o.round.pop(l), fence: o.fence, office: l.office, to: to, probe: o.breaker.begin(now), officeProbe: to.breaker.begin(now)}
	to.flying++
	o.flying[f.id] = true
	o.chosen = append(o.chosen, f)
}

// depart sends the letters that were chosen.
func (o *outbox) depart(ctx context.Context) {
	if len(o.chosen) == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	for ; o.hands < len(o.flying); o.hands++ {
		go o.carry(ctx, o.starting)
	}
	go o.read(ctx, o.chosen, o.starting)
	o.chosen = nil
}

// read looks at letters together, because each statement costs as much as reading several
// letters, and hands them on.
func (o *outbox) read(ctx context.Context, flights []flight, starting chan<- flight) {
	ids := make(keys.List, len(flights))
	for i, f := range flights {
		ids[i] = f.id
	}
	seen, err := o.desk.lookAt(ctx, ids)
	for _, f := range flights {
		f.seen, f.err = seen[f.id], err
		if f.seen == nil { // it was erased meanwhile, or could not be read
			o.landed <- f
			continue
		}
		starting <- f // it has room for all
	}
}

// carry makes the attempts, one after the other. It stays for the next letter, because a new
// goroutine would have to grow its stack anew for each.
func (o *outbox) carry(ctx context.Context, starting <-chan flight) {
	for f := range starting {
		f.outcome, f.sent, f.err = o.desk.attempt(ctx, f.seen, f.fence)
		o.landed <- f
	}
}

// land notes what came of a letter.
func (o *outbox) land(f flight) {
	delete(o.flying, f.id)
	now, to := o.desk.Clock(), f.to
	to.flying--
	if f.sent && !ours(f.outcome) {
		o.breaker.end(now, f.probe, f.office, f.outcome, o.desk.backoff)
		to.breaker.end(now, f.officeProbe, f.office, f.outcome, o.desk.backoff)
		return
	}
	o.breaker.skipped(f.probe)
	to.breaker.skipped(f.officeProbe)
	if f.sent { // its turn is over
		return
	}
	o.pace.giveBack()
	if errors.Is(f.err, errPaused) { // whoever comes next would hear the same
		o.paused, o.look = true, now
		return
	}
	if f.err != nil {
		o.trouble(f.err)
	}
}
