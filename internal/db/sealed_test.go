package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/keys"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/seal"
)

// TestSealedColumnsAreSealedEitherWay holds the types of sqlc.yaml to the columns that
// InsertRows seals: a column in one list only could be written unsealed.
func TestSealedColumnsAreSealedEitherWay(t *testing.T) {
	typed := map[string]bool{}
	for table, model := range map[string]any{
		"supporters": query.Supporter{}, "submissions": query.Submission{}, "letters": query.Letter{}, "letter_history": query.LetterHistory{},
		"consents": query.Consent{}, "questions": query.Question{}, "campaigns": query.Campaign{}, "audit": query.Audit{}, "answers": query.Answer{},
		"print_batches": query.PrintBatch{}, "mailboxes": query.Mailbox{}, "suppressions": query.Suppression{}, "settings": query.Setting{},
		"subscriptions": query.Subscription{}, "downloads": query.Download{}, "mail_in": query.MailIn{}, "soft_bounces": query.SoftBounce{},
		"staff": query.Staff{},
	} {
		for field := range reflect.TypeOf(model).Fields() {
			if field.Type == reflect.TypeFor[seal.Text]() || field.Type == reflect.TypeFor[seal.Word]() {
				typed[table+"."+snake(field.Name)] = true
			}
		}
	}
	for _, column := range db.SealedColumns() {
		if !typed[column] {
			t.Errorf("sqlc.yaml gives %s no sealed type", column)
		}
		delete(typed, column)
	}
	for column := range typed {
		t.Errorf("InsertRows does not seal %s", column)
	}
}

// snake is the name of a column from that of its field.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// bare reads a value as the database has it: with something before it, it does not look
// sealed to the door.
func bare(t *testing.T, d *db.DB, expression, from string) string {
	t.Helper()
	var value string
	if err := d.SQL().QueryRowContext(t.Context(), "SELECT '=' || "+expression+" FROM "+from).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value[1:]
}

func TestWhatIsStoredIsSealedAndWhatIsReadIsOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			moved, err := tx.MoveLetters(ctx, query.MoveLettersParams{Letters: keys.List{old}, FromState: old, ToState: "refused", Reason: "it says 'Zoë'", Since: late})
			if err == nil && len(moved) != 1 {
				err = sql.ErrNoRows
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ column, from, want string }{
			{"first_name", "submissions WHERE id = 'x'", "Zoë"},               // by InsertRows
			{"reason", "letters WHERE id = 'x'", "it says 'Zoë'"},             // by a query
			{"email", "supporters WHERE id = 'x'", "a@example.org"},           //
			{"message", "letters WHERE id = 'x'", "Dear"},                     //
			{"coalesce(message, '')", "letters WHERE id = 'sending'", "Dear"}, // in an expression
		} {
			if value := bare(t, d, c.column, c.from); !seal.Sealed(value) || strings.Contains(value, c.want) {
				t.Errorf("%s holds %q", c.column, value)
			}
			var got string
			if err := d.SQL().QueryRowContext(t.Context(), "SELECT "+c.column+" FROM "+c.from).Scan(&got); err != nil || got != c.want {
				t.Errorf("%s reads %q, %v; want %q", c.column, got, err, c.want)
			}
		}
		if value := bare(t, d, "last_name", "submissions WHERE id = 'x'"); value != "" {
			t.Errorf("an empty text is stored as %q", value)
		}
		l, err := d.Read().LetterWithSubmission(t.Context(), old)
		if err != nil || l.Submission.FirstName != "Zoë" || l.Letter.Message != "Dear" || l.Letter.Reason != "it says 'Zoë'" {
			t.Errorf("the letter reads %+v, %v", l, err)
		}
	})
}

// TestPreparedStatementsOpenToo: nobody uses them above, but they are a way past Rows.
func TestPreparedStatementsOpenToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		stmt, err := d.SQL().PrepareContext(t.Context(), "SELECT first_name FROM submissions WHERE id = $1")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = stmt.Close() }()
		var got string
		if err := stmt.QueryRowContext(t.Context(), old).Scan(&got); err != nil || got != "Zoë" {
			t.Errorf("it reads %q, %v", got, err)
		}
		long := "SELECT first_name FROM submissions WHERE id = $1 AND '' <> '" + strings.Repeat("x", 5000) + "'"
		if err := d.SQL().QueryRowContext(t.Context(), long, old).Scan(&got); err != nil || got != "Zoë" {
			t.Errorf("a long statement reads %q, %v", got, err)
		}
	})
}

func TestATextThatLooksSealedIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, text := range []string{"\x02abcdef:AAAA", "\x02abcdef:"} {
			err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
				return tx.PutSetting(ctx, query.PutSettingParams{Name: "n", Value: text})
			})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", text, err)
			}
		}
		err := d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			return add(ctx, tx, "supporters", row{"id": "s", "email_key": "s", "first_name": "\x02abcdef:AAAA"})
		})
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := d.SQL().QueryRowContext(t.Context(), "SELECT first_name FROM supporters").Scan(&got); err != nil || got != "\x02abcdef:AAAA" {
			t.Errorf("a person of that name reads %q, %v", got, err)
		}
	})
}

// TestTamperedRowsAreAnError: a value that does not open never comes out as it stands.
func TestTamperedRowsAreAnError(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		seed(t, d)
		if _, err := d.SQL().ExecContext(t.Context(), "UPDATE submissions SET first_name = substr(first_name, 1, length(first_name) - 4) || 'AAAA' WHERE id = 'x'"); err != nil {
			t.Fatal(err)
		}
		s, err := d.Read().SubmissionByID(t.Context(), old)
		if err == nil || s.FirstName != "" || strings.Contains(err.Error(), "Zoë") || strings.Contains(err.Error(), "\x02") {
			t.Errorf("it reads %q, %v", s.FirstName, err)
		}
		if _, err := d.Read().ListSubmissionsOfSupporter(t.Context(), old); err == nil {
			t.Error("a list leaves it out without a word")
		}
		if s, err := d.Read().SubmissionByID(t.Context(), "done"); err != nil || s.FirstName != "Zoë" {
			t.Errorf("the connection is broken: %q, %v", s.FirstName, err)
		}
	})
}

func TestWithoutARing(t *testing.T) {
	dbtest.EachURL(t, func(t *testing.T, url string) {
		seed(t, dbtest.Open(t, url, db.Alongside()))
		d := dbtest.Open(t, url, db.Alongside(), db.Sealed(new(seal.Ring)))
		if _, err := d.Read().SubmissionByID(t.Context(), old); err == nil || !strings.Contains(err.Error(), "no key ring") {
			t.Errorf("it reads: %v", err)
		}
		if c, err := d.Read().CampaignBySlug(t.Context(), old); err != nil || c.Source != "# é" {
			t.Errorf("what is not sealed reads %q, %v", c.Source, err)
		}
	})
}

// TestNoQueryWritesUnsealed runs every query of the conformance suite and looks at all
// sealed columns afterwards, so that a new query cannot go past the door.
func TestNoQueryWritesUnsealed(t *testing.T) {
	d := dbtest.New(t)
	seed(t, d)
	rollback := sql.ErrTxDone
	for _, m := range methods() {
		_ = d.Tx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			m.Func.Call(append([]reflect.Value{reflect.ValueOf(tx.Queries), reflect.ValueOf(ctx)}, argument(t, m)...))
			for _, column := range db.SealedColumns() {
				table, name, _ := strings.Cut(column, ".")
				var n int
				err := tx.SQL().QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE %s <> '' AND substr(%s, 1, 1) <> '\x02'", table, name, name)).Scan(&n)
				if err != nil || n > 0 {
					t.Errorf("after %s %d values of %s are not sealed (%v)", m.Name, n, column, err)
				}
			}
			return rollback
		})
	}
}

// TestAFileThatIsStolen is PRIV-SAFE-2 at the door: neither the file nor its log holds what
// was written, and a column that is not sealed is found there.
func TestAFileThatIsStolen(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	d := dbtest.Open(t, url)
	seed(t, d)
	path, _ := db.File(url)
	var content []byte
	for _, name := range []string{path, path + "-wal"} {
		part, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		content = slices.Concat(content, part)
	}
	for text, there := range map[string]bool{"Zoë": false, "a@example.org": false, "Dear": false, "# é": true, "quiet": true} {
		if strings.Contains(string(content), text) != there {
			t.Errorf("%q is in the files: %v", text, !there)
		}
	}
}
