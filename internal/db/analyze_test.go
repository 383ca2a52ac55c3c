package db_test

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
)

func TestAnalyze(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if err := d.Analyze(t.Context(), "supporters", "person_tags"); err != nil {
			t.Error(err)
		}
		if d.Engine() != db.Postgres {
			return
		}
		if err := d.Analyze(t.Context(), "supporters; DROP TABLE letters"); err == nil {
			t.Error("what is no name was accepted")
		}
		var analyzed bool
		err := d.SQL().QueryRowContext(t.Context(), "SELECT reltuples >= 0 FROM pg_class WHERE relname = 'person_tags'").Scan(&analyzed)
		if err != nil || !analyzed {
			t.Errorf("the table was not looked at: %v", err)
		}
	})
}
