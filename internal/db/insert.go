package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

// Insert describes an insert of many rows: the one statement that sqlc cannot write for
// both engines. Table and columns are plain lower-case names; Suffix is what follows the
// values, such as "ON CONFLICT (key) DO NOTHING RETURNING id"; it has no parameters. All
// three are constants of the program, never input.
type Insert struct {
	Table   string
	Columns []string
	// Same are the values of the last columns as far as they are the same in all rows. They go
	// to the engine once, and do not stand in the rows.
	Same   []any
	Suffix string
}

// maxParams and maxRows bound one statement of SQLite, which takes 32,766 parameters; one of
// 32 rows, when it was kept, costs next to nothing per row.
const (
	maxParams = 32_000
	maxRows   = 32
)

// InsertRows inserts the rows, each with one value per column but those of Same, and returns
// how many rows were really inserted or updated. The values of a column are of one kind. Texts in columns that
// are kept sealed are sealed.
func (t *Tx) InsertRows(ctx context.Context, in Insert, rows [][]any) (int64, error) {
	var affected int64
	err := t.chunks(in, rows, func(statement string, args []any) error {
		result, err := t.raw.ExecContext(ctx, statement, args...)
		if err != nil {
			return fmt.Errorf("insert into %s: %w", in.Table, err)
		}
		n, err := result.RowsAffected()
		affected += n
		return err
	})
	return affected, err
}

// InsertRowsReturning is InsertRows with a suffix that ends in RETURNING one text column,
// usually the id. It returns what the engine returned: with DO NOTHING the rows that were
// new. Their order is not promised.
func (t *Tx) InsertRowsReturning(ctx context.Context, in Insert, rows [][]any) ([]string, error) {
	returned := make([]string, 0, len(rows))
	err := t.chunks(in, rows, func(statement string, args []any) error {
		result, err := t.raw.QueryContext(ctx, statement, args...)
		if err != nil {
			return fmt.Errorf("insert into %s: %w", in.Table, err)
		}
		returned, err = collect(result, returned)
		if err != nil {
			return fmt.Errorf("insert into %s: %w", in.Table, err)
		}
		return nil
	})
	return returned, err
}

func collect(rows *sql.Rows, into []string) ([]string, error) {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			return into, err
		}
		into = append(into, value)
	}
	return into, rows.Err()
}

// chunks hands over the statements with their arguments, one after the other: on PostgreSQL
// there is one.
func (t *Tx) chunks(in Insert, rows [][]any, run func(statement string, args []any) error) error {
	if err := in.check(rows); err != nil || len(rows) == 0 {
		return err
	}
	if t.db.engine == Postgres {
		return t.whole(in, rows, run)
	}
	seals, own := in.seals(), len(rows[0])
	same := slices.Clone(in.Same)
	sealRow(same, seals[own:])
	most := min(maxRows, maxParams/len(in.Columns))
	for statement, of := "", 0; len(rows) > 0; {
		part := rows[:size(len(rows), most)]
		rows = rows[len(part):]
		args := append(make([]any, 0, len(same)+len(part)*own), same...)
		for _, row := range part {
			args = append(args, row...)
			sealRow(args[len(args)-own:], seals[:own])
		}
		if of != len(part) {
			statement, of = in.values(len(part)), len(part)
		}
		if err := run(statement, args); err != nil {
			return err
		}
	}
	return nil
}

// whole hands over PostgreSQL's one statement.
func (t *Tx) whole(in Insert, rows [][]any, run func(statement string, args []any) error) error {
	seals, own, s := in.seals(), len(rows[0]), sealing{t.db.ring}
	kinds, args, err := arrays(rows, seals[:own], s)
	sameKinds, _, err2 := arrays([][]any{in.Same}, seals[own:], s)
	if err := errors.Join(err, err2); err != nil {
		return fmt.Errorf("insert into %s: %w", in.Table, err)
	}
	same := slices.Clone(in.Same)
	sealRow(same, seals[own:])
	return run(in.unnested(kinds, sameKinds), append(args, same...))
}

// seals is how each column is sealed; nil for those that are not.
func (in Insert) seals() []func(string) any {
	all := make([]func(string) any, len(in.Columns))
	for i, column := range in.Columns {
		all[i] = sealedColumn(in.Table, column)
	}
	return all
}

// size is how many of so many rows the next statement takes: the most, or else a power of two,
// so that there are few different statements and a connection can keep them.
func size(rows, most int) int {
	if rows >= most {
		return most
	}
	return 1 << (bits.Len(uint(rows)) - 1)
}

func (in Insert) check(rows [][]any) error {
	if len(in.Columns) <= len(in.Same) || len(in.Columns) > maxParams {
		return errors.New("insert: no columns")
	}
	for _, name := range append([]string{in.Table}, in.Columns...) {
		if !plain(name) {
			return fmt.Errorf("insert: %q is not the plain name of a table or column", name)
		}
	}
	for i, row := range rows {
		if len(row)+len(in.Same) != len(in.Columns) {
			return fmt.Errorf("insert into %s: row %d has %d values for %d columns", in.Table, i, len(row), len(in.Columns)-len(in.Same))
		}
	}
	return nil
}

// values writes SQLite's INSERT ... VALUES (?,...),(?,...) with the suffix; with Same, the rows
// are selected, each with the same values behind it. The parameters are plain question marks:
// SQLite looks each numbered one up in a list of all the others, which takes seconds for a full
// statement.
func (in Insert) values(rows int) string {
	row := "(" + strings.Repeat(",?", len(in.Columns)-len(in.Same))[1:] + ")"
	all := "VALUES " + strings.Repeat(","+row, rows)[1:]
	if len(in.Same) == 0 {
		return in.into(all)
	}
	// Without a condition, SQLite would take the ON of a suffix for one of a join.
	return in.into("SELECT *" + strings.Repeat(",?", len(in.Same)) + " FROM (" + all + ") WHERE true")
}

// unnested writes PostgreSQL's INSERT ... SELECT with the suffix, whose parameters are the
// columns and then Same: one short text for any number of rows. The arrays are taken apart side
// by side as the rows are made; FROM unnest would first write all rows down, which takes five
// times as long.
func (in Insert) unnested(kinds, same []string) string {
	columns := make([]string, 0, len(in.Columns))
	for i, kind := range kinds {
		columns = append(columns, fmt.Sprintf("unnest($%d::%s[])", i+1, kind))
	}
	for i, kind := range same {
		columns = append(columns, fmt.Sprintf("$%d::%s", len(kinds)+i+1, kind))
	}
	return in.into("SELECT " + strings.Join(columns, ", "))
}

func (in Insert) into(rows string) string {
	return strings.TrimSpace("INSERT INTO " + in.Table + " (" + strings.Join(in.Columns, ", ") + ") " + rows + " " + in.Suffix)
}

// plain reports whether name needs no quotes on either engine: lower-case letters, digits
// and underscores, a letter first.
func plain(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != "" && len(name) <= 63
}
