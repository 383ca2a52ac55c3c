// Package inbox acts on the mail that comes in: failures, complaints, wishes to get no
// more, and what the offices' mail systems report.
//
// Everything in a mail may be made up. A report changes something only when it carries the
// signed token of a mail that this installation sent within 14 days (package returnpath),
// and then only for the person that mail went to, whomever the report names. Nothing is ever
// answered, so no loop can begin here. A mail that comes twice, by whatever ways, counts
// once.
//
// What came over the network is stored before it is acknowledged (Keep) and worked on
// afterwards (Work); what an operator feeds from files is worked on at once (Take). A mail is
// stored encrypted, and only until its work is done: either the program's, or a person's,
// who has 30 days for it.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/mail/inbound"
	"github.com/franklin-letters/franklin/internal/mail/returnpath"
)

// Why is the reason for which an address gets no more mail. The words are those of package
// supporter.
type Why string

// The reasons.
const (
	HardBounce Why = "hard-bounce" // the mailbox does not exist, or has not worked for long
	Complained Why = "complaint"   // its owner called a mail spam
)

// Options are what an inbox needs of the world around it.
type Options struct {
	DB    *db.DB
	Clock func() time.Time
	Log   *slog.Logger
	// Who acts, for the log of acts: "mail" unless told.
	Who    string
	Secret []byte // the installation's
	Paths  returnpath.Paths
	// Mailbox is the keyed hash of an address by which the log of acts knows it.
	Mailbox func(address string) string
	// Whose returns the address that a mail went to; fault.NotFound when it is forgotten.
	Whose func(context.Context, returnpath.Ref) (address string, err error)
	// Suppress keeps all mail from an address from now on. It may be called again.
	Suppress func(ctx context.Context, address string, why Why) error
	// Leave does what the unsubscribe link with the token does; false for a token that is
	// not ours. It may be called again.
	Leave func(ctx context.Context, token string) (bool, error)
	// Acknowledge is the desk's.
	Acknowledge func(ctx context.Context, a letter.Ack, who string, dry bool) (letter.AckResult, error)
	// Counted, if given, hears of every proven report and complaint once, in the
	// transaction that records it.
	Counted func(context.Context, *db.Tx, Event) error
	// Refused, if given, hears when the mail systems of a domain do not want our mail:
	// whoever sends to it should stop. Refusals tells the same later.
	Refused func(ctx context.Context, domain, status string)
	// Waits is called in the transaction that stores a mail, to have it worked on.
	Waits func(ctx context.Context, tx *db.Tx, id string) error

	// Offices says whose reports about letters are believed.
	Offices Offices
}

// Offices says whose reports about letters are believed, and how they are proven.
type Offices struct {
	Domains  []string // "house.gov" and those within
	Verified string   // the mail server whose finding is believed; see mail.Report.ProvenBy
	Unproven bool     // believe the sender without a proof
	As       string   // what all reports say, by a person who has read them; "" for their own words
}

// Event is one proven report, once.
type Event struct {
	Ref  returnpath.Ref
	Kind Kind
}

// Inbox acts on mail.
type Inbox struct {
	Options

	keys   keys
	reader inbound.Reader
}

// New returns an inbox.
func New(o Options) *Inbox {
	if o.Who == "" {
		o.Who = "mail"
	}
	return &Inbox{Options: o, keys: newKeys(o.Secret), reader: inbound.Reader{Offices: o.Offices.Domains}}
}

// The states of a stored mail.
const (
	stateNew  = "new"  // the program has not looked at it yet
	stateHeld = "held" // a person must
)

// Limits of what is stored, so that nobody can fill the disk with mail.
const (
	maxNew     = 1000
	maxHeld    = 1000
	maxHeldRaw = 64 << 10 // bytes of a mail that a person may read
	workAtOnce = 50
)

// ErrFull says that too much mail waits already; the sender comes again.
var ErrFull = fault.New(fault.Unavailable, "too much mail waits already")

// Keep stores a mail for good and has it worked on. When it returns nil, the mail may be
// acknowledged.
func (b *Inbox) Keep(ctx context.Context, raw []byte) error {
	waiting, err := b.DB.Read().CountMailIn(ctx, stateNew)
	if err != nil {
		return db.Fault(err)
	}
	if waiting.Mails >= maxNew {
		return ErrFull
	}
	id, sealed, err := b.seal(raw)
	if err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		err := tx.InsertMailIn(ctx, query.InsertMailInParams{ID: id, State: stateNew, Raw: sealed, CreatedAt: stamp.Of(b.Clock())})
		if err != nil || b.Waits == nil {
			return err
		}
		return b.Waits(ctx, tx, id)
	})
}

func (b *Inbox) seal(raw []byte) (id string, sealed []byte, err error) {
	made, err := uuid.NewV7()
	if err != nil {
		return "", nil, fmt.Errorf("make an id: %w", err)
	}
	id = made.String()
	sealed, err = b.keys.seal(id, raw)
	return id, sealed, err
}

// Work acts on a stored mail, unless that was done.
func (b *Inbox) Work(ctx context.Context, id string) error {
	row, err := b.DB.Read().MailIn(ctx, id)
	if err = db.Fault(err); fault.Is(err, fault.NotFound) || err == nil && row.State != stateNew {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a mail that came in: %w", err)
	}
	raw, err := b.keys.open(id, row.Raw)
	if err != nil {
		return err
	}
	_, err = b.take(ctx, raw, id, false)
	return err
}

// WorkAll acts on the mails that have waited for a while, in case the queue lost their jobs.
func (b *Inbox) WorkAll(ctx context.Context, longer time.Duration) error {
	rows, err := b.DB.Read().ListMailIn(ctx, query.ListMailInParams{State: stateNew, Until: stamp.Of(b.Clock().Add(-longer)), MaxRows: workAtOnce})
	if err != nil {
		return fmt.Errorf("look for mails that wait: %w", db.Fault(err))
	}
	var errs []error
	for _, row := range rows {
		errs = append(errs, b.Work(ctx, row.ID))
	}
	return errors.Join(errs...)
}

// Take acts on one mail. With dry nothing changes, and the result says what would.
func (b *Inbox) Take(ctx context.Context, raw []byte, dry bool) (Result, error) {
	return b.take(ctx, raw, "", dry)
}

// Takes reports whether mail is taken over the network for an address: for return addresses
// that count, and for the boxes that every domain with mail has or that we name in mails.
func (b *Inbox) Takes(address string) bool {
	if _, err := b.Paths.Open(address, b.Clock()); err == nil {
		return true
	}
	return b.boxed(address)
}
