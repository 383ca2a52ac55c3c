// Package schema brings the tables of the job queue up to date. It stands apart from
// package jobs so that package db, which jobs is built on, can migrate the whole
// database, ours and River's, under one lock.
package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// Driver returns River's driver for the pool: the PostgreSQL one that polls, or SQLite's.
func Driver(pool *sql.DB, postgres bool) riverdriver.Driver[*sql.Tx] {
	if postgres {
		return riverdatabasesql.New(pool)
	}
	return riversqlite.New(pool)
}

// Current reports whether the queue's tables are those that this program's River needs.
func Current(ctx context.Context, pool *sql.DB, postgres bool) (bool, error) {
	m, err := migrator(pool, postgres)
	if err != nil {
		return false, err
	}
	result, err := m.Validate(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("check the job queue's tables: %w", err)
	}
	return result.OK, nil
}

// Migrate brings the queue's tables up to date. The caller holds the lock against a
// second migration.
func Migrate(ctx context.Context, pool *sql.DB, postgres bool) error {
	m, err := migrator(pool, postgres)
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue's tables: %w", err)
	}
	return nil
}

func migrator(pool *sql.DB, postgres bool) (*rivermigrate.Migrator[*sql.Tx], error) {
	if pool == nil {
		return nil, errors.New("job queue: no database")
	}
	quiet := slog.New(slog.DiscardHandler)
	m, err := rivermigrate.New(Driver(pool, postgres), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return nil, fmt.Errorf("prepare the job queue's migrations: %w", err)
	}
	return m, nil
}
