// Package db is the only door to SQLite and PostgreSQL.
//
// Both engines stand behind database/sql and run one set of migrations and one set of
// queries (docs/database.md has the rules of the SQL that both understand). SQLite is the
// default: one process, one file, one writing connection and a few reading ones.
// PostgreSQL is for several nodes. Nothing above this package knows which one it has.
//
// Every write goes through Tx, which commits durably or not at all: when it returns nil,
// the change survives a power cut. Reads outside a transaction go through Read. Ids are
// made by the caller before the insert; times are stamp.Time, milliseconds in a bigint.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"

	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/seal"
)

// Engine is the kind of database.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine Engine
	writer *sql.DB
	reader *sql.DB
	read   *query.Queries
	lock   *flock.Flock // held on SQLite, unless the file is shared with a running server
	probe  probe        // open on SQLite
	url    string
	ring   *seal.Ring

	turn   atomic.Int64
	failed chan struct{}
	fail   sync.Once
}

// Option changes how Open opens.
type Option func(*options)

type options struct {
	alongside bool
	alone     bool // nobody else has the SQLite file
	maxConns  int
	ring      *seal.Ring
}

// Alongside lets a short command work on the SQLite file of a running server instead of
// refusing. Such a command must not migrate and must keep its transactions short. It has
// no effect on PostgreSQL.
func Alongside() Option { return func(o *options) { o.alongside = true } }

// MaxConns sets the size of the PostgreSQL pool (16 unless told). It has no effect on
// SQLite, which always has one writer and four readers.
func MaxConns(n int) Option { return func(o *options) { o.maxConns = n } }

// Open opens the database named by url: "sqlite:/path/franklin.db" or a plain path, or
// "postgres://user@host/name". It checks that the database answers and that its settings
// make commits durable; it does not migrate. A second process on one SQLite file gets an
// error that is ErrInUse.
func Open(ctx context.Context, url string, opts ...Option) (*DB, error) {
	o := options{maxConns: 16, ring: new(seal.Ring)}
	for _, opt := range opts {
		opt(&o)
	}
	d, err := open(ctx, url, o)
	if err != nil {
		return nil, err
	}
	d.failed, d.ring = make(chan struct{}), o.ring
	d.read = query.New(reading{d.reader, d})
	if err := d.checkDurable(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func open(ctx context.Context, url string, o options) (*DB, error) {
	if isPostgres(url) {
		return openPostgres(url, o)
	}
	path, ok := File(url)
	if !ok {
		return nil, errors.New("the database address is neither sqlite:PATH nor postgres://HOST/NAME")
	}
	return openSQLite(ctx, path, o)
}

func isPostgres(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Engine returns which engine this is.
func (d *DB) Engine() Engine { return d.engine }

// Writers returns how many transactions can run at once: one on SQLite.
func (d *DB) Writers() int { return d.writer.Stats().MaxOpenConnections }

// Read returns the queries for reading outside a transaction. They see everything that is
// committed. On SQLite a write through them fails.
func (d *DB) Read() *query.Queries { return d.read }

// SQL returns the pool that writes, for package jobs and the migrations. On SQLite it has
// one connection: whoever holds it and asks for another waits for ever.
func (d *DB) SQL() *sql.DB { return d.writer }

// Ping checks that the database answers a read and, on PostgreSQL, that it is not a
// standby. It does not wait for the writer.
func (d *DB) Ping(ctx context.Context) error {
	statement := "SELECT 1"
	if d.engine == Postgres {
		statement = "SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE 1 END"
	}
	var ok int
	if err := d.reader.QueryRowContext(ctx, statement).Scan(&ok); err != nil {
		return Fault(fmt.Errorf("ping the database: %w", err))
	}
	if ok != 1 {
		return Fault(errStandby)
	}
	return Fault(d.broken())
}

// Failed is closed after the first error of the disk under a SQLite file (a failed fsync
// or write, or a commit after which nothing can be written). From then on every Tx and every
// Read is refused: what the disk holds is only known after a new start, so the process must
// mark itself unready and end.
func (d *DB) Failed() <-chan struct{} { return d.failed }

// Owner reports whether this process is the only one that works on the database: SQLite
// without Alongside.
func (d *DB) Owner() bool { return d.engine == SQLite && d.lock != nil }

// Close ends all connections and releases the file. On SQLite it moves the write-ahead
// log into the file.
func (d *DB) Close() error {
	errs := []error{d.reader.Close()}
	if d.writer != d.reader {
		errs = append(errs, d.writer.Close())
	}
	errs = append(errs, d.release())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// tune sets the limits of a pool. Idle connections stay open: making one costs more than
// keeping it.
func tune(pool *sql.DB, size int, life time.Duration) {
	pool.SetMaxOpenConns(size)
	pool.SetMaxIdleConns(size)
	pool.SetConnMaxLifetime(life)
}
