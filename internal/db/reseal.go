package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/seal"
)

// resealSetting is the name of the setting that says how far sealing anew has come.
const resealSetting = "reseal"

// resealRows is how many rows are sealed anew in one transaction: few, so that letters that
// are taken in meanwhile do not wait.
const resealRows = 50

// Resealing is how far values have been sealed under the current key.
type Resealing struct {
	Key     string `json:"key"`
	Table   int    `json:"table"` // of sealedTables
	After   string `json:"after"` // the last row that was looked at
	Then    int64  `json:"then"`
	Changed int64  `json:"changed"` // rows in this pass
	Broken  int64  `json:"broken"`  // rows in this pass that do not open
	// Done is true when a whole pass has found nothing to change.
	Done bool `json:"done"`
}

// Reseal seals under the current key what is sealed under another or not at all, one small
// transaction after the other, with a pause after each. It goes on where it stopped, and
// ends when ctx does or when all is done, which it reports. Values that others change
// meanwhile are left as they are.
func (d *DB) Reseal(ctx context.Context, now time.Time, pause time.Duration) (done bool, err error) {
	k, err := d.Keyring(ctx)
	if err != nil {
		return false, err
	}
	if now.Sub(k.Since.Time()) < NoticeWithin && len(k.Keys) > 1 {
		return false, nil // some node may still seal under the other key
	}
	if err := d.FollowKeys(ctx); err != nil {
		return false, err
	}
	at, err := d.resealing(ctx)
	if err != nil {
		return false, err
	}
	if at.Key != k.Current {
		at = Resealing{Key: k.Current}
	}
	for !at.Done {
		if at, err = d.resealPage(ctx, at); err != nil {
			return false, err
		}
		if at.passed() && at.Broken > 0 {
			return false, fmt.Errorf("%d rows hold sealed values that do not open: restore them from a backup, or empty them", at.Broken)
		}
		select {
		case <-ctx.Done():
			return at.Done, nil
		case <-time.After(pause):
		}
	}
	return true, nil
}

// passed reports whether the pass ended that found nothing more to change.
func (at Resealing) passed() bool { return at.Table == len(sealedTables) && at.Changed == 0 }

func (d *DB) resealing(ctx context.Context) (at Resealing, err error) {
	text, err := d.read.Setting(ctx, resealSetting)
	if err = Fault(err); fault.Is(err, fault.NotFound) {
		return at, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &at)
	}
	if err != nil {
		return at, fmt.Errorf("read how far sealing has come: %w", err)
	}
	return at, nil
}

// resealPage seals the next rows anew that need it and writes down how far it came.
func (d *DB) resealPage(ctx context.Context, at Resealing) (Resealing, error) {
	if at.Table == len(sealedTables) { // a new pass
		at = Resealing{Key: at.Key}
	}
	table := sealedTables[at.Table]
	rows, err := d.unsealed(ctx, table, at)
	if err != nil {
		return at, fmt.Errorf("look for what to seal in %s: %w", table.name, Fault(err))
	}
	next := at
	if len(rows) > 0 {
		last := rows[len(rows)-1]
		next.After, next.Then = last.id, last.then
	} else {
		next.Table, next.After, next.Then = at.Table+1, "", 0
		next.Done = next.passed() && next.Broken == 0
	}
	err = d.Tx(ctx, func(ctx context.Context, tx *Tx) error {
		next.Changed, next.Broken = at.Changed, at.Broken // Tx may run this again
		for _, r := range rows {
			changed, err := tx.resealRow(ctx, table, r)
			next.Changed += changed
			switch {
			case errors.Is(err, seal.ErrTampered):
				next.Broken++
			case err != nil:
				return err
			}
		}
		text, err := json.Marshal(next)
		if err != nil {
			return err
		}
		return tx.PutSetting(ctx, query.PutSettingParams{Name: resealSetting, Value: string(text)})
	})
	if err != nil {
		return at, fmt.Errorf("seal anew in %s: %w", table.name, err)
	}
	return next, nil
}

// sealedRow is a row with its sealed columns as the database has them.
type sealedRow struct {
	id     string
	then   int64
	values []string
}

// bare stands before a value that must come as it is: it then does not look sealed.
const bare = "="

// unsealed returns the next rows in which a value is not sealed under the current key.
func (d *DB) unsealed(ctx context.Context, table sealedTable, at Resealing) ([]sealedRow, error) {
	rows, err := d.reader.QueryContext(ctx, table.search(), at.After, at.Then, bare, asSealed(seal.Head(at.Key)), resealRows)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	var found []sealedRow
	for rows.Next() {
		r := sealedRow{values: make([]string, len(table.columns()))}
		into := []any{&r.id, &r.then}
		for i := range r.values {
			into = append(into, &r.values[i])
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, value := range r.values {
			r.values[i] = strings.TrimPrefix(value, bare)
		}
		found = append(found, r)
	}
	return found, rows.Err()
}

// search writes the statement for unsealed. Names of tables and columns are constants.
func (t sealedTable) search() string {
	var columns, wrong []string
	for _, c := range t.columns() {
		columns = append(columns, "CAST($3 AS text) || "+c)
		wrong = append(wrong, fmt.Sprintf("(%s <> '' AND substr(%s, 1, %d) <> CAST($4 AS text))", c, c, len(seal.Head(""))+seal.IDLength))
	}
	return fmt.Sprintf(`SELECT %[2]s, CAST(%[3]s AS bigint), %[4]s FROM %[1]s
		WHERE %[2]s >= CAST($1 AS text) AND (%[2]s > CAST($1 AS text) OR %[3]s > CAST($2 AS bigint)) AND (%[5]s)
		ORDER BY %[6]s LIMIT CAST($5 AS bigint)`,
		t.name, t.id, t.then, strings.Join(columns, ", "), strings.Join(wrong, " OR "), t.order())
}

func (t sealedTable) order() string {
	if t.then == noThen {
		return t.id
	}
	return t.id + ", " + t.then
}

// resealRow seals the values of a row anew, if they still are what was read, and returns how
// many rows it changed.
func (t *Tx) resealRow(ctx context.Context, table sealedTable, r sealedRow) (int64, error) {
	var set, still []string
	args := []any{r.id, r.then}
	param := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	for i, column := range table.columns() {
		text, err := t.db.ring.Open(r.values[i])
		if err != nil {
			return 0, fmt.Errorf("%s of %s: %w", column, r.id, err)
		}
		set = append(set, column+" = "+param(sealedColumn(table.name, column)(text)))
		still = append(still, column+" = "+param(asSealed(r.values[i])))
	}
	result, err := t.raw.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s WHERE %s = $1 AND %s = CAST($2 AS bigint) AND %s",
		table.name, strings.Join(set, ", "), table.id, table.then, strings.Join(still, " AND ")), args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// SealedUnder counts the values that are sealed under each key; those under "" are not
// sealed. It reads whole tables.
func (d *DB) SealedUnder(ctx context.Context) (map[string]int64, error) {
	under := map[string]int64{}
	for _, table := range sealedTables {
		for _, column := range table.columns() {
			if err := d.countUnder(ctx, table.name, column, under); err != nil {
				return nil, fmt.Errorf("count what is sealed in %s: %w", table.name, Fault(err))
			}
		}
	}
	return under, nil
}

func (d *DB) countUnder(ctx context.Context, table, column string, under map[string]int64) error {
	head := seal.Head("")
	rows, err := d.reader.QueryContext(ctx, fmt.Sprintf(`SELECT sealed_under, count(*) FROM (
		SELECT CASE WHEN substr(%[1]s, 1, 1) = CAST($1 AS text) THEN substr(%[1]s, 2, %[2]d) ELSE '' END AS sealed_under
		FROM %[3]s WHERE %[1]s <> '') AS v GROUP BY sealed_under`, column, seal.IDLength, table), head[:1])
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // rows.Err says what went wrong
	for rows.Next() {
		var id string
		var n int64
		if err := rows.Scan(&id, &n); err != nil {
			return err
		}
		under[id] += n
	}
	return rows.Err()
}
