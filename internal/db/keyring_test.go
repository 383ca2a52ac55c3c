package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/seal"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

// ringAt returns the ring of a file, which need not be there.
func ringAt(t *testing.T, path string) *seal.Ring {
	t.Helper()
	r, err := seal.At(path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// with opens a database with the ring of a file.
func with(t *testing.T, url, path string) *db.DB {
	t.Helper()
	return dbtest.Open(t, url, db.Alongside(), db.Sealed(ringAt(t, path)))
}

func TestTheFirstStartMakesARing(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		path := filepath.Join(t.TempDir(), "keys", "keyring")
		d := with(t, url, path)
		if err := d.Unlock(t.Context()); !errors.Is(err, db.ErrNoKeyring) {
			t.Errorf("before the server's first start: %v", err)
		}
		if err := d.Establish(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		k, err := d.Keyring(t.Context())
		if err != nil || k.Plain || k.Current == "" || !slices.Equal(k.Keys, []string{k.Current}) || !slices.Equal(d.KeyIDs(), k.Keys) {
			t.Errorf("the database knows %+v, %v", k, err)
		}
		made, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(made), "\x00") {
			t.Fatal(err)
		}
		again := with(t, url, path)
		if err := errors.Join(again.Establish(t.Context(), noon), again.Unlock(t.Context())); err != nil {
			t.Errorf("the second start: %v", err)
		}
		if now, _ := os.ReadFile(path); string(now) != string(made) {
			t.Error("the second start changes the ring")
		}
		if again.Blind("a") != d.Blind("a") {
			t.Error("the blind indexes differ")
		}
	})
}

// TestLostAndWrongRings: one line that says what to do, and no start.
func TestLostAndWrongRings(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		folder := t.TempDir()
		path := filepath.Join(folder, "keyring")
		d := with(t, url, path)
		if err := d.Establish(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		older, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		id, err := d.AddKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := d.UseKey(t.Context(), id, noon); err != nil {
			t.Fatal(err)
		}
		other := filepath.Join(folder, "other")
		if err := ringAt(t, other).Make(); err != nil {
			t.Fatal(err)
		}
		before := filepath.Join(folder, "before")
		if err := os.WriteFile(before, older, 0o600); err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]string{"absent": "there is no key ring", "other": "another installation", "before": "lacks the key " + id} {
			file = filepath.Join(folder, file)
			wrong := with(t, url, file)
			for _, err := range []error{wrong.Unlock(t.Context()), wrong.Establish(t.Context(), noon)} {
				if !errors.Is(err, db.ErrLocked) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%s: %v", file, err)
				}
			}
		}
		if _, err := os.Stat(filepath.Join(folder, "absent")); err == nil {
			t.Error("another ring is made in the place of the lost one")
		}
	})
}

// TestTwoNodesMakeOneRing: the second one to come needs the first one's ring.
func TestTwoNodesMakeOneRing(t *testing.T) {
	url := dbtest.PostgresURL(t)
	folder := t.TempDir()
	results := make(chan error, 2)
	for _, name := range []string{"a", "b"} {
		d := with(t, url, filepath.Join(folder, name))
		go func() { results <- d.Establish(t.Context(), noon) }()
	}
	errs := []error{<-results, <-results}
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("both nodes say %v", errs)
	}
	if err := errors.Join(errs...); !errors.Is(err, db.ErrLocked) {
		t.Errorf("the later one says %v", err)
	}
}

// TestAnOlderDatabase has mailboxes and texts as they are; the first start hides the ones,
// sealing anew the others, and all is found and read meanwhile.
func TestAnOlderDatabase(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d := dbtest.Open(t, url, db.Alongside())
		const people = 1100 // more than two pages
		values := make([]string, 0, people)
		for i := range people {
			values = append(values, fmt.Sprintf("('s%04d', 'doe%d@example.org', 'Doe%d@example.org', 'Jane', 1, 1)", i, i, i))
		}
		for _, statement := range []string{
			"INSERT INTO supporters (id, email_key, email, first_name, created_at, updated_at) VALUES " + strings.Join(values, ","),
			"INSERT INTO supporters (id, email_key, email, created_at, updated_at) VALUES ('gone', 'gone', '', 1, 1)",
		} {
			if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Establish(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		for key, id := range map[string]string{d.Blind("doe7@example.org"): "s0007", d.Blind("doe1099@example.org"): "s1099", "gone": "gone"} {
			var got string
			if err := d.SQL().QueryRowContext(t.Context(), "SELECT id FROM supporters WHERE email_key = $1", key).Scan(&got); err != nil || got != id {
				t.Errorf("%s is found as %q, %v", id, got, err)
			}
		}
		if email := bare(t, d, "email", "supporters WHERE id = 's0007'"); email != "Doe7@example.org" {
			t.Errorf("the start seals %q already", email)
		}
		resealed(t, d, noon)
		var got string
		if email := bare(t, d, "email", "supporters WHERE id = 's0007'"); !seal.Sealed(email) {
			t.Errorf("it stays %q", email)
		}
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT email FROM supporters WHERE id = 's0007'").Scan(&got); err != nil || got != "Doe7@example.org" {
			t.Errorf("it reads %q, %v", got, err)
		}
		if under, err := d.SealedUnder(t.Context()); err != nil || under[""] != 0 || under[d.KeyIDs()[0]] != 2*people {
			t.Errorf("sealed are %v, %v", under, err)
		}
	})
}

// resealed seals anew until nothing is left.
func resealed(t *testing.T, d *db.DB, now time.Time) {
	t.Helper()
	if done, err := d.Reseal(t.Context(), now, 0); err != nil || !done {
		t.Fatalf("sealing anew is done: %v, %v", done, err)
	}
}

// TestRotationUnderLoad seals anew while others read, write and forget, until the old key
// is gone: nothing is lost, nothing comes back, and all opens at every moment.
func TestRotationUnderLoad(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		path := filepath.Join(t.TempDir(), "keyring")
		d := with(t, url, path)
		if err := d.Establish(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		first := d.KeyIDs()[0]
		seed(t, d)
		const letters = 300
		for i := range letters {
			addLetter(t, d, i)
		}
		tool := with(t, url, path)
		second, err := tool.AddKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := tool.UseKey(t.Context(), second, noon); err != nil {
			t.Fatal(err)
		}
		if done, err := d.Reseal(t.Context(), noon.Add(db.NoticeWithin-1), 0); done || err != nil {
			t.Errorf("it is sealed anew before every node can know the key: %v, %v", done, err)
		}
		if err := tool.DropKey(t.Context(), first, noon.Add(db.NoticeWithin-1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("a key is dropped that nodes may still use: %v", err)
		}
		now := noon.Add(db.NoticeWithin)
		if err := tool.DropKey(t.Context(), first, now); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), "still sealed") {
			t.Errorf("a key is dropped that is needed: %v", err)
		}
		if err := tool.DropKey(t.Context(), second, now); !fault.Is(err, fault.Invalid) {
			t.Errorf("the current key is dropped: %v", err)
		}

		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- busy(ctx, d, letters) }()
		resealed(t, d, now)
		stop()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if under, err := d.SealedUnder(t.Context()); err != nil || under[first] != 0 || under[""] != 0 || under[second] == 0 {
			t.Fatalf("sealed are %v, %v", under, err)
		}
		if err := tool.DropKey(t.Context(), first, now); err != nil {
			t.Fatal(err)
		}
		fresh := with(t, url, path)
		if err := fresh.Unlock(t.Context()); err != nil || !slices.Equal(fresh.KeyIDs(), []string{second}) {
			t.Errorf("the next start: keys %v, %v", fresh.KeyIDs(), err)
		}
		for i := range letters {
			l, err := fresh.Read().LetterByID(t.Context(), letterID(i))
			if err != nil {
				t.Fatal(err)
			}
			if want := words(i); forgotten(i) && l.Message != "" || !forgotten(i) && l.Message != want {
				t.Errorf("letter %d reads %q", i, l.Message)
			}
		}
	})
}

func letterID(i int) string     { return fmt.Sprintf("l%04d", i) }
func words(i int) seal.Text     { return seal.Text(fmt.Sprintf("Dear Representative %d", i)) }
func forgotten(i int) bool      { return i%3 == 0 }
func submissionID(i int) string { return fmt.Sprintf("u%04d", i) }

func addLetter(t *testing.T, d *db.DB, i int) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		id := letterID(i)
		return errors.Join(
			add(ctx, tx, "submissions", row{"id": submissionID(i), "key": id, "campaign_id": old, "supporter_id": old, "person": id, "first_name": "Jane", "created_at": early}),
			add(ctx, tx, "letters", row{
				"id": id, "submission_id": submissionID(i), "campaign_id": old, "delivery_id": id, "state": "accepted", "message": string(words(i)),
				"reason": "told by the office", "created_at": early,
			}),
			tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{LetterID: id, At: early, ToState: "ready", Note: "one"}),
			tx.InsertLetterHistory(ctx, query.InsertLetterHistoryParams{LetterID: id, At: early, ToState: "accepted", Note: "two"}),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// busy reads all letters and forgets every third until ctx ends, but not before all of
// those are forgotten.
func busy(ctx context.Context, d *db.DB, letters int) error {
	work := context.WithoutCancel(ctx)
	for i := 0; i < letters || ctx.Err() == nil; i++ {
		i := i % letters
		l, err := d.Read().LetterByID(work, letterID(i))
		if err != nil {
			return err
		}
		if l.Message != words(i) && !forgotten(i) {
			return fmt.Errorf("letter %d reads %q meanwhile", i, l.Message)
		}
		if !forgotten(i) {
			continue
		}
		err = d.Tx(work, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ScrubLetters(ctx, submissionID(i))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TestABrokenRowHoldsUpNoOther: it is told of, stays, and keeps its key from being dropped.
func TestABrokenRowHoldsUpNoOther(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		path := filepath.Join(t.TempDir(), "keyring")
		d := with(t, url, path)
		if err := d.Establish(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		first := d.KeyIDs()[0]
		seed(t, d)
		for i := range 120 { // more than two pages
			addLetter(t, d, i)
		}
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE letters SET message = substr(message, 1, length(message) - 4) || 'AAAA' WHERE id = 'l0007'"); err != nil {
			t.Fatal(err)
		}
		second, err := d.AddKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := d.UseKey(t.Context(), second, noon); err != nil {
			t.Fatal(err)
		}
		now := noon.Add(db.NoticeWithin)
		for range 2 {
			if done, err := d.Reseal(t.Context(), now, 0); done || err == nil || !strings.Contains(err.Error(), "1 rows") {
				t.Errorf("it is done: %v, %v", done, err)
			}
		}
		if under, err := d.SealedUnder(t.Context()); err != nil || under[first] != 2 { // its message and its reason
			t.Errorf("sealed are %v, %v", under, err)
		}
		if err := d.DropKey(t.Context(), first, now); !fault.Is(err, fault.Invalid) {
			t.Errorf("the key is dropped: %v", err)
		}
		err = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.ScrubLetters(ctx, submissionID(7))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		resealed(t, d, now)
	})
}

// TestARunningNodeTakesUpTheKey that another process has added and chosen.
func TestARunningNodeTakesUpTheKey(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		path := filepath.Join(t.TempDir(), "keyring")
		d := with(t, url, path)
		if err := d.Establish(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		tool := with(t, url, path)
		id, err := tool.AddKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := tool.UseKey(t.Context(), "0a0a0a", noon); !fault.Is(err, fault.Invalid) {
			t.Errorf("a key that is not there is used: %v", err)
		}
		if err := tool.UseKey(t.Context(), id, noon); err != nil {
			t.Fatal(err)
		}
		if err := d.FollowKeys(t.Context()); err != nil {
			t.Fatal(err)
		}
		seed(t, d)
		if value := bare(t, d, "email", "supporters WHERE id = 'x'"); !strings.HasPrefix(value, seal.Head(id)) {
			t.Errorf("it seals as %q", value)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Read().SubmissionByID(t.Context(), old); err != nil {
			t.Errorf("a running node needs the file: %v", err)
		}
	})
}
