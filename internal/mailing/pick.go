package mailing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// pace is how fast messages may leave, by all of its limits; none is any speed.
type pace []*rate.Limiter

// newPace takes messages a minute; 0 is any number.
func newPace(perMinute int) pace {
	if perMinute <= 0 {
		return nil
	}
	return pace{newLimiter(perMinute)}
}

// take takes one message's turn, or returns how long the next one is away. A limit that is
// shared may have given it to somebody else the moment before.
func (p pace) take(now time.Time) time.Duration {
	if !p.ready(now) {
		return p.wait(now)
	}
	for _, limit := range p {
		if !limit.AllowN(now, 1) {
			return p.wait(now)
		}
	}
	return 0
}

// wait is how long the next turn is away.
func (p pace) wait(now time.Time) (longest time.Duration) {
	for _, limit := range p {
		missing := (1 - limit.TokensAt(now)) / float64(limit.Limit())
		longest = max(longest, time.Duration(missing*float64(time.Second)), time.Millisecond)
	}
	return longest
}

// ready reports whether a turn can be taken now.
func (p pace) ready(now time.Time) bool {
	return !slices.ContainsFunc(p, func(limit *rate.Limiter) bool { return limit.TokensAt(now) < 1 })
}

// trouble is a row of failures, and until when nothing more is tried. When that is over one
// message goes out to see.
type trouble struct {
	failures int
	until    time.Time
}

// longestBackoff bounds the waits after trouble.
const longestBackoff = time.Hour

// failed notes a failure. One row of failures waits longer and longer; those that were under
// way at the same moment count once.
func (t *trouble) failed(now time.Time, first, longest time.Duration) {
	if now.Before(t.until) {
		return
	}
	t.failures++
	wait := longest
	if shift := t.failures - 1; shift < 16 {
		wait = min(first<<shift, longest)
	}
	t.until = now.Add(wait)
}

// free is how many messages may be under way, of so many.
func (t *trouble) free(now time.Time, most int) int {
	switch {
	case now.Before(t.until):
		return 0
	case t.failures > 0:
		return min(most, 1)
	}
	return most
}

// domain is what the sender knows of one mail domain.
type domain struct {
	trouble

	flying  int
	pace    pace
	refused bool      // it does not want mail from us: until is when it may have forgotten
	slot    time.Time // up to when its turns are given away to people who were put off
	every   time.Duration
}

func domainOf(address string) string {
	_, name, _ := strings.Cut(address, "@")
	return strings.ToLower(name)
}

// domainFor returns what is known of a domain, with the limit for all that leaves and that of the
// mailing.
func (p *Post) domainFor(l *line, name string) *domain {
	d := p.domains[name]
	if d == nil {
		d = &domain{every: p.Rates.every()}
		if shared := p.Rates.limiter(name); shared != nil {
			d.pace = pace{shared}
		}
		if own := l.File.Domains[name]; own > 0 {
			d.pace, d.every = append(d.pace, newLimiter(own)), max(d.every, time.Minute/time.Duration(own))
		}
		p.domains[name] = d
	}
	return d
}

// pick chooses whose messages go next: the mailings take turns, and so do the domains. It
// returns how long nothing can go when it finds nobody.
func (p *Post) pick(now time.Time) (picks []flight, wait time.Duration) {
	wait = lookEvery
	free := min(p.Connections, p.relay.free(now, p.Connections)) - p.flying
	if free <= 0 {
		if w := p.relay.until.Sub(now); w > 0 {
			wait = min(wait, w)
		}
		return nil, wait
	}
	for tried := 0; tried < len(p.lines) && len(picks) < free; {
		l := p.lines[p.turn%len(p.lines)]
		p.turn++
		f, w, ok := p.pickFrom(l, now)
		if !ok {
			tried++
			if w > 0 {
				wait = min(wait, w)
			}
			continue
		}
		tried = 0
		picks = append(picks, f)
	}
	return picks, wait
}

// pickFrom chooses the first of a mailing's people whose domain takes a message now.
func (p *Post) pickFrom(l *line, now time.Time) (f flight, wait time.Duration, ok bool) {
	if l.over || len(l.waiting) == 0 {
		return f, 0, false
	}
	if !l.pace.ready(now) {
		return f, l.pace.wait(now), false
	}
	for i, c := range l.waiting {
		d := p.domainFor(l, c.domain)
		if d.flying >= d.free(now, p.PerDomain) {
			continue
		}
		if w := d.pace.take(now); w > 0 {
			if wait == 0 || w < wait {
				wait = w
			}
			continue
		}
		l.pace.take(now)
		l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
		d.flying++
		p.flying++
		l.flying++
		return flight{c, l, l.composer, now}, 0, true
	}
	return f, wait, false
}

// blocked reports whether nothing goes to a domain now, because it is in trouble or its
// messages of this moment are used up. One whose messages are under way is not.
func (d *domain) blocked(now time.Time) bool { return now.Before(d.until) || !d.pace.ready(now) }

// putOffFor is the time's worth of a domain's messages that is put off together.
const putOffFor = 10 * time.Second

// putOff is somebody's later turn.
type putOff struct {
	due time.Time
	ids []string
}

// putOffs says until when the people of a mailing are to be put off whose domains are all
// blocked, so that those behind them in line get their turn. It is empty when somebody can
// go, or soon will.
func (p *Post) putOffs(l *line, now time.Time) []putOff {
	byDomain := map[string][]string{}
	for _, c := range l.waiting {
		if d := p.domainFor(l, c.domain); !d.blocked(now) {
			return nil
		}
		byDomain[c.domain] = append(byDomain[c.domain], c.who.ID)
	}
	var all []putOff
	for name, ids := range byDomain {
		d := p.domains[name]
		if now.Before(d.until) {
			all = append(all, putOff{d.until, ids})
			continue
		}
		d.slot = later(d.slot, now.Add(d.pace.wait(now)))
		for part := range slices.Chunk(ids, max(1, int(putOffFor/d.every))) {
			all = append(all, putOff{d.slot, part})
			d.slot = d.slot.Add(d.every * time.Duration(len(part)))
		}
	}
	return all
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// makeWay puts off those who keep others back. It returns whether it did.
func (p *Post) makeWay(ctx context.Context, now time.Time) (bool, error) {
	done := false
	for _, l := range p.lines {
		if l.over || len(l.waiting) == 0 {
			continue
		}
		all := p.putOffs(l, now)
		if len(all) == 0 {
			continue
		}
		err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			for _, one := range all {
				if _, err := tx.PostponeRecipients(ctx, query.PostponeRecipientsParams{MailingID: l.ID, DueAt: stamp.Of(one.due), People: one.ids}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return done, fmt.Errorf("put people off: %w", err)
		}
		l.waiting, done = nil, true
	}
	return done, nil
}
