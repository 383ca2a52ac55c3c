package mailing

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/inbox"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/mail/inbound"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// What is given up when.
const (
	// patience is how long a message that a domain keeps putting off is tried.
	patience = 3 * 24 * time.Hour
	// longestRelayWait bounds the waits for a relay that is away, so that mailings go on soon
	// after it is back.
	longestRelayWait = 5 * time.Minute
)

// verdict is what came of one message.
type verdict struct {
	state  string // rowSent and so on; rowQueued to try again
	reason string
	due    time.Time // when again
	// whole is true when the attempt says nothing about the person: it does not count.
	whole bool
}

// judgeResult says what an attempt means for its row.
func (p *Post) judgeResult(r result, now time.Time) verdict {
	failed, isFailure := errors.AsType[*mail.SendError](r.err)
	switch {
	case r.err == nil:
		return verdict{state: rowSent}
	case errors.Is(r.err, errStopped):
		return verdict{state: rowQueued, due: now, whole: true}
	case errors.Is(r.err, errBarred):
		return verdict{state: rowSkipped, reason: Suppressed}
	case !isFailure: // mail.ErrMessage: no relay would take it
		return verdict{state: rowFailed, reason: "the message cannot be sent to this address"}
	}
	switch failed.Outcome {
	case mail.Permanent:
		return verdict{state: rowFailed, reason: numbers(failed)}
	case mail.Unknown:
		return verdict{state: rowUnknown, reason: "the connection broke before the relay's answer"}
	case mail.Temporary:
	}
	if !ofDomain(failed) {
		return verdict{state: rowQueued, due: now, whole: true}
	}
	if now.Sub(r.line.BeganAt.Time()) > patience {
		return verdict{state: rowFailed, reason: "given up after three days: " + numbers(failed)}
	}
	return verdict{state: rowQueued, reason: numbers(failed), due: later(now, p.domains[r.domain].until)}
}

// numbers are what the relay said, without its words.
func numbers(e *mail.SendError) string {
	text := e.Step
	if e.Code != 0 {
		text += " " + itoa(e.Code)
	}
	if e.Status != "" {
		text += " " + e.Status
	}
	return text
}

// ofDomain reports whether a passing failure is about the recipient's domain, and not about
// the relay or the line to it.
func ofDomain(e *mail.SendError) bool {
	return e.Code != 0 && (e.Step == "recipient" || e.Step == "message")
}

// learn keeps in mind what an attempt says about the relay and the domain.
func (p *Post) learn(r result) {
	now, d := p.Clock(), p.domains[r.domain]
	if d == nil { // another node had the mailings meanwhile
		d = &domain{}
		p.domains[r.domain] = d
	}
	d.flying = max(0, d.flying-1)
	failed, isFailure := errors.AsType[*mail.SendError](r.err)
	switch {
	case r.err == nil:
		p.relay, d.trouble = trouble{}, trouble{}
		return
	case !isFailure:
		return
	case !ofDomain(failed):
		if failed.Outcome == mail.Unknown {
			return
		}
		before := p.relay.failures
		p.relay.failed(now, min(p.Backoff, longestRelayWait), longestRelayWait)
		if before == 0 {
			p.Log.Error("the relay takes no mail; mailings wait and lose nothing", "error", failed.Error())
		}
		return
	}
	p.relay = trouble{}
	d.learn(failed, now, p.Backoff, p.Log)
}

// learn keeps in mind what a failure that is about the domain says of it.
func (d *domain) learn(failed *mail.SendError, now time.Time, backoff time.Duration, log *slog.Logger) {
	switch {
	case failed.Outcome == mail.Temporary:
		d.failed(now, backoff, longestBackoff)
	case inbound.ClassOf(failed.Status) == inbound.Policy:
		if !d.refused || !now.Before(d.until) {
			log.Error("a mail system does not want mail from us: nothing more goes there for a day; the operator's page names it")
		}
		d.refused, d.failures, d.until = true, 1, now.Add(inbox.RefusingFor)
	default:
		d.trouble = trouble{}
	}
}

// refusals stops the domains whose systems said in reports that they do not want our mail.
func (p *Post) refusals(ctx context.Context, now time.Time) error {
	rows, err := inbox.Refusals(ctx, p.DB, now)
	if err != nil {
		return err
	}
	for _, r := range rows {
		d := p.domains[r.Domain]
		if d == nil {
			d = &domain{}
			p.domains[r.Domain] = d
		}
		if until := r.UpdatedAt.Time().Add(inbox.RefusingFor); until.After(d.until) {
			d.refused, d.failures, d.until = true, 1, until
		}
	}
	return nil
}

// settle is what follows from a result outside of its row.
type settle struct {
	hard    []string          // addresses of mailboxes that do not exist
	refused map[string]string // domains that do not want our mail, with the status
}

func (s *settle) add(address string, err error) {
	failed, ok := errors.AsType[*mail.SendError](err)
	if !ok || failed.Outcome != mail.Permanent || !ofDomain(failed) {
		return
	}
	switch inbound.ClassOf(failed.Status) { //nolint:exhaustive // the others stand in the row
	case inbound.Hard:
		s.hard = append(s.hard, address)
	case inbound.Policy:
		s.refused[domainOf(address)] = failed.Status
	}
}

// follow does what follows, after the rows are recorded.
func (s *settle) follow(ctx context.Context, people *supporter.People, log *slog.Logger) {
	for _, address := range s.hard {
		if err := people.Suppress(ctx, address, supporter.Everything, supporter.HardBounce, "mailing"); err != nil {
			log.Warn("a mailbox that does not exist could not be noted", "error", err.Error())
		}
	}
	if len(s.refused) == 0 {
		return
	}
	err := people.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for domain, status := range s.refused {
			if err := tx.PutMailRefusal(ctx, query.PutMailRefusalParams{Domain: domain, Status: status, At: stamp.Of(people.Clock())}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		log.Warn("who does not want our mail could not be noted", "error", err.Error())
	}
}
