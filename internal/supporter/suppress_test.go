package supporter_test

import (
	"context"
	"testing"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// TestMAIL_S_1_Reasons: what each reason keeps from a mailbox, in its scope. The mails that
// a person's own act calls for are the only exception, and three reasons make it.
func TestMAIL_S_1_Reasons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, c := range []struct {
			reason                    supporter.Reason
			list                      supporter.List
			updates, partner, own, by bool // by: letters in their name are not taken
		}{
			{supporter.Unsubscribed, supporter.Updates, true, false, false, false},
			{supporter.Never, supporter.Everything, true, true, false, false},
			{supporter.Complaint, supporter.Everything, true, true, false, false},
			{supporter.HardBounce, supporter.Everything, true, true, true, false},
			{supporter.Manual, supporter.Everything, true, true, true, false},
			{supporter.Manual, supporter.Updates, true, false, false, false},
			{supporter.NotMe, supporter.Everything, true, true, true, true},
			{supporter.Legal, supporter.Everything, true, true, true, true},
		} {
			email := string(c.reason) + "-" + string(c.list) + "@example.org"
			w.member(email)
			if w.suppressed(email, supporter.Updates) {
				t.Fatalf("%s is suppressed from the start", email)
			}
			for range 2 {
				if err := w.people.Suppress(t.Context(), email, c.list, c.reason, "test"); err != nil {
					t.Fatal(err)
				}
			}
			barred, err := w.people.Barred(t.Context(), email)
			if err != nil {
				t.Fatal(err)
			}
			got := []bool{w.suppressed(email, supporter.Updates), w.suppressed(email, "partner"), w.suppressed(email, supporter.OwnActs), barred}
			for i, want := range []bool{c.updates, c.partner, c.own, c.by} {
				if got[i] != want {
					t.Errorf("%s of %q: %v", c.reason, c.list, got)
					break
				}
			}
		}
		if got := w.audience(supporter.Updates); got != "" {
			t.Errorf("still on the list: %s", got)
		}
	})
}

// TestMAIL_S_1_KeptAsAHash: no address stands in the table, it knows every spelling, and a
// change of the secret forgets nobody.
func TestMAIL_S_1_KeptAsAHash(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		if err := w.people.Suppress(t.Context(), "Heron@gmail.com", supporter.Everything, supporter.HardBounce, "test"); err != nil {
			t.Fatal(err)
		}
		var address string
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT address FROM suppressions").Scan(&address); err != nil || len(address) != 32 {
			t.Errorf("%q, %v", address, err)
		}
		for spelling, want := range map[string]bool{"h.e.r.o.n+news@googlemail.com": true, "heron@gmail.com": true, "finch@gmail.com": false} {
			if w.suppressed(spelling, supporter.Updates) != want {
				t.Errorf("%s is suppressed: %t", spelling, !want)
			}
		}
		for name, c := range map[string]struct {
			people *supporter.People
			want   bool
		}{"after a change of the secret": {w.under(newer, secret), true}, "without the old secret": {w.under(newer), false}} {
			if out, err := c.people.Suppressed(t.Context(), "heron@gmail.com", supporter.Updates); err != nil || out != c.want {
				t.Errorf("%s: %t, %v", name, out, err)
			}
		}
	})
}

// TestMAIL_C_4_OnlyThePersonComesBack: neither a form that somebody fills in nor an
// operator undoes that a person has left; the mailbox's own answer does, and nothing else
// that stands against it.
func TestMAIL_C_4_OnlyThePersonComesBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, reason := range []supporter.Reason{supporter.Unsubscribed, supporter.Never, supporter.Complaint} {
			who := w.member(string(reason) + "@example.org")
			if err := w.people.Suppress(t.Context(), who.Email, supporter.Everything, reason, "test"); err != nil {
				t.Fatal(err)
			}
			w.tick(who, supporter.Updates, false) // anybody can fill in a form
			if lifted, err := w.people.Release(t.Context(), who.Email, "ada"); err != nil || lifted {
				t.Errorf("%s: an operator lifts it: %t, %v", reason, lifted, err)
			}
			if !w.suppressed(who.Email, supporter.Updates) || w.audience(supporter.Updates) != "" {
				t.Errorf("%s: a tick brings them back", reason)
			}
			if !w.confirm(who) || w.suppressed(who.Email, supporter.Updates) || w.audience(supporter.Updates) != who.ID {
				t.Errorf("%s: they cannot come back", reason)
			}
			w.leave(who, supporter.Updates)
		}
		gone := w.add("gone@example.org")
		w.tick(gone, supporter.Updates, false)
		if err := w.people.Suppress(t.Context(), gone.Email, supporter.Everything, supporter.HardBounce, "test"); err != nil {
			t.Fatal(err)
		}
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			return w.people.Confirmed(ctx, tx, gone, supporter.Updates)
		})
		if !w.suppressed(gone.Email, supporter.Updates) {
			t.Error("joining makes a mailbox that bounces mailable")
		}
		if lifted, err := w.people.Release(t.Context(), "GONE@example.org", "ada"); err != nil || !lifted || w.suppressed(gone.Email, supporter.Updates) {
			t.Errorf("an operator cannot lift a bounce: %t, %v", lifted, err)
		}
		acts, err := audit.List(t.Context(), d, audit.Page{Subject: w.people.Keys.Mailbox(gone.Email), Limit: 10})
		if err != nil || len(acts) != 2 || acts[0].Action != audit.AddressReleased || acts[0].Who != "ada" || acts[1].Detail != "hard-bounce" {
			t.Errorf("the log: %+v, %v", acts, err)
		}
	})
}
