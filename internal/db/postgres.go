package db

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// keepAlive is how often an idle connection is probed, so that a primary that vanished
// without a word is noticed within a minute.
const keepAlive = 15 * time.Second

func openPostgres(url string, o options) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		// pgx takes the password out of its message.
		return nil, fmt.Errorf("database address: %w", err)
	}
	harden(config)
	pool := sql.OpenDB(sealingPostgres{stdlib.GetConnector(*config), sealing{o.ring}})
	tune(pool, max(o.maxConns, 2), 30*time.Minute)
	return &DB{engine: Postgres, writer: pool, reader: pool, url: url}, nil
}

// harden sets what every connection must have. remote_apply is stronger than on, and
// stays.
func harden(config *pgx.ConnConfig) {
	set := config.RuntimeParams
	if set["synchronous_commit"] != "remote_apply" {
		set["synchronous_commit"] = "on"
	}
	if set["application_name"] == "" {
		set["application_name"] = "franklin"
	}
	// A process that hangs inside a transaction must not hold its locks for ever.
	set["idle_in_transaction_session_timeout"] = "60000"
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	config.DialFunc = (&net.Dialer{Timeout: config.ConnectTimeout, KeepAlive: keepAlive}).DialContext
}

// Analyze lets PostgreSQL count what is in tables that have just grown by much. Until it has, at
// its next housekeeping, it reads such a table whole for a few keys. SQLite does not ask.
func (d *DB) Analyze(ctx context.Context, tables ...string) error {
	if d.engine != Postgres {
		return nil
	}
	for _, table := range tables {
		if !plain(table) {
			return fmt.Errorf("analyze: %q is not the plain name of a table", table)
		}
	}
	if _, err := d.writer.ExecContext(ctx, "ANALYZE "+strings.Join(tables, ", ")); err != nil {
		return Fault(fmt.Errorf("analyze tables: %w", err))
	}
	return nil
}

// Listener opens a pool of one connection for LISTEN, which package jobs hands to River.
// The caller closes it.
func (d *DB) Listener(ctx context.Context) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(d.url)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	harden(config.ConnConfig)
	config.MinConns, config.MinIdleConns, config.MaxConns = 0, 0, 1
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the listening connection: %w", err)
	}
	return pool, nil
}
