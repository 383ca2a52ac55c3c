package db

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Now returns the time by the database's own clock, which all nodes share. It is the one
// thing that the engines have no common word for.
func (t *Tx) Now(ctx context.Context) (stamp.Time, error) {
	statement := "SELECT CAST(unixepoch('subsec') * 1000 AS integer)"
	if t.db.engine == Postgres {
		statement = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
	}
	var now stamp.Time
	if err := t.raw.QueryRowContext(ctx, statement).Scan(&now); err != nil {
		return 0, fmt.Errorf("ask the database for the time: %w", err)
	}
	return now, nil
}
