package letter_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/seal"
)

// opened returns what stands in the bytes of a database's file, and what the key ring opens
// of it: the sealed values that are short enough to stand in one piece. Where one ends is
// not to be seen, as the next value follows at once.
func opened(ring *seal.Ring, content []byte) string {
	var all strings.Builder
	all.Write(content)
	head := []byte(seal.Head(ring.Current()))
	for {
		at := bytes.Index(content, head)
		if at < 0 {
			return strings.ToLower(all.String())
		}
		content = content[at:]
		for end := len(head) + 38; end < min(len(content), 200); end++ { // nonce and tag alone are 38 letters
			if text, err := ring.Open(string(content[:end])); err == nil {
				all.WriteString(text + "\n")
				break
			}
		}
		content = content[len(head):]
	}
}

// inFiles are the bytes of a SQLite database's files.
func inFiles(t *testing.T, url string) func() []byte {
	t.Helper()
	path, _ := db.File(url)
	return func() []byte {
		files, err := filepath.Glob(path + "*")
		if err != nil || len(files) < 2 {
			t.Fatalf("%v, %v", files, err)
		}
		var all []byte
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, content...)
		}
		return all
	}
}

// inRows is every row of every table of a PostgreSQL database, those of the queue included. What
// the server's files still hold of old versions of rows is up to its VACUUM.
func inRows(t *testing.T, d *db.DB) func() []byte {
	t.Helper()
	column := func(sql string) (all []string) {
		rows, err := d.SQL().QueryContext(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	return func() []byte {
		var all []string
		for _, table := range column("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'") {
			all = append(all, column("SELECT CAST(x AS text) FROM "+table+" x")...)
		}
		return []byte(strings.Join(all, "\n"))
	}
}

// TestPRIV_RET_1_TheDatabaseForgets advances the clock and looks for people in the bytes of a
// SQLite database's files, as somebody does who has stolen them with the key ring, and in all
// rows of PostgreSQL: what was sent is gone 28 days after its end, what nobody confirmed after
// 7, on SQLite also from free pages and from the log.
func TestPRIV_RET_1_TheDatabaseForgets(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		d := dbtest.Open(t, url)
		bytes := inRows(t, d)
		if d.Engine() == db.SQLite {
			bytes = inFiles(t, url)
		}
		forgets(t, d, bytes)
	})
}

// forgets lets letters end, and looks for their writers in what the database holds.
func forgets(t *testing.T, d *db.DB, content func() []byte) {
	t.Helper()
	ring, err := seal.At(dbtest.Keyring(t))
	if err != nil {
		t.Fatal(err)
	}
	want := func(when string, names string, there bool) {
		t.Helper()
		all := opened(ring, content())
		for name := range strings.FieldsSeq(names) {
			if strings.Contains(all, name) != there {
				t.Errorf("%s: that %s stands in the database is %t", when, name, !there)
			}
		}
	}
	// Long names: a short one stands by chance somewhere in the sealed bytes.
	p, _ := newConfirming(t, d)
	long := strings.Repeat("wrencanary message and much more of it. ", 200) // fills pages of its own
	for n := range 40 {
		f := canary("finchcanary", n)
		f.Email = fmt.Sprintf("finchcanary%d@mailbox.example.org", n)
		f.Message = strings.Repeat("finchcanary message, long. ", n*9+1)
		p.deliver(p.take(f).ID)
	}
	f := canary("wrencanary", 100)
	f.Message = long
	p.unconfirmed(f, "")
	kept := canary("robincanary", 101) // the control: not final
	p.submit(func() letter.Submission { s := p.submission(kept); s.Suspicion = "network: held"; return s }())

	want("at first", "finchcanary wrencanary robincanary", true)
	p.clock.turn(7 * day)
	p.reconcile(false)
	p.scrub()
	want("after a week", "wrencanary", false)
	want("after a week", "finchcanary robincanary", true)
	p.clock.turn(letter.ScrubAfter - 7*day)
	p.scrub()
	want("a moment before four weeks", "finchcanary", true)
	p.clock.turn(time.Second)
	p.scrub()
	want("after four weeks", "finchcanary wrencanary", false)
	want("after four weeks", "robincanary", true)
}
