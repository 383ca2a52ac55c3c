package audit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

var noon = time.Date(2026, time.November, 23, 17, 0, 0, 0, time.UTC)

func record(t *testing.T, d *db.DB, entries ...audit.Entry) {
	t.Helper()
	for _, e := range entries {
		if err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return audit.Record(ctx, tx, e) }); err != nil {
			t.Fatal(err)
		}
	}
}

func list(t *testing.T, d *db.DB, p audit.Page) []audit.Entry {
	t.Helper()
	all, err := audit.List(t.Context(), d, p)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheLogIsReadNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		first := audit.Entry{At: noon, Who: "ada", Action: audit.LetterView, Subject: "letter-1"}
		second := audit.Entry{At: noon.Add(time.Hour), Who: "ada", Action: audit.LetterRelease, Subject: "letter-2", Detail: "looked at it"}
		third := audit.Entry{At: noon.Add(2 * time.Hour), Who: audit.Supporter, Action: audit.LetterDisowned, Subject: "letter-1"}
		record(t, d, first, second, third)
		for name, c := range map[string]struct {
			page audit.Page
			want []audit.Entry
		}{
			"all":             {audit.Page{Limit: 10}, []audit.Entry{third, second, first}},
			"the newest":      {audit.Page{Limit: 1}, []audit.Entry{third}},
			"of a letter":     {audit.Page{Limit: 10, Subject: "letter-1"}, []audit.Entry{third, first}},
			"since an hour":   {audit.Page{Limit: 10, Since: second.At}, []audit.Entry{third, second}},
			"of no letter":    {audit.Page{Limit: 10, Subject: "nothing"}, []audit.Entry{}},
			"behind the last": {audit.Page{Limit: 10, Before: "0"}, []audit.Entry{}},
		} {
			if diff := cmp.Diff(c.want, list(t, d, c.page), cmpopts.IgnoreFields(audit.Entry{}, "ID")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
		newest := list(t, d, audit.Page{Limit: 1})
		if next := list(t, d, audit.Page{Limit: 1, Before: newest[0].ID}); len(next) != 1 || next[0].Subject != "letter-2" {
			t.Errorf("the second page is %+v", next)
		}
	})
}

func TestAnEntryIsThereWhenItsChangeIs(t *testing.T) {
	d := dbtest.New(t)
	undone := errors.New("undone")
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := audit.Record(ctx, tx, audit.Entry{At: noon, Who: "ada", Action: audit.QueuePause}); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) || len(list(t, d, audit.Page{Limit: 10})) != 0 {
		t.Errorf("%v, %+v", err, list(t, d, audit.Page{Limit: 10}))
	}
}

func TestOldEntriesAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		record(t, d, audit.Entry{At: noon, Who: "ada", Action: audit.LetterView}, audit.Entry{At: noon.Add(time.Hour), Who: "bob", Action: audit.LetterView})
		forget(t, d, noon.Add(audit.KeptFor), 2)
		forget(t, d, noon.Add(audit.KeptFor+time.Hour), 1)
	})
}

func forget(t *testing.T, d *db.DB, now time.Time, want int) {
	t.Helper()
	if err := audit.Forget(t.Context(), d, now); err != nil {
		t.Fatal(err)
	}
	if got := len(list(t, d, audit.Page{Limit: 10})); got != want {
		t.Errorf("%d entries are left, want %d", got, want)
	}
}
