package keys_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
)

// TestList: both engines take a list apart into the keys that went in, whatever they hold.
func TestList(t *testing.T) {
	var many keys.List
	for i := range 3000 {
		many = append(many, fmt.Sprintf("k%04d", i))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, want := range []keys.List{nil, {"a"}, {`"`, `'`, `\`, "{}", "é ", "\n\t", "<&>", "", "\U0001f600"}, many} {
			got := taken(t, d, want)
			if !slices.Equal(got, want) {
				t.Errorf("%q comes back as %q", want, got)
			}
		}
	})
}

// taken returns the keys that an engine sees in a list, in its order.
func taken(t *testing.T, d *db.DB, list keys.List) (got keys.List) {
	t.Helper()
	err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		rows, err := tx.SQL().QueryContext(ctx, "SELECT key FROM json_each($1)", list)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var key string
			if err := rows.Scan(&key); err != nil {
				return err
			}
			got = append(got, key)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}
