package app

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/guard"
)

// shareEvery is how often nodes tell each other what their guards counted; what a node has
// not repeated for shareLasts no longer counts.
const (
	shareEvery = 5 * time.Second
	shareLasts = time.Minute
)

// shareCounts keeps the guards of all nodes informed until ctx ends. Only PostgreSQL has
// several nodes.
func (a *App) shareCounts(ctx context.Context) {
	if a.db.Engine() != db.Postgres {
		return
	}
	every(ctx, shareEvery, func() {
		if err := shareOnce(ctx, a.db, a.guard, nodeName(), a.options.Clock()); err != nil && ctx.Err() == nil {
			a.options.Log.Warn("the nodes cannot tell each other what their guards counted", "error", err.Error())
		}
	})
}

func shareOnce(ctx context.Context, d *db.DB, g *guard.Guard, node string, now time.Time) error {
	before := stamp.Of(now.Add(-shareLasts))
	err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, c := range g.Shares(now) {
			err := tx.PutGuardCount(ctx, query.PutGuardCountParams{Node: node, Rule: c.Rule, Key: c.Key, Counted: int64(c.N), At: stamp.Of(now)})
			if err != nil {
				return err
			}
		}
		_, err := tx.ForgetGuardCounts(ctx, before)
		return err
	})
	if err != nil {
		return fmt.Errorf("tell the other nodes: %w", err)
	}
	rows, err := d.Read().ListGuardCounts(ctx, query.ListGuardCountsParams{Node: node, Since: before})
	if err != nil {
		return fmt.Errorf("ask the other nodes: %w", db.Fault(err))
	}
	others := make([]guard.Count, len(rows))
	for i, r := range rows {
		others[i] = guard.Count{Rule: r.Rule, Key: r.Key, N: int(r.Counted)}
	}
	g.Learn(others)
	return nil
}
