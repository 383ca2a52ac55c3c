package letter

import (
	"context"

	"github.com/franklin-letters/franklin/internal/lease"
)

// leaseName is the row of the lease under which letters are sent.
const leaseName = "delivery"

// hold takes the lease of delivery or prolongs it, and tells the other nodes how delivery
// stands.
func (d *Desk) hold(ctx context.Context, note string) (bool, error) { return d.lease.Hold(ctx, note) }

// release gives the lease back.
func (d *Desk) release(ctx context.Context) error { return d.lease.Release(ctx) }

func (d *Desk) newLease() *lease.Lease {
	return &lease.Lease{DB: d.DB, Name: leaseName, Node: d.Node, Time: d.LeaseTime, Clock: d.Clock}
}
