package letter

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/lease"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// Channel is a way to an office that this program can walk by itself. To delivery all
// channels are the same.
type Channel interface {
	// Self is as whom this installation writes to the office, by its settings.
	Self() Sender
	// Send makes one attempt at a letter, which is given as it stood before, in the name of the
	// sender. The outcome says only what is known.
	Send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) cwc.Outcome
	// Rebuild makes the bytes that Send gives to the office, without sending them. Its error
	// is cwc.Problems when the message breaks the rules of the office's system.
	Rebuild(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign, as Sender) ([]byte, error)
	// Repeats reports whether a letter whose fate is unknown may be sent again under its own
	// number: true only of a system that is known to recognise repeats.
	Repeats() bool
}

// Options are what a desk needs. All fields but Channels, Asked, PerMailbox and
// those that say so are required.
type Options struct {
	DB        *db.DB
	Campaigns *campaign.Store
	Keys      Keys
	Clock     func() time.Time
	// Taken is told, in the same transaction, which submissions are new.
	Taken func(ctx context.Context, tx *db.Tx, submissionIDs []string) error
	// Confirmed, if given, is told in place of Taken of a submission whose mailbox has answered.
	Confirmed func(ctx context.Context, tx *db.Tx, submissionID string) error
	// Asked is told, in the same transaction, whose mailboxes are to be asked for a
	// confirmation. Submissions that need one must not come without it.
	Asked func(ctx context.Context, tx *db.Tx, askings []Asking) error
	// Turned, if given, is told in the same transaction whose letter will not reach its
	// office by itself. It may be told several times of one submission.
	Turned func(ctx context.Context, tx *db.Tx, submissionID string) error
	// Joined, if given, is told in the same transaction who ticked the box of the list or of a
	// partner and has to confirm it. It may be told several times of one person.
	Joined func(ctx context.Context, tx *db.Tx, t Ticked) error
	// Begun, if given, is told in the same transaction which letters are new, those that wait
	// for their mailbox too.
	Begun func(ctx context.Context, tx *db.Tx, all []Written) error
	// FromMailing, if given, is told in the same transaction which new submissions were written
	// by links of mailings.
	FromMailing func(ctx context.Context, tx *db.Tx, all []FromMailing) error
	// Erasing, if given, is told in the same transaction whose letters have to be erased once
	// more, because some are on their way this moment.
	Erasing func(ctx context.Context, tx *db.Tx, supporterID string) error
	// People are asked to whom mail must not go, and told who joins; those of the database
	// and the keys unless told.
	People *supporter.People
	// PerMailbox is how many people of one household may write on a campaign from one
	// mailbox before letters from it are put aside; 0 is any number.
	PerMailbox int
	// DisownedShare is the share of a campaign's letters that may be reported as not theirs
	// by the owners of their addresses before its new letters are put aside; 0 is any.
	DisownedShare float64
	Log           *slog.Logger
	Node          string // name of this process in the history

	// Channels are the ways to offices that this installation has, by name. Letters that
	// none of them takes are handed to their supporters.
	Channels map[string]Channel
	// Backoff is the wait after the first failed attempt; it doubles up to an hour.
	Backoff time.Duration
	// SendTimeout is how long an attempt may take before its letter counts as unknown.
	SendTimeout time.Duration
	// Margin is how much longer Reconcile waits before it takes the sender of an attempt
	// for dead: more than the nodes' clocks differ. The table's two minutes unless told.
	Margin time.Duration
	// Pace is how many letters a second leave on a channel at most; without one, any number.
	Pace map[string]float64
	// Calm makes few commits of a delivery at a quick pace: what became of an attempt waits a
	// moment for others and is recorded with them. A process that is killed then leaves some
	// letters more of which nobody knows whether they arrived.
	Calm bool
	// Windows are when a channel's system is known to be closed.
	Windows map[string]Windows
	// LeaseTime is how long the delivery waits for a node that stopped answering before
	// another one takes it over; 12 seconds unless told.
	LeaseTime time.Duration
	// Moved, if given, is told of each change of state after its commit. It must be quick.
	Moved func(channel string, from, to State)
	// After is the clock's alarm; time.After unless told.
	After func(time.Duration) <-chan time.Time
}

// FromMailing is a submission that was written by a mailing's link.
type FromMailing struct {
	Mailing   string
	Supporter string // who wrote; not always the one who got the mailing
	Joined    bool   // they ticked the box of the list
}

// Ticked is a person who ticked a box beside their letter.
type Ticked struct {
	Supporter string
	List      bool // that of our own list, and not only those of partners
}

// Desk takes letters in and sends them.
type Desk struct {
	Options

	inbox   chan pending
	closing chan struct{}
	done    chan struct{}

	lease      *lease.Lease
	introduced introduced
	station    station
	outboxes   []*outbox
	counted    counted
}

// NewDesk starts the desk's writers. Close stops them.
func NewDesk(o Options) *Desk {
	if o.LeaseTime == 0 {
		o.LeaseTime = lease.Default
	}
	if o.People == nil {
		o.People = &supporter.People{DB: o.DB, Keys: o.Keys.people, Clock: o.Clock}
	}
	if o.After == nil {
		o.After = time.After
	}
	d := &Desk{Options: o, inbox: make(chan pending, maxBatch), closing: make(chan struct{}), done: make(chan struct{})}
	d.lease = d.newLease()
	for _, name := range slices.Sorted(maps.Keys(o.Channels)) {
		d.outboxes = append(d.outboxes, newOutbox(d, name))
	}
	go d.write()
	return d
}

// Close waits until every submission taken in has its answer. Submit fails from then on.
func (d *Desk) Close() {
	close(d.closing)
	<-d.done
}
