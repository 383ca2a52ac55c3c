package db_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

var settingRows = db.Insert{Table: "settings", Columns: []string{"name", "value"}}

func numbered(from, to int) [][]any {
	var rows [][]any
	for i := from; i < to; i++ {
		rows = append(rows, []any{fmt.Sprintf("n%05d", i), "it's \"é\" $1 ?"})
	}
	return rows
}

func TestInsertRows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		total := 0
		for _, n := range []int{0, 1, 31, 32, 33, 1000} {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				got, err := tx.InsertRows(ctx, settingRows, numbered(total, total+n))
				if got != int64(n) {
					t.Errorf("%d rows: %d inserted", n, got)
				}
				return err
			})
			total += n
			if err != nil || settings(t, d) != total {
				t.Errorf("%d rows: %v", n, err)
			}
		}
	})
}

func TestInsertRowsReturnsWhatIsNew(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in := settingRows
		in.Suffix = "ON CONFLICT (name) DO NOTHING RETURNING name"
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.InsertRows(ctx, settingRows, numbered(0, 300)); err != nil {
				return err
			}
			got, err := tx.InsertRowsReturning(ctx, in, numbered(295, 900))
			slices.Sort(got)
			if len(got) != 600 || got[0] != "n00300" || got[599] != "n00899" {
				t.Errorf("%d new rows", len(got))
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestWideRowsStayUnderTheLimit: SQLite refuses a statement with 32,767 parameters, and
// takes many seconds for one of 32,000 when they are numbered.
func TestWideRowsStayUnderTheLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		wide := db.Insert{Table: "wide"}
		row := []any{}
		for i := range 400 {
			wide.Columns = append(wide.Columns, fmt.Sprintf("c%d", i))
			row = append(row, i)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		err := d.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.SQL().ExecContext(ctx, "CREATE TABLE wide ("+strings.Join(wide.Columns, " bigint, ")+" bigint)"); err != nil {
				return err
			}
			n, err := tx.InsertRows(ctx, wide, slices.Repeat([][]any{row}, 200))
			if n != 200 {
				t.Errorf("%d rows inserted", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestInsertRowsOfEveryType: what goes in by either engine's statement comes out.
func TestInsertRowsOfEveryType(t *testing.T) {
	type name string
	every := db.Insert{Table: "every", Columns: []string{"n", "word", "yes", "raw", "part"}, Suffix: "ON CONFLICT (n) DO NOTHING"}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.SQL().ExecContext(ctx, "CREATE TABLE every (n bigint PRIMARY KEY, word text, yes boolean, raw bytea, part double precision)")
			if err != nil {
				return err
			}
			var rows [][]any
			for i := range 75 {
				rows = append(rows, []any{stamp.Time(i), name(strings.Repeat(`{"é",NULL}`, i)), i%3 == 0, []byte(strings.Repeat("\x00\xff", i)), float64(i) / 7})
			}
			if n, err := tx.InsertRows(ctx, every, rows); err != nil || n != 75 {
				t.Errorf("%d rows inserted, %v", n, err)
			}
			for i, want := range rows {
				var word name
				var yes bool
				var raw []byte
				var part float64
				err := tx.SQL().QueryRowContext(ctx, "SELECT word, yes, raw, part FROM every WHERE n = $1", i).Scan(&word, &yes, &raw, &part)
				if err != nil || word != want[1] || yes != want[2] || string(raw) != string(want[3].([]byte)) || part != want[4] {
					t.Errorf("row %d is %q, %t, %q, %g, %v", i, word, yes, raw, part, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestInsertRowsWithTheSame: what is the same in all rows need not stand in them.
func TestInsertRowsWithTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in := db.Insert{
			Table: "supporters", Columns: []string{"id", "email_key", "email", "first_name", "created_at", "updated_at"},
			Same: []any{"Ann", stamp.Time(7), 8}, Suffix: "ON CONFLICT (email_key) DO NOTHING",
		}
		var rows [][]any
		for i := range 75 {
			rows = append(rows, []any{fmt.Sprintf("p%02d", i), fmt.Sprintf("k%02d", i), fmt.Sprintf("p%d@example.org", i)})
		}
		if err := d.SealRows(in, rows[:40]); err != nil { // the others are sealed as they go in
			t.Fatal(err)
		}
		for _, want := range []int64{75, 0} {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				n, err := tx.InsertRows(ctx, in, rows)
				if n != want {
					t.Errorf("%d rows inserted, not %d", n, want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range rows {
			p, err := d.Read().SupporterByID(t.Context(), fmt.Sprintf("p%02d", i))
			if err != nil || string(p.Email) != fmt.Sprintf("p%d@example.org", i) || p.FirstName != "Ann" || p.CreatedAt != 7 || p.UpdatedAt != 8 {
				t.Errorf("row %d is %+v, %v", i, p, err)
			}
		}
		if n := len(strs(t, d, "SELECT id FROM supporters WHERE email LIKE '%@%' OR first_name = 'Ann'")); n != 0 {
			t.Errorf("%d rows are not sealed", n)
		}
	})
}

// TestInsertRowsOfNoType: values that no column has, or not all of one, are an error and no panic.
func TestInsertRowsOfNoType(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, rows := range [][][]any{{{"n", struct{}{}}}, {{"n", "v"}, {"m", 1}}} {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.InsertRows(ctx, settingRows, rows)
				return err
			})
			if err == nil && d.Engine() == db.Postgres {
				t.Errorf("%v was inserted", rows)
			}
		}
	})
}

func TestInsertRowsChecksItsNames(t *testing.T) {
	d := dbtest.New(t)
	long := strings.Repeat("a", 64)
	for _, in := range []db.Insert{
		{Table: "settings"},
		{Table: "settings", Columns: []string{"name", "value"}, Same: []any{"n", "v"}},
		{Table: "", Columns: []string{"name", "value"}},
		{Table: "settings; DROP TABLE letters", Columns: []string{"name", "value"}},
		{Table: "Settings", Columns: []string{"name", "value"}},
		{Table: "settings", Columns: []string{"name", "1st"}},
		{Table: "settings", Columns: []string{"name", "_x"}},
		{Table: "settings", Columns: []string{"name", `va"lue`}},
		{Table: "settings", Columns: []string{"name", long}},
		{Table: "settings", Columns: []string{"name"}}, // rows have two values
	} {
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.InsertRows(ctx, in, numbered(0, 1))
			return err
		})
		if err == nil {
			t.Errorf("%+v was accepted", in)
		}
	}
	if settings(t, d) != 0 {
		t.Error("something was inserted")
	}
}
