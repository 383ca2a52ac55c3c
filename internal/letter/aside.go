package letter

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// HeldReason is letters that need a person for the same reason, as Unquoted tells it.
type HeldReason struct {
	State   State // frozen or unknown
	Channel string
	Reason  string
	Letters int64
	Oldest  time.Time
}

// Held returns how many letters are put aside, and of how many the fate is not known.
func (d *Desk) Held(ctx context.Context) (aside, unknown int, err error) {
	rows, err := d.DB.Read().CountLiveLetters(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("count the letters that need a person: %w", db.Fault(err))
	}
	for _, r := range rows {
		switch State(r.State) { //nolint:exhaustive // the others need nobody
		case Frozen:
			aside = int(r.Letters)
		case Unknown:
			unknown = int(r.Letters)
		}
	}
	return aside, unknown, nil
}

// maxReasons is how many reasons are read; those with the same words become one.
const maxReasons = 200

// HeldReasons returns why letters need a person, the most first.
func (d *Desk) HeldReasons(ctx context.Context) ([]HeldReason, error) {
	rows, err := d.DB.Read().CountHeldLetters(ctx, maxReasons)
	if err != nil {
		return nil, fmt.Errorf("count the letters that need a person: %w", db.Fault(err))
	}
	type key struct{ state, channel, reason string }
	sums := map[key]HeldReason{}
	for _, r := range rows {
		k := key{r.State, r.Channel, Unquoted(string(r.Reason))}
		h, known := sums[k]
		if oldest := stamp.Time(r.Oldest).Time(); !known || oldest.Before(h.Oldest) {
			h.Oldest = oldest
		}
		sums[k] = HeldReason{State(r.State), r.Channel, k.reason, h.Letters + r.Letters, h.Oldest}
	}
	all := make([]HeldReason, 0, len(sums))
	for _, h := range sums {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b HeldReason) int {
		return cmp.Or(cmp.Compare(b.Letters, a.Letters),
			strings.Compare(string(a.State)+a.Channel+a.Reason, string(b.State)+b.Channel+b.Reason))
	})
	return all, nil
}

// AsidePage chooses among the letters that were put aside.
type AsidePage struct {
	Reason string // as Unquoted tells it; "" for every reason
	// Before and BeforeID are since and id of the last letter of the page before; zero for the
	// newest.
	Before   time.Time
	BeforeID string
	Limit    int
}

// Aside returns a page of the letters that were put aside, the newest first, with nothing of
// what is in them.
func (d *Desk) Aside(ctx context.Context, p AsidePage) ([]query.ListAsideRow, error) {
	from := query.ListAsideParams{Before: stamp.Of(p.Before), BeforeID: p.BeforeID, MaxRows: listPage}
	if p.Before.IsZero() {
		from.Before, from.BeforeID = math.MaxInt64, newestLetter
	}
	found := []query.ListAsideRow{}
	for {
		rows, err := d.DB.Read().ListAside(ctx, from)
		if err != nil {
			return nil, fmt.Errorf("list the letters that were put aside: %w", db.Fault(err))
		}
		for _, r := range rows {
			from.Before, from.BeforeID = r.Since, r.ID
			if p.Reason != "" && p.Reason != Unquoted(string(r.Reason)) {
				continue
			}
			if found = append(found, r); len(found) == p.Limit {
				return found, nil
			}
		}
		if len(rows) < listPage {
			return found, nil
		}
	}
}

// Brief tells of letters what a preview shows, and nothing of what is in them. Those that
// are not there are left out.
func (d *Desk) Brief(ctx context.Context, letterIDs []string) ([]query.ListBrieflyRow, error) {
	rows, err := d.DB.Read().ListBriefly(ctx, keys.List(letterIDs))
	if err != nil {
		return nil, fmt.Errorf("look at letters: %w", db.Fault(err))
	}
	return rows, nil
}
