package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver that Franklin uses

	"github.com/franklin-letters/franklin/congress"
)

// The databases get the same rows under an index that holds whole rows, and the key that
// Franklin has to work out from what was typed. So they answer less: no spelling but one.
const (
	columns    = "zip integer NOT NULL, street text NOT NULL, low integer NOT NULL, high integer NOT NULL, parity integer NOT NULL, seat text NOT NULL"
	streetText = "SELECT seat FROM streets WHERE zip = $1 AND street = $2 AND low <= $3 AND high >= $3 AND parity & $4 <> 0 LIMIT 1"
)

// key is a row as the databases keep it.
func (r streetRow) key() []any {
	return []any{int64(r.zip), r.street.String(), int64(r.low), int64(r.high), int64(r.parity), r.seat.String()}
}

// arguments are those of streetText.
func (q *question) arguments() []any {
	return []any{int64(q.zip), q.street, int64(q.number), int64(2 - q.number&1)}
}

// answered holds what a database found against what is known.
func (q *question) answered(text string, err error) (bool, error) {
	switch {
	case errors.Is(err, sql.ErrNoRows) || errors.Is(err, pgx.ErrNoRows):
		return q.seat.IsZero(), nil
	case err != nil:
		return false, err
	}
	seat, err := congress.ParseSeat(text)
	return seat == q.seat, err
}

// sqlite is Franklin's own database with a table that is its index.
func (s *streetContest) sqlite(ctx context.Context, open *closers) (streetPeer, error) {
	dir, err := os.MkdirTemp("", "district-bench-")
	if err != nil {
		return streetPeer{}, err
	}
	open.add(func() error { return os.RemoveAll(dir) })
	name := filepath.Join(dir, "streets.db")
	db, err := sql.Open("sqlite", "file:"+name+"?_pragma=journal_mode(off)&_pragma=synchronous(off)&_pragma=cache_size(-1000000)&_pragma=mmap_size(1000000000)")
	if err != nil {
		return streetPeer{}, err
	}
	open.add(db.Close)
	db.SetMaxOpenConns(1)
	start := time.Now()
	if err := s.fillSQLite(ctx, db); err != nil {
		return streetPeer{}, err
	}
	r := &result{Name: "SQLite, prepared, keys given", Ready: time.Since(start)}
	info, err := os.Stat(name)
	if err != nil {
		return streetPeer{}, err
	}
	r.Megabytes = float64(info.Size()) / (1 << 20)
	statement, err := db.PrepareContext(ctx, streetText)
	if err != nil {
		return streetPeer{}, err
	}
	open.add(statement.Close)
	return streetPeer{result: r, kinds: misspelt, few: true, clients: []asker{
		func(ctx context.Context, _ int, q *question) (bool, error) {
			var text string
			err := statement.QueryRowContext(ctx, q.arguments()...).Scan(&text)
			return q.answered(text, err)
		},
	}}, nil
}

// fillSQLite writes all rows in one transaction.
func (s *streetContest) fillSQLite(ctx context.Context, db *sql.DB) (err error) {
	if _, err := db.ExecContext(ctx, "CREATE TABLE streets ("+columns+", PRIMARY KEY (zip, street, low, parity)) WITHOUT ROWID"); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO streets VALUES ($1, $2, $3, $4, $5, $6)")
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	for _, row := range s.rows {
		if _, err := insert.ExecContext(ctx, row.key()...); err != nil {
			return errors.Join(err, insert.Close(), tx.Rollback())
		}
	}
	return errors.Join(insert.Close(), tx.Commit())
}

// postgres is a throw-away cluster with an index that holds whole rows.
func (s *streetContest) postgres(ctx context.Context, open *closers) ([]streetPeer, error) {
	server, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	open.add(server.stop)
	var clients [2]*pgx.Conn
	var askers []asker
	for i := range clients {
		client, err := pgx.Connect(ctx, server.url)
		if err != nil {
			return nil, err
		}
		open.add(func() error { return client.Close(context.WithoutCancel(ctx)) })
		clients[i] = client
		askers = append(askers, func(ctx context.Context, _ int, q *question) (bool, error) {
			var text string
			err := client.QueryRow(ctx, streetText, q.arguments()...).Scan(&text)
			return q.answered(text, err)
		})
	}
	start := time.Now()
	megabytes, err := s.fillPostgres(ctx, clients[0])
	if err != nil {
		return nil, err
	}
	one := result{Name: "PostgreSQL, prepared, keys given, 1 client", Ready: time.Since(start), Megabytes: megabytes}
	two := one
	two.Name = "PostgreSQL, prepared, keys given, 2 clients"
	pid := server.cmd.Process.Pid
	return []streetPeer{
		{result: &one, server: pid, kinds: misspelt, few: true, clients: askers[:1]},
		{result: &two, server: pid, kinds: misspelt, few: true, clients: askers},
	}, nil
}

// fillPostgres copies all rows and returns the size of table and index.
func (s *streetContest) fillPostgres(ctx context.Context, db *pgx.Conn) (megabytes float64, err error) {
	if _, err := db.Exec(ctx, "CREATE TABLE streets ("+columns+")"); err != nil {
		return 0, err
	}
	names := []string{"zip", "street", "low", "high", "parity", "seat"}
	source := pgx.CopyFromSlice(len(s.rows), func(i int) ([]any, error) { return s.rows[i].key(), nil })
	if _, err := db.CopyFrom(ctx, pgx.Identifier{"streets"}, names, source); err != nil {
		return 0, err
	}
	for _, sql := range []string{
		"CREATE INDEX streets_key ON streets (zip, street, low) INCLUDE (high, parity, seat)",
		"VACUUM ANALYZE streets",
	} {
		if _, err := db.Exec(ctx, sql); err != nil {
			return 0, err
		}
	}
	var bytes int64
	err = db.QueryRow(ctx, "SELECT pg_total_relation_size('streets')").Scan(&bytes)
	return float64(bytes) / (1 << 20), err
}
