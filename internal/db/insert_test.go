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
		for _, n := range []int{0, 1, 255, 256, 257, 1000} {
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

func TestInsertRowsChecksItsNames(t *testing.T) {
	d := dbtest.New(t)
	long := strings.Repeat("a", 64)
	for _, in := range []db.Insert{
		{Table: "settings"},
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
