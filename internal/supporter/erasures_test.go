package supporter_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// listed opens a list of erasures for the world.
func (w *world) listed(path string) {
	w.Helper()
	var err error
	if w.people.Erasures, err = supporter.OpenErasures(path); err != nil {
		w.Fatal(err)
	}
}

// erase forgets one person, as the desk does for a person without letters.
func (w *world) erase(ctx context.Context, who supporter.Person) error {
	return w.db.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return w.people.EraseIn(ctx, tx, who) })
}

func (w *world) known(address string) bool {
	w.Helper()
	_, known, err := w.people.ByAddress(w.Context(), address)
	if err != nil {
		w.Fatal(err)
	}
	return known
}

// TestPRIV_ERA_1_ARestoreErasesAgain: whom a backup brings back is erased once more, and
// nobody else: neither who was never erased, nor who came back by themselves.
func TestPRIV_ERA_1_ARestoreErasesAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		path := filepath.Join(t.TempDir(), "kept", "erasures")
		w := newWorld(t, d)
		w.listed(path)
		ann, _ := w.member("ann@example.org"), w.member("zoe@example.org")
		w.now = noon.Add(time.Hour)
		if err := w.people.Erase(t.Context(), ann, func(ctx context.Context) error { return w.erase(ctx, ann) }); err != nil {
			t.Fatal(err)
		}
		if w.known(ann.Email) || len(w.consents(ann)) != 0 || w.audience(supporter.Updates) != "zoe" {
			t.Error("she is not erased")
		}
		again := func(want int) {
			t.Helper()
			if n, err := w.people.Reapply(t.Context(), w.erase); err != nil || n != want {
				t.Errorf("%d people are erased again, want %d; %v", n, want, err)
			}
		}
		again(0)
		// A backup of before: the row is there, and the database does not know of the erasure.
		for _, statement := range []string{"DELETE FROM settings WHERE name LIKE 'erasures-%'", "UPDATE supporters SET email = 'Ann@example.org', email_key = '" + d.Blind("ann@example.org") + "' WHERE id = 'ann'"} {
			if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if !w.known(ann.Email) {
			t.Fatal("the backup does not hold her")
		}
		w.listed(path)
		again(1)
		again(0)
		if w.known(ann.Email) || !w.known("zoe@example.org") {
			t.Error("the wrong one was erased")
		}
		// She joins anew, and a later restore leaves her alone.
		w.now = noon.Add(2 * time.Hour)
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE supporters SET id = 'old', email_key = 'old' WHERE id = 'ann'"); err != nil {
			t.Fatal(err)
		}
		w.add("ann@example.org")
		if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM settings WHERE name LIKE 'erasures-%'"); err != nil {
			t.Fatal(err)
		}
		again(0)
		if !w.known("ann@example.org") {
			t.Error("who came back is erased")
		}
		text, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(text), "ann") || strings.Count(string(text), "\n") != 2 {
			t.Errorf("the list names people: %q, %v", text, err)
		}
	})
}

// TestErasuresThatBreak: a crash between the list and the database is made good, a line that
// was cut short is nobody's, and a file of something else is no list.
func TestErasuresThatBreak(t *testing.T) {
	w := newWorld(t, dbtest.New(t))
	path := filepath.Join(t.TempDir(), "erasures")
	w.listed(path)
	ann := w.member("ann@example.org")
	crash := errors.New("the power went")
	if err := w.people.Erase(t.Context(), ann, func(context.Context) error { return crash }); !errors.Is(err, crash) {
		t.Fatal(err)
	}
	if n, err := w.people.Reapply(t.Context(), w.erase); err != nil || n != 1 || w.known(ann.Email) {
		t.Errorf("after the crash %d are erased, %v", n, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		text string
		good bool
	}{
		"cut short":   {string(text) + "2026-11-23T17:0", true},
		"damaged":     {string(text) + "yesterday x\n", false},
		"not a list":  {"0123456789abcdef\n", false},
		"quite empty": {"", false},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := supporter.OpenErasures(path); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
		if !c.good {
			continue
		}
		w.listed(path)
		eve := w.add("eve@example.org")
		if err := w.people.Erase(t.Context(), eve, func(ctx context.Context) error { return w.erase(ctx, eve) }); err != nil {
			t.Errorf("%s: the next erasure fails: %v", name, err)
		}
	}
}

// TestMAIL_S_1_KeptAfterErasure: only what keeps mail from the mailbox stays of a person.
func TestMAIL_S_1_KeptAfterErasure(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann := w.member("ann@example.org")
		w.leave(ann, supporter.Everything)
		if err := w.people.Erase(t.Context(), ann, func(ctx context.Context) error { return w.erase(ctx, ann) }); err != nil {
			t.Fatal(err)
		}
		if w.known(ann.Email) || !w.suppressed("ANN@example.org", supporter.Updates) {
			t.Error("she is known, or can be mailed again")
		}
	})
}

// TestPRIV_EXP_1_OneDownload: a link gives the data out once.
func TestPRIV_EXP_1_OneDownload(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		ann := w.add("ann@example.org")
		url := w.people.DataURL(ann)
		token := url[strings.LastIndex(url, "/")+1:]
		for turn := range 2 {
			if used, err := w.people.Downloaded(t.Context(), token); err != nil || used != (turn == 1) {
				t.Errorf("used: %t, %v", used, err)
			}
			if err := w.people.Download(t.Context(), token, ann); fault.Is(err, fault.Conflict) != (turn == 1) {
				t.Errorf("the %d. download: %v", turn+1, err)
			}
		}
		w.now = noon.Add(3 * 24 * time.Hour)
		if err := w.people.ForgetOld(t.Context()); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM downloads").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d used links are kept for ever, %v", left, err)
		}
	})
}
