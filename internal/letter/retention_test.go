package letter_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/letter"
	"github.com/franklin-letters/franklin/internal/seal"
)

// opened returns what stands in the bytes of a database's file, and what the key ring opens
// of it: the sealed values that are short enough to stand in one piece (for others see pieces).
// Where one ends is not to be seen, as the next value follows at once.
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

// pieces returns the sealed message of a submission in pieces. A long one fills pages of its own,
// and cannot be opened where it lies in parts; but most of its pieces stand whole in one page.
func (p *post) pieces(ring *seal.Ring, submissionID, message string) (all [][]byte) {
	p.t.Helper()
	var sealed string
	// A value that begins with a seal would be opened on its way to us.
	row := p.db.SQL().QueryRowContext(p.t.Context(), "SELECT '=' || message FROM letters WHERE submission_id = $1", submissionID)
	if err := row.Scan(&sealed); err != nil {
		p.t.Fatal(err)
	}
	sealed = sealed[1:]
	if text, err := ring.Open(sealed); err != nil || text != strings.TrimSpace(message) || sealed == text {
		p.t.Fatalf("another text is sealed: %.50q, %v", text, err)
	}
	return slices.Collect(slices.Chunk([]byte(sealed), 64))
}

// standing counts the pieces that are somewhere in the content.
func standing(content []byte, pieces [][]byte) (n int) {
	for _, piece := range pieces {
		if bytes.Contains(content, piece) {
			n++
		}
	}
	return n
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
	sealed := map[string][][]byte{} // the long message of each
	want := func(when string, names string, there bool) {
		t.Helper()
		data := content()
		all := opened(ring, data)
		for name := range strings.FieldsSeq(names) {
			if strings.Contains(all, name) != there {
				t.Errorf("%s: that %s stands in the database is %t", when, name, !there)
			}
			of := len(sealed[name])
			if n := standing(data, sealed[name]); there && n < of*9/10 || !there && n > 0 {
				t.Errorf("%s: of the long message of %s %d pieces of %d stand in the database", when, name, n, of)
			}
		}
	}
	// Long names: a short one stands by chance somewhere in the sealed bytes.
	p, _ := newConfirming(t, d)
	for n := range 40 {
		f := canary("finchcanary", n)
		f.Email = fmt.Sprintf("finchcanary%d@mailbox.example.org", n)
		f.Message = strings.Repeat("finchcanary message, long. ", n*9+1)
		l := p.take(f)
		p.deliver(l.ID)
		sealed["finchcanary"] = p.pieces(ring, l.SubmissionID, f.Message)
	}
	f := canary("wrencanary", 100)
	f.Message = strings.Repeat("wrencanary message and much more of it. ", 200)
	sealed["wrencanary"] = p.pieces(ring, p.unconfirmed(f, "").SubmissionID, f.Message)
	kept := p.submission(canary("robincanary", 101)) // the control: not final
	kept.Suspicion, kept.Form.Message = "network: held", strings.Repeat("robincanary message, as long as the others. ", 200)
	sealed["robincanary"] = p.pieces(ring, p.submit(kept).SubmissionID, kept.Form.Message)

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
