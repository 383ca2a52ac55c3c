package inbox_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
)

// keep stores a mail and returns the id under which it is worked on.
func (b *box) keep(raw []byte) string {
	b.Helper()
	var id string
	b.Waits = func(_ context.Context, _ *db.Tx, given string) error {
		id = given
		return nil
	}
	if err := b.Keep(b.Context(), raw); err != nil || id == "" {
		b.Fatal(id, err)
	}
	return id
}

// stored are the bytes of all stored mails.
func (b *box) stored() (rows int, all []byte) {
	b.Helper()
	found, err := b.db.SQL().QueryContext(b.Context(), "SELECT raw FROM mail_in")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	for found.Next() {
		var raw []byte
		if err := found.Scan(&raw); err != nil {
			b.Fatal(err)
		}
		rows++
		all = append(all, raw...)
	}
	if err := found.Err(); err != nil {
		b.Fatal(err)
	}
	return rows, all
}

func TestKeptMailIsWorkedOnAndForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		id := b.keep(b.mail("dsn-gmail", b.send("ann@example.org")))
		if rows, all := b.stored(); rows != 1 || bytes.Contains(all, []byte("example")) {
			t.Errorf("%d mails are stored, in the clear: %q", rows, all)
		}
		for range 2 {
			if err := b.Work(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		b.told("hard-bounce ann@example.org")
		if rows, _ := b.stored(); rows != 0 || b.counted(inbox.Hard) != 1 {
			t.Errorf("%d mails are left, %d are counted", rows, b.counted(inbox.Hard))
		}
		// The same mail comes again: it is not counted, nor kept.
		id = b.keep(b.mail("dsn-gmail", b.send("bob@example.org")))
		token := b.send("eve@example.org")
		first, second := b.keep(b.mail("dsn-gmail", token)), b.keep(b.mail("dsn-gmail", token))
		for _, id := range []string{id, first, second} {
			if err := b.Work(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		if rows, _ := b.stored(); rows != 0 || b.counted(inbox.Hard) != 3 {
			t.Errorf("%d mails are left, %d are counted", rows, b.counted(inbox.Hard))
		}
	})
}

func TestLostJobsAreMadeUpFor(t *testing.T) {
	b := open(t, dbtest.New(t))
	b.keep(b.mail("dsn-gmail", b.send("ann@example.org")))
	b.now = b.now.Add(time.Minute)
	if err := b.WorkAll(t.Context(), 5*time.Minute); err != nil || len(b.suppressed) != 0 {
		t.Errorf("%v: a job that is young is overtaken", err)
	}
	b.now = b.now.Add(5 * time.Minute)
	if err := b.WorkAll(t.Context(), 5*time.Minute); err != nil {
		t.Fatal(err)
	}
	b.told("hard-bounce ann@example.org")
}

func TestWhatCannotBeStoredIsNotAcknowledged(t *testing.T) {
	b := open(t, dbtest.New(t))
	b.Waits = func(context.Context, *db.Tx, string) error { return errors.New("no queue") }
	if err := b.Keep(t.Context(), []byte("Subject: x\n\nx")); err == nil {
		t.Error("a mail that nobody will work on is acknowledged")
	}
	if rows, _ := b.stored(); rows != 0 {
		t.Errorf("%d are stored", rows)
	}
	b.Waits = nil
	if _, err := b.db.SQL().ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
		INSERT INTO mail_in (id, state, raw, created_at) SELECT 'x' || i, 'new', x'00', 1 FROM n`); err != nil {
		t.Fatal(err)
	}
	if err := b.Keep(t.Context(), []byte("Subject: x\n\nx")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("mail without end is stored: %v", err)
	}
}

func TestMailForAPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		id := b.keep(b.mail("person-question", ""))
		if err := b.Work(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		b.take([]byte("this is no mail at all"))
		held := b.held()
		if len(held) != 2 || held[0].ID != id || held[0].Kind != inbox.Person {
			t.Fatalf("%+v", held)
		}
		if rows, all := b.stored(); rows != 2 || bytes.Contains(all, []byte("neighbors")) {
			t.Errorf("%d mails are stored, in the clear", rows)
		}
		raw, err := b.Show(t.Context(), id)
		if err != nil || !bytes.Contains(raw, []byte("my neighbors ask")) {
			t.Errorf("%q, %v", raw, err)
		}
		for _, want := range []bool{true, false} {
			if closed, err := b.Close(t.Context(), id); err != nil || closed != want {
				t.Errorf("closed %v, %v", closed, err)
			}
		}
		if _, err := b.Show(t.Context(), id); !fault.Is(err, fault.NotFound) {
			t.Errorf("a closed mail: %v", err)
		}
		acts := b.logged()
		if len(acts) != 2 || acts[0].Action != audit.MailView || acts[1].Action != audit.MailClose || acts[0].Subject != id {
			t.Errorf("%+v", acts)
		}
		b.take(b.mail("person-question", "")) // fed once more
		if len(b.held()) != 1 {
			t.Error("a mail that was dealt with is back")
		}
		b.now = b.now.Add(inbox.HeldFor + time.Minute)
		if err := b.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(b.held()) != 0 {
			t.Error("a mail is kept for ever")
		}
	})
}

func TestHeldMailIsBounded(t *testing.T) {
	b := open(t, dbtest.New(t))
	b.take([]byte("From: a@example.org\nSubject: long\n\n" + strings.Repeat("words ", 100_000)))
	if _, all := b.stored(); len(all) > 70_000 {
		t.Errorf("%d bytes of one mail are kept", len(all))
	}
	if _, err := b.db.SQL().ExecContext(t.Context(), `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
		INSERT INTO mail_in (id, state, raw, created_at) SELECT 'x' || i, 'held', x'00', 1 FROM n`); err != nil {
		t.Fatal(err)
	}
	if r := b.take([]byte("From: a@example.org\nSubject: one more\n\nx")); r.Kind != inbox.Person {
		t.Errorf("%+v", r)
	}
	if rows, _ := b.stored(); rows != 1000 || b.counted(inbox.Person) != 2 {
		t.Errorf("%d mails are kept, %d counted", rows, b.counted(inbox.Person))
	}
}

func TestAnotherSecretReadsNothing(t *testing.T) {
	b := open(t, dbtest.New(t))
	id := b.keep([]byte("Subject: x\n\nx"))
	other := b.Options
	other.Secret = []byte("another secret of the tests, long")
	stranger := inbox.New(other)
	if err := stranger.Work(t.Context(), id); err == nil || !strings.Contains(err.Error(), "another secret") {
		t.Error(err)
	}
	if _, err := stranger.Show(t.Context(), id); err == nil {
		t.Error("it is shown")
	}
	// Bytes that are moved to another row are not read either.
	if _, err := b.db.SQL().ExecContext(t.Context(), "UPDATE mail_in SET id = 'moved'"); err != nil {
		t.Fatal(err)
	}
	if err := b.Work(t.Context(), "moved"); err == nil {
		t.Error("a moved mail is read")
	}
}

func TestForget(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := open(t, d)
		for _, name := range []string{"dsn-gmail", "dsn-gmail-full", "dsn-gmail-policy"} {
			b.take(b.mail(name, b.send("ann@"+name+".example")))
		}
		tables := []string{"mail_seen", "soft_bounces", "mail_refusals", "mail_in_counts"}
		for _, step := range []struct {
			after time.Duration
			want  []int
		}{{0, []int{3, 1, 1, 3}}, {29 * day, []int{3, 1, 1, 3}}, {31 * day, []int{3, 0, 0, 3}}, {61 * day, []int{0, 0, 0, 3}}, {732 * day, []int{0, 0, 0, 0}}} {
			b.now = noon.Add(step.after)
			if err := b.Forget(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.rows(step.after, tables, step.want)
		}
	})
}

// rows compares how many rows tables have.
func (b *box) rows(after time.Duration, tables []string, want []int) {
	b.Helper()
	for i, table := range tables {
		var n int
		if err := b.db.SQL().QueryRowContext(b.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			b.Fatal(err)
		}
		if n != want[i] {
			b.Errorf("after %v %s has %d rows, want %d", after, table, n, want[i])
		}
	}
}
