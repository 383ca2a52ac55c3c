package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

func TestNowIsTheTimeInMilliseconds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		before := stamp.Of(time.Now())
		var now, later stamp.Time
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
			if now, err = tx.Now(ctx); err != nil {
				return err
			}
			<-time.After(20 * time.Millisecond)
			later, err = tx.Now(ctx) // not the time at which the transaction began
			return err
		})
		if err != nil || now < before-1 || later > stamp.Of(time.Now())+1 || d.Engine() == db.Postgres && later < now+20 {
			t.Errorf("it is %s and then %s, %v", now, later, err)
		}
	})
}
