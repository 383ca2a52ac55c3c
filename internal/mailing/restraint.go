package mailing

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
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
	// DomainRate is how many messages a minute go to one mail domain; 0 for any number.
	DomainRate int
	// Backoff is the first wait after trouble; 30 seconds unless told.
	Backoff time.Duration

	mutex   sync.Mutex
	domains map[string]*domain
}

// Wait takes the turn of a mail to an address, or returns how long that one has to wait. Who
// is told to wait has a turn of their own.
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
	wait := d.pace.take(now)
	if wait > 0 {
		d.slot = later(d.slot, now.Add(wait))
		wait = d.slot.Sub(now)
		d.slot = d.slot.Add(d.every)
	}
	return wait, nil
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
		d = newDomain(r.DomainRate)
		if r.domains == nil {
			r.domains = map[string]*domain{}
		}
		r.domains[name] = d
	}
	return d
}
