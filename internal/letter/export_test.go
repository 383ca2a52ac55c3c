package letter

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

var taking sync.Mutex

// DeliverOne takes one letter through one attempt, as the dispatcher does. It takes the
// lease from whoever has it.
func (d *Desk) DeliverOne(ctx context.Context, id string) error {
	taking.Lock()
	row, err := d.DB.Read().Lease(ctx, leaseName)
	if err == nil && (row.Fence != d.lease.Fence() || d.lease.Holds(d.Clock()) == 0) {
		if _, err = d.DB.SQL().ExecContext(ctx, "UPDATE leases SET holder = '', expires_at = 0"); err == nil {
			_, err = d.lease.Hold(ctx, "")
		}
	}
	fence := d.lease.Fence()
	taking.Unlock()
	if err != nil {
		return err
	}
	return d.attemptOne(ctx, id, fence)
}

func (d *Desk) attemptOne(ctx context.Context, id string, fence int64) error {
	all, err := d.lookAt(ctx, keys.List{id})
	if seen, there := all[id]; there {
		_, _, err = d.attempt(ctx, seen, fence)
	}
	return unpaused(err)
}

// unpaused leaves out what is no failure.
func unpaused(err error) error {
	if errors.Is(err, errPaused) {
		return nil
	}
	return err
}

// DueNow returns the letters that the dispatcher would send, line after line.
func (d *Desk) DueNow(ctx context.Context) ([]string, error) {
	var due []string
	for _, o := range d.outboxes {
		if _, paused, err := PauseOf(ctx, d.DB, o.name); err != nil || paused {
			return nil, err
		}
		lines, err := d.DB.Read().ListLines(ctx, o.name)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			ids, err := d.DB.Read().ListLine(ctx, query.ListLineParams{
				Channel: o.name, CampaignID: l.CampaignID, Office: l.Office, Now: stamp.Of(d.Clock()), Repeats: o.channel.Repeats(), MaxRows: 1 << 30,
			})
			if err != nil {
				return nil, err
			}
			due = append(due, ids...)
		}
	}
	return due, nil
}

// Hold takes or prolongs the lease.
func (d *Desk) Hold(ctx context.Context) (bool, error) { return d.lease.Hold(ctx, d.note()) }

// Holds reports whether this node may send now.
func (d *Desk) Holds() bool { return d.lease.Holds(d.Clock()) != 0 }

// Quiet reports whether no letter is on its way. Only the dispatcher's own goroutine may
// ask, which is the one that asks the clock's alarm.
func (d *Desk) Quiet() bool {
	for _, o := range d.outboxes {
		if len(o.flying) > 0 {
			return false
		}
	}
	return true
}

// AttemptNow makes an attempt under the lease as this node knows it.
func (d *Desk) AttemptNow(ctx context.Context, id string) error {
	return d.attemptOne(ctx, id, d.lease.Fence())
}

// Waiting returns how many moves wait for a transaction, or are in the one that waits for
// the database.
func (d *Desk) Waiting() int {
	d.station.mu.Lock()
	defer d.station.mu.Unlock()
	return len(d.station.waiting) + d.station.carriers
}

// Beat is how often tokens fall.
const Beat = beat

// NewPace returns the taking of tokens out of a new bucket.
func NewPace(rate float64) func(now time.Time) (wait time.Duration) {
	return (&bucket{rate: rate}).take
}
