package db_test

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// portable are the types that both engines store, compare and return alike.
var portable = []string{"text", "bigint", "boolean", "bytea", "double precision"}

const (
	tablesOfSQLite   = `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`
	columnsOfSQLite  = `SELECT name, lower(type), "notnull" = 1 FROM pragma_table_info($1) ORDER BY name`
	tablesOfPostgres = `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`

	columnsOfPostgres = `SELECT column_name, data_type, is_nullable = 'NO' FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name = $1 ORDER BY column_name`
)

type column struct {
	table, name, kind string
	notNull           bool
}

// columns returns the columns of our own tables, not River's nor goose's.
func columns(t *testing.T, d *db.DB) []column {
	t.Helper()
	tables, ask := tablesOfSQLite, columnsOfSQLite
	if d.Engine() == db.Postgres {
		tables, ask = tablesOfPostgres, columnsOfPostgres
	}
	var all []column
	for _, table := range strs(t, d, tables) {
		if strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "sqlite_") || table == "schema_migrations" {
			continue
		}
		all = append(all, columnsOf(t, d, ask, table)...)
	}
	return all
}

func columnsOf(t *testing.T, d *db.DB, ask, table string) []column {
	t.Helper()
	rows, err := d.SQL().QueryContext(t.Context(), ask, table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []column
	for rows.Next() {
		c := column{table: table}
		if err := rows.Scan(&c.name, &c.kind, &c.notNull); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func strs(t *testing.T, d *db.DB, statement string) []string {
	t.Helper()
	rows, err := d.SQL().QueryContext(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestColumnsArePortable(t *testing.T) {
	seen := map[db.Engine][]column{}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := columns(t, d)
		if len(all) < 80 {
			t.Fatalf("only %d columns found", len(all))
		}
		for _, c := range all {
			if !slices.Contains(portable, c.kind) {
				t.Errorf("%s.%s is %s; docs/database.md lists the types", c.table, c.name, c.kind)
			}
			if !c.notNull {
				t.Errorf("%s.%s may be NULL", c.table, c.name)
			}
		}
		seen[d.Engine()] = all
	})
	if len(seen) == 2 && !slices.Equal(seen[db.SQLite], seen[db.Postgres]) {
		t.Error("the engines have different columns")
	}
}

// TestForeignKeysAreIndexed: without an index every delete and many a look-up scans. Campaigns
// are never deleted, and whoever looks letters up by campaign has an index for it.
func TestForeignKeysAreIndexed(t *testing.T) {
	d := dbtest.New(t)
	missing := strs(t, d, `
		SELECT m.name || '.' || f."from"
		FROM sqlite_master m, pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' AND m.name NOT LIKE 'river_%' AND f."table" <> 'campaigns' AND NOT EXISTS (
			SELECT 1 FROM pragma_index_list(m.name) i, pragma_index_info(i.name) c
			WHERE c.seqno = 0 AND c.name = f."from" AND i.partial = 0)`)
	if len(missing) > 0 {
		t.Errorf("foreign keys without an index: %v", missing)
	}
	if keys := strs(t, d, `SELECT f."from" FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'`); len(keys) < 9 {
		t.Errorf("only %d foreign keys found", len(keys))
	}
}

// explainer passes every statement on to be explained and keeps the answers. how is what
// stands in front of the statement; the last column of an answer is a step of the plan.
type explainer struct {
	*sql.DB
	t     *testing.T
	how   string
	plans map[string][]string
	now   string
}

func (e *explainer) explain(ctx context.Context, statement string, args []any) {
	e.t.Helper()
	rows, err := e.DB.QueryContext(ctx, e.how+" "+statement, args...)
	if err != nil {
		e.t.Fatalf("%s: %v", e.now, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		e.t.Fatal(err)
	}
	var step string
	row := make([]any, len(columns))
	for i := range row {
		row[i] = new(any)
	}
	row[len(row)-1] = &step
	for rows.Next() {
		if err := rows.Scan(row...); err != nil {
			e.t.Fatal(err)
		}
		e.plans[e.now] = append(e.plans[e.now], step)
	}
	if err := rows.Err(); err != nil {
		e.t.Fatal(err)
	}
}

var errExplained = errors.New("explained only")

func (e *explainer) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	e.explain(ctx, statement, args)
	return nil, errExplained
}

func (e *explainer) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	e.explain(ctx, statement, args)
	return nil, errExplained
}

func (e *explainer) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	e.explain(ctx, statement, args)
	return e.DB.QueryRowContext(ctx, "SELECT 1 WHERE false")
}

// whole are the queries that are meant to read a whole table or index.
var whole = map[string]bool{
	"ListLines": true, "ListCampaigns": true, "CountLettersByState": true, "Inventory": true, "ForgetAudit": true, "ListLettersToPrint": true, "ListPrintBatches": true, "CountHeldLetters": true, "CountOverdueLetters": true, "ListMailings": true, "CountMailings": true,
	"CountChanges": true, "ListSegments": true, // up to a bound; a handful
	"CountSources": true, "CountViews": true, "ListAllJourneyRuns": true,
	"ListFlights": true, "EraseRecipient": true, "ListMailingsOf": true, "DropSupporter": true, // mailing by mailing
	"ListStaff": true, "ForgetStaffSessions": true, // a handful
}

var scan = regexp.MustCompile(`^SCAN [a-z_]+\b`)

// list is a step that reads a list of keys, which is an argument, or what was looked up for it.
var list = regexp.MustCompile(`^SCAN (json_each|at)\b`)

// TestQueriesUseAnIndex reads SQLite's plan of every query: one that scans a table is
// quick on a laptop and dead after a million letters.
func TestQueriesUseAnIndex(t *testing.T) {
	d := dbtest.New(t)
	seed(t, d)
	e := &explainer{DB: d.SQL(), t: t, how: "EXPLAIN QUERY PLAN", plans: map[string][]string{}}
	queries := reflect.ValueOf(query.New(e))
	for _, m := range methods() {
		e.now = m.Name
		m.Func.Call(append([]reflect.Value{queries, reflect.ValueOf(t.Context())}, argument(t, m)...))
		for _, step := range e.plans[m.Name] {
			if scan.MatchString(step) && !list.MatchString(step) && !whole[m.Name] {
				t.Errorf("%s: %s", m.Name, step)
			}
		}
	}
	if plan := strings.Join(e.plans["CountLettersByState"], "; "); strings.Count(plan, "USING COVERING INDEX letters_s") != 2 {
		t.Errorf("CountLettersByState does not count off letters_since and letters_settled: %s", plan)
	}
	for name, index := range map[string]string{
		"ListLines": "letters_line", "ListLine": "letters_line", "CountLine": "letters_line", "ListStaleLetters": "letters_since",
		"ListAudience": "subscriptions_list", "ListUnconfirmedSubscriptions": "subscriptions_pending",
		"ListMailingLine": "mailing_recipients_line", "NextInMailingLine": "mailing_recipients_line",
		"ListHeldLetters": "letters_held", "ListAside": "letters_since", "ListUnknown": "letters_since", "ListScrubbableSubmissions": "submissions_unscrubbed",
	} {
		plan := strings.Join(e.plans[name], "; ")
		if !strings.Contains(plan, index) || strings.Contains(plan, "TEMP B-TREE FOR ORDER BY") && strings.HasPrefix(name, "List") {
			t.Errorf("%s does not read from %s in order: %s", name, index, plan)
		}
	}
}
