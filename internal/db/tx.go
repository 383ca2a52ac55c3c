package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// Tx is a running transaction: the queries, and the raw transaction for package jobs.
type Tx struct {
	*query.Queries

	raw   *sql.Tx
	db    *DB
	shard int64
}

// SQL returns the raw transaction. Only package jobs and InsertRows need it.
func (t *Tx) SQL() *sql.Tx { return t.raw }

// Shard returns the row of the sharded counters that this transaction should add to. On
// SQLite, which has one writer, it is always 0.
func (t *Tx) Shard() int64 { return t.shard }

// shards is the number of rows over which PostgreSQL's counters are spread.
const shards = 16

// attempts is how often a transaction is tried when PostgreSQL picks it as the victim of
// a deadlock or of a serialisation failure.
const attempts = 5

// txKey marks a context inside a transaction of one database.
type txKey struct{ db *DB }

// Tx runs fn in one writing transaction. An error of fn, or a panic, rolls everything
// back. When Tx returns nil, the change is durable. fn may be run again after a deadlock
// on PostgreSQL, so it must not act outside the database, and it must not use the network
// or call Tx: on SQLite it holds the only writing connection.
//
// When ctx ends while PostgreSQL has not answered the commit (a synchronous standby is
// away), Tx returns an Unavailable error with ErrCommitUnknown in its chain. The commit is
// never cancelled: the server would then make it visible without the standby.
func (d *DB) Tx(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if ctx.Value(txKey{d}) != nil {
		return errNested
	}
	if err := d.broken(); err != nil {
		return Fault(err)
	}
	for try := 1; ; try++ {
		err := d.once(ctx, fn)
		if err == nil {
			return nil
		}
		d.notice(err)
		if d.engine != Postgres || !retryable(err) || try == attempts {
			return Fault(err)
		}
		select {
		case <-ctx.Done():
			return Fault(err)
		case <-time.After(time.Duration(try*try) * 5 * time.Millisecond):
		}
	}
}

func (d *DB) once(ctx context.Context, fn func(context.Context, *Tx) error) error {
	conn, raw, err := d.begin(ctx)
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if !done { // fn panicked
			_ = d.end(ctx, conn, raw.Rollback)
		}
	}()
	tx := &Tx{Queries: query.New(raw), raw: raw, db: d}
	if d.engine == Postgres {
		tx.shard = d.turn.Add(1) % shards
	}
	err = fn(context.WithValue(ctx, txKey{d}, true), tx)
	done = true
	if err == nil {
		err = ctx.Err() // too late to be of use to the caller
	}
	if err != nil {
		// The error that matters is fn's; a roll-back fails only with a dead connection.
		_ = d.end(ctx, conn, raw.Rollback)
		return err
	}
	return d.commit(ctx, conn, raw)
}

// begin takes a connection and begins a transaction on it. After PostgreSQL was restarted
// the pool is full of dead connections that look alive; as nothing was done yet, the next
// one is tried.
func (d *DB) begin(ctx context.Context) (*sql.Conn, *sql.Tx, error) {
	for try := 1; ; try++ {
		conn, err := d.writer.Conn(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("wait for a database connection: %w", err)
		}
		// The transaction must not die with ctx: database/sql would roll back, or worse
		// cancel, while the commit is on its way. Each statement still obeys ctx.
		raw, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
		if err == nil {
			return conn, raw, nil
		}
		_ = conn.Close() // the error of the beginning says more
		if d.engine != Postgres || try > d.writer.Stats().MaxOpenConnections || kindOf(err) != fault.Unavailable {
			return nil, nil, fmt.Errorf("begin a transaction: %w", err)
		}
	}
}

func (d *DB) commit(ctx context.Context, conn *sql.Conn, raw *sql.Tx) error {
	err := d.end(ctx, conn, raw.Commit)
	if err == nil {
		return d.probe.check()
	}
	if _, answered := errors.AsType[*pgconn.PgError](err); d.engine == Postgres && !answered {
		return fmt.Errorf("commit: %w: %w", ErrCommitUnknown, err)
	}
	return fmt.Errorf("commit: %w", err)
}

// end commits or rolls back and gives the connection back. On PostgreSQL it stops waiting
// when ctx ends and leaves the rest to its goroutine, which ends when the server answers
// or the connection breaks. On SQLite there is no one to wait for but the disk.
func (d *DB) end(ctx context.Context, conn *sql.Conn, op func() error) error {
	if d.engine != Postgres {
		return closeAfter(conn, op())
	}
	result := make(chan error, 1)
	go func() { result <- closeAfter(conn, op()) }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// closeAfter gives the connection back after the transaction has ended with err. An error
// of Close itself means no more than that the pool drops the connection.
func closeAfter(conn *sql.Conn, err error) error {
	_ = conn.Close()
	return err
}
