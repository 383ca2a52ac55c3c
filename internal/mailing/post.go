package mailing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/lease"
	"github.com/franklin-letters/franklin/internal/mail"
)

// Numbers of the sender.
const (
	// lookEvery is how often mailings that are to begin, to end or to stop are looked for.
	lookEvery = time.Second
	// afterTrouble is the pause when the database failed.
	afterTrouble = time.Second
	// lineAhead is how many people of a mailing are read at once; those of a domain that is
	// slow wait among them.
	lineAhead = 500
	// gather is how long a transaction waits for more to come back from the relay, while
	// most connections are busy: each costs the disk as much as many.
	gather = 10 * time.Millisecond
	// stale is how old the look at the database may be when a message goes out. It was taken a
	// commit ago; only when a connection had to be made is it older.
	stale = 250 * time.Millisecond

	defaultBackoff = 30 * time.Second
)

const defaultPerDomain = 10

// DefaultConnections is how many messages are under way at once unless told.
const DefaultConnections = 20

// leaseName is the row of the lease under which mailings are sent.
const leaseName = "mailing"

// Options are what a post needs beside its store. The zero value of those that say so is
// good.
type Options struct {
	Pool *mail.Pool
	Log  *slog.Logger
	Node string
	// Connections is how many messages are under way at most, and PerDomain to one mail
	// domain; 20 and 10 unless told.
	Connections, PerDomain int
	// Rates say how many messages go to one mail domain; nil for any number.
	Rates *Rates
	// Backoff is the first wait after trouble; it doubles up to an hour. 30 seconds unless told.
	Backoff time.Duration
	// LeaseTime is how long the other nodes wait for one that stopped answering.
	LeaseTime time.Duration
	// After is the clock's alarm; time.After unless told.
	After func(time.Duration) <-chan time.Time
}

// Post sends mailings, one node at a time. All its fields but the channels are those of the
// goroutine of run.
type Post struct {
	*Store
	Options

	lease *lease.Lease

	fence    int64
	lines    []*line
	turn     int // of the lines
	domains  map[string]*domain
	relay    trouble
	results  []result
	flying   int
	aloft    map[string]aloft // by the mailing
	strays   []flight         // a commit that failed may have written them down as under way
	look     time.Time
	resume   time.Time // not before, after trouble
	woken    chan struct{}
	starting chan flight
	landed   chan result
	fillers  sync.WaitGroup
}

// line is one mailing that is being sent.
type line struct {
	Mailing

	*composer

	waiting []candidate
	page    page // the last that was written down
	pace    pace
	flying  int
	filling chan filled // the next page of people that is being written down; nil for none
	quiet   time.Time   // not before is anybody due
	over    bool        // it is no longer being sent, as far as a transaction saw
}

// candidate is somebody whose turn is near.
type candidate struct {
	who     mailable
	variant string
	domain  string
}

// flight is one message on its way. Whoever carries it does not look at its line.
type flight struct {
	candidate

	line  *line
	words *composer
	at    time.Time
}

// result is what came of it.
type result struct {
	flight

	err error
}

// NewPost returns a sender of the store's mailings.
func NewPost(s *Store, o Options) *Post {
	if o.Connections <= 0 {
		o.Connections = DefaultConnections
	}
	if o.PerDomain <= 0 {
		o.PerDomain = defaultPerDomain
	}
	if o.Backoff <= 0 {
		o.Backoff = defaultBackoff
	}
	if o.LeaseTime <= 0 {
		o.LeaseTime = lease.Default
	}
	if o.After == nil {
		o.After = time.After
	}
	return &Post{
		Store: s, Options: o, domains: map[string]*domain{}, aloft: map[string]aloft{}, woken: make(chan struct{}, 1), landed: make(chan result, o.Connections),
		lease: &lease.Lease{DB: s.DB, Name: leaseName, Node: o.Node, Time: o.LeaseTime, Clock: s.Clock},
	}
}

// Wake makes the post look at the mailings at once.
func (p *Post) Wake() {
	select {
	case p.woken <- struct{}{}:
	default:
	}
}

// Run sends mailings whenever it is this node's turn, until ctx ends. It returns when no
// message is under way any more and the lease is given back.
func (p *Post) Run(ctx context.Context) error {
	var crew sync.WaitGroup
	crew.Go(func() { p.run(ctx) })
	p.lease.Keep(ctx, p.After, func() string { return "" }, func(bool) { p.Wake() }, func(err error) {
		p.Log.Warn("the lease of the mailings could not be prolonged", "error", err.Error())
	})
	crew.Wait()
	p.Pool.Close()
	return p.lease.Release(context.WithoutCancel(ctx))
}

// run is the one goroutine that decides.
func (p *Post) run(ctx context.Context) {
	p.starting = make(chan flight, p.Connections)
	var hands sync.WaitGroup
	for range p.Connections {
		hands.Go(func() { p.carry(context.WithoutCancel(ctx)) })
	}
	for ctx.Err() == nil {
		wait := p.step(ctx)
		select {
		case <-ctx.Done():
		case r := <-p.landed:
			p.land(r)
		case <-p.woken:
			p.look = time.Time{}
		case <-p.After(wait):
		}
	}
	for p.flying > 0 {
		p.land(<-p.landed)
	}
	if err := p.commit(context.WithoutCancel(ctx), nil); err != nil {
		p.Log.Error("what was sent last could not be recorded", "error", err.Error())
	}
	close(p.starting)
	hands.Wait()
	p.fillers.Wait()
}

// land takes a result in.
func (p *Post) land(r result) {
	p.flying--
	r.line.flying--
	p.results = append(p.results, r)
	p.learn(r)
}

// gather takes all results in that are there, and waits a moment for more, so that they share a
// transaction. It does not wait when there are none, or when half of the connections are idle.
func (p *Post) gather(ctx context.Context) {
	p.collect()
	if len(p.results) == 0 {
		return
	}
	var late <-chan time.Time
	for p.flying > 0 && len(p.results) < p.Connections/2 {
		if late == nil {
			late = p.After(gather)
		}
		select {
		case <-ctx.Done():
			return
		case <-late:
			return
		case r := <-p.landed:
			p.land(r)
		}
	}
}

// step records what came back and lets all go that may go now. It returns how long nothing
// else can happen unless a message lands or somebody wakes us.
func (p *Post) step(ctx context.Context) time.Duration {
	for ctx.Err() == nil {
		p.gather(ctx)
		now := p.Clock()
		if wait := p.resume.Sub(now); wait > 0 {
			return min(wait, lookEvery)
		}
		picks, wait, err := p.choices(ctx, now)
		if err != nil {
			p.halt(err)
			continue
		}
		if len(picks)+len(p.results)+len(p.strays) > 0 {
			if err := p.commit(ctx, picks); err != nil {
				p.halt(err)
			}
			continue
		}
		if wait > 0 {
			return min(wait, max(p.look.Sub(now), time.Millisecond))
		}
	}
	return lookEvery
}

// collect takes all results in that are there already.
func (p *Post) collect() {
	for {
		select {
		case r := <-p.landed:
			p.land(r)
		default:
			return
		}
	}
}

// choices are those whose messages go next, or how long nothing can go. When that is 0, some
// made way for those behind them, and who is next is to be asked again, at a new moment: at
// the old one those would be put off again and again whose wait ends meanwhile.
func (p *Post) choices(ctx context.Context, now time.Time) ([]flight, time.Duration, error) {
	fence := p.lease.Holds(now)
	if fence == 0 {
		return nil, lookEvery, nil
	}
	if err := p.ahead(ctx, fence, now); err != nil {
		return nil, 0, err
	}
	picks, wait := p.pick(now)
	if len(picks) > 0 || len(p.results) > 0 {
		return picks, wait, nil
	}
	again, err := p.makeWay(ctx, now)
	if again {
		wait = 0
	}
	return nil, wait, err
}

// ahead makes sure that the next people of each mailing are known.
func (p *Post) ahead(ctx context.Context, fence int64, now time.Time) error {
	if fence != p.fence {
		if err := p.inherit(ctx, fence); err != nil {
			return err
		}
		p.fence, p.look = fence, time.Time{}
	}
	if !now.Before(p.look) {
		if err := p.lookAround(ctx, now); err != nil {
			return err
		}
		p.look = now.Add(lookEvery)
	}
	return p.read(ctx, now)
}

// halt waits a little after an error of ours.
func (p *Post) halt(err error) {
	if !errors.Is(err, context.Canceled) {
		p.Log.Error("mailings are held up", "error", err.Error())
	}
	p.resume = p.Clock().Add(afterTrouble)
}

// carry sends messages, one after the other.
func (p *Post) carry(ctx context.Context) {
	for f := range p.starting {
		err := p.Pool.SendIf(ctx, f.words.message(f.who, f.variant), func(ctx context.Context) error { return p.still(ctx, f) })
		p.landed <- result{f, err}
	}
}

// The reasons why a message does not leave at the last moment.
var (
	errStopped = errors.New("the mailing was stopped")
	errBarred  = errors.New("the person must not be mailed any more")
)

// still asks again right before the relay hears of a message, if it took long to get there.
func (p *Post) still(ctx context.Context, f flight) error {
	if p.Clock().Sub(f.at) < stale {
		return nil
	}
	state, err := p.DB.Read().MailingState(ctx, f.words.row.ID)
	if err != nil {
		return errStopped // nothing leaves that cannot be looked at; it stays in line
	}
	if State(state) != Sending {
		return errStopped
	}
	who, known, err := p.People.ByID(ctx, f.who.ID)
	if err != nil {
		return errStopped
	}
	on, err := p.People.Membership(ctx, f.who.ID)
	if err != nil {
		return errStopped
	}
	out, err := p.People.Suppressed(ctx, string(f.who.Email), f.words.file.List)
	switch {
	case err != nil:
		return errStopped
	case out || !known || who.Email != string(f.who.Email) || !on.On(f.words.file.List):
		return errBarred
	}
	return nil
}

// begun starts the mailings whose time has come.
func (p *Post) begun(ctx context.Context, now time.Time) error {
	rows, err := p.DB.Read().ListMailingsIn(ctx, string(Scheduled))
	if err != nil {
		return fmt.Errorf("look for mailings: %w", db.Fault(err))
	}
	for _, row := range rows {
		if row.StartsAt.Time().After(now) {
			continue
		}
		if err := p.begin(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func (p *Post) begin(ctx context.Context, row query.Mailing) error {
	file, err := Stored([]byte(row.Source))
	if err == nil {
		err = p.Ready(ctx, Mailing{row, file})
	}
	switch {
	case fault.Is(err, fault.Unavailable):
		return err
	case err != nil:
		return p.brake(ctx, row, cmp.Or(fault.Message(err), err.Error()))
	}
	return gone(p.move(ctx, row, move{to: Sending, by: ByClock, who: string(ByClock)}))
}

// gone takes it for no error that somebody else moved a mailing.
func gone(err error) error {
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// brake pauses a mailing that would do harm, and says so.
func (p *Post) brake(ctx context.Context, row query.Mailing, why string) error {
	p.Log.Error("a mailing has paused itself", "mailing", row.Name, "reason", why)
	return gone(p.move(ctx, row, move{to: Paused, by: ByBrake, who: string(ByBrake), reason: why}))
}
