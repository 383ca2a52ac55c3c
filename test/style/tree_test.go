// Package style holds the bars that keep the code readable, as tests over the tree itself: how long
// functions and files may grow, how much of the code is tests, that every exported name is documented,
// and that nothing of the machine it was written on was committed.
//
// The size bars are those of good Go projects, measured: a median function of about ten lines, nine of
// ten functions on one screen. What people call ugly is always in the tail, so the tail has a hard end.
// Every check here is a function of a file tree, and is itself proved on a small broken tree.
package style

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A source is one parsed Go file.
type source struct {
	path  string
	text  []byte
	fset  *token.FileSet
	file  *ast.File
	tests bool // for tests only: never part of the program
}

// root is the repository, found from the directory the test runs in.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the working directory")
		}
		dir = up
	}
}

// files lists the tree without what is built, downloaded or only here for a while.
func files(tree fs.FS) ([]string, error) {
	skip := []string{".git", "bin", "dist", "tmp", "data"} // of .gitignore, at the root only
	var found []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (slices.Contains(skip, name) || entry.Name() == "node_modules"):
			return fs.SkipDir
		case entry.Type().IsRegular():
			found = append(found, name)
		}
		return nil
	})
	return found, err
}

// sources parses every Go file a person wrote: neither generated nor under testdata.
func sources(tree fs.FS) ([]source, error) {
	names, err := files(tree)
	if err != nil {
		return nil, err
	}
	var all []source
	for _, name := range names {
		if path.Ext(name) != ".go" || slices.Contains(strings.Split(name, "/"), "testdata") {
			continue
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if !ast.IsGenerated(file) {
			all = append(all, source{path: name, text: text, fset: fset, file: file, tests: onlyForTests(name)})
		}
	}
	return all, nil
}

// onlyForTests tells test files, the programs under test/, and packages such as internal/db/dbtest.
// The simulated Capitol, congress/cwc/cwctest, is a part of the program: the demo runs it.
func onlyForTests(name string) bool {
	dir := path.Base(path.Dir(name))
	return strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "test/") ||
		strings.HasSuffix(dir, "test") && dir != "cwctest"
}

// lines is the number of lines of the file, the last one with or without its end.
func (s source) lines() int {
	return bytes.Count(bytes.TrimSuffix(s.text, []byte("\n")), []byte("\n")) + 1
}

// codeLines is the number of lines with code on them: no blank lines, no comments.
func (s source) codeLines() int {
	var scan scanner.Scanner
	file := token.NewFileSet().AddFile(s.path, -1, len(s.text))
	scan.Init(file, s.text, nil, 0)
	lines, last := 0, 0
	for {
		pos, tok, literal := scan.Scan()
		if tok == token.EOF {
			return lines
		}
		if tok == token.SEMICOLON && literal != ";" {
			continue // put in by the scanner at the end of a line
		}
		first := file.Line(pos)
		end := first + strings.Count(literal, "\n")
		lines += end - max(first-1, last)
		last = end
	}
}

// span is the number of lines from the first to the last of the node.
func (s source) span(node ast.Node) int {
	return s.fset.Position(node.End()).Line - s.fset.Position(node.Pos()).Line + 1
}
