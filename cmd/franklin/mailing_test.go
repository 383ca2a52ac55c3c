package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestMailingOfNobody: a campaigner looks at a mailing without naming anybody, and one that
// nobody would get does not begin, because it would be over at once.
func TestMailingOfNobody(t *testing.T) {
	d := newDesk(t)
	file := filepath.Join(t.TempDir(), "news.md")
	if err := os.WriteFile(file, []byte(demoNews), 0o600); err != nil {
		t.Fatal(err)
	}
	d.says(0, d.line("mailing", "create", file), "Look at it with: franklin mailing preview 1")
	d.says(0, d.line("mailing", "preview", "1"), "Subject: News for friend", "Hello friend of your district.")
	d.says(2, d.line("mailing", "preview", "1", "--as=nobody@example.org"), "nobody with this address is known")
	d.says(2, d.line("mailing", "start", "news"), "nobody would get it now. Who is left out, and why: franklin mailing count news")
	d.says(0, d.line("mailing", "list"), "1  draft      news")
	d.says(2, d.line("mailing", "schedule", "news", "--at=tomorrow"), "2026-12-01 09:00 (in Washington)")
}
