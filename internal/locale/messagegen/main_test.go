package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestMessagesAreUpToDate writes the file anew and compares it with the one in use.
func TestMessagesAreUpToDate(t *testing.T) {
	out := filepath.Join(t.TempDir(), "messages.go")
	if err := run("../catalogue/en.json", out); err != nil {
		t.Fatal(err)
	}
	fresh, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	used, err := os.ReadFile("../messages.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(fresh, used) {
		t.Error("messages.go is out of date: run go generate ./internal/locale")
	}
}

func TestEntry(t *testing.T) {
	e := entry{id: "progress.of_all", text: "{{.Letters}} of {{ .Goal }}, {{.Letters}} by {{.Count}}"}
	if got := e.method(); got != "ProgressOfAll" {
		t.Errorf("%q", got)
	}
	if got := e.variables(); !slices.Equal(got, []string{"Goal", "Letters"}) {
		t.Errorf("%v", got)
	}
}

func TestRunRefuses(t *testing.T) {
	for name, content := range map[string]string{"no JSON": "{", "a number": `{"a": {"b": 3}}`, "a list": `{"a": ["x"]}`} {
		t.Run(name, func(t *testing.T) {
			in := filepath.Join(t.TempDir(), "en.json")
			if err := os.WriteFile(in, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := run(in, filepath.Join(t.TempDir(), "out.go")); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func TestPluralMethodsTakeACount(t *testing.T) {
	source := string(write([]entry{{id: "a.b", text: "{{.Count}} of {{.Name}}", plural: true}}))
	if !strings.Contains(source, `func (l *Locale) AB(count int, name string) string`) || !strings.Contains(source, `l.plural(0, count, map[string]any{"Name": name})`) {
		t.Error(source)
	}
}
