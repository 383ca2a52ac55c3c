package letter

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// leaseName is the row of the lease under which letters are sent.
const leaseName = "delivery"

// defaultLease is how long a node that stopped answering keeps the delivery to itself.
const defaultLease = 12 * time.Second

// lease is this node's hold on the delivery. The database says by its own clock when it
// ends for the others. For this node it ends earlier: at the same distance from the moment
// before it asked, by its own clock, which a frozen process finds advanced when it thaws.
type lease struct {
	mu    sync.Mutex
	fence int64     // 0 while another node has it
	end   time.Time // by this node's clock
	alone bool      // nobody else can have it: there is no end
}

// holds returns the fence under which this node may send at a moment, and 0 when it may
// not. The wall clock is asked as well as the monotonic one, which stands still while a
// machine sleeps.
func (l *lease) holds(now time.Time) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.alone || now.Before(l.end) && now.Round(0).Before(l.end.Round(0)) {
		return l.fence
	}
	return 0
}

func (l *lease) set(fence int64, end time.Time, alone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fence, l.end, l.alone = fence, end, alone
}

// hold takes the lease or prolongs it, and tells the other nodes how delivery stands. It
// returns whether this node has the lease. On a database that only this process can have
// open there is nobody to wait for.
func (d *Desk) hold(ctx context.Context, note string) (bool, error) {
	begin, fence := d.Clock(), d.lease.fence
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		row, err := tx.Lease(ctx, leaseName)
		if err != nil {
			return err
		}
		end := now.Add(d.LeaseTime)
		var n int64
		switch {
		case fence != 0 && row.Fence == fence:
			n, err = tx.RenewLease(ctx, query.RenewLeaseParams{Name: leaseName, Fence: fence, ExpiresAt: end, Note: note})
		case row.Holder != "" && row.ExpiresAt > now && !d.DB.Owner():
		default:
			fence = row.Fence + 1
			n, err = tx.TakeLease(ctx, query.TakeLeaseParams{Name: leaseName, Fence: row.Fence, Holder: d.Node, ExpiresAt: end})
		}
		if n == 0 {
			fence = 0
		}
		return err
	})
	if err != nil {
		return d.lease.holds(d.Clock()) != 0, fmt.Errorf("hold the lease of delivery: %w", err)
	}
	d.lease.set(fence, begin.Add(d.LeaseTime), d.DB.Owner())
	return fence != 0, nil
}

// release gives the lease back, so that another node, or this one's next run, need not
// wait for its end.
func (d *Desk) release(ctx context.Context) error {
	fence := d.lease.fence
	d.lease.set(0, time.Time{}, false)
	if fence == 0 {
		return nil
	}
	err := d.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.EndLease(ctx, query.EndLeaseParams{Name: leaseName, Fence: fence})
		return err
	})
	if err != nil {
		return fmt.Errorf("give the lease of delivery back: %w", err)
	}
	return nil
}
