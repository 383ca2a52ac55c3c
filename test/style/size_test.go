package style

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The bars. All lengths are in lines.
const (
	functionP90 = 40
	functionMax = 80
	fileP90     = 350
	fileMax     = 500
	testRatio   = 0.9 // lines of test code for each line of code
)

// handWritten are the kinds of files, besides Go, that people read as code.
var handWritten = []string{".templ", ".css", ".js", ".mjs", ".sh", ".sql"}

// sized is something with a length: a function or a file.
type sized struct {
	name  string
	lines int
}

// sizes is what the bars are held against.
type sizes struct {
	functions, files []sized
	others           []sized // hand-written files that are not Go
	code, tests      int     // lines with code on them
}

// measure reads the sizes of the tree.
func measure(tree fs.FS) (sizes, error) {
	var s sizes
	all, err := sources(tree)
	if err != nil {
		return s, err
	}
	for _, src := range all {
		s.files = append(s.files, sized{src.path, src.lines()})
		if src.tests {
			s.tests += src.codeLines()
		} else {
			s.code += src.codeLines()
		}
		for _, decl := range src.file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok {
				s.functions = append(s.functions, sized{src.path + ": " + fn.Name.Name, src.functionLines(fn)})
			}
		}
	}
	s.others, err = otherFiles(tree)
	return s, err
}

// functionLines is the length of a function. A table test is as long as its table, so in a test the
// lines of slice and map literals do not count.
func (s source) functionLines(fn *ast.FuncDecl) int {
	lines := s.span(fn)
	if !strings.HasSuffix(s.path, "_test.go") {
		return lines
	}
	ast.Inspect(fn, func(node ast.Node) bool {
		literal, ok := node.(*ast.CompositeLit)
		if !ok {
			return true
		}
		switch literal.Type.(type) {
		case *ast.ArrayType, *ast.MapType:
			lines -= s.span(literal) - 1
			return false
		}
		return true
	})
	return lines
}

// otherFiles measures the hand-written files that are not Go.
func otherFiles(tree fs.FS) ([]sized, error) {
	names, err := files(tree)
	if err != nil {
		return nil, err
	}
	var others []sized
	for _, name := range names {
		if !slices.Contains(handWritten, path.Ext(name)) {
			continue
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		others = append(others, sized{name, source{text: text}.lines()})
	}
	return others, nil
}

// tooLong lists what is above its bar, one sentence each.
func (s sizes) tooLong() []string {
	problems := slices.Concat(
		over("function", s.functions, functionMax),
		over("file", s.files, fileMax),
		over("file", s.others, fileMax))
	if p := p90(s.functions); p > functionP90 {
		problems = append(problems, fmt.Sprintf("one function in ten is longer than %d lines; the bar is %d", p-1, functionP90))
	}
	if p := p90(s.files); p > fileP90 {
		problems = append(problems, fmt.Sprintf("one file in ten is longer than %d lines; the bar is %d", p-1, fileP90))
	}
	if s.code > 0 && s.ratio() < testRatio {
		problems = append(problems, fmt.Sprintf("%.2f lines of tests for each line of code; the bar is %.1f", s.ratio(), testRatio))
	}
	return problems
}

// ratio is how many lines of test code there are for each line of code.
func (s sizes) ratio() float64 {
	return float64(s.tests) / float64(s.code)
}

// over tells which are longer than the bar.
func over(kind string, all []sized, bar int) []string {
	var long []string
	for _, one := range all {
		if one.lines > bar {
			long = append(long, fmt.Sprintf("%s %s has %d lines; the bar is %d", kind, one.name, one.lines, bar))
		}
	}
	return long
}

// p90 is the length that nine of ten do not exceed.
func p90(all []sized) int {
	if len(all) == 0 {
		return 0
	}
	lengths := make([]int, len(all))
	for i, one := range all {
		lengths[i] = one.lines
	}
	slices.Sort(lengths)
	return lengths[(len(lengths)*9+9)/10-1]
}

func TestSizes(t *testing.T) {
	t.Parallel()
	s, err := measure(os.DirFS(root(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d functions, p90 %d lines; %d files, p90 %d lines; %d lines of code, %d of tests, ratio %.2f",
		len(s.functions), p90(s.functions), len(s.files), p90(s.files), s.code, s.tests, s.ratio())
	for _, problem := range s.tooLong() {
		t.Error(problem)
	}
}

// code makes a Go file with so many short functions of five lines and so many long ones of the given length.
func code(short, long, length int) *fstest.MapFile {
	var text strings.Builder
	text.WriteString("package p\n")
	for i := range short + long {
		lines := 5
		if i >= short {
			lines = length
		}
		fmt.Fprintf(&text, "\nfunc f%d() {\n%s}\n", i, strings.Repeat("\tprintln()\n", lines-2))
	}
	return &fstest.MapFile{Data: []byte(text.String())}
}

// many makes a tree of a.go and, beside it, so many files of tests with twenty short functions each.
func many(tests int, a *fstest.MapFile) fstest.MapFS {
	tree := fstest.MapFS{"a.go": a}
	for i := range tests {
		tree[fmt.Sprintf("t%d_test.go", i)] = code(20, 0, 0)
	}
	return tree
}

func TestSizesAreHeld(t *testing.T) {
	t.Parallel()
	table := &fstest.MapFile{Data: []byte("package p\n\nfunc g() {\n\ttests := []struct{ in int }{\n" +
		strings.Repeat("\t\t{1},\n", 100) + "\t}\n\t_ = tests\n}\n")}
	generated := &fstest.MapFile{Data: append([]byte("// Code generated by x. DO NOT EDIT.\n\n"), code(0, 1, 600).Data...)}
	tests := []struct {
		name string
		tree fstest.MapFS
		want string // a part of the one problem; empty for none
	}{
		{"OK", fstest.MapFS{"a.go": code(9, 1, 80), "a_test.go": code(9, 1, 80)}, ""},
		{"function too long", fstest.MapFS{"a.go": code(9, 1, 81), "a_test.go": code(9, 1, 80)}, "function a.go: f9 has 81 lines"},
		{"functions just right", fstest.MapFS{"a.go": code(8, 2, 40), "a_test.go": code(8, 2, 40)}, ""},
		{"functions too long", fstest.MapFS{"a.go": code(8, 2, 41), "a_test.go": code(8, 2, 41)}, "one function in ten is longer than 40 lines"},
		{"file too long", many(9, code(84, 0, 0)), "file a.go has 505 lines"},
		{"files too long", fstest.MapFS{"a.go": code(59, 0, 0), "a_test.go": code(59, 0, 0)}, "one file in ten is longer than 354 lines"},
		{"page too long", fstest.MapFS{"a.templ": {Data: []byte(strings.Repeat("x\n", 501))}}, "file a.templ has 501 lines"},
		{"table in a test", fstest.MapFS{"a.go": code(9, 0, 0), "a_test.go": table}, ""},
		{"table in code", fstest.MapFS{"a.go": table, "a_test.go": code(20, 0, 0)}, "function a.go: g has 105 lines"},
		{"generated", fstest.MapFS{"a.go": generated}, ""},
		{"built or downloaded", fstest.MapFS{"bin/a.go": code(0, 1, 600), "test/e2e/node_modules/a/a.go": code(0, 1, 600)}, ""},
		{"too few tests", fstest.MapFS{"a.go": code(10, 0, 0), "a_test.go": code(8, 0, 0)}, "0.80 lines of tests for each line of code"},
		{"comments are no tests", fstest.MapFS{"a.go": code(9, 0, 0), "a_test.go": {Data: []byte("package p\n" + strings.Repeat("// x\n\n", 90))}}, "0.02 lines"},
		{"test program", fstest.MapFS{"a.go": code(9, 0, 0), "test/load/main.go": code(9, 0, 0)}, ""},
		{"test package", fstest.MapFS{"a.go": code(9, 0, 0), "internal/db/dbtest/a.go": code(9, 0, 0)}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, err := measure(test.tree)
			if err != nil {
				t.Fatal(err)
			}
			problems := s.tooLong()
			if test.want == "" && len(problems) > 0 {
				t.Errorf("problems %q, want none", problems)
			}
			if test.want != "" && (len(problems) != 1 || !strings.Contains(problems[0], test.want)) {
				t.Errorf("problems %q, want one about %q", problems, test.want)
			}
		})
	}
}
