package mailing

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Restraint keeps mails that leave one after the other, beside the mailings, to what those
// keep to: so many a minute to one mail domain, back-off where it says "later", nothing for
// a day where it does not want our mail, and nothing more to a mailbox that does not exist.
// It is safe for concurrent use.
type Restraint struct {
	People *supporter.People
	Log    *slog.Logger
	// Rates say how many messages go to one mail domain; nil for any number.
	Rates *Rates
	// Backoff is the first wait after trouble; 30 seconds unless told.
	Backoff time.Duration

	mutex   sync.Mutex
	domains map[string]*domain
	booked  map[string]time.Time // the turns that were promised, by address
	swept   time.Time
}

const (
	// bookedAhead is how far ahead turns are promised. They go before mailings, which take a turn
	// only when one is free; so no more than this is taken from those at a time.
	bookedAhead = time.Minute
	// bookedFor is how long after its time a turn is kept for who does not come for it.
	bookedFor = 10 * time.Minute
)

// Wait takes the turn of a mail to an address, or returns how long that one has to wait. Who
// is told to wait for a moment has a turn of their own.
func (r *Restraint) Wait(ctx context.Context, address string) (time.Duration, error) {
	now, name := r.People.Clock(), domainOf(address)
	refusals, err := inbox.Refusals(ctx, r.People.DB, now)
	if err != nil {
		return 0, err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	d := r.domain(name)
	until := d.until
	for _, one := range refusals {
		if one.Domain == name {
			until = later(until, one.UpdatedAt.Time().Add(inbox.RefusingFor))
		}
	}
	if wait := until.Sub(now); wait > 0 {
		return wait, nil
	}
	return r.turn(address, d, now), nil
}

// turn takes a turn of a domain, or promises one.
func (r *Restraint) turn(address string, d *domain, now time.Time) time.Duration {
	limit := r.Rates.limiter(domainOf(address))
	if limit == nil {
		return 0
	}
	if at, known := r.booked[address]; known && now.Sub(at) <= bookedFor {
		if wait := at.Sub(now); wait > 0 {
			return wait
		}
		delete(r.booked, address)
		return 0
	}
	booking := limit.ReserveN(now, 1)
	wait := booking.DelayFrom(now)
	switch {
	case wait <= 0:
		return 0
	case wait <= bookedAhead:
		r.book(address, now, now.Add(wait))
		return wait
	}
	booking.CancelAt(now)
	d.slot = later(d.slot, now.Add(wait))
	wait = d.slot.Sub(now)
	d.slot = d.slot.Add(r.Rates.every())
	return wait
}

// book promises a turn, and forgets those for which nobody came.
func (r *Restraint) book(address string, now, at time.Time) {
	if r.booked == nil {
		r.booked = map[string]time.Time{}
	}
	if now.Sub(r.swept) > bookedFor {
		maps.DeleteFunc(r.booked, func(_ string, at time.Time) bool { return now.Sub(at) > bookedFor })
		r.swept = now
	}
	r.booked[address] = at
}

// Learn keeps in mind what came of a mail, and does what follows from it.
func (r *Restraint) Learn(ctx context.Context, address string, err error) {
	r.learn(domainOf(address), err)
	s := settle{refused: map[string]string{}}
	s.add(address, err)
	s.follow(ctx, r.People, r.Log)
}

func (r *Restraint) learn(name string, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	failed, told := errors.AsType[*mail.SendError](err)
	switch d := r.domain(name); {
	case err == nil:
		d.trouble = trouble{}
	case told && ofDomain(failed):
		d.learn(failed, r.People.Clock(), cmp.Or(r.Backoff, defaultBackoff), r.Log)
	}
}

func (r *Restraint) domain(name string) *domain {
	d := r.domains[name]
	if d == nil {
		d = &domain{}
		if r.domains == nil {
			r.domains = map[string]*domain{}
		}
		r.domains[name] = d
	}
	return d
}
