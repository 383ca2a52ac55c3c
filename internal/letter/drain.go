package letter

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// UnderWay returns how many letters of a channel are on their way right now, on all nodes.
// After Pause it falls to zero when the attempts under way have ended.
func (d *Desk) UnderWay(ctx context.Context, channel string) (int, error) {
	n, err := d.DB.Read().CountSendingLetters(ctx, channel)
	if err != nil {
		return 0, fmt.Errorf("count the letters under way: %w", db.Fault(err))
	}
	return int(n), nil
}

// InLine returns how many letters of a channel wait for their turn, counted afresh.
func (d *Desk) InLine(ctx context.Context, channel string) (int, error) {
	row, err := d.inLine(ctx, channel)
	return int(row.Letters), err
}

// stuckAfter is how long a letter that is due may wait without a reason that is known.
const stuckAfter = time.Hour

// Stuck are letters that nobody works on although their time has come.
type Stuck struct {
	Channel string
	Letters int
	Oldest  time.Time // since when the first of them is due
	// Why is empty when nothing explains it.
	Why string
}

// Stuck returns, by channel, the letters that have been due for more than an hour without
// anybody at work on them: no node delivers, or this installation does not have their
// channel (any more). Channels that are paused, closed or down, offices that are down, and
// lines that are longer than the pace, have a reason of their own and are not among them.
func (d *Desk) Stuck(ctx context.Context, overview []Overview) ([]Stuck, error) {
	known := map[string]Overview{}
	for _, o := range overview {
		known[o.Channel] = o
	}
	now := d.Clock()
	rows, err := d.DB.Read().CountOverdueLetters(ctx, stamp.Of(now.Add(-stuckAfter)))
	if err != nil {
		return nil, fmt.Errorf("count the letters that are overdue: %w", db.Fault(err))
	}
	var all []Stuck
	for _, overdue := range byChannel(known, rows) {
		if s, stuck := stuckOn(known, overdue, now); stuck {
			all = append(all, s)
		}
	}
	return all, nil
}

// byChannel adds up the letters that are overdue, without those to offices that are down: they
// wait for their office, whatever the others do. The rows come in the order of the channels.
func byChannel(known map[string]Overview, rows []query.CountOverdueLettersRow) []Stuck {
	var all []Stuck
	for _, r := range rows {
		if _, down := known[r.Channel].Offices[r.Office]; down {
			continue
		}
		oldest := stamp.Time(r.Oldest).Time()
		if n := len(all); n == 0 || all[n-1].Channel != r.Channel {
			all = append(all, Stuck{Channel: r.Channel, Oldest: oldest})
		}
		s := &all[len(all)-1]
		s.Letters += int(r.Letters)
		if oldest.Before(s.Oldest) {
			s.Oldest = oldest
		}
	}
	return all
}

func stuckOn(known map[string]Overview, s Stuck, now time.Time) (Stuck, bool) {
	o, here := known[s.Channel]
	switch {
	case !slices.Contains(Channels(), s.Channel):
		return s, false // it is the supporter's or an operator's turn
	case !here:
		s.Why = "this installation has no such channel: a key was taken away"
	case o.Paused != nil || now.Before(o.ClosedUntil) || o.Breaker != BreakerClosed:
		return s, false
	case o.Node == "":
		s.Why = "no node delivers"
	case now.Sub(s.Oldest) <= stuckAfter+2*o.Drain:
		return s, false
	}
	return s, true
}
