package letter

import "github.com/franklin-letters/franklin/internal/lease"

// leaseName is the row of the lease under which letters are sent.
const leaseName = "delivery"

func (d *Desk) newLease() *lease.Lease {
	return &lease.Lease{DB: d.DB, Name: leaseName, Node: d.Node, Time: d.LeaseTime, Clock: d.Clock}
}
