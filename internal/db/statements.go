package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// SQLite has to read and plan each statement before it runs it, which costs more than the
// statement itself where one row is moved. Its driver forgets the plan after each call, so
// each connection keeps the statements it has run. (PostgreSQL's driver keeps them itself.)

// keptStatements is how many statements a connection keeps; the program has fewer that run
// often. Longer ones than keptLength are scripts, which run once.
const (
	keptStatements = 128
	keptLength     = 4096
)

// keeping makes connections that keep their statements, and that seal and open.
type keeping struct {
	driver.Connector
	sealing
}

// Connect opens a connection.
func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	raw, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the SQLite driver's %T is not what we know", c), c.Close())
	}
	return &keeper{sqliteConn: raw, sealing: k.sealing, kept: map[string]statement{}}, nil
}

// sqliteConn is what database/sql asks of a connection of the driver.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// statement is what the driver's statements are.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// keeper is a connection that keeps its statements. Like all connections it serves one
// caller at a time, but a caller may ask the same again while it reads the first answer: a
// statement that runs is not among the kept ones.
type keeper struct {
	sqliteConn
	sealing

	kept map[string]statement
}

// CheckNamedValue seals an argument.
func (k *keeper) CheckNamedValue(v *driver.NamedValue) error { return k.seal(v) }

// ExecContext runs a statement.
func (k *keeper) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if len(text) > keptLength {
		return k.sqliteConn.ExecContext(ctx, text, args)
	}
	s, err := k.take(ctx, text)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil {
		_ = s.Close() // says the same again
		return nil, err
	}
	return result, k.keep(text, s)
}

// QueryContext runs a statement that has rows.
func (k *keeper) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if len(text) > keptLength {
		rows, err := k.sqliteConn.QueryContext(ctx, text, args)
		if err != nil {
			return nil, err
		}
		return &keptRows{Rows: rows, sealing: k.sealing, end: asItIs}, nil
	}
	s, err := k.take(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close() // says the same again
		return nil, err
	}
	return &keptRows{Rows: rows, sealing: k.sealing, end: func(err error) error {
		if err != nil {
			_ = s.Close() // says the same again
			return err
		}
		return k.keep(text, s)
	}}, nil
}

// PrepareContext prepares a statement, which is not among the kept ones.
func (k *keeper) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	s, err := k.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return &preparedStatement{s, k.sealing}, nil
}

// take returns a kept statement, or a new one.
func (k *keeper) take(ctx context.Context, text string) (statement, error) {
	if s, ok := k.kept[text]; ok {
		delete(k.kept, text)
		return s, nil
	}
	return k.prepare(ctx, text)
}

func (k *keeper) prepare(ctx context.Context, text string) (statement, error) {
	s, err := k.sqliteConn.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	known, ok := s.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the SQLite driver's %T is not what we know", s), s.Close())
	}
	return known, nil
}

// keep keeps a statement for the next time. When there are too many, any other goes: one
// that runs often is soon back.
func (k *keeper) keep(text string, s statement) error {
	if _, ok := k.kept[text]; ok {
		return s.Close()
	}
	if len(k.kept) >= keptStatements {
		for other, o := range k.kept {
			delete(k.kept, other)
			if err := o.Close(); err != nil {
				return errors.Join(err, s.Close())
			}
			break
		}
	}
	k.kept[text] = s
	return nil
}

// Close ends the statements and the connection.
func (k *keeper) Close() error {
	var errs []error
	for _, s := range k.kept {
		errs = append(errs, s.Close())
	}
	k.kept = nil
	return errors.Join(append(errs, k.sqliteConn.Close())...)
}

// keptRows are the rows of a statement that is kept when they end.
type keptRows struct {
	driver.Rows
	sealing

	end func(error) error
}

// Next reads a row.
func (r *keptRows) Next(values []driver.Value) error {
	if err := r.Rows.Next(values); err != nil {
		return err
	}
	return r.open(values)
}

// preparedStatement is a statement that its caller keeps.
type preparedStatement struct {
	statement
	sealing
}

// QueryContext asks for rows.
func (s *preparedStatement) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := s.statement.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	return &keptRows{Rows: rows, sealing: s.sealing, end: asItIs}, nil
}

// asItIs is the end of rows whose statement others keep.
func asItIs(err error) error { return err }

// Close ends the rows.
func (r *keptRows) Close() error { return r.end(r.Rows.Close()) }
