package letter

import (
	"context"
	"log/slog"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Channel is a way to an office that this program can walk by itself.
type Channel interface {
	// Send makes one attempt. The outcome says only what is known.
	Send(ctx context.Context, row query.LetterWithSubmissionRow, c *campaign.Campaign) cwc.Outcome
}

// Enqueue asks the queue, inside the caller's transaction, to deliver letters at a moment.
type Enqueue func(ctx context.Context, tx *db.Tx, letterIDs []string, at time.Time) error

// Options are what a desk needs. All fields but House, Asked and PerMailbox are required.
type Options struct {
	DB        *db.DB
	Campaigns *campaign.Store
	Keys      Keys
	Clock     func() time.Time
	Enqueue   Enqueue
	// Taken is told, in the same transaction, which submissions are new.
	Taken func(ctx context.Context, tx *db.Tx, submissionIDs []string) error
	// Asked is told, in the same transaction, whose mailboxes are to be asked for a
	// confirmation. Submissions that need one must not come without it.
	Asked func(ctx context.Context, tx *db.Tx, askings []Asking) error
	// PerMailbox is how many people of one household may write on a campaign from one
	// mailbox before letters from it are put aside; 0 is any number.
	PerMailbox int
	Log        *slog.Logger
	Node       string // name of this process in the history

	// House is the channel to the House's mail system; nil hands letters to the supporters.
	House *House
	// Backoff is the wait after the first failed attempt; it doubles up to an hour.
	Backoff time.Duration
	// SendTimeout is how long an attempt may take before its letter counts as unknown.
	SendTimeout time.Duration
	// Margin is how much longer Reconcile waits before it takes the sender of an attempt
	// for dead: more than the nodes' clocks differ. The table's two minutes unless told.
	Margin time.Duration
	// Pace waits for the next turn to send. Nil means no limit.
	Pace func(context.Context) error
}

// Desk takes letters in and sends them.
type Desk struct {
	Options

	inbox   chan pending
	closing chan struct{}
	done    chan struct{}
}

// NewDesk starts the desk's writers. Close stops them.
func NewDesk(o Options) *Desk {
	d := &Desk{Options: o, inbox: make(chan pending, maxBatch), closing: make(chan struct{}), done: make(chan struct{})}
	go d.write()
	return d
}

// Close waits until every submission taken in has its answer. Submit fails from then on.
func (d *Desk) Close() {
	close(d.closing)
	<-d.done
}

// channelFor returns the channel a new letter starts on and the state it starts in.
func (d *Desk) channelFor() (channel string, state State) {
	if d.House != nil {
		return ChannelHouse, Ready
	}
	return ChannelHandoff, Waiting
}
