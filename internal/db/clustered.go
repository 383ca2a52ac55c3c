package db

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"
)

// clusteredVersion is the number of the migration that is made in Go, because only SQLite
// has something to do: it keeps the rows of these tables in the order of their primary keys.
// Before, each row stood in one tree and its key in a second one, and both had to be changed.
const clusteredVersion = 23

// clustered are tables of short rows that are found by keys of several columns, and of which
// there are very many.
var clustered = []string{"letter_history", "mailing_recipients", "person_tags", "subscriptions", "suppressions"}

func clusteredMigration(engine Engine) *goose.Migration {
	if engine == Postgres {
		return goose.NewGoMigration(clusteredVersion, nil, nil)
	}
	return goose.NewGoMigration(clusteredVersion, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		for _, table := range clustered {
			if err := cluster(ctx, tx, table); err != nil {
				return fmt.Errorf("cluster %s: %w", table, err)
			}
		}
		return nil
	}}, nil)
}

// cluster makes a table anew as it was made, but without the hidden numbers of its rows, and
// its indexes with it.
func cluster(ctx context.Context, tx *sql.Tx, table string) error {
	made, err := texts(ctx, tx, `SELECT sql FROM sqlite_master WHERE tbl_name = $1 AND sql IS NOT NULL ORDER BY type DESC, name`, table)
	if err != nil {
		return err
	}
	body := made[0][strings.Index(made[0], "("):]
	if err := execute(ctx, tx, "CREATE TABLE clustered "+body+" WITHOUT ROWID", "INSERT INTO clustered SELECT * FROM "+table); err != nil {
		return err
	}
	if err := empty(ctx, tx, table); err != nil {
		return err
	}
	if err := execute(ctx, tx, "DROP TABLE "+table, "ALTER TABLE clustered RENAME TO "+table); err != nil {
		return err
	}
	return execute(ctx, tx, made[1:]...)
}

func execute(ctx context.Context, tx *sql.Tx, statements ...string) error {
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// empty deletes the rows of a table, some at a time: SQLite keeps in memory whatever a statement
// overwrites, which of a large table that is dropped would be twice the table.
func empty(ctx context.Context, tx *sql.Tx, table string) error {
	statement := fmt.Sprintf("DELETE FROM %[1]s WHERE rowid IN (SELECT rowid FROM %[1]s LIMIT 20000)", table) //nolint:gosec // our own tables
	for {
		result, err := tx.ExecContext(ctx, statement)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
	}
}

func texts(ctx context.Context, tx *sql.Tx, statement string, args ...any) ([]string, error) {
	rows, err := tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return collect(rows, nil)
}
