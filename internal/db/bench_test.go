package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// group is how many submissions a busy node commits together.
const group = 64

// BenchmarkGroup commits groups of letters in one transaction each, as letter does:
// bulk-inserted, and one by one.
func BenchmarkGroup(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.New, "postgres": dbtest.Postgres} {
		b.Run(name+"/bulk", func(b *testing.B) { benchGroup(b, open(b), bulk) })
		b.Run(name+"/single", func(b *testing.B) { benchGroup(b, open(b), single) })
	}
}

var letterRows = db.Insert{Table: "letters", Columns: []string{
	"id", "submission_id", "campaign_id", "seat", "office", "channel", "delivery_id", "subject", "message", "edited",
	"state", "since", "due_at", "created_at",
}}

func bulk(ctx context.Context, tx *db.Tx, ids []string, text string) error {
	rows := make([][]any, len(ids))
	for i, id := range ids {
		rows[i] = []any{id, old, old, "AZ-04", "HAZ04", "cwc-house", id, "Support H.R. 2172", text, true, "ready", early, late, early}
	}
	_, err := tx.InsertRows(ctx, letterRows, rows)
	return err
}

func single(ctx context.Context, tx *db.Tx, ids []string, text string) error {
	for _, id := range ids {
		if err := bulk(ctx, tx, []string{id}, text); err != nil {
			return err
		}
	}
	return nil
}

func benchGroup(b *testing.B, d *db.DB, insert func(context.Context, *db.Tx, []string, string) error) {
	b.Helper()
	err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error {
		if err := add(ctx, tx, "supporters", row{"id": old, "email_key": old}); err != nil {
			return err
		}
		if err := tx.InsertCampaign(ctx, query.InsertCampaignParams{ID: old, Slug: old}); err != nil {
			return err
		}
		return add(ctx, tx, "submissions", row{"id": old, "key": old, "campaign_id": old, "supporter_id": old})
	})
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("Dear Representative, ", 50)
	n := 0
	for b.Loop() {
		ids := make([]string, group)
		for i := range ids {
			n++
			ids[i] = fmt.Sprintf("%032d", n)
		}
		err := d.Tx(b.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, ids, text) })
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "letters/s")
}
