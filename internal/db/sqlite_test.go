package db_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

// TestMain lets the test binary play another process on a database.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "open-database" {
		_, err := db.Open(context.Background(), os.Args[2])
		switch {
		case errors.Is(err, db.ErrInUse):
			os.Stdout.WriteString("in use: " + err.Error())
		case err != nil:
			os.Stdout.WriteString("error: " + err.Error())
		default:
			os.Stdout.WriteString("opened")
		}
		os.Exit(0)
	}
	if len(os.Args) == 3 && os.Args[1] == "write-until-refused" {
		if err := writeUntilRefused(context.Background(), os.Args[2]); err != nil {
			os.Stdout.WriteString("error: " + err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestASecondProcessOnOneFileIsRefused(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	second := func() string {
		output, err := exec.CommandContext(t.Context(), os.Args[0], "open-database", url).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(output)
	}
	d, err := db.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if got := second(); !strings.HasPrefix(got, "in use: another Franklin process") {
		t.Errorf("while it is open: %s", got)
	}
	if _, err := db.Open(t.Context(), url); !errors.Is(err, db.ErrInUse) {
		t.Errorf("a second time in this process: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got := second(); got != "opened" {
		t.Errorf("after it was closed: %s", got)
	}
}

func TestAlongsideARunningServer(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	server := dbtest.Open(t, url)
	command := dbtest.Open(t, url, db.Alongside())
	if !server.Owner() || command.Owner() {
		t.Errorf("owner: server %v, command %v", server.Owner(), command.Owner())
	}
	if err := command.Migrate(t.Context()); err != nil {
		t.Errorf("current tables: %v", err)
	}
	must(t, command, "a", "1")
	if got, err := server.Read().Setting(t.Context(), "a"); err != nil || got != "1" {
		t.Errorf("the server reads %q, %v", got, err)
	}

	empty := "sqlite:" + filepath.Join(t.TempDir(), "empty.db")
	dbtest.Open(t, empty)
	if err := dbtest.Open(t, empty, db.Alongside()).Migrate(t.Context()); !errors.Is(err, db.ErrInUse) {
		t.Errorf("migrated under a running server: %v", err)
	}
}

// TestServerAndCommandTakeTurns: each transaction reads before it writes. Begun the
// ordinary way, it would fail with SQLITE_BUSY when the other process wrote in between.
func TestServerAndCommandTakeTurns(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	server, command := dbtest.Open(t, url), dbtest.Open(t, url, db.Alongside())
	must(t, server, "n", "")
	var wg sync.WaitGroup
	for _, d := range []*db.DB{server, command} {
		wg.Go(func() {
			for range 30 {
				err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
					value, err := tx.Setting(ctx, "n")
					if err != nil {
						return err
					}
					return put(ctx, tx, "n", value+"|")
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if value, err := server.Read().Setting(t.Context(), "n"); err != nil || len(value) != 60 {
		t.Errorf("%d turns, %v", len(value), err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	d := dbtest.New(t)
	if err := d.Read().PutSetting(t.Context(), query.PutSettingParams{Name: "a", Value: "1"}); err == nil {
		t.Error("a write outside a transaction went through")
	}
}

func TestAFullDiskIsUnavailableAndPasses(t *testing.T) {
	d := dbtest.New(t)
	exec := func(statement string) {
		t.Helper()
		if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("PRAGMA max_page_count = 1") // SQLite takes the present size at least
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return put(ctx, tx, "big", strings.Repeat("x", 1<<20))
	})
	if got := fault.KindOf(err); got != fault.Unavailable {
		t.Errorf("got %q (%v)", got, err)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("a full disk is no reason to end: %v", err)
	}
	exec("PRAGMA max_page_count = 1000000")
	must(t, d, "big", strings.Repeat("x", 1<<20))
}

func TestABrokenDiskEndsAllWriting(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	d := dbtest.Open(t, url)
	breakFile(t, strings.TrimPrefix(url, "sqlite:"))
	select {
	case <-d.Failed():
		t.Fatal("failed too early")
	default:
	}
	write := func() error {
		return d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return put(ctx, tx, "a", "1") })
	}
	if got := write(); fault.KindOf(got) != fault.Unavailable {
		t.Errorf("got %v", got)
	}
	select {
	case <-d.Failed():
	default:
		t.Error("nobody was told")
	}
	if err := write(); err == nil || !strings.Contains(err.Error(), "must end") {
		t.Errorf("the next write: %v", err)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("still reports to be well")
	}
}

// breakFile overwrites all pages of a database file but the first.
func breakFile(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(bytes.Repeat([]byte{0xa5}, int(info.Size())-4096), 4096); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestABrokenFileIsNotOpened(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	breakFile(t, strings.TrimPrefix(url, "sqlite:"))
	if d, err := db.Open(t.Context(), url); err == nil {
		t.Error("it was opened")
		_ = d.Close()
	}
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	for _, url := range []string{"", "sqlite:", ":memory:", "sqlite::memory:", "mysql://host/name", "postgres://%zz"} {
		if d, err := db.Open(t.Context(), url); err == nil {
			t.Errorf("%q was opened", url)
			_ = d.Close()
		}
	}
}

func TestPathsAreTakenAsTheyAre(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new folder")
	for _, name := range []string{"a b.db", "50%.db", "what?.db", "no#1.db", "ñ.db"} {
		path := filepath.Join(dir, name)
		dbtest.Open(t, "sqlite:"+path)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info, err)
	}
}
