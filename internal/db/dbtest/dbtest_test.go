package dbtest_test

import (
	"context"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	for range 3 {
		dbtest.Each(t, func(t *testing.T, d *db.DB) {
			if value, err := d.Read().Setting(t.Context(), "seen"); !fault.Is(db.Fault(err), fault.NotFound) {
				t.Fatalf("got %q, %v; want an empty, migrated database", value, err)
			}
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return tx.PutSetting(ctx, query.PutSettingParams{Name: "seen", Value: string(d.Engine())})
			})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := d.Read().Setting(t.Context(), "seen"); err != nil || got != string(d.Engine()) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
