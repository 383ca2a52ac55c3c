package style

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// link matches the target of a Markdown link, and a page of docs/ named in backquotes.
var link = regexp.MustCompile("\\]\\(([^)\\s]+)\\)|`(docs/[\\w-]+\\.md)`")

// deadLinks lists links between our documents that lead nowhere, and pages that the index in
// docs/README.md does not name.
func deadLinks(tree fs.FS) ([]string, error) {
	names, err := files(tree)
	if err != nil {
		return nil, err
	}
	var problems []string
	linked := map[string]bool{}
	for _, name := range names {
		if path.Ext(name) != ".md" || strings.Contains(name, "testdata/") {
			continue
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		for _, target := range targets(name, string(text)) {
			if _, err := fs.Stat(tree, target); err != nil {
				problems = append(problems, name+" leads to "+target+", which is not there")
			}
			linked[name+" "+target] = true
		}
	}
	for _, name := range names {
		if path.Dir(name) == "docs" && path.Ext(name) == ".md" && name != "docs/README.md" && !linked["docs/README.md "+name] {
			problems = append(problems, "docs/README.md does not name "+name)
		}
	}
	return problems, nil
}

// fenced are examples, whose links are those of another page.
var fenced = regexp.MustCompile("(?ms)^```.*?^```")

// targets are the files of the tree that a document links to, as paths from the root.
func targets(name, text string) []string {
	var found []string
	for _, match := range link.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		target, _, _ := strings.Cut(match[1], "#")
		switch {
		case match[2] != "":
			found = append(found, match[2])
		case target != "" && !strings.Contains(target, ":") && !strings.HasPrefix(target, "/"):
			found = append(found, path.Join(path.Dir(name), target))
		}
	}
	return found
}

func TestLinks(t *testing.T) {
	t.Parallel()
	problems, err := deadLinks(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Error(problem)
	}
}

func TestDeadLinksAreFound(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, index, page string
		want              []string
	}{
		{"OK", "[a](a.md), [root](../go.mod), [web](https://a.example/x.md), [here](#x)", "[index](README.md#x)", nil},
		{"not in the index", "", "", []string{"docs/README.md does not name docs/a.md"}},
		{"gone", "[a](a.md)", "[b](../b.md)", []string{"docs/a.md leads to b.md, which is not there"}},
		{"page gone", "[a](a.md)", "see `docs/b.md`", []string{"docs/a.md leads to docs/b.md, which is not there"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := deadLinks(fstest.MapFS{
				"go.mod":         {},
				"docs/README.md": {Data: []byte(test.index)},
				"docs/a.md":      {Data: []byte(test.page)},
			})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("problems %q, want %q", got, test.want)
			}
		})
	}
}
