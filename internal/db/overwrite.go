package db

import (
	"context"
	"fmt"
)

// Overwrite takes what was deleted or changed out of the files that the database keeps
// beside its tables. On SQLite that is the write-ahead log, which holds old pages until it
// begins anew. PostgreSQL's own vacuum and log recycling do it in their time.
func (d *DB) Overwrite(ctx context.Context) error {
	if d.Engine() != SQLite {
		return nil
	}
	// A reader in the way leaves the rest to the next time; that is no failure.
	if _, err := d.SQL().ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("begin the write-ahead log anew: %w", Fault(err))
	}
	return nil
}
