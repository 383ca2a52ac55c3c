// Package headed reads the files that authors write: text in Markdown below a head of YAML
// between two lines "---". It reports everything that does not fit at once, with the line,
// in an author's words.
package headed

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxFileSize is the most bytes a file may have.
const MaxFileSize = 256 << 10

// Bounds of a head. The YAML reader's time grows with the square of both: without them a
// file of the greatest size can take minutes.
const (
	maxHead     = 64 << 10
	maxBrackets = 1000
)

// Problem is one thing wrong with a file.
type Problem struct {
	Line    int    `json:"line"`            // 1-based, in the file; 0 when the file as a whole is meant
	Field   string `json:"field,omitempty"` // dotted path in the head, such as "letter.subject"
	Message string `json:"message"`

	// Rule, if given, names the rule that is broken, and Value what breaks it, for pages that
	// say so in words of their own.
	Rule  string `json:"-"`
	Value string `json:"-"`
}

// String returns "line 7: letter.subject: ...".
func (p Problem) String() string {
	text := p.Message
	if p.Field != "" {
		text = p.Field + ": " + text
	}
	if p.Line > 0 {
		text = fmt.Sprintf("line %d: %s", p.Line, text)
	}
	return text
}

// Problems is the error of a file at fault: everything wrong with the file at once, in
// the order of its lines.
type Problems []Problem

// Error returns one problem a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// Kind says of which kind of file problems speak.
type Kind struct {
	Name string // as "campaign"
	Docs string // where its fields are explained, as "docs/campaigns.md"
	Need string // the fields without which a head is empty, in words
}

// File is a file taken apart. Its head stands in the struct that Read was given.
type File struct {
	fields

	Body     string
	BodyLine int // on which the body begins
}

const fence = "---"

// split separates the head from the body. Line 1 must be the fence.
func split(source string) (yamlText, body string, bodyLine int, err error) {
	lines := strings.SplitAfter(source, "\n")
	if strings.TrimSpace(lines[0]) != fence {
		return "", "", 0, Problems{{Line: 1, Message: `the first line must be "---", the start of the head`}}
	}
	for i := 1; i < len(lines); i++ {
		if strings.TrimRight(lines[i], " \t\n") == fence {
			// The fence's own line stays as an empty one, so that YAML's line numbers are the file's.
			return "\n" + strings.Join(lines[1:i], ""), strings.Join(lines[i+1:], ""), i + 2, nil
		}
	}
	return "", "", 0, Problems{{Line: 1, Message: `the head has no end: put a line "---" between it and the text of the page`}}
}

// Read takes a file apart and puts its head into the fields of a struct, to which into
// points; their tags "yaml" are the names that an author writes. Its error is Problems when
// the file cannot be taken apart; fields that do not fit are the file's Unfit.
func Read(source []byte, kind Kind, into any) (*File, error) {
	text, err := plain(source)
	if err != nil {
		return nil, err
	}
	yamlText, body, bodyLine, err := split(text)
	if err != nil {
		return nil, err
	}
	f := &File{Body: strings.TrimSpace(body), BodyLine: bodyLine, fields: fields{kind: kind, lines: map[string]int{}}}
	node, err := parse(yamlText, kind)
	if err != nil {
		return nil, err
	}
	f.group(node, "", reflect.ValueOf(into).Elem())
	return f, nil
}

// Unfit returns the fields that do not fit, and those that no file of the kind has.
func (f *File) Unfit() Problems { return f.problems }

// Bad reports whether the field, or what it is a part of, does not fit: its value never
// arrived in the struct.
func (f *File) Bad(field string) bool { return f.bad(field) }

// Given reports whether the head has the field.
func (f *File) Given(field string) bool { _, given := f.lines[field]; return given }

// Comments reports whether the head of a file has comments: a program that writes the file anew
// loses them.
func Comments(source []byte) bool {
	text, err := plain(source)
	if err != nil {
		return false
	}
	head, _, _, err := split(text)
	return err == nil && slices.ContainsFunc(lexer.Tokenize(head), func(t *token.Token) bool { return t.Type == token.CommentType })
}

// plain returns the text of a file that is text: UTF-8 without controls, with one kind of
// line end.
func plain(source []byte) (string, error) {
	if len(source) > MaxFileSize {
		return "", Problems{{Message: fmt.Sprintf("the file is larger than %d KiB", MaxFileSize>>10)}}
	}
	text := strings.TrimPrefix(strings.ReplaceAll(string(source), "\r\n", "\n"), "\ufeff")
	lineAt := func(i int) int { return 1 + strings.Count(text[:i], "\n") }
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			return "", Problems{{Line: lineAt(i), Message: "has letters in another encoding: save the file as UTF-8"}}
		case r < ' ' && r != '\n' && r != '\t', r == 0x7f:
			return "", Problems{{Line: lineAt(i), Message: "has an invisible control character: delete it"}}
		}
	}
	return text, nil
}

// parse reads the head as YAML.
func parse(yamlText string, kind Kind) (ast.Node, error) {
	switch {
	case len(yamlText) > maxHead:
		return nil, Problems{{Line: 1, Message: fmt.Sprintf("the head is larger than %d KiB", maxHead>>10)}}
	case strings.Count(yamlText, "[")+strings.Count(yamlText, "{") > maxBrackets:
		return nil, Problems{{Line: 1, Message: fmt.Sprintf("the head has more than %d brackets", maxBrackets)}}
	}
	tree, err := parser.ParseBytes([]byte(yamlText), 0)
	if err != nil {
		return nil, syntaxProblem(err)
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return nil, Problems{{Line: 1, Message: "the head is empty: it needs at least " + kind.Need}}
	}
	if len(tree.Docs) > 1 {
		return nil, Problems{{Line: 1, Message: `the head must be one piece: take out the line "..." or "---" inside it`}}
	}
	return tree.Docs[0].Body, nil
}

// inWords are the YAML reader's most frequent complaints, and what an author does about them.
var inWords = []struct{ complaint, words string }{
	{"mapping value is not allowed", `has a colon where none can be, or is indented differently from its neighbours; put a text with ": " in it in quotes, or under ">-"`},
	{"value is not allowed in this context", "is indented differently from its neighbours"},
	{"cannot start any token", "begins with a tab: indent with blanks"},
	{"could not find end character", "has a quote that is never closed"},
	{"non-map value is specified", `must look like "name: value"`},
	{"reserved character", "begins with a character that means something to YAML: put the text in quotes"},
	{"could not find alias", "begins with a character that means something to YAML: put the text in quotes"},
}

var twice = regexp.MustCompile(`mapping key "(.*)" already defined at \[(\d+):`)

// syntaxProblem turns the YAML reader's error into a problem with its line.
func syntaxProblem(err error) error {
	p := Problem{Line: 1, Message: "the head cannot be read: " + err.Error()}
	if at, ok := errors.AsType[yaml.Error](err); ok {
		p.Message = "cannot be read: " + at.GetMessage()
		if token := at.GetToken(); token != nil && token.Position != nil {
			p.Line = token.Position.Line
		}
		if m := twice.FindStringSubmatch(at.GetMessage()); m != nil {
			p.Message = fmt.Sprintf("%q is there twice; the first time in line %s", m[1], m[2])
		}
		for _, known := range inWords {
			if strings.Contains(at.GetMessage(), known.complaint) {
				p.Message = known.words
				break
			}
		}
	}
	return Problems{p}
}

// Line returns the line on which the field stands, or that of the nearest field around
// it when it is missing.
func (f *File) Line(field string) int {
	for field != "" {
		if line, ok := f.lines[field]; ok {
			return line
		}
		cut := strings.LastIndexAny(field, ".[")
		field = field[:max(cut, 0)]
	}
	return 1
}
