package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"modernc.org/sqlite"
)

// ErrInUse is the error of Open when another process has the SQLite file.
var ErrInUse = errors.New("another Franklin process is using this database file")

// readers is the number of reading connections on SQLite.
const readers = 4

func openSQLite(ctx context.Context, path string, o options) (*DB, error) {
	if err := checkLibc(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	lock, err := lockFile(path, o.alongside)
	if err != nil {
		return nil, err
	}
	d := &DB{engine: SQLite, lock: lock, url: "sqlite:" + path}
	o.alone = lock != nil
	if d.writer, err = sqlitePool(path, o, true); err == nil {
		// The writer goes first: it makes the file and switches it to WAL.
		err = d.writer.PingContext(ctx)
	}
	if err == nil {
		d.probe, err = openProbe(path)
	}
	if err == nil {
		d.reader, err = sqlitePool(path, o, false)
	}
	if err == nil {
		return d, nil
	}
	if d.writer != nil {
		err = errors.Join(err, d.writer.Close())
	}
	err = errors.Join(err, d.release())
	return nil, fmt.Errorf("open the database %s: %w", path, err)
}

// lockFile takes the lock that keeps a second process away. The lock lives in a file of
// its own beside the database and dies with the process. Alongside a running server it
// returns no lock.
func lockFile(path string, alongside bool) (*flock.Flock, error) {
	lock := flock.New(path+".lock", flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("lock the database %s: %w", path, err)
	case held:
		return lock, nil
	case alongside:
		return nil, lock.Close()
	default:
		return nil, fmt.Errorf("%w: %s (stop the other one first)", ErrInUse, path)
	}
}

// release closes what beside the pools belongs to a SQLite database.
func (d *DB) release() error {
	err := d.probe.close()
	if d.lock != nil {
		err = errors.Join(err, d.lock.Unlock())
	}
	return err
}

// sqlitePool opens a pool on the file. busy_timeout stands first, because the pragmas
// after it may already have to wait. Writing transactions begin IMMEDIATE: one that reads
// first and upgrades later cannot wait and would fail with SQLITE_BUSY. What is deleted or
// overwritten is made zeros: a stolen file must not tell what was forgotten.
//
// The writer keeps 4 MB of pages and each reader one, for which SQLite's allocator here takes
// twice that. What is logged goes back into the file after 4,000 pages (16 MB). A command may write
// very much, and ends soon: with 64 MB of each it writes a page once that it changes again and
// again. Beside a server it leaves the log as short as the server, whose next commit would have to
// put the rest back.
func sqlitePool(path string, o options, write bool) (*sql.DB, error) {
	logged, kept := 4000, 4000
	if o.alongside {
		kept = 64_000
	}
	if o.alongside && o.alone {
		logged = 16_000
	}
	values := url.Values{"_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(1)", "temp_store(MEMORY)", fmt.Sprintf("journal_size_limit(%d)", logged<<12), fmt.Sprintf("wal_autocheckpoint(%d)", logged),
	}}
	size := 1
	if write {
		values.Set("_txlock", "immediate")
		values.Add("_pragma", fmt.Sprintf("cache_size(-%d)", kept))
	} else { // what they read often is in the system's cache, which they share
		values.Add("_pragma", "query_only(1)")
		values.Add("_pragma", "cache_size(-1000)")
		size = readers
	}
	name := &url.URL{Scheme: "file", Path: filepath.ToSlash(path), OmitHost: true, RawQuery: values.Encode()}
	connector, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, fmt.Errorf("database file name: %w", err)
	}
	pool := sql.OpenDB(keeping{connector, sealing{o.ring}})
	tune(pool, size, 0)
	return pool, nil
}
