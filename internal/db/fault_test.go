package db_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
)

func TestFaultKinds(t *testing.T) {
	for _, c := range []struct {
		err  error
		want fault.Kind
	}{
		{sql.ErrNoRows, fault.NotFound},
		{&pgconn.PgError{Code: "23505"}, fault.Conflict},
		{&pgconn.PgError{Code: "23503"}, fault.Unknown}, // a foreign key: our own mistake
		{&pgconn.PgError{Code: "42P01"}, fault.Unknown}, // an unknown table
		{&pgconn.PgError{Code: "22021"}, fault.Invalid},
		{&pgconn.PgError{Code: "25006"}, fault.Unavailable},
		{&pgconn.PgError{Code: "40P01"}, fault.Unavailable},
		{&pgconn.PgError{Code: "53300"}, fault.Unavailable},
		{&pgconn.PgError{Code: "57P01"}, fault.Unavailable},
		{&pgconn.PgError{Code: "57P03"}, fault.Unavailable},
		{&pgconn.PgError{Code: "08006"}, fault.Unavailable},
		{driver.ErrBadConn, fault.Unavailable},
		{io.ErrUnexpectedEOF, fault.Unavailable},
		{context.DeadlineExceeded, fault.Unavailable},
		{context.Canceled, fault.Unknown},
		{errors.New("ours"), fault.Unknown},
		{fault.New(fault.Forbidden, ""), fault.Forbidden},
	} {
		got := db.Fault(fmt.Errorf("read: %w", c.err))
		if fault.KindOf(got) != c.want {
			t.Errorf("%v: %q, want %q", c.err, fault.KindOf(got), c.want)
		}
		if !errors.Is(got, c.err) {
			t.Errorf("%v: the cause is lost", c.err)
		}
		if c.want == fault.Unavailable && fault.Of(got).RetryAfter == 0 {
			t.Errorf("%v: no word about when to come back", c.err)
		}
	}
	if db.Fault(nil) != nil {
		t.Error("nil has become an error")
	}
}

func TestAServerThatIsAwayIsUnavailable(t *testing.T) {
	_, err := db.Open(t.Context(), "postgres://nobody@/none?host="+t.TempDir())
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}
