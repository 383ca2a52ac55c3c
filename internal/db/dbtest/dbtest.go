// Package dbtest gives tests a real, migrated, empty database, because we have no mocks of
// our own storage.
//
// New is a SQLite file, a copy of one migrated once per test binary: about a millisecond.
// Each runs a test on SQLite and on PostgreSQL. The PostgreSQL server is started once per
// test binary and ends with it, however it ends; each test gets a database of its own,
// cloned from a migrated template. Without PostgreSQL on the machine that half is skipped,
// except in CI, where it fails.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/pgtemp"
	"github.com/franklin-letters/franklin/internal/seal"
)

// New returns a fresh SQLite database, closed when the test ends.
func New(tb testing.TB) *db.DB {
	tb.Helper()
	return Open(tb, SQLiteURL(tb))
}

// Postgres returns a fresh PostgreSQL database, closed and dropped when the test ends.
func Postgres(tb testing.TB) *db.DB {
	tb.Helper()
	return Open(tb, PostgresURL(tb))
}

// Each runs the test on both engines as subtests.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, New(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// EachURL is Each for tests that open, close and reopen the database themselves.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLiteURL(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, PostgresURL(t)) })
}

// Keyring returns a file with the key ring that all databases of this test binary have.
func Keyring(tb testing.TB) string {
	tb.Helper()
	content, err := keyring()
	if err != nil {
		tb.Fatalf("make a key ring: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "keyring")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// keyring holds the bytes of a key ring.
var keyring = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "franklin-dbtest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ring, err := seal.At(filepath.Join(dir, "keyring"))
	if err != nil {
		return nil, err
	}
	if err := ring.Make(); err != nil {
		return nil, err
	}
	return os.ReadFile(ring.Path())
})

// Open opens a database with the key ring of Keyring. It is closed when the test ends.
func Open(tb testing.TB, url string, opts ...db.Option) *db.DB {
	tb.Helper()
	r, err := seal.At(Keyring(tb))
	if err != nil {
		tb.Fatal(err)
	}
	d, err := db.Open(tb.Context(), url, append([]db.Option{db.Sealed(r)}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	return d
}

// template holds the bytes of a migrated SQLite file.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "franklin-dbtest-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "template.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// SQLiteURL returns the address of a fresh SQLite database in the test's folder.
func SQLiteURL(tb testing.TB) string {
	tb.Helper()
	content, err := template()
	if err != nil {
		tb.Fatalf("migrate the SQLite template: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "franklin.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatal(err)
	}
	return "sqlite:" + path
}

// server is the address of the test binary's PostgreSQL, with a migrated database named
// template. It is never stopped here: it ends when the test binary does.
var server = sync.OnceValues(func() (string, error) {
	address, _, err := pgtemp.Start(context.Background(), pgtemp.NoFsync)
	if err != nil {
		return "", err
	}
	if err := run(address, "CREATE DATABASE template"); err != nil {
		return "", err
	}
	return address, migrate(database(address, "template"))
})

// clones numbers the databases of this test binary.
var clones atomic.Int64

// PostgresURL returns the address of a fresh PostgreSQL database, dropped when the test
// ends. It skips the test when there is no PostgreSQL, unless the variable CI is set.
func PostgresURL(tb testing.TB) string {
	tb.Helper()
	if err := pgtemp.Installed(); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	address, err := server()
	if err != nil {
		tb.Fatalf("start PostgreSQL: %v", err)
	}
	name := "test" + strconv.FormatInt(clones.Add(1), 10)
	if err := run(address, "CREATE DATABASE "+name+" TEMPLATE template"); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := run(address, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	return database(address, name)
}

// database returns the address of another database of the same server.
func database(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address // pgtemp made it
	}
	u.Path = "/" + name
	return u.String()
}

// run executes one statement in the server's own database.
func run(address, statement string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if _, err := d.SQL().ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func migrate(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx); err != nil {
		_ = d.Close() // the migration's error matters
		return err
	}
	return d.Close()
}
