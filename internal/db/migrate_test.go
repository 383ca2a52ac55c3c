package db_test

import (
	"path/filepath"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

func TestMigrateTwiceChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		target, err := db.TargetVersion()
		if err != nil || target < 1 {
			t.Fatalf("target %d, %v", target, err)
		}
		for range 2 {
			if err := d.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			version, err := d.SchemaVersion(t.Context())
			if err != nil || version != target {
				t.Fatalf("version %d, %v; want %d", version, err, target)
			}
		}
		if current, err := d.Current(t.Context()); err != nil || !current {
			t.Errorf("current: %v, %v", current, err)
		}
	})
}

func TestAnEmptyDatabaseHasNoVersion(t *testing.T) {
	d := dbtest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "new.db"))
	if version, err := d.SchemaVersion(t.Context()); err != nil || version != 0 {
		t.Errorf("version %d, %v", version, err)
	}
	if current, err := d.Current(t.Context()); err != nil || current {
		t.Errorf("current: %v, %v", current, err)
	}
}

// TestALostQueueIsMadeAgain: our tables may be current while the queue's are not.
func TestALostQueueIsMadeAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, table := range []string{"river_job", "river_migration"} {
			if _, err := d.SQL().ExecContext(t.Context(), "DELETE FROM "+table); err != nil {
				t.Fatal(err)
			}
		}
		if current, err := d.Current(t.Context()); err != nil || current {
			t.Errorf("current without a queue: %v, %v", current, err)
		}
	})
}

func TestNodesThatMigrateTogetherWaitForEachOther(t *testing.T) {
	url := dbtest.PostgresURL(t)
	d := dbtest.Open(t, url)
	for _, statement := range []string{"DROP SCHEMA public CASCADE", "CREATE SCHEMA public"} {
		if _, err := d.SQL().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for range 3 {
		node := dbtest.Open(t, url)
		wg.Go(func() {
			if err := node.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if current, err := d.Current(t.Context()); err != nil || !current {
		t.Errorf("current: %v, %v", current, err)
	}
}
