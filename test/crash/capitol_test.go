package crash

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/congress/cwc/cwctest"
)

// temper makes the Capitol misbehave at random.
type temper struct {
	capitol *cwctest.Capitol

	mu    sync.Mutex
	rng   *rand.Rand
	share float64 // of the messages that are treated badly
}

// tempers are what a bad Capitol does with a message: says that it is busy or broken, or says
// nothing, before or after it has stored the message; or says what makes no sense.
var tempers = []cwctest.Misbehaviour{
	cwctest.TooMany, cwctest.ServerError, cwctest.Unavailable, cwctest.TimeoutBefore, cwctest.Reset,
	cwctest.TimeoutAfter, cwctest.ResetAfter, cwctest.ErrorAfter, cwctest.Garbage, cwctest.Slow, cwctest.HTML, cwctest.Empty, cwctest.Truncated,
}

// ServeHTTP lets the Capitol answer, in a mood.
func (m *temper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	bad := strings.HasSuffix(r.URL.Path, "/message") && m.rng.Float64() < m.share
	act := cwctest.Act{Do: tempers[m.rng.IntN(len(tempers))]}
	m.mu.Unlock()
	if bad {
		_ = m.capitol.Script(act) // all of tempers are known to it
	}
	m.capitol.ServeHTTP(w, r)
}

// calm makes the Capitol behave from now on.
func (m *temper) calm() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.share = 0
	m.capitol.ClearScript()
}

// newCapitol starts the Capitol of a world.
func newCapitol(t *testing.T, seed uint64, o cwctest.Options) (*temper, string) {
	t.Helper()
	capitol, err := cwctest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	m := &temper{capitol: capitol, rng: rand.New(rand.NewPCG(seed, 1))}
	server := httptest.NewServer(m)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		_ = capitol.Close()
	})
	return m, server.URL
}

// TestTheCapitolMisbehaves is REL-OFF-1 under load: three in ten messages are treated badly,
// and one office never answers. In the end every letter stands where the truth is.
func TestTheCapitolMisbehaves(t *testing.T) {
	t.Run("repeats are recognised", func(t *testing.T) { misbehave(t, true, pick(10*time.Minute, 15*time.Second)) })
	t.Run("repeats are not", func(t *testing.T) { misbehave(t, false, pick(2*time.Minute, 10*time.Second)) })
}

func misbehave(t *testing.T, resends bool, length time.Duration) {
	t.Helper()
	w := newWorld(t, plan{resends: resends, clients: 8, rate: 20, flags: []string{"--cwc-timeout", "2s"}})
	w.temper.share = 0.3
	if err := w.temper.capitol.Script(cwctest.Act{Do: cwctest.TimeoutBefore, Office: "HWY00", Times: -1}); err != nil {
		t.Fatal(err)
	}
	w.during(func() {
		w.start(0)
		<-time.After(length)
		w.temper.calm()
	})
	// By its clock the next start comes hours later, when every letter may be tried again.
	for range 3 {
		if err := w.node.end(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		w.start(2 * time.Hour)
		w.settle(time.Minute)
	}
	w.judge()
	if resends && !w.repeated() {
		t.Error("no message came twice: the bad Capitol proved nothing")
	}
}

// TestOneDeadOfficeDelaysNobodyElse is REL-OFF-3: letters to the other offices take at most
// twice as long as before, by the 99th percentile, while one office lets every call hang.
func TestOneDeadOfficeDelaysNobodyElse(t *testing.T) {
	w := newWorld(t, plan{resends: true, clients: 8, rate: 30, latency: 15 * time.Millisecond, flags: []string{"--cwc-timeout", "5s"}})
	length := pick(time.Minute, 10*time.Second)
	var died time.Time
	w.during(func() {
		w.start(0)
		<-time.After(length)
		died = w.node.clock()
		if err := w.temper.capitol.Script(cwctest.Act{Do: cwctest.TimeoutBefore, Office: "HWY00", Times: -1}); err != nil {
			t.Fatal(err)
		}
		<-time.After(length)
		w.temper.calm()
	})
	if err := w.node.end(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	w.start(2 * time.Hour)
	w.settle(time.Minute)
	// Letters of the last moments may still be in line when the server ends, and wait for the next one.
	const last = 3 * time.Second
	before, during := w.delays(0, died), w.delays(died.UnixMilli(), died.Add(length-last))
	if len(before) == 0 || len(during) == 0 {
		t.Fatal("nothing was delivered")
	}
	usual, then := percentile(before, 99), percentile(during, 99)
	t.Logf("letters to the others took %v (p99 of %d) while all offices answered, %v (p99 of %d) while one was dead", usual, len(before), then, len(during))
	if then > max(2*usual, usual+250*time.Millisecond) {
		t.Errorf("one dead office delays the others: %v instead of %v", then, usual)
	}
	w.judge()
}
