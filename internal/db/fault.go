package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/franklin-letters/franklin/internal/fault"
)

// ErrCommitUnknown is in the chain of an error of Tx when the commit was sent but no
// answer came, or one that the disk did not keep: the change may or may not be there.
// Whoever repeats the work must look first.
var ErrCommitUnknown = errors.New("the outcome of the commit is unknown")

var (
	errStandby = errors.New("the database is a standby that takes no writes")
	errFailed  = errors.New("the disk under the database failed; the process must end")
	errNested  = errors.New("a transaction inside a transaction")
)

// retryAfter is what a person is told to wait when the database is away.
const retryAfter = 10 * time.Second

// Result codes of SQLite, from its documentation: the primary code is the low byte.
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteReadOnly = 8
	sqliteIOErr    = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteNotADB   = 26

	sqliteConstraintPrimaryKey = 1555
	sqliteConstraintUnique     = 2067
)

// Fault gives an error of the database its kind: no rows is NotFound, a broken unique
// rule is Conflict, a database that is away, full, read-only or too slow is Unavailable.
// Other errors, and those that have a kind, come back as they are. Tx has done it already;
// call it on the errors of Read.
func Fault(err error) error {
	if err == nil || fault.KindOf(err) != fault.Unknown {
		return err
	}
	switch kind := kindOf(err); kind {
	case fault.Unknown:
		return err
	case fault.Unavailable:
		return fault.Retry(retryAfter, err, "")
	default:
		return fault.Wrap(kind, err, "")
	}
}

func kindOf(err error) fault.Kind {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteKind(e.Code())
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresKind(e.Code)
	}
	for _, away := range []error{
		errStandby, errFailed, ErrCommitUnknown, driver.ErrBadConn, sql.ErrConnDone,
		context.DeadlineExceeded, io.ErrUnexpectedEOF, io.EOF, net.ErrClosed,
	} {
		if errors.Is(err, away) {
			return fault.Unavailable
		}
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return fault.Unavailable
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return fault.Unavailable
	}
	return fault.Unknown
}

func sqliteKind(code int) fault.Kind {
	switch code {
	case sqliteConstraintUnique, sqliteConstraintPrimaryKey:
		return fault.Conflict
	}
	switch code & 0xff {
	case sqliteBusy, sqliteLocked, sqliteReadOnly, sqliteIOErr, sqliteCorrupt, sqliteFull, sqliteCantOpen, sqliteNotADB:
		return fault.Unavailable
	}
	return fault.Unknown
}

// postgresKind reads a code of the table in PostgreSQL's Appendix A.
func postgresKind(code string) fault.Kind {
	switch code {
	case "23505": // unique_violation
		return fault.Conflict
	case "22021", "22P05": // text that PostgreSQL cannot hold: broken UTF-8 or a NUL
		return fault.Invalid
	case "25006", // read_only_sql_transaction: the primary became a standby
		"40001", "40P01", // serialization_failure and deadlock_detected, after all retries
		"55P03", "57014": // lock_not_available, query_canceled
		return fault.Unavailable
	}
	for _, class := range []string{"08", "53", "57P", "58"} { // connection, resources, shutdown, system
		if strings.HasPrefix(code, class) {
			return fault.Unavailable
		}
	}
	return fault.Unknown
}

// retryable reports whether PostgreSQL asks for the same transaction once more.
func retryable(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// diskFailed reports whether err says that the disk broke its promise, so that what it
// holds is unknown. A full disk is not that: SQLite rolls back and goes on.
func diskFailed(err error) bool {
	if errors.Is(err, errFailed) {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	switch e.Code() & 0xff {
	case sqliteIOErr, sqliteCorrupt, sqliteNotADB:
		return true
	}
	return false
}
