package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db/query"
)

// Snapshot runs fn with queries that all see the database as it was at one moment, for
// answers that are put together from several of them. It does not keep writers waiting; a
// long one keeps SQLite's log from shrinking and PostgreSQL's old rows from going.
func (d *DB) Snapshot(ctx context.Context, fn func(context.Context, *query.Queries) error) (err error) {
	level := sql.LevelDefault // SQLite: each transaction sees one moment
	if d.engine == Postgres {
		level = sql.LevelRepeatableRead
	}
	tx, err := d.reader.BeginTx(ctx, &sql.TxOptions{Isolation: level, ReadOnly: d.engine == Postgres})
	if err != nil {
		d.notice(err)
		return Fault(fmt.Errorf("begin to read: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	err = fn(ctx, query.New(tx))
	d.notice(err)
	return err
}
