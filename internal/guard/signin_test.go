package guard_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/guard"
)

func TestAskingToSignIn(t *testing.T) {
	t.Parallel()
	g, now := newGuard(guard.Limits{}, true), time.Date(2026, time.November, 30, 17, 0, 0, 0, time.UTC)
	one, other := person(1).Network, person(2).Network
	mails := 0
	for i := range 10 {
		wait, mail := g.SignIn(one, "ana@example.org", now)
		if wait != 0 {
			t.Fatalf("after %d times the network waits %s", i, wait)
		}
		if mail {
			mails++
		}
	}
	if mails != 4 {
		t.Errorf("%d mails go to one mailbox, want 4", mails)
	}
	if _, mail := g.SignIn(other, "ana@example.org", now); !mail {
		t.Error("somebody used up the links of a mailbox that its owner asks for elsewhere")
	}
	if wait, mail := g.SignIn(one, "bob@example.org", now); wait <= 0 || wait > time.Minute || mail {
		t.Errorf("the eleventh waits %s, mail %t", wait, mail)
	}
	if wait, mail := g.SignIn(other, "bob@example.org", now); wait != 0 || !mail {
		t.Errorf("another network waits %s for another mailbox, mail %t", wait, mail)
	}
	if _, mail := g.SignIn(one, "ana@example.org", now.Add(15*time.Minute)); !mail {
		t.Error("a quarter of an hour later there is no mail")
	}
}

// TestAMailboxIsNotFlooded, from however many networks.
func TestAMailboxIsNotFlooded(t *testing.T) {
	t.Parallel()
	g, now := newGuard(guard.Limits{}, true), time.Date(2026, time.November, 30, 17, 0, 0, 0, time.UTC)
	mails := 0
	for i := range 40 {
		if _, mail := g.SignIn(person(i).Network, "ana@example.org", now); mail {
			mails++
		}
	}
	if mails != 12 {
		t.Errorf("%d mails go to one mailbox, want 12", mails)
	}
	if _, mail := g.SignIn(netip.Prefix{}, "ana@example.org", now.Add(5*time.Minute)); !mail {
		t.Error("five minutes later there is no mail")
	}
}
