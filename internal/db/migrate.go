package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/franklin-letters/franklin/internal/jobs/schema"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the number of PostgreSQL's advisory lock for migrations: "franklin" in
// ASCII, so that it meets no other program's.
const migrationLock = 0x6672616e6b6c696e

// Migrate brings our tables and the job queue's up to date. It only goes forward, does
// nothing (in about a millisecond) when all is current, and lets one node at a time work:
// the others wait up to five minutes and then find nothing to do.
func (d *DB) Migrate(ctx context.Context) error {
	current, err := d.Current(ctx)
	if err != nil || current {
		return err
	}
	if d.engine == SQLite {
		if d.lock == nil {
			return fmt.Errorf("%w, and its tables are older than this program: restart it with this program first", ErrInUse)
		}
		return Fault(d.migrate(ctx))
	}
	return Fault(d.migrateLocked(ctx))
}

// migrateLocked holds the session lock on a connection of its own. The lock needs a direct
// connection; through a pooler in transaction mode it would guard nothing.
func (d *DB) migrateLocked(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(migrationLock), lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("prepare the migration lock: %w", err)
	}
	conn, err := d.writer.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to migrate: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for another node's migration: %w", err)
	}
	err = d.migrate(ctx)
	if e := locker.SessionUnlock(context.WithoutCancel(ctx), conn); e != nil {
		err = errors.Join(err, fmt.Errorf("release the migration lock: %w", e))
	}
	return err
}

func (d *DB) migrate(ctx context.Context) error {
	provider, err := d.provider()
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return schema.Migrate(ctx, d.writer, d.engine == Postgres)
}

// Current reports whether the tables are at least as new as this program needs. Newer ones
// are fine: migrations are additive, so that the previous release runs beside the next.
func (d *DB) Current(ctx context.Context) (bool, error) {
	version, err := d.SchemaVersion(ctx)
	if err != nil || version == 0 {
		return false, err
	}
	target, err := TargetVersion()
	if err != nil || version < target {
		return false, err
	}
	return schema.Current(ctx, d.writer, d.engine == Postgres)
}

// SchemaVersion returns the number of the newest migration in the database; 0 when it is
// empty.
func (d *DB) SchemaVersion(ctx context.Context) (int64, error) {
	statement := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
	if d.engine == Postgres {
		statement = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migrations'"
	}
	var tables int
	if err := d.reader.QueryRowContext(ctx, statement).Scan(&tables); err != nil || tables == 0 {
		return 0, Fault(err)
	}
	var version sql.NullInt64
	err := d.reader.QueryRowContext(ctx, "SELECT max(version_id) FROM schema_migrations WHERE is_applied").Scan(&version)
	if err != nil {
		return 0, Fault(fmt.Errorf("read the schema version: %w", err))
	}
	return version.Int64, nil
}

// TargetVersion returns the number of the newest migration that this program knows.
func TargetVersion() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(err, errors.New("no migrations"))
	}
	version, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		return 0, fmt.Errorf("name of a migration: %w", err)
	}
	return max(version, clusteredVersion), nil
}

func (d *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, d.writer, files,
		goose.WithTableName("schema_migrations"), goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(clusteredMigration(d.engine)))
	if err != nil {
		return nil, fmt.Errorf("prepare the migrations: %w", err)
	}
	return provider, nil
}
