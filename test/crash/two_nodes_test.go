package crash

import (
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// twoFlags are the lease as it is unless told, and no rule against floods of people who
// stop their mails.
var twoFlags = []string{"--delivery-lease", "12s", "--guard-disowned", "0"}

// failover is how long delivery may take to go on elsewhere.
const failover = 30 * time.Second

// TestTheDeliveringNodeIsFrozen is REL-Q-3: it stops for longer than its lease lasts, with
// letters on their way, and thaws.
func TestTheDeliveringNodeIsFrozen(t *testing.T) {
	w := newWorld(t, plan{database: postgres(t), clients: 8, rate: 20, latency: 15 * time.Millisecond, flags: twoFlags})
	w.twoNodes(w.database, func(delivering *node) {
		w.signal(delivering, syscall.SIGSTOP)
	}, func(delivering *node) {
		w.signal(delivering, syscall.SIGCONT)
	})
}

// TestTheDeliveringNodeLosesItsDatabase: the line between them swallows everything for as
// long, in both directions, and then goes on where it stopped.
func TestTheDeliveringNodeLosesItsDatabase(t *testing.T) {
	w := newWorld(t, plan{database: postgres(t), clients: 8, rate: 20, latency: 15 * time.Millisecond, flags: twoFlags})
	line, address := newLine(t, w.database)
	w.twoNodes(address, func(*node) { line.cut(true) }, func(*node) { line.cut(false) })
}

// twoNodes lets people write at one node while another one delivers, harms that one for a
// while, and judges: delivery goes on at the first, and no letter is sent twice.
func (w *world) twoNodes(database string, harm, heal func(delivering *node)) {
	w.Helper()
	flags := slices.Clone(w.node.flags)
	flags[slices.Index(flags, "--db")+1] = database
	delivering := &node{binary: w.node.binary, folder: w.node.folder, clock: w.node.clock, moved: make(chan struct{}), flags: flags}
	w.Cleanup(func() { _ = delivering.end(os.Kill) })
	if _, err := delivering.startAndWait(); err != nil {
		w.Fatal(err)
	}
	w.until("the node delivers", time.Minute, func() bool { return w.holder() != "" })
	first := w.holder()
	w.start(0)
	w.during(func() {
		w.until("letters leave", time.Minute, func() bool { return len(w.temper.capitol.Receptions()) > 20 })
		harm(delivering)
		harmed := w.node.clock()
		<-time.After(pick(40*time.Second, 20*time.Second))
		w.resumed(harmed)
		if now := w.holder(); now == first || now == "" {
			w.Errorf("%q delivers, which is not another node than %q", now, first)
		}
		heal(delivering)
		<-time.After(5 * time.Second) // what it had in hand may do its worst
	})
	w.settle(time.Minute)
	if err := delivering.end(syscall.SIGTERM); err != nil {
		w.Error(err)
	}
	if w.repeated() {
		w.Error("a letter was sent twice")
	}
	w.judge()
}

// resumed checks how long no letter left. What was on the wire when the node was harmed may
// still have arrived in the first half second.
func (w *world) resumed(harmed time.Time) {
	w.Helper()
	for _, r := range w.temper.capitol.Receptions() {
		if gap := r.ReceivedAt.Sub(harmed); gap > 500*time.Millisecond {
			w.Logf("delivery went on after %s", gap.Round(100*time.Millisecond))
			if gap > failover {
				w.Errorf("that is more than %s", failover)
			}
			return
		}
	}
	w.Error("delivery did not go on")
}

// holder returns which node has the lease of delivery.
func (w *world) holder() (name string) {
	w.Helper()
	d, err := openPlain(w.database)
	if err != nil {
		w.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if err := d.QueryRowContext(w.Context(), "SELECT holder FROM leases WHERE name = 'delivery'").Scan(&name); err != nil {
		w.Fatal(err)
	}
	return name
}

func (w *world) signal(n *node, s os.Signal) {
	w.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		w.Fatal(err)
	}
}

// line is a connection to a database that can be cut: what is sent then waits, and nobody
// is told.
type line struct {
	to   string // PostgreSQL's socket
	mu   sync.Mutex
	open chan struct{} // closed while bytes may pass
}

// newLine returns a line to a database and the address of its near end.
func newLine(t *testing.T, database string) (*line, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	socket := filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
	l := &line{to: socket, open: make(chan struct{})}
	close(l.open)
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			go l.join(near)
		}
	}()
	u.Host, u.RawQuery = listener.Addr().String(), "sslmode=disable"
	return l, u.String()
}

func (l *line) join(near net.Conn) {
	l.pass()
	far, err := net.Dial("unix", l.to)
	if err != nil {
		_ = near.Close()
		return
	}
	go l.carry(far, near)
	l.carry(near, far)
}

// carry takes bytes from one end to the other until one of them closes.
func (l *line) carry(to io.WriteCloser, from io.ReadCloser) {
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
func (l *line) pass() {
	l.mu.Lock()
	open := l.open
	l.mu.Unlock()
	<-open
}

func (l *line) cut(yes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if yes {
		l.open = make(chan struct{})
	} else {
		close(l.open)
	}
}
