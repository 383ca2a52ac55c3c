package crash

import (
	"os"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db/pgtemp"
)

// storm is one run: a number of kills under load, and the rule about letters of unknown fate.
type storm struct {
	kills   int
	resends bool
}

// TestKilledWhereRepeatsAreRecognised is REL-SQ-1 on both engines. It lets the server repeat
// letters of unknown fate, as the Capitol recognises them: in the end every letter that is
// not withdrawn stands there exactly once.
func TestKilledWhereRepeatsAreRecognised(t *testing.T) {
	onEachEngine(t, storm{kills: pick(100, 8), resends: true})
}

// TestKilledWhereRepeatsAreNot forbids that: no letter may reach the Capitol twice, and
// those of unknown fate stay so.
func TestKilledWhereRepeatsAreNot(t *testing.T) {
	onEachEngine(t, storm{kills: pick(25, 4)})
}

// onEachEngine runs the storm on one engine after the other: the time to be ready again is
// one of the things that are measured.
func onEachEngine(t *testing.T, s storm) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { s.rage(t, plan{}) })
	t.Run("postgres", func(t *testing.T) { s.rage(t, plan{database: postgres(t)}) })
}

// postgres starts a server for the test and returns the address of its database.
func postgres(t *testing.T) string {
	t.Helper()
	if err := pgtemp.Installed(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	address, stop, err := pgtemp.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return address
}

// rage runs the storm.
func (s storm) rage(t *testing.T, p plan) {
	t.Helper()
	w := s.over(t, p)
	w.judge()
	if s.resends && *full && !w.repeated() {
		t.Error("no kill fell between a letter's arrival and its answer: the storm proved nothing about repeats")
	}
}

// over runs the storm and returns what it left.
func (s storm) over(t *testing.T, p plan) *world {
	t.Helper()
	p.resends, p.clients, p.rate = s.resends, 50, 200
	p.latency = 15 * time.Millisecond // so that most kills find letters on their way
	w := newWorld(t, p)
	w.during(func() {
		for kill := range s.kills {
			if kill%10 == 9 { // one in ten dies while it is starting
				if _, err := w.node.start(); err != nil {
					t.Fatal(err)
				}
				w.moment(0, 200*time.Millisecond)
			} else {
				w.start(0)
				w.moment(50*time.Millisecond, 950*time.Millisecond)
			}
			w.kill()
		}
		w.start(2 * time.Minute)
	})
	w.settle(2 * time.Minute)
	return w
}
