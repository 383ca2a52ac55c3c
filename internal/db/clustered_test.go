package db_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

// TestClusteringKeepsWhatIsThere brings a database of the release before up to date.
func TestClusteringKeepsWhatIsThere(t *testing.T) {
	d := dbtest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "old.db"))
	before, err := goose.NewProvider(goose.DialectSQLite3, d.SQL(), os.DirFS("migrations"), goose.WithTableName("schema_migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := before.UpTo(t.Context(), 22); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"INSERT INTO subscriptions (supporter_id, list, since, confirmed_at) VALUES ('b', 'updates', 1, 0), ('a', 'updates', 2, 3)",
		"INSERT INTO suppressions (address, list, reason, created_at) VALUES ('x', '', 'complaint', 1)",
	} {
		if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const indexes = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name NOT LIKE 'river%' ORDER BY name"
	want := strs(t, d, indexes)
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strs(t, d, indexes); len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("the indexes are\n%q, they were\n%q", got, want)
	}
	for _, c := range []struct{ statement, want string }{
		{"SELECT supporter_id || since || confirmed_at FROM subscriptions ORDER BY since", "b10 a23"},
		{"SELECT address || reason FROM suppressions", "xcomplaint"},
	} {
		if got := strings.Join(strs(t, d, c.statement), " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.statement, got, c.want)
		}
	}
	for _, table := range []string{"letter_history", "mailing_recipients", "person_tags", "subscriptions", "suppressions"} {
		var rows int
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT count(rowid) FROM "+table).Scan(&rows); err == nil {
			t.Errorf("the rows of %s still have numbers", table)
		}
	}
}
