package privacy_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/privacy"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

// schema returns the columns of our own tables as "table.column".
func schema(t *testing.T, d *db.DB) []string {
	t.Helper()
	rows, err := d.SQL().QueryContext(t.Context(), `
		SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'river_%' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_migrations'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// unaccounted lists what is wrong with the inventory of a schema.
func unaccounted(schema []string) []string {
	told := map[string]int{}
	for _, h := range privacy.Holdings() {
		for _, c := range h.Columns {
			told[c]++
		}
	}
	for _, c := range privacy.Impersonal() {
		told[c]++
	}
	var wrong []string
	for _, c := range schema {
		switch told[c] {
		case 0:
			wrong = append(wrong, c+" is in no holding and not named as impersonal")
		case 1:
		default:
			wrong = append(wrong, c+" is told twice")
		}
		delete(told, c)
	}
	for c := range told {
		wrong = append(wrong, c+" is told and not there")
	}
	return wrong
}

func TestEveryColumnIsAccountedFor(t *testing.T) {
	all := schema(t, dbtest.New(t))
	if len(all) < 90 {
		t.Fatalf("only %d columns found", len(all))
	}
	for _, wrong := range unaccounted(all) {
		t.Error(wrong)
	}
}

// TestNewColumnIsNoticed proves the check above.
func TestNewColumnIsNoticed(t *testing.T) {
	d := dbtest.New(t)
	if _, err := d.SQL().ExecContext(t.Context(), "ALTER TABLE submissions ADD COLUMN birthday text NOT NULL DEFAULT ''"); err != nil {
		t.Fatal(err)
	}
	if wrong := unaccounted(schema(t, d)); len(wrong) != 1 || !strings.HasPrefix(wrong[0], "submissions.birthday") {
		t.Errorf("%v", wrong)
	}
	without := slices.DeleteFunc(schema(t, dbtest.New(t)), func(c string) bool { return c == "letters.message" })
	if wrong := unaccounted(without); len(wrong) != 1 || !strings.HasPrefix(wrong[0], "letters.message") {
		t.Errorf("%v", wrong)
	}
}

// TestWhatNamesSomebodyIsSealed: what tells who wrote what is sealed in the database. Not
// sealed are hashes, and that by which people are chosen: the place, and from where they came.
func TestWhatNamesSomebodyIsSealed(t *testing.T) {
	open := map[string]bool{
		"supporters.email_key": true, "supporters.zip": true, "supporters.state": true, "supporters.seat": true, "supporters.source": true,
		"staff.email_key": true, "staff.name": true, "staff.role": true, "staff.created_at": true, "staff.signed_in_at": true, "staff.disabled_at": true,
	}
	seen := 0
	for _, h := range privacy.Holdings() {
		if !slices.Contains([]string{"submissions", "letters", "reasons", "supporters", "staff"}, h.Name) {
			continue
		}
		for _, c := range h.Columns {
			seen++
			if slices.Contains(db.SealedColumns(), c) == open[c] {
				t.Errorf("%s: sealed is %v", c, open[c])
			}
		}
	}
	if seen != len(db.SealedColumns())+len(open) {
		t.Errorf("%d columns name somebody, %d are sealed", seen, len(db.SealedColumns()))
	}
}

func TestInventory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, h := range inventory(t, d) {
			if h.Rows != 0 || !h.Oldest.IsZero() {
				t.Errorf("an empty database holds %+v", h)
			}
			if h.Whose == "" || h.What == "" || h.Until == "" || len(h.Columns) == 0 {
				t.Errorf("%s is not told whole: %+v", h.Name, h)
			}
		}
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for _, at := range []time.Time{noon.Add(time.Hour), noon} {
				if err := audit.Record(ctx, tx, audit.Entry{At: at, Who: "ada", Action: audit.LetterView}); err != nil {
					return err
				}
			}
			_, err := tx.InsertRows(ctx, db.Insert{
				Table: "supporters", Columns: []string{"id", "email_key", "email", "created_at", "updated_at"},
			}, [][]any{{"a", "a", "a@example.org", stamp.Of(noon), stamp.Of(noon)}, {"b", "b", "", stamp.Of(noon), stamp.Of(noon)}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]int64{"audit": 2, "supporters": 1} // who is forgotten is not held
		for _, h := range inventory(t, d) {
			if h.Rows != want[h.Name] || h.Rows > 0 && !h.Oldest.Equal(noon) {
				t.Errorf("%s: %d rows since %v, want %d", h.Name, h.Rows, h.Oldest, want[h.Name])
			}
		}
	})
}

func inventory(t *testing.T, d *db.DB) []privacy.Held {
	t.Helper()
	all, err := privacy.Inventory(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
