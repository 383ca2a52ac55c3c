package mailing

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Standing is how a mailing stands.
type Standing struct {
	query.Mailing

	Numbers Numbers
}

// UnderWay returns the mailings that are not over and no drafts, those that wait for a person first.
func UnderWay(ctx context.Context, d *db.DB) ([]Standing, error) {
	var all []Standing
	for _, state := range []State{Paused, Sending, Scheduled} {
		rows, err := d.Read().ListMailingsIn(ctx, string(state))
		if err != nil {
			return nil, fmt.Errorf("look for mailings: %w", db.Fault(err))
		}
		some, err := standings(ctx, d, rows)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// standings adds to mailings what became of them.
func standings(ctx context.Context, d *db.DB, rows []query.Mailing) ([]Standing, error) {
	all := make([]Standing, len(rows))
	for i, row := range rows {
		n, err := numbersOf(ctx, d.Read(), row)
		if err != nil {
			return nil, err
		}
		all[i] = Standing{row, n}
	}
	return all, nil
}

// CountByState returns how many mailings are in each state.
func CountByState(ctx context.Context, d *db.DB) (map[State]int64, error) {
	rows, err := d.Read().CountMailings(ctx)
	if err != nil {
		return nil, fmt.Errorf("count mailings: %w", db.Fault(err))
	}
	counts := map[State]int64{}
	for _, s := range States() {
		counts[s] = 0
	}
	for _, r := range rows {
		counts[State(r.State)] = r.Mailings
	}
	return counts, nil
}
