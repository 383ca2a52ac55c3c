// Package lease lets one node at a time do a thing, such as sending letters.
//
// The database says by its own clock when a lease ends for the others. For its holder it
// ends earlier: at the same distance from the moment before it asked, by its own clock,
// which a frozen process finds advanced when it thaws. Each holder has a number, the fence,
// that nobody had before.
package lease

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Default is how long a node that stopped answering keeps a lease.
const Default = 12 * time.Second

// beats is how often a lease is prolonged in its time.
const beats = 4

// Lease is this node's hold on one thing. Hold and Release are for one goroutine; Holds is
// for all.
type Lease struct {
	DB    *db.DB
	Name  string // of the row in the table of leases
	Node  string // who asks
	Time  time.Duration
	Clock func() time.Time

	mu    sync.Mutex
	fence int64     // 0 while another node has it
	end   time.Time // by this node's clock
	alone bool      // nobody else can have it: there is no end
}

// Holds returns the fence under which this node may act at a moment, and 0 when it may
// not. The wall clock is asked as well as the monotonic one, which stands still while a
// machine sleeps.
func (l *Lease) Holds(now time.Time) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.alone || now.Before(l.end) && now.Round(0).Before(l.end.Round(0)) {
		return l.fence
	}
	return 0
}

// Fence returns the number under which this node last had the lease; 0 when another one
// has it.
func (l *Lease) Fence() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fence
}

func (l *Lease) set(fence int64, end time.Time, alone bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fence, l.end, l.alone = fence, end, alone
}

// Hold takes the lease or prolongs it, with a note for the other nodes. It returns whether
// this node has the lease. On a database that only this process can have open there is
// nobody to wait for.
func (l *Lease) Hold(ctx context.Context, note string) (bool, error) {
	begin, fence := l.Clock(), l.Fence()
	err := l.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := tx.Now(ctx)
		if err != nil {
			return err
		}
		row, err := tx.Lease(ctx, l.Name)
		if err != nil {
			return err
		}
		end := now.Add(l.Time)
		var n int64
		switch {
		case fence != 0 && row.Fence == fence:
			n, err = tx.RenewLease(ctx, query.RenewLeaseParams{Name: l.Name, Fence: fence, ExpiresAt: end, Note: note})
		case row.Holder != "" && row.ExpiresAt > now && !l.DB.Owner():
		default:
			fence = row.Fence + 1
			n, err = tx.TakeLease(ctx, query.TakeLeaseParams{Name: l.Name, Fence: row.Fence, Holder: l.Node, ExpiresAt: end})
		}
		if n == 0 {
			fence = 0
		}
		return err
	})
	if err != nil {
		return l.Holds(l.Clock()) != 0, fmt.Errorf("hold the lease of %s: %w", l.Name, err)
	}
	l.set(fence, begin.Add(l.Time), l.DB.Owner())
	return fence != 0, nil
}

// Keep holds the lease whenever this node can have it, until ctx ends; after is the clock's
// alarm. It tells the other nodes what note says, and the caller when this node got the lease
// or lost it, and what kept it from asking. It does not give the lease back.
func (l *Lease) Keep(ctx context.Context, after func(time.Duration) <-chan time.Time, note func() string, moved func(here bool), failed func(error)) {
	beat := l.Time / beats
	for had := false; ctx.Err() == nil; {
		has, err := l.holdWithin(ctx, beat, note())
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if has != had {
			moved(has)
		}
		had = has
		select {
		case <-ctx.Done():
		case <-after(beat):
		}
	}
}

func (l *Lease) holdWithin(ctx context.Context, limit time.Duration, note string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return l.Hold(ctx, note)
}

// Release gives the lease back, so that another node, or this one's next run, need not
// wait for its end.
func (l *Lease) Release(ctx context.Context) error {
	fence := l.Fence()
	l.set(0, time.Time{}, false)
	if fence == 0 {
		return nil
	}
	err := l.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.EndLease(ctx, query.EndLeaseParams{Name: l.Name, Fence: fence})
		return err
	})
	if err != nil {
		return fmt.Errorf("give the lease of %s back: %w", l.Name, err)
	}
	return nil
}
