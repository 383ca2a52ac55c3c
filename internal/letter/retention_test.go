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

// TestPRIV_RET_1_TheFileForgets advances the clock and looks for people in the bytes of the
// database's files, as somebody does who has stolen them with the key ring: what was sent is
// gone 28 days after its end, what nobody confirmed after 7, also from free pages and from
// the log.
func TestPRIV_RET_1_TheFileForgets(t *testing.T) {
	url := dbtest.SQLiteURL(t)
	d := dbtest.Open(t, url)
	path, _ := db.File(url)
	ring, err := seal.At(dbtest.Keyring(t))
	if err != nil {
		t.Fatal(err)
	}
	holds := func(name string) bool {
		files, err := filepath.Glob(path + "*")
		if err != nil || len(files) < 2 {
			t.Fatalf("%v, %v", files, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(opened(ring, content), name) {
				return true
			}
		}
		return false
	}
	want := func(when string, names string, there bool) {
		t.Helper()
		for name := range strings.FieldsSeq(names) {
			if holds(name) != there {
				t.Errorf("%s: that %s stands in the files is %t", when, name, !there)
			}
		}
	}
	p, _ := newConfirming(t, d)
	long := strings.Repeat("wren message and much more of it. ", 200) // fills pages of its own
	for n := range 40 {
		f := canary("finch", n)
		f.Email = fmt.Sprintf("finch%d@mailbox.example.org", n)
		f.Message = strings.Repeat("finch message, long. ", n*10+1)
		p.deliver(p.take(f).ID)
	}
	f := canary("wren", 100)
	f.Message = long
	p.unconfirmed(f, "")
	kept := canary("robin", 101) // the control: not final
	p.submit(func() letter.Submission { s := p.submission(kept); s.Suspicion = "network: held"; return s }())

	want("at first", "finch wren robin", true)
	p.clock.turn(7 * day)
	p.reconcile(false)
	p.scrub()
	want("after a week", "wren", false)
	want("after a week", "finch robin", true)
	p.clock.turn(letter.ScrubAfter - 7*day)
	p.scrub()
	want("a moment before four weeks", "finch", true)
	p.clock.turn(time.Second)
	p.scrub()
	want("after four weeks", "finch wren", false)
	want("after four weeks", "robin", true)
}
