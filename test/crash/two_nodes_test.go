package crash

import (
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/dbtest"
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
	line, address := dbtest.NewLine(t, w.database)
	w.twoNodes(address, func(*node) { line.Cut(true) }, func(*node) { line.Cut(false) })
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
