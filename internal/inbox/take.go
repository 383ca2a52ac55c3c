package inbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/inbound"
)

// Kind is what a mail counts as.
type Kind string

// The kinds. The first five are classes of reports.
const (
	Hard      Kind = Kind(inbound.Hard)
	Soft      Kind = Kind(inbound.Soft)
	Policy    Kind = Kind(inbound.Policy)
	Delayed   Kind = Kind(inbound.Delayed)
	Delivered Kind = Kind(inbound.Delivered)
	Unproven  Kind = "unproven" // reports without a token that counts: nothing happens
	Complaint Kind = Kind(inbound.Complaint)
	Leave     Kind = Kind(inbound.Leave)
	Automatic Kind = Kind(inbound.Automatic)
	Office    Kind = Kind(inbound.Office)
	Person    Kind = Kind(inbound.Person)
)

// Kinds returns all kinds.
func Kinds() []Kind {
	return []Kind{Hard, Soft, Policy, Delayed, Delivered, Unproven, Complaint, Leave, Automatic, Office, Person}
}

// Result is what became of a mail.
type Result struct {
	Kind Kind
	// Does is what is done, in words for the operator; empty when nothing is.
	Does string
	// Why is why nothing is done, or why a person must look.
	Why string
	// Held is true when a person must look.
	Held bool
	// Ack is what became of the letter that an office's report is about.
	Ack letter.AckResult
}

// plan is what a mail calls for.
type plan struct {
	Result

	key     string // by which a second one is known
	again   bool   // act also when it was seen: the act itself makes sure that it counts once
	subject string // for the log of acts; without one nothing is logged
	action  audit.Action
	event   *Event
	act     func(context.Context, *plan) error
	also    func(context.Context, *db.Tx) error
	after   func(context.Context)
}

// take acts on one mail; id is that of its row when it is stored.
func (b *Inbox) take(ctx context.Context, raw []byte, id string, dry bool) (Result, error) {
	p, err := b.plan(ctx, raw, dry)
	if err != nil {
		return Result{}, err
	}
	seen, err := b.DB.Read().MailSeen(ctx, b.keys.hash(p.key))
	if err != nil {
		return Result{}, fmt.Errorf("look whether a mail came before: %w", db.Fault(err))
	}
	if seen > 0 && !p.again {
		p.Result = Result{Kind: p.Kind, Why: "it was taken in before"}
		p.act = nil
	}
	if dry {
		return p.Result, nil
	}
	if p.act != nil {
		if err := p.act(ctx, &p); err != nil {
			return Result{}, err
		}
	}
	fresh := false
	err = b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		fresh, err = b.record(ctx, tx, p, raw, id)
		return err
	})
	if err != nil {
		return Result{}, fmt.Errorf("record a mail: %w", err)
	}
	if fresh && p.after != nil {
		p.after(ctx)
	}
	return p.Result, nil
}

// plan finds out what a mail calls for.
func (b *Inbox) plan(ctx context.Context, raw []byte, dry bool) (plan, error) {
	m, err := b.reader.Read(raw)
	if err != nil {
		garbage := plan{Result: Result{Kind: Person, Why: err.Error(), Held: true}, key: "garbage " + string(raw[:min(len(raw), 4096)])}
		return garbage, nil //nolint:nilerr // what no program can read, a person may
	}
	p := plan{Result: Result{Kind: Kind(m.Kind)}, key: "mail " + m.Digest}
	switch m.Kind {
	case inbound.Report:
		return b.report(ctx, p, m)
	case inbound.Complaint:
		return b.complaint(ctx, p, m)
	case inbound.Leave:
		return b.leave(p, m), nil
	case inbound.Office:
		return b.office(ctx, p, m, dry)
	case inbound.Automatic:
		p.Why = "a program wrote it by itself"
	default:
		p.Held, p.Why = true, "only a person can understand it"
	}
	return p, nil
}

// record writes down that a mail was worked on, once. It returns false for one that was
// recorded before.
func (b *Inbox) record(ctx context.Context, tx *db.Tx, p plan, raw []byte, id string) (fresh bool, err error) {
	now := stamp.Of(b.Clock())
	n, err := tx.InsertMailSeen(ctx, query.InsertMailSeenParams{Key: b.keys.hash(p.key), CreatedAt: now})
	if err != nil {
		return false, err
	}
	if n == 0 {
		return false, drop(ctx, tx, id)
	}
	if err := tx.AddMailInCount(ctx, query.AddMailInCountParams{Day: day(now), Kind: string(p.Kind)}); err != nil {
		return false, err
	}
	if p.subject != "" {
		detail := strings.TrimSpace(string(p.Kind) + ": " + p.Does)
		err := audit.Record(ctx, tx, audit.Entry{At: b.Clock(), Who: b.Who, Action: p.action, Subject: p.subject, Detail: detail})
		if err != nil {
			return false, err
		}
	}
	if p.also != nil {
		if err := p.also(ctx, tx); err != nil {
			return false, err
		}
	}
	if p.event != nil && b.Counted != nil {
		if err := b.Counted(ctx, tx, *p.event); err != nil {
			return false, err
		}
	}
	if p.Held {
		return true, b.hold(ctx, tx, p.Kind, raw, id)
	}
	return true, drop(ctx, tx, id)
}

func day(at stamp.Time) int64 { return int64(at) / (24 * time.Hour).Milliseconds() }

func drop(ctx context.Context, tx *db.Tx, id string) error {
	if id == "" {
		return nil
	}
	_, err := tx.DropMailIn(ctx, id)
	return err
}

// hold leaves a mail to a person. When nobody has looked for long and there are very many,
// it is only counted.
func (b *Inbox) hold(ctx context.Context, tx *db.Tx, kind Kind, raw []byte, id string) error {
	held, err := tx.CountMailIn(ctx, stateHeld)
	if err != nil {
		return err
	}
	if held.Mails >= maxHeld {
		return drop(ctx, tx, id)
	}
	raw = raw[:min(len(raw), maxHeldRaw)]
	if id == "" {
		id, sealed, err := b.seal(raw)
		if err != nil {
			return err
		}
		return tx.InsertMailIn(ctx, query.InsertMailInParams{ID: id, State: stateHeld, Kind: string(kind), Raw: sealed, CreatedAt: stamp.Of(b.Clock())})
	}
	sealed, err := b.keys.seal(id, raw)
	if err != nil {
		return err
	}
	_, err = tx.HoldMailIn(ctx, query.HoldMailInParams{ID: id, State: stateHeld, Kind: string(kind), Raw: sealed})
	return err
}

// Boxes for which mail is taken besides return addresses: RFC 2142 wants the last two.
var boxes = []string{inbound.LeaveBox, "complaints", "abuse", "postmaster"}

func (b *Inbox) boxed(address string) bool {
	local, domain, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return domain == b.Paths.Domain() && domain != "" && slices.Contains(boxes, local)
}
