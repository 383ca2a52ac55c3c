package db

import (
	"context"
	"database/sql"
)

// reading is the pool that reads, watched for a broken disk: the first to find it may be
// somebody who only looks something up. From then on it tells nothing: what is there to read may
// be gone after the next start.
type reading struct {
	*sql.DB

	of *DB
}

// QueryContext asks for rows.
func (r reading) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	if err := r.of.broken(); err != nil {
		return nil, err
	}
	rows, err := r.DB.QueryContext(ctx, statement, args...)
	r.of.notice(err)
	return rows, err
}

// QueryRowContext asks for one row.
func (r reading) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	if r.of.broken() != nil { // a row has no error but those of its query
		over, cancel := context.WithTimeout(ctx, 0)
		cancel()
		return r.DB.QueryRowContext(over, statement, args...)
	}
	row := r.DB.QueryRowContext(ctx, statement, args...)
	r.of.notice(row.Err())
	return row
}

// broken returns errFailed once the disk has failed.
func (d *DB) broken() error {
	select {
	case <-d.failed:
		return errFailed
	default:
		return nil
	}
}

// notice closes Failed when the error is one of the disk.
func (d *DB) notice(err error) {
	if diskFailed(err) {
		d.fail.Do(func() { close(d.failed) })
	}
}
