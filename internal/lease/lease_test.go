package lease_test

import (
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/lease"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

func of(d *db.DB, node string, lasts time.Duration, now *time.Time) *lease.Lease {
	return &lease.Lease{DB: d, Name: "mailing", Node: node, Time: lasts, Clock: func() time.Time { return *now }}
}

func hold(t *testing.T, l *lease.Lease, want bool) {
	t.Helper()
	if has, err := l.Hold(t.Context(), ""); err != nil || has != want {
		t.Fatalf("%s holds it: %t, %v; want %t", l.Node, has, err, want)
	}
}

// TestOneAtATime: the second node waits for the first to give it back or to fall silent, and
// each has a higher fence than the one before. Who lost it knows by its own clock.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	d, now := dbtest.Postgres(t), noon
	ada, ben := of(d, "ada", time.Hour, &now), of(d, "ben", time.Millisecond, &now)
	hold(t, ada, true)
	hold(t, ben, false)
	hold(t, ada, true)
	first := ada.Holds(now)
	if first == 0 || ben.Holds(now) != 0 {
		t.Fatalf("ada has fence %d, ben %d", first, ben.Holds(now))
	}
	if at := now.Add(time.Hour); ada.Holds(at) != 0 {
		t.Error("ada holds it when its time is over")
	}
	if err := ada.Release(t.Context()); err != nil || ada.Holds(now) != 0 {
		t.Fatalf("given back: fence %d, %v", ada.Holds(now), err)
	}
	hold(t, ben, true)
	if ben.Fence() <= first {
		t.Errorf("ben has fence %d after %d", ben.Fence(), first)
	}
	for deadline := time.Now().Add(time.Minute); ; { // ben falls silent
		has, err := ada.Hold(t.Context(), "")
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("ada does not get it: %v", err)
		}
		if has {
			break
		}
	}
	second := ben.Fence()
	hold(t, ben, false)
	if ada.Fence() <= second {
		t.Errorf("ada has fence %d after %d", ada.Fence(), second)
	}
}

// TestAlone: a database that one process has open has nobody to wait for, and its lease no end.
func TestAlone(t *testing.T) {
	t.Parallel()
	d, now := dbtest.New(t), noon
	ada := of(d, "ada", time.Hour, &now)
	hold(t, ada, true)
	if ada.Holds(now.Add(24*time.Hour)) == 0 {
		t.Error("it ended")
	}
	again := of(d, "ada after a crash", time.Hour, &now)
	hold(t, again, true)
	if again.Fence() <= ada.Fence() {
		t.Errorf("fence %d after %d", again.Fence(), ada.Fence())
	}
}
