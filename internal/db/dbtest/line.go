package dbtest

import (
	"context"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// Line is a connection to a PostgreSQL database that tests can cut: what is sent then waits,
// and nobody is told.
type Line struct {
	to   string // PostgreSQL's socket
	mu   sync.Mutex
	open chan struct{} // closed while bytes may pass
	cut  bool
}

// NewLine returns a line to a database of pgtemp, and the address of its near end. It is
// whole again when the test ends, so that whatever waits can end.
func NewLine(tb testing.TB, address string) (*Line, string) {
	tb.Helper()
	u, err := url.Parse(address)
	if err != nil {
		tb.Fatal(err)
	}
	ctx := tb.Context()
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	l := &Line{to: filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"), open: make(chan struct{})}
	close(l.open)
	tb.Cleanup(func() {
		_ = listener.Close()
		l.Cut(false)
	})
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go l.join(ctx, near)
		}
	}()
	u.Host, u.RawQuery = listener.Addr().String(), "sslmode=disable"
	return l, u.String()
}

// Cut cuts the line, or mends it.
func (l *Line) Cut(yes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case yes == l.cut:
	case yes:
		l.open = make(chan struct{})
	default:
		close(l.open)
	}
	l.cut = yes
}

func (l *Line) join(ctx context.Context, near net.Conn) {
	l.pass()
	far, err := new(net.Dialer).DialContext(ctx, "unix", l.to)
	if err != nil {
		_ = near.Close()
		return
	}
	go l.carry(far, near)
	l.carry(near, far)
}

// carry takes bytes from one end to the other until one of them closes.
func (l *Line) carry(to io.WriteCloser, from io.ReadCloser) {
	defer func() { _, _ = to.Close(), from.Close() }()
	part := make([]byte, 32<<10)
	for {
		n, err := from.Read(part)
		l.pass()
		if n > 0 {
			if _, err := to.Write(part[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// pass waits until bytes may pass.
func (l *Line) pass() {
	l.mu.Lock()
	open := l.open
	l.mu.Unlock()
	<-open
}
