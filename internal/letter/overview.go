package letter

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Overview says how delivery stands on one channel, over all nodes, for pages and metrics.
type Overview struct {
	Channel string
	// Node delivers; it is empty while no node does, as for some seconds after a crash.
	Node string
	// Pace is how many letters a second leave at most; 0 is no limit.
	Pace float64
	// Paused says who stopped the channel; nil when nobody did.
	Paused *Pause
	// ClosedUntil ends the maintenance of the channel's system; zero when it is open.
	ClosedUntil time.Time
	// Breaker says whether the system answers. When it is open, the next letter goes out at
	// BreakerUntil to see, and Reason is what was heard last.
	Breaker      BreakerState
	BreakerUntil time.Time
	Reason       string
	// Offices are those whose own letters wait because their system is down, with the
	// moment of the next look.
	Offices map[string]time.Time
	// Waiting letters are due, the first of them since Oldest. They are counted every 15
	// seconds at most. Drain is how long they take at the channel's pace, from the end of the
	// maintenance on.
	Waiting int
	Oldest  time.Time
	Drain   time.Duration
}

// Status says in a word how a channel stands.
type Status string

// The statuses, in the order in which they count: what a person did comes before what a
// clock says, and that before what the office system does.
const (
	StatusPaused  Status = "paused"
	StatusClosed  Status = "closed"
	StatusDown    Status = "down"
	StatusTrying  Status = "trying"
	StatusNoNode  Status = "nobody delivers"
	StatusRunning Status = "open"
)

// Status returns how the channel stands now.
func (o Overview) Status(now time.Time) Status {
	switch {
	case o.Paused != nil:
		return StatusPaused
	case now.Before(o.ClosedUntil):
		return StatusClosed
	case o.Breaker == BreakerOpen:
		return StatusDown
	case o.Breaker == BreakerProbe:
		return StatusTrying
	case o.Node == "":
		return StatusNoNode
	}
	return StatusRunning
}

// view is what the node that delivers tells the others about a channel.
type view struct {
	Breaker BreakerState         `json:"breaker"`
	Until   time.Time            `json:"until,omitzero"`
	Reason  string               `json:"reason,omitempty"`
	Offices map[string]time.Time `json:"offices,omitempty"`
}

// show brings the view up to date.
func (o *outbox) show() {
	now := o.desk.Clock()
	v := view{Breaker: o.breaker.state(now), Until: o.breaker.until, Reason: Unquoted(o.breaker.reason)}
	for name, f := range o.offices {
		if f.breaker.state(now) != BreakerClosed {
			if v.Offices == nil {
				v.Offices = map[string]time.Time{}
			}
			v.Offices[name] = f.breaker.until
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.view = v
}

// note is all views, for the row of the lease.
func (d *Desk) note() string {
	all := map[string]view{}
	for _, o := range d.outboxes {
		o.mu.Lock()
		all[o.name] = o.view
		o.mu.Unlock()
	}
	text, err := json.Marshal(all)
	if err != nil { // never so: it holds words and times
		return ""
	}
	return string(text)
}

// Overview returns how delivery stands on each channel that this installation has.
func (d *Desk) Overview(ctx context.Context) ([]Overview, error) {
	row, err := d.DB.Read().Lease(ctx, leaseName)
	if err != nil {
		return nil, fmt.Errorf("read who delivers: %w", db.Fault(err))
	}
	views := map[string]view{}
	_ = json.Unmarshal([]byte(row.Note), &views) // a node of another release may say it otherwise
	all := make([]Overview, 0, len(d.outboxes))
	for _, o := range d.outboxes {
		one := Overview{Channel: o.name, Node: row.Holder, Pace: d.Pace[o.name], Breaker: BreakerClosed}
		if v, told := views[o.name]; told && v.Breaker != "" {
			one.Breaker, one.BreakerUntil, one.Reason, one.Offices = v.Breaker, v.Until, v.Reason, v.Offices
		}
		one.ClosedUntil, _ = d.Windows[o.name].Closed(d.Clock())
		pause, paused, err := PauseOf(ctx, d.DB, o.name)
		if err != nil {
			return nil, err
		}
		if paused {
			one.Paused = &pause
		}
		n, err := d.countLine(ctx, o.name)
		if err != nil {
			return nil, err
		}
		one.Waiting, one.Oldest = int(n.Letters), stamp.Time(n.Oldest).Time()
		if one.Pace > 0 {
			one.Drain = time.Duration(float64(one.Waiting) / one.Pace * float64(time.Second))
		}
		all = append(all, one)
	}
	return all, nil
}

// countEvery is how often the letters in line are counted at most.
const countEvery = 15 * time.Second

// counted remembers the last count of each channel.
type counted struct {
	mu   sync.Mutex
	at   map[string]time.Time
	rows map[string]query.CountLineRow
}

// countLine counts the letters in line, or remembers the last count.
func (d *Desk) countLine(ctx context.Context, channel string) (query.CountLineRow, error) {
	c := &d.counted
	c.mu.Lock()
	defer c.mu.Unlock()
	now := d.Clock()
	if at, known := c.at[channel]; known && now.Sub(at) < countEvery {
		return c.rows[channel], nil
	}
	row, err := d.inLine(ctx, channel)
	if err != nil {
		return row, err
	}
	if c.at == nil {
		c.at, c.rows = map[string]time.Time{}, map[string]query.CountLineRow{}
	}
	c.at[channel], c.rows[channel] = now, row
	return row, nil
}

// inLine counts the letters of a channel whose time has come.
func (d *Desk) inLine(ctx context.Context, channel string) (query.CountLineRow, error) {
	known := d.Channels[channel]
	row, err := d.DB.Read().CountLine(ctx, query.CountLineParams{
		Channel: channel, Now: stamp.Of(d.Clock()), Repeats: known != nil && known.Repeats(),
	})
	if err != nil {
		return row, fmt.Errorf("count the letters in line: %w", db.Fault(err))
	}
	return row, nil
}
