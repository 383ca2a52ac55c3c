package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5/stdlib"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/seal"
)

// Personal texts are sealed as they go through the door and opened as they come back: each
// connection seals the arguments whose type says so (seal.Text, seal.Word) and opens every
// value that is sealed, in whatever column or expression it comes. A query's arguments have
// the type from sqlc.yaml, those of InsertRows by the columns here. A test holds both lists
// to each other.

// sealedTable is a table with columns that are kept sealed. id and then are its key.
type sealedTable struct {
	name, id, then string
	texts, words   []string
}

// noThen stands for the second half of a key that has none.
const noThen = "0"

var sealedTables = []sealedTable{
	{name: "supporters", id: "id", then: noThen, texts: []string{"email", "first_name", "last_name", "custom"}},
	{name: "submissions", id: "id", then: noThen, texts: []string{
		"prefix", "first_name", "last_name", "email", "phone", "address1", "address2", "city", "zip",
	}},
	// A reason is a word: letters are counted by it.
	{name: "letters", id: "id", then: noThen, texts: []string{"subject", "message"}, words: []string{"reason"}},
	{name: "letter_history", id: "letter_id", then: "seq", texts: []string{"note"}},
	{name: "staff", id: "id", then: noThen, texts: []string{"email"}},
}

// columns returns all sealed columns.
func (t sealedTable) columns() []string { return slices.Concat(t.texts, t.words) }

// SealedColumns returns the columns that are kept sealed, as "table.column".
func SealedColumns() []string {
	var all []string
	for _, t := range sealedTables {
		for _, column := range t.columns() {
			all = append(all, t.name+"."+column)
		}
	}
	return all
}

// sealedColumn returns how a column is sealed; nil for one that is not.
func sealedColumn(table, column string) func(string) any {
	at := slices.IndexFunc(sealedTables, func(t sealedTable) bool { return t.name == table })
	switch {
	case at < 0:
		return nil
	case slices.Contains(sealedTables[at].texts, column):
		return func(text string) any { return seal.Text(text) }
	case slices.Contains(sealedTables[at].words, column):
		return func(text string) any { return seal.Word(text) }
	}
	return nil
}

// sealRow gives the values of a row the types by which they are sealed. What is sealed stays.
func sealRow(row []any, as []func(string) any) {
	for i, with := range as {
		if _, done := row[i].(asSealed); done || with == nil {
			continue
		}
		if text := reflect.ValueOf(row[i]); text.Kind() == reflect.String {
			row[i] = with(text.String())
		}
	}
}

// SealRows seals the texts of rows before the transaction that inserts them, which then has
// less to do. On SQLite all others wait for it.
func (d *DB) SealRows(in Insert, rows [][]any) error {
	seals, s := in.seals(), sealing{d.ring}
	for _, row := range rows {
		for i := range row {
			if seals[i] == nil {
				continue
			}
			text, err := sealedText(reflect.ValueOf(row[i]).String(), seals[i], s)
			if err != nil {
				return fmt.Errorf("insert into %s: %w", in.Table, err)
			}
			row[i] = asSealed(text)
		}
	}
	return nil
}

// Sealed gives the database the keys for its sealed columns. Without them they can be
// neither written nor read.
func Sealed(ring *seal.Ring) Option { return func(o *options) { o.ring = ring } }

// Blind returns the blind index of a text, such as a mailbox, by which a row is found whose
// text is sealed.
func (d *DB) Blind(text string) string { return d.ring.Blind(text) }

// errLooksSealed refuses a text that could not be told from a sealed one. No form lets such
// a text through.
var errLooksSealed = fault.Wrap(fault.Invalid, errors.New("a text looks like a sealed one"), "")

// asSealed is a value that is sealed already.
type asSealed string

// sealing is what a connection does with values.
type sealing struct{ ring *seal.Ring }

// seal changes an argument into what the driver gets. It returns driver.ErrSkip for what is
// no text.
func (s sealing) seal(v *driver.NamedValue) (err error) {
	switch text := v.Value.(type) {
	case seal.Text:
		v.Value, err = s.ring.Seal(text)
	case seal.Word:
		v.Value, err = s.ring.SealWord(text)
	case asSealed:
		v.Value = string(text)
	case string:
		if seal.Sealed(text) {
			return errLooksSealed
		}
	default:
		return driver.ErrSkip
	}
	return err
}

// open opens the sealed ones among the values of a row.
func (s sealing) open(values []driver.Value) error {
	for i, v := range values {
		text, isText := v.(string)
		if !isText || !seal.Sealed(text) {
			continue
		}
		opened, err := s.ring.Open(text)
		if err != nil {
			return fmt.Errorf("read a sealed value: %w", err)
		}
		values[i] = opened
	}
	return nil
}

// sealingPostgres makes connections to PostgreSQL that seal and open.
type sealingPostgres struct {
	driver.Connector
	sealing
}

// Connect opens a connection.
func (c sealingPostgres) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := raw.(*stdlib.Conn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the PostgreSQL driver's %T is not what we know", raw), raw.Close())
	}
	return &postgresConn{conn, c.sealing}, nil
}

// postgresConn is a connection of the driver with everything that it can do.
type postgresConn struct {
	*stdlib.Conn
	sealing
}

// CheckNamedValue seals an argument. The driver itself takes whatever it is given.
func (c *postgresConn) CheckNamedValue(v *driver.NamedValue) error {
	if err := c.seal(v); !errors.Is(err, driver.ErrSkip) {
		return err
	}
	return c.Conn.CheckNamedValue(v)
}

// QueryContext asks for rows.
func (c *postgresConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.Conn.QueryContext(ctx, text, args)
	return c.opening(rows, err)
}

// PrepareContext prepares a statement.
func (c *postgresConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	raw, err := c.Conn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	stmt, ok := raw.(*stdlib.Stmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the PostgreSQL driver's %T is not what we know", raw), raw.Close())
	}
	return &postgresStmt{stmt, c}, nil
}

func (c *postgresConn) opening(rows driver.Rows, err error) (driver.Rows, error) {
	if err != nil {
		return nil, err
	}
	raw, ok := rows.(*stdlib.Rows)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the PostgreSQL driver's %T is not what we know", rows), rows.Close())
	}
	return &postgresRows{raw, c.sealing}, nil
}

// postgresStmt is a prepared statement.
type postgresStmt struct {
	*stdlib.Stmt

	conn *postgresConn
}

// QueryContext asks for rows.
func (s *postgresStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.Stmt.QueryContext(ctx, args)
	return s.conn.opening(rows, err)
}

// postgresRows are rows that open as they are read.
type postgresRows struct {
	*stdlib.Rows
	sealing
}

// Next reads a row.
func (r *postgresRows) Next(values []driver.Value) error {
	if err := r.Rows.Next(values); err != nil {
		return err
	}
	return r.open(values)
}
