package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/pgtemp"
	"github.com/franklin-letters/franklin/internal/fault"
)

func TestDurabilityOnEveryConnection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		settings, err := d.Durability(t.Context())
		if err != nil || len(settings) != 3 {
			t.Fatalf("%v, %v", settings, err)
		}
		for _, s := range settings {
			// The test server runs without fsync, and the report must say so.
			if want := s.Name != "fsync"; s.Safe != want {
				t.Errorf("%s = %s: safe is %v", s.Name, s.Value, s.Safe)
			}
		}
		err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			ask, want := "PRAGMA synchronous", "2"
			if d.Engine() == db.Postgres {
				ask, want = "SHOW synchronous_commit", "on"
			}
			var got string
			if err := tx.SQL().QueryRowContext(ctx, ask).Scan(&got); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s = %s inside a transaction, want %s", ask, got, want)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestSynchronousCommitIsForced: neither the address nor the server's default may weaken a
// commit; the stronger remote_apply may stay.
func TestSynchronousCommitIsForced(t *testing.T) {
	plain := dbtest.PostgresURL(t)
	d := dbtest.Open(t, plain)
	if _, err := d.SQL().ExecContext(t.Context(), "ALTER ROLE franklin SET synchronous_commit = off"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if _, err := d.SQL().ExecContext(t.Context(), "ALTER ROLE franklin RESET synchronous_commit"); err != nil {
			t.Error(err)
		}
	}()
	for asked, want := range map[string]string{"": "on", "off": "on", "local": "on", "remote_apply": "remote_apply"} {
		u, err := url.Parse(plain)
		if err != nil {
			t.Fatal(err)
		}
		values := u.Query()
		if asked != "" {
			values.Set("synchronous_commit", asked)
		}
		u.RawQuery = values.Encode()
		settings, err := dbtest.Open(t, u.String()).Durability(t.Context())
		if err != nil || settings[0].Value != want {
			t.Errorf("asked for %q: %v, %v; want %s", asked, settings, err, want)
		}
	}
}

// TestCommitWithoutStandbyIsNeverAcknowledged: with a synchronous standby that is away,
// Tx answers in time that the outcome is unknown, cancels nothing, and the commit goes
// through when the standby is no longer needed.
func TestCommitWithoutStandbyIsNeverAcknowledged(t *testing.T) {
	if err := pgtemp.Installed(); err != nil {
		t.Skip(err)
	}
	address, stop, err := pgtemp.Start(t.Context(), pgtemp.NoFsync)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	d := dbtest.Open(t, address)
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	standby := func(name string) {
		t.Helper()
		for _, statement := range []string{"ALTER SYSTEM SET synchronous_standby_names = '" + name + "'", "SELECT pg_reload_conf()"} {
			if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		wait(t, d, "SELECT current_setting('synchronous_standby_names') = $1", name)
	}
	standby("away")
	// The server's checkpointer puts the setting into force a moment after the backends
	// show it, so the first commits may still go through.
	name := ""
	var outcome error
	for i := 0; outcome == nil && i < 1000; i++ {
		name = fmt.Sprintf("a%d", i)
		outcome = putWithin(t, d, name, 300*time.Millisecond)
	}
	if !errors.Is(outcome, db.ErrCommitUnknown) || !fault.Is(outcome, fault.Unavailable) {
		t.Errorf("got %v, want an unknown outcome", outcome)
	}
	// A cancel would arrive a moment later; look for a while.
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for range 30 {
		<-tick.C
		if _, err := d.Read().Setting(t.Context(), name); !errors.Is(err, sql.ErrNoRows) {
			t.Fatalf("the commit shows although no standby has it (%v): something cancelled the wait", err)
		}
	}
	standby("")
	wait(t, d, "SELECT count(*) = 1 FROM settings WHERE name = $1", name)
}

func putWithin(t *testing.T, d *db.DB, name string, limit time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return put(ctx, tx, name, "1") })
}

// wait asks until the answer is true.
func wait(t *testing.T, d *db.DB, statement, arg string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(10 * time.Second); ; {
		var ok bool
		if err := d.SQL().QueryRowContext(t.Context(), statement, arg).Scan(&ok); err != nil {
			t.Fatal(err)
		}
		if ok {
			return
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never true: %s with %q", statement, arg)
		}
	}
}
