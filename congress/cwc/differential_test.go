package cwc_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
)

// deliberate are the refusals that are narrower than the schema, as docs/cwc.md lists them.
var deliberate = []string{
	"its encoding is not one of",                  // encodings that libxml2 knows and we do not
	"its document type contains more than simple", // declarations in a document type
	"is not declared",                             // an entity that an unseen external document type might declare
}

// TestAgainstXmllint compares our verdict with libxml2's on thousands of changed messages.
// FRANKLIN_XMLLINT_CASES sets how many; FRANKLIN_XMLLINT_SEED another seed.
func TestAgainstXmllint(t *testing.T) {
	schema, err := filepath.Abs(filepath.Join(shared, "cwc_schema_v2.rng"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(schema); err != nil {
		t.Skip("the House's schema is not on this machine")
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Skip("xmllint is not installed (Debian: libxml2-utils)")
	}
	documents := oracleDocuments(t)
	valid, narrower := 0, 0
	for start := 0; start < len(documents); start += 500 {
		batch := documents[start:min(start+500, len(documents))]
		for i, theirs := range xmllint(t, schema, batch) {
			problems := problemsOf(t, []byte(batch[i]))
			ours := len(problems) == 0
			switch {
			case theirs && ours:
				valid++
			case theirs && isDeliberate(problems[0].Message):
				narrower++
			case theirs != ours:
				t.Errorf("xmllint says %t, we say %v:\n%.3000q", theirs, problems, batch[i])
			}
		}
	}
	t.Logf("%d messages: %d valid to both, %d refused by us on purpose, no other difference", len(documents), valid, narrower)
}

func isDeliberate(message string) bool {
	for _, d := range deliberate {
		if strings.Contains(message, d) {
			return true
		}
	}
	return false
}

// oracleDocuments are the table's changes and random changes of the messages at hand.
func oracleDocuments(t *testing.T) []string {
	t.Helper()
	full := string(build(t, sample(), congress.House))
	bases := []string{full, full, string(build(t, small(), congress.House))}
	files, err := filepath.Glob(filepath.Join(shared, "rng-vectors", "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, filepath.Join(shared, "house-sample-message.xml")) {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		bases = append(bases, string(text))
	}
	var documents []string
	for _, changes := range schemaChanges() {
		for _, c := range changes {
			documents = append(documents, strings.Replace(full, c.from, c.to, 1))
		}
	}
	count, seed := 3000, uint64(2172)
	for name, to := range map[string]any{"FRANKLIN_XMLLINT_CASES": &count, "FRANKLIN_XMLLINT_SEED": &seed} {
		if text := os.Getenv(name); text != "" {
			if _, err := fmt.Sscan(text, to); err != nil {
				t.Fatal(err)
			}
		}
	}
	m := mutator{rand.New(rand.NewPCG(seed, 0))}
	for range count {
		documents = append(documents, m.mutate(pick(m, bases)))
	}
	return documents
}

var verdictForm = regexp.MustCompile(`(?m)^(\d+)\.xml validates$`)

// xmllint returns libxml2's verdict on each document.
func xmllint(t *testing.T, schema string, documents []string) []bool {
	t.Helper()
	folder := t.TempDir()
	args := []string{"--nonet", "--noout", "--relaxng", schema}
	for i, d := range documents {
		name := fmt.Sprintf("%d.xml", i)
		if err := os.WriteFile(filepath.Join(folder, name), []byte(d), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	cmd := exec.CommandContext(t.Context(), "xmllint", args...)
	cmd.Dir = folder
	var said bytes.Buffer
	cmd.Stderr = &said
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	verdicts := make([]bool, len(documents))
	for _, m := range verdictForm.FindAllStringSubmatch(said.String(), -1) {
		var i int
		if _, err := fmt.Sscan(m[1], &i); err != nil {
			t.Fatal(err)
		}
		verdicts[i] = true
	}
	return verdicts
}
