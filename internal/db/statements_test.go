package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// TestStatementsAreKeptApart: a connection keeps its statements for the next time. One that
// is asked again while its first answer is being read, one that failed, and one whose table
// was changed meanwhile all answer as if it kept none.
func TestStatementsAreKeptApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put := func(ctx context.Context, tx *db.Tx, name, value string) {
			t.Helper()
			if err := tx.PutSetting(ctx, query.PutSettingParams{Name: name, Value: value}); err != nil {
				t.Error(err)
			}
		}
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for i := range 200 { // more than are kept
				put(ctx, tx, fmt.Sprintf("kept-%03d", i), "x")
				var n int
				statement := fmt.Sprintf("SELECT count(*) + %d FROM settings WHERE name LIKE 'kept-%%'", i)
				if err := tx.SQL().QueryRowContext(ctx, statement).Scan(&n); err != nil || n != 2*i+1 {
					t.Fatalf("statement %d gives %d, %v", i, n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		if _, err := d.Read().Setting(ended, "kept-001"); err == nil {
			t.Error("a statement ran although nobody waited for it")
		}
		for range 3 {
			if value, err := d.Read().Setting(t.Context(), "kept-001"); err != nil || value != "x" {
				t.Errorf("%q, %v", value, err)
			}
		}
	})
}

// TestAStatementRunsInItself: on SQLite two readers of one connection do not disturb each
// other, and a new column shows.
func TestAStatementRunsInItself(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	conn, err := d.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	exec := func(statement string) {
		t.Helper()
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TABLE pair (a INTEGER)")
	exec("INSERT INTO pair VALUES (1), (2)")
	const all = "SELECT * FROM pair ORDER BY a"
	read := func(within func()) (got []int) {
		t.Helper()
		rows, err := conn.QueryContext(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var a int
			if err := rows.Scan(&a); err != nil {
				t.Fatal(err)
			}
			got = append(got, a)
			if within != nil {
				within()
			}
		}
		if rows.Err() != nil {
			t.Fatal(rows.Err())
		}
		return got
	}
	for range 2 {
		outer := read(func() {
			if inner := read(nil); fmt.Sprint(inner) != "[1 2]" {
				t.Errorf("inside: %v", inner)
			}
		})
		if fmt.Sprint(outer) != "[1 2]" {
			t.Errorf("outside: %v", outer)
		}
	}
	exec("ALTER TABLE pair ADD COLUMN b INTEGER NOT NULL DEFAULT 7")
	rows, err := conn.QueryContext(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if columns, err := rows.Columns(); err != nil || rows.Err() != nil || len(columns) != 2 {
		t.Errorf("after the change: %v, %v", columns, err)
	}
}
