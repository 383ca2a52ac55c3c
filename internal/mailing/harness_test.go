package mailing_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/mail/mailtest"
)

// worldOn is newWorld on one engine, for tests whose relay remembers something.
func worldOn(t *testing.T, engine string, o mailtest.Options) *world {
	t.Helper()
	if engine == "postgres" {
		return newWorld(t, dbtest.Postgres(t), o)
	}
	return newWorld(t, dbtest.New(t), o)
}

// engines are the databases by name.
var engines = []string{"sqlite", "postgres"}

// inserts is a change that adds rows.
func inserts(table string, columns []string, rows ...[]any) func(context.Context, *db.Tx) error {
	return func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.InsertRows(ctx, db.Insert{Table: table, Columns: columns}, rows)
		return err
	}
}

// slowLine stands in front of the relay and lets nobody through until it opens.
type slowLine struct {
	port  int
	asked chan struct{} // closed at the first connection
	open  chan struct{}
}

func newSlowLine(tb testing.TB, relay int) *slowLine {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = listener.Close() })
	s := &slowLine{port: listener.Addr().(*net.TCPAddr).Port, asked: make(chan struct{}), open: make(chan struct{})} //nolint:forcetypeassert // it is TCP
	var once sync.Once
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			once.Do(func() { close(s.asked) })
			go s.pass(context.WithoutCancel(tb.Context()), client, relay)
		}
	}()
	return s
}

func (s *slowLine) pass(ctx context.Context, client net.Conn, relay int) {
	<-s.open
	server, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(relay))
	if err != nil {
		_ = client.Close()
		return
	}
	go func() {
		_, err := io.Copy(server, client)
		_ = errors.Join(err, server.Close())
	}()
	_, err = io.Copy(client, server)
	_ = errors.Join(err, client.Close())
}
