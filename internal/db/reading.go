package db

import (
	"context"
	"database/sql"
)

// reading is the pool that reads, watched for a broken disk: the first to find it may be
// somebody who only looks something up.
type reading struct {
	*sql.DB

	of *DB
}

// QueryContext asks for rows.
func (r reading) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	rows, err := r.DB.QueryContext(ctx, statement, args...)
	r.of.notice(err)
	return rows, err
}

// QueryRowContext asks for one row.
func (r reading) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	row := r.DB.QueryRowContext(ctx, statement, args...)
	r.of.notice(row.Err())
	return row
}

// notice closes Failed when the error is one of the disk.
func (d *DB) notice(err error) {
	if diskFailed(err) {
		d.fail.Do(func() { close(d.failed) })
	}
}
