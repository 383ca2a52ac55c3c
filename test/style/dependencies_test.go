package style

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// unexplained lists the modules that our Go files import and docs/dependencies.md does not name.
// Imports tell better than go.mod what is a direct dependency: go.mod may lag behind.
func unexplained(tree fs.FS) ([]string, error) {
	page, err := fs.ReadFile(tree, "docs/dependencies.md")
	if err != nil {
		return nil, err
	}
	modules, err := required(tree)
	if err != nil {
		return nil, err
	}
	all, err := sources(tree)
	if err != nil {
		return nil, err
	}
	missing := map[string]bool{}
	for _, src := range all {
		for _, spec := range src.file.Imports {
			module := moduleOf(strings.Trim(spec.Path.Value, `"`), modules)
			if module != "" && !strings.Contains(string(page), "`"+module+"`") {
				missing[module] = true
			}
		}
	}
	var names []string
	for module := range missing {
		names = append(names, module)
	}
	slices.Sort(names)
	return names, nil
}

// required lists the modules of go.mod, longest first, so that the first that fits an import is its own.
func required(tree fs.FS) ([]string, error) {
	text, err := fs.ReadFile(tree, "go.mod")
	if err != nil {
		return nil, err
	}
	var modules []string
	for _, match := range regexp.MustCompile(`(?m)^\s*(?:require )?(\S+\.\S+) v\d`).FindAllStringSubmatch(string(text), -1) {
		modules = append(modules, match[1])
	}
	slices.SortFunc(modules, func(a, b string) int { return len(b) - len(a) })
	return modules, nil
}

// moduleOf is the module a package belongs to, or nothing for the standard library and our own.
func moduleOf(path string, modules []string) string {
	for _, module := range modules {
		if path == module || strings.HasPrefix(path, module+"/") {
			return module
		}
	}
	return ""
}

func TestDependenciesAreExplained(t *testing.T) {
	t.Parallel()
	names, err := unexplained(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Errorf("%s has no row in docs/dependencies.md", name)
	}
}

func TestUnexplainedIsFound(t *testing.T) {
	t.Parallel()
	const mod = "module m.example/m\n\nrequire one.example/a v1.0.0\n\nrequire (\n\tone.example/a/b v1.2.0 // indirect\n\ttwo.example/c v0.1.0\n)\n"
	tests := []struct {
		name, imports, page string
		want                []string
	}{
		{"OK", `"one.example/a/x"`, "`one.example/a`", nil},
		{"standard", `"net/http"`, "", nil},
		{"own", `"m.example/m/x"`, "", nil},
		{"missing", `"two.example/c"`, "`one.example/a`", []string{"two.example/c"}},
		{"module in a module", `"one.example/a/b/x"`, "`one.example/a`", []string{"one.example/a/b"}},
		{"not imported", `"os"`, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := unexplained(fstest.MapFS{
				"go.mod":               {Data: []byte(mod)},
				"docs/dependencies.md": {Data: []byte(test.page)},
				"a.go":                 {Data: []byte("package a\n\nimport _ " + test.imports + "\n")},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("unexplained %q, want %q", got, test.want)
			}
		})
	}
}
