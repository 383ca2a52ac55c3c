package account_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
)

var noon = time.Date(2026, time.November, 30, 17, 0, 0, 0, time.UTC)

const address = "ana@example.org"

// bundle is a store with a clock that a test turns.
type bundle struct {
	*testing.T
	*account.Store

	now time.Time
}

// each runs a test on both engines.
func each(t *testing.T, test func(b *bundle)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := &bundle{T: t, now: noon}
		b.Store = &account.Store{DB: d, Clock: func() time.Time { return b.now }, BaseURL: "https://letters.example.org"}
		test(b)
	})
}

// invite makes a member and returns the token of the first link.
func (b *bundle) invite(role account.Role) (account.Member, string) {
	b.Helper()
	m, link, err := b.Invite(b.Context(), address, "Ana Álvarez", role, "ada")
	if err != nil {
		b.Fatal(err)
	}
	return m, tokenOf(link)
}

func tokenOf(l account.Link) string { return l.URL[strings.LastIndexByte(l.URL, '/')+1:] }

// wants fails unless the error is of the kind.
func (b *bundle) wants(kind fault.Kind, what string, err error) {
	b.Helper()
	if !fault.Is(err, kind) {
		b.Errorf("%s: %v, want %s", what, err, kind)
	}
}

func (b *bundle) signIn(token, browser string) string {
	b.Helper()
	session, _, err := b.SignIn(b.Context(), token, browser)
	if err != nil {
		b.Fatal(err)
	}
	return session
}

func TestAnInvitedMemberSignsInOnce(t *testing.T) {
	each(t, func(b *bundle) {
		invited, token := b.invite(account.Moderator)
		if _, err := b.Linked(b.Context(), token, ""); err != nil {
			b.Fatalf("looking at the link: %v", err)
		}
		session := b.signIn(token, "")
		m, err := b.SignedIn(b.Context(), session)
		if err != nil || m.ID != invited.ID || m.Email != address || m.Who() != "Ana Álvarez (staff)" || !m.SignedIn.Equal(noon) {
			b.Errorf("signed in is %+v, %v", m, err)
		}
		_, _, err = b.SignIn(b.Context(), token, "")
		b.wants(fault.NotFound, "the link once more", err)
		if err := b.SignOut(b.Context(), session); err != nil {
			b.Fatal(err)
		}
		_, err = b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "after signing out", err)
		log, err := audit.List(b.Context(), b.DB, audit.Page{Limit: 9, Subject: m.ID})
		if err != nil || len(log) != 2 || log[0].Action != audit.StaffSignIn || log[0].Who != m.Who() || log[1].Who != "ada" || strings.Contains(log[1].Detail, "@") {
			b.Errorf("the log says %+v, %v", log, err)
		}
	})
}

// TestOneLinkOneSession: of many who press the button at the same moment one gets in.
func TestOneLinkOneSession(t *testing.T) {
	each(t, func(b *bundle) {
		_, token := b.invite(account.Owner)
		var in atomic.Int64
		var crowd sync.WaitGroup
		for range 8 {
			crowd.Go(func() {
				_, _, err := b.SignIn(b.Context(), token, "")
				if err == nil {
					in.Add(1)
				} else if !fault.Is(err, fault.NotFound) {
					b.Error(err)
				}
			})
		}
		crowd.Wait()
		if in.Load() != 1 {
			b.Errorf("%d sessions came of one link", in.Load())
		}
	})
}

// TestSEC_AUTH_6_InvitesEnd: after 72 hours, and with the first sign-in by another link.
func TestSEC_AUTH_6_InvitesEnd(t *testing.T) {
	each(t, func(b *bundle) {
		_, token := b.invite(account.Owner)
		b.now = noon.Add(account.InviteFor - time.Second)
		if _, err := b.Linked(b.Context(), token, ""); err != nil {
			b.Errorf("before its end: %v", err)
		}
		b.now = noon.Add(account.InviteFor)
		_, _, err := b.SignIn(b.Context(), token, "")
		b.wants(fault.NotFound, "after its end", err)

		b.now = noon
		other, err := b.ConsoleLink(b.Context(), "ANA+desk@example.org", "ada")
		if err != nil {
			b.Fatal(err)
		}
		b.signIn(tokenOf(other), "")
		_, err = b.Linked(b.Context(), token, "")
		b.wants(fault.NotFound, "after another sign-in", err)
	})
}

func TestAnAskedLinkOpensInTheBrowserThatAsked(t *testing.T) {
	each(t, func(b *bundle) {
		b.invite(account.Owner)
		mine, others := account.NewBrowser(), account.NewBrowser()
		m, link, err := b.AskedLink(b.Context(), b.Mailbox("Ana@Example.org"), account.Browser(mine))
		if err != nil || m.Email != address || !link.Expires.Equal(noon.Add(account.AskedFor)) {
			b.Fatalf("%+v, %+v, %v", m, link, err)
		}
		for name, browser := range map[string]string{"another browser": others, "a browser that asked nothing": ""} {
			_, _, err = b.SignIn(b.Context(), tokenOf(link), browser)
			b.wants(fault.Forbidden, name, err)
		}
		b.signIn(tokenOf(link), mine)

		_, _, err = b.AskedLink(b.Context(), b.Mailbox("eve@example.org"), account.Browser(mine))
		b.wants(fault.NotFound, "for nobody", err)
		_, _, err = b.AskedLink(b.Context(), b.Mailbox(address), account.Browser(""))
		b.wants(fault.Invalid, "for no browser", err)
	})
}

// TestSEC_SES_3_ADisabledMemberIsOutAtOnce: session, links, and asking for more.
func TestSEC_SES_3_ADisabledMemberIsOutAtOnce(t *testing.T) {
	each(t, func(b *bundle) {
		_, token := b.invite(account.Owner)
		session := b.signIn(token, "")
		left, err := b.ConsoleLink(b.Context(), address, "ada")
		if err != nil {
			b.Fatal(err)
		}
		if err := b.Disable(b.Context(), address, "ada"); err != nil {
			b.Fatal(err)
		}
		_, err = b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "the session", err)
		_, err = b.Linked(b.Context(), tokenOf(left), "")
		b.wants(fault.NotFound, "a link", err)
		_, _, err = b.AskedLink(b.Context(), b.Mailbox(address), account.Browser("x"))
		b.wants(fault.NotFound, "asking for a link", err)
		_, err = b.ConsoleLink(b.Context(), address, "ada")
		b.wants(fault.Conflict, "a link from the console", err)

		if err := b.Enable(b.Context(), address, "ada"); err != nil {
			b.Fatal(err)
		}
		_, err = b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "the old session", err)
		if _, err = b.ConsoleLink(b.Context(), address, "ada"); err != nil {
			b.Errorf("a link for who may sign in again: %v", err)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(b *bundle) {
		_, token := b.invite(account.Viewer)
		session := b.signIn(token, "")
		for b.now = noon; b.now.Before(noon.Add(account.SessionFor)); b.now = b.now.Add(account.IdleFor - time.Minute) {
			if _, err := b.SignedIn(b.Context(), session); err != nil {
				b.Fatalf("at %s, with a click every two hours: %v", b.now, err)
			}
		}
		_, err := b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "twelve hours later", err)

		again, err := b.ConsoleLink(b.Context(), address, "ada")
		if err != nil {
			b.Fatal(err)
		}
		session = b.signIn(tokenOf(again), "")
		b.now = b.now.Add(account.IdleFor)
		_, err = b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "two hours without a click", err)
		if err := b.Forget(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.now = b.now.Add(-time.Hour)
		_, err = b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "forgotten", err)
	})
}

// TestSessionsOfTheFutureEnd: a clock that ran ahead and was set right lets nobody stay longer.
func TestSessionsOfTheFutureEnd(t *testing.T) {
	each(t, func(b *bundle) {
		_, token := b.invite(account.Owner)
		session := b.signIn(token, "")
		b.now = noon.Add(-time.Minute) // another node's clock
		if _, err := b.SignedIn(b.Context(), session); err != nil {
			b.Errorf("on a node whose clock is a minute behind: %v", err)
		}
		b.now = noon.Add(-time.Hour)
		_, err := b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "an hour before it began", err)

		b.now = noon.Add(time.Hour)
		if _, err := b.SignedIn(b.Context(), session); err != nil {
			b.Fatal(err)
		}
		b.now = noon.Add(time.Minute)
		_, err = b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "an hour before it was last used", err)
	})
}

// TestLookingNeedsNoWriter: while the database takes no writes, who is signed in stays so, but
// their clicks do not count.
func TestLookingNeedsNoWriter(t *testing.T) {
	each(t, func(b *bundle) {
		_, token := b.invite(account.Viewer)
		session := b.signIn(token, "")
		free := b.holdWriters()
		b.now = noon.Add(account.IdleFor - time.Minute)
		if m, err := b.SignedIn(b.Context(), session); err != nil || m.Email != address {
			b.Errorf("signed in is %+v, %v", m, err)
		}
		free()
		b.now = noon.Add(account.IdleFor)
		_, err := b.SignedIn(b.Context(), session)
		b.wants(fault.NotFound, "two hours after the last click that counts", err)
	})
}

// holdWriters keeps every transaction from beginning until it is freed. What only reads goes
// on: on SQLite it has connections of its own, and on PostgreSQL a lock is held instead.
func (b *bundle) holdWriters() (free func()) {
	b.Helper()
	tx, err := b.DB.SQL().BeginTx(b.Context(), nil)
	if err == nil {
		_, err = tx.ExecContext(b.Context(), "UPDATE staff_sessions SET seen_at = seen_at")
	}
	if err != nil {
		b.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

func TestWhoCanBeAMember(t *testing.T) {
	each(t, func(b *bundle) {
		b.invite(account.Owner)
		for name, c := range map[string]struct {
			address, name string
			role          account.Role
			kind          fault.Kind
		}{
			"the same mailbox": {"ANA+x@example.org", "Other", account.Viewer, fault.Conflict},
			"the same name":    {"bob@example.org", "Ana Álvarez", account.Viewer, fault.Conflict},
			"no address":       {"bob", "", account.Viewer, fault.Invalid},
			"no role":          {"bob@example.org", "", "king", fault.Invalid},
			"an empty role":    {"bob@example.org", "", "", fault.Invalid},
			"two lines":        {"bob@example.org", "Bob\nroot", account.Viewer, fault.Invalid},
			"a long name":      {"bob@example.org", strings.Repeat("b", 61), account.Viewer, fault.Invalid},
		} {
			_, _, err := b.Invite(b.Context(), c.address, c.name, c.role, "ada")
			b.wants(c.kind, name, err)
		}
		if m, _, err := b.Invite(b.Context(), "bob@example.org", "", account.Viewer, "ada"); err != nil || m.Name != "bob" {
			b.Errorf("without a name: %+v, %v", m, err)
		}
		if err := b.SetRole(b.Context(), "bob@example.org", account.Campaigner, "ada"); err != nil {
			b.Fatal(err)
		}
		b.wants(fault.Invalid, "a role that is none", b.SetRole(b.Context(), address, "king", "ada"))
		b.wants(fault.NotFound, "a role for nobody", b.SetRole(b.Context(), "eve@example.org", account.Viewer, "ada"))
		all, err := b.List(b.Context())
		if err != nil || len(all) != 2 || all[1].Role != account.Campaigner {
			b.Errorf("the staff is %+v, %v", all, err)
		}
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for role, want := range map[account.Role][]bool{
		account.Owner: {true, true, true, true, true}, account.Campaigner: {true, true, false, true, false},
		account.Moderator: {true, true, true, true, false}, account.Viewer: {true, false, false, false, false}, "king": {false, false, false, false, false},
	} {
		for i, right := range []account.Right{account.SeeDesk, account.ReadLetters, account.MoveLetters, account.SeeJobs, account.SteerQueue} {
			if role.May(right) != want[i] {
				t.Errorf("%s may %s: %t", role, right, !want[i])
			}
		}
	}
	if (account.Member{Role: account.Owner, Disabled: noon}).May(account.SeeDesk) {
		t.Error("a disabled owner may see the desk")
	}
}

// TestRolesAreDocumented holds the table of docs/staff.md to that of the program.
func TestRolesAreDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "staff.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.SplitSeq(string(page), "\n") {
		cells := strings.Split(line, "|")
		if !strings.HasPrefix(line, "| `") || len(cells) != 3+len(account.Roles()) {
			continue
		}
		rows++
		right, _, _ := strings.Cut(strings.TrimPrefix(line, "| `"), "`")
		for i, role := range account.Roles() {
			if says := strings.TrimSpace(cells[i+2]) == "yes"; says != role.May(account.Right(right)) {
				t.Errorf("docs/staff.md says %t of %s and %s", says, role, right)
			}
		}
	}
	if rows != 8 {
		t.Errorf("%d rights are in the table", rows)
	}
}
