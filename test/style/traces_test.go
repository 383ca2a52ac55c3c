package style

import (
	"bytes"
	"context"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A trace is a word that belongs to the machine the tree is on: where the tree stands, where its owner
// lives, where packages are downloaded from. In a file it would lead others nowhere.
type trace struct{ what, word string }

// traces finds the words of this machine at run time, so that they stand in no file, this one included.
func traces(t *testing.T) []trace {
	t.Helper()
	found := pathTraces(root(t))
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		found = append(found, trace{"the home directory of this machine", home + "/"})
	}
	hosts := hostTraces(output(t, "go", "env", "GOPROXY"))
	if _, err := exec.LookPath("npm"); err == nil {
		hosts = append(hosts, hostTraces(output(t, "npm", "config", "get", "registry"))...)
	}
	return append(found, hosts...)
}

// output runs a command of this machine and returns what it says.
func output(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return strings.TrimSpace(string(out))
}

// pathTraces are the directory of the tree and the one it stands in, unless every machine has one of
// that name.
func pathTraces(root string) []trace {
	everywhere := []string{"/", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr", "/usr/src", "/var", "/var/tmp"}
	found := []trace{{"the directory of this checkout", root + "/"}}
	if parent := filepath.Dir(root); !slices.Contains(everywhere, parent) {
		found = append(found, trace{"the directory above this checkout", parent + "/"})
	}
	return found
}

// hostTraces are the hosts in a list of addresses separated by commas or bars, the form of GOPROXY.
func hostTraces(list string) []trace {
	var found []trace
	for address := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '|' }) {
		if parsed, err := url.Parse(address); err == nil && parsed.Hostname() != "" {
			found = append(found, trace{"the host packages are downloaded from", parsed.Hostname()})
		}
	}
	return found
}

// traced lists the files of the tree that hold one of the words.
func traced(tree fs.FS, words []trace) ([]string, error) {
	names, err := files(tree)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, name := range names {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		for _, word := range words {
			if bytes.Contains(text, []byte(word.word)) {
				problems = append(problems, name+" names "+word.what)
			}
		}
	}
	return problems, nil
}

func TestNoTraces(t *testing.T) {
	t.Parallel()
	problems, err := traced(os.DirFS(root(t)), traces(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

func TestTracesAreFound(t *testing.T) {
	t.Parallel()
	words := slices.Concat(pathTraces("/somewhere/here/franklin"), pathTraces("/tmp/clone"), hostTraces("https://one.example/x|http://two.example:8080,direct"))
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"OK", "a.md", "see /tmp/x and /somewhere/else", nil},
		{"checkout", "a.md", "cd /tmp/clone/cmd", []string{"a.md names the directory of this checkout"}},
		{"above", "deploy/a.txt", "x=/somewhere/here/shared", []string{"deploy/a.txt names the directory above this checkout"}},
		{"first host", "package-lock.json", `"https://one.example/y"`, []string{"package-lock.json names the host packages are downloaded from"}},
		{"second host", "a.go", "two.example", []string{"a.go names the host packages are downloaded from"}},
		{"binary", "a.bin", "\x00\xff/tmp/clone/", []string{"a.bin names the directory of this checkout"}},
		{"not of the tree", "bin/a", "/tmp/clone/", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := traced(fstest.MapFS{test.file: {Data: []byte(test.text)}}, words)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("traced %q, want %q", got, test.want)
			}
		})
	}
}
