package app_test

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
)

// canaries are texts of the form below, and of what is made of them, that must be nowhere
// but in the server's memory.
func canaries(form url.Values) []string {
	var all []string
	for _, field := range []string{"first_name", "last_name", "email", "address1", "address2", "city", "phone", "subject", "message"} {
		all = append(all, form.Get(field))
	}
	return append(all, "xochiquetzal@", "Xochiquetzal", "82001-4321", "very own words", "Nextdoor", "4412 Wardwell", "Carpenter")
}

// silent fails for each text that is in the content, with what stands around it.
func silent(t *testing.T, where, content string, texts []string) {
	t.Helper()
	for _, text := range texts {
		if at := strings.Index(content, text); at >= 0 {
			t.Errorf("the %s holds %q: %q", where, text, content[max(0, at-60):min(len(content), at+len(text)+60)])
		}
	}
}

// PRIV-SAFE-2: a stolen database names nobody. Letters go the whole way, with all that may
// happen to them; afterwards neither the database's files, nor its log, nor a backup, nor the
// program's log holds a word of them. What is not sealed is found there.
func TestPRIV_SAFE_2_AStolenDatabaseNamesNobody(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		if err := w.capitol.Script(
			cwctest.Act{Do: cwctest.Refuse, Text: "The value 'Xochiquetzal' of xochiquetzal@example.org is invalid"},
		); err != nil {
			t.Fatal(err)
		}
		form := typed("first_name", "Xochiquetzal", "last_name", "Muñoz-Ibáñez", "email", "xochiquetzal@example.org", "address1", "4411 Wardwell Lane",
			"address2", "Apartment 77B", "city", "Cheyenne", "zip", "82001-4321", "phone", "307-555-0188",
			"subject", "My very own subject", "message", "My very own words about this bill.", "join", "on")
		p := w.start()
		receipt := p.send(form)
		p.until(receipt, "The mail system did not take this letter")
		if body := p.read(receipt); !strings.Contains(body, "My very own words") {
			t.Errorf("the receipt does not show the letter:\n%s", body)
		}
		p.until(p.send(typed("first_name", "Nextdoor", "last_name", "Carpenter", "email", "xochiquetzal@example.org", "address1", "4412 Wardwell Lane",
			"message", "More of my very own words.")), "accepted")
		for where, content := range stolen(t, database) {
			silent(t, where, content, canaries(form))
			if !strings.Contains(content, "loophole") {
				t.Errorf("the %s holds not even the campaign: what is looked at is not the database", where)
			}
		}
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		silent(t, "log", w.log.String(), canaries(form))
		dump := unsealedDump(t, database)
		silent(t, "dump", dump, canaries(form))
		if !strings.Contains(dump, "82001") { // a person's ZIP code is not sealed
			t.Error("the dump lacks what is not sealed")
		}
	})
}

// stolen returns what a thief of the files finds, by where.
func stolen(t *testing.T, database string) map[string]string {
	t.Helper()
	d := dbtest.Open(t, database, db.Alongside())
	path, isFile := db.File(database)
	if isFile {
		copied := filepath.Join(t.TempDir(), "backup.db")
		if _, err := d.SQL().ExecContext(t.Context(), "VACUUM INTO '"+copied+"'"); err != nil {
			t.Fatal(err)
		}
		return map[string]string{"database with its log": files(t, path, path+"-wal"), "backup": files(t, copied)}
	}
	var folder string
	if err := d.SQL().QueryRowContext(t.Context(), "SHOW data_directory").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SQL().ExecContext(t.Context(), "CHECKPOINT"); err != nil {
		t.Fatal(err)
	}
	var name string
	if err := d.SQL().QueryRowContext(t.Context(), "SELECT oid::text FROM pg_database WHERE datname = current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(filepath.Join(folder, "base", name, "*"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := filepath.Glob(filepath.Join(folder, "pg_wal", "0*"))
	if err != nil || len(tables) < 20 || len(log) == 0 {
		t.Fatalf("%d files of tables and %d of the log, %v", len(tables), len(log), err)
	}
	return map[string]string{"tables": files(t, tables...), "write-ahead log": files(t, log...)}
}

// files returns the content of files, one after the other. PostgreSQL may take one away
// meanwhile.
func files(t *testing.T, paths ...string) string {
	t.Helper()
	var all strings.Builder
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

// unsealedDump returns every value of our own tables as the database has it: PostgreSQL
// keeps long ones compressed.
func unsealedDump(t *testing.T, database string) string {
	t.Helper()
	d := dbtest.Open(t, database, db.Alongside())
	columns := `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if d.Engine() == db.Postgres {
		columns = `SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	rows, err := d.SQL().QueryContext(t.Context(), columns)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	var selects []string
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		selects = append(selects, `SELECT '=' || CAST("`+column+`" AS text) FROM "`+table+`" WHERE "`+column+`" IS NOT NULL`)
	}
	if err := rows.Err(); err != nil || len(selects) < 100 {
		t.Fatalf("%d columns, %v", len(selects), err)
	}
	var all strings.Builder
	for _, statement := range selects {
		values, err := d.SQL().QueryContext(t.Context(), statement)
		if err != nil {
			t.Fatal(err)
		}
		for values.Next() {
			var value string
			if err := values.Scan(&value); err != nil {
				t.Fatal(err)
			}
			all.WriteString(value + "\n")
		}
		if err := errors.Join(values.Err(), values.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// TestPRIV_SAFE_2_WithoutItsKeyRingTheServerDoesNotStart, and says why in one line.
func TestPRIV_SAFE_2_WithoutItsKeyRingTheServerDoesNotStart(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		w.settings.Keyring = filepath.Join(t.TempDir(), "keyring")
		p := w.start()
		p.until(p.send(typed()), "accepted")
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		hidden := w.settings.Keyring + ".away"
		if err := os.Rename(w.settings.Keyring, hidden); err != nil {
			t.Fatal(err)
		}
		_, err := app.New(t.Context(), w.settings, w.options)
		if !errors.Is(err, db.ErrLocked) || !strings.Contains(err.Error(), w.settings.Keyring) || strings.Contains(err.Error(), "\n") {
			t.Errorf("it says %v", err)
		}
		if _, err := app.OpenBackOffice(t.Context(), w.settings, w.clock.now); !errors.Is(err, db.ErrLocked) {
			t.Errorf("a command says %v", err)
		}
		if _, err := os.Stat(w.settings.Keyring); err == nil {
			t.Error("it makes another ring")
		}
		if err := os.Rename(hidden, w.settings.Keyring); err != nil {
			t.Fatal(err)
		}
		if err := w.start().stop(); err != nil {
			t.Errorf("with the ring back it ends with %v", err)
		}
	})
}

// TestPRIV_SAFE_2_TheKeyChangesWhileTheServerRuns: an operator adds a key and chooses it; the running
// server takes it up, seals the rest anew, and the old key can go.
func TestPRIV_SAFE_2_TheKeyChangesWhileTheServerRuns(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		w.settings.Keyring = filepath.Join(t.TempDir(), "keyring")
		p := w.start()
		first := p.send(typed())
		p.until(first, "accepted")
		b, err := app.OpenBackOffice(t.Context(), w.settings, w.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = b.Close(t.Context()) }()
		old := b.DB.KeyIDs()[0]
		id, err := b.DB.AddKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := b.DB.UseKey(t.Context(), id, w.clock.now()); err != nil {
			t.Fatal(err)
		}
		w.clock.forward(2 * time.Minute)
		for deadline := time.Now().Add(90 * time.Second); ; {
			p.send(typed("email", letter.NewKey()+"@example.org", "last_name", "Bentley"))
			under, err := b.DB.SealedUnder(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if under[id] > 0 && under[old] == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("sealed are %v, want all under %s\n%s", under, id, w.log)
			}
			time.Sleep(200 * time.Millisecond)
		}
		if err := b.DB.DropKey(t.Context(), old, w.clock.now()); err != nil {
			t.Error(err)
		}
		if body := p.read(first); !strings.Contains(body, "2101 O'Neil Ave") {
			t.Errorf("the first receipt does not open any more:\n%s", body)
		}
	})
}
