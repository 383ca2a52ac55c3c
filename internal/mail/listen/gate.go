package listen

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// gate lets only so many connections in at one time and gives each an end.
type gate struct {
	net.Listener

	options Options
	mutex   sync.Mutex
	open    map[string]int // by address
	lines   []*line
}

// Accept returns the next connection for which there is room. The others are told to come
// again.
func (g *gate) Accept() (net.Conn, error) {
	for {
		conn, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l := g.enter(conn); l != nil {
			return l, nil
		}
		// A few bytes on a new connection never wait for the client.
		_, _ = conn.Write([]byte("421 4.7.0 Too many connections; come again\r\n"))
		_ = conn.Close()
	}
}

func (g *gate) enter(conn net.Conn) *line {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	from := network(conn.RemoteAddr())
	if len(g.lines) >= g.options.Connections || g.open[from] >= g.options.PerAddress {
		return nil
	}
	// Commands and a few mails of full size.
	l := &line{Conn: conn, gate: g, from: from, left: 8 * g.options.MaxBytes}
	l.end = time.AfterFunc(g.options.Life, func() { _ = l.Close() })
	g.open[from]++
	g.lines = append(g.lines, l)
	return l
}

// network is the address that counts as one client: in IPv6 a /64.
func network(a net.Addr) string {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return a.String()
	}
	ip := at.Addr().Unmap()
	if ip.Is6() {
		if p, err := ip.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

func (g *gate) leave(l *line) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.lines = slices.DeleteFunc(g.lines, func(other *line) bool { return other == l })
	if g.open[l.from]--; g.open[l.from] <= 0 {
		delete(g.open, l.from)
	}
}

// cut ends every connection.
func (g *gate) cut() {
	g.mutex.Lock()
	lines := slices.Clone(g.lines)
	g.mutex.Unlock()
	for _, l := range lines {
		_ = l.Close()
	}
}

// line is a connection with an end.
type line struct {
	net.Conn

	gate *gate
	from string
	left int64 // bytes that may still come
	end  *time.Timer
	once sync.Once
}

var errTooMuch = errors.New("too much came over one connection")

// Read reads until the connection has had its share.
func (l *line) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooMuch
	}
	n, err := l.Conn.Read(b)
	l.left -= int64(n)
	return n, err
}

// Close makes room for another connection and ends this one, in this order: who sees it end
// may come again at once.
func (l *line) Close() error {
	l.once.Do(func() {
		l.gate.leave(l) // first: enter holds the gate until it has set end
		l.end.Stop()
	})
	return l.Conn.Close()
}
