package campaign

import (
	"errors"
	"fmt"
	"path"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// MaxFileSize is the most bytes a campaign file may have.
const MaxFileSize = 256 << 10

// head is the YAML between the two lines "---" at the top of a campaign file.
type head struct {
	Title       string           `yaml:"title"`
	Slug        string           `yaml:"slug"`
	Formerly    []string         `yaml:"formerly"`
	Status      string           `yaml:"status"`
	Language    string           `yaml:"language"`
	Bill        string           `yaml:"bill"`
	Congress    int              `yaml:"congress"`
	BillTitle   string           `yaml:"bill_title"`
	Stance      string           `yaml:"stance"`
	Topics      []string         `yaml:"topics"`
	Targets     []string         `yaml:"targets"`
	Goal        int              `yaml:"goal"`
	Steps       []int            `yaml:"steps"`
	Opens       string           `yaml:"opens"`
	Closes      string           `yaml:"closes"`
	Summary     string           `yaml:"summary"`
	ContentNote string           `yaml:"content_note"`
	HelpLine    string           `yaml:"help_line"`
	Letter      headLetter       `yaml:"letter"`
	OptIn       string           `yaml:"opt_in"`
	ThankYou    string           `yaml:"thank_you"`
	Share       string           `yaml:"share"`
	Outcome     *headOutcome     `yaml:"outcome"`
	Spanish     *headTranslation `yaml:"es"`
	English     *headTranslation `yaml:"en"`
}

type headLetter struct {
	Subject string `yaml:"subject"`
	Text    string `yaml:"text"`
}

type headOutcome struct {
	Date    string `yaml:"date"`
	Summary string `yaml:"summary"`
	Text    string `yaml:"text"`
}

type headTranslation struct {
	Title          string `yaml:"title"`
	Summary        string `yaml:"summary"`
	Text           string `yaml:"text"`
	ContentNote    string `yaml:"content_note"`
	HelpLine       string `yaml:"help_line"`
	OptIn          string `yaml:"opt_in"`
	ThankYou       string `yaml:"thank_you"`
	Share          string `yaml:"share"`
	OutcomeSummary string `yaml:"outcome_summary"`
	OutcomeText    string `yaml:"outcome_text"`
}

// Problem is one thing wrong with a campaign file.
type Problem struct {
	Line    int    `json:"line"`            // 1-based, in the file; 0 when the file as a whole is meant
	Field   string `json:"field,omitempty"` // dotted path in the head, such as "letter.subject"
	Message string `json:"message"`
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

// Problems is the error that Parse returns: everything wrong with the file at once, in
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

// file is a campaign file taken apart, with the means to say where a field stands.
type file struct {
	head     head
	body     string
	bodyLine int
	tree     *ast.File
}

const fence = "---"

// split separates the head from the body. Line 1 must be the fence.
func split(source string) (yamlText, body string, bodyLine int, err error) {
	lines := strings.SplitAfter(source, "\n")
	if strings.TrimSpace(lines[0]) != fence {
		return "", "", 0, Problems{{Line: 1, Message: `the first line must be "---", the start of the head`}}
	}
	for i := 1; i < len(lines); i++ {
		if strings.TrimRight(lines[i], " \t\r\n") == fence {
			// The fence's own line stays as an empty one, so that YAML's line numbers are the file's.
			return "\n" + strings.Join(lines[1:i], ""), strings.Join(lines[i+1:], ""), i + 2, nil
		}
	}
	return "", "", 0, Problems{{Line: 1, Message: `the head has no end: put a line "---" between it and the text of the page`}}
}

func readFile(source []byte) (*file, error) {
	if len(source) > MaxFileSize {
		return nil, Problems{{Message: fmt.Sprintf("the file is larger than %d KiB", MaxFileSize>>10)}}
	}
	text := strings.TrimPrefix(strings.ReplaceAll(string(source), "\r\n", "\n"), "\ufeff")
	yamlText, body, bodyLine, err := split(text)
	if err != nil {
		return nil, err
	}
	f := &file{body: strings.TrimSpace(body), bodyLine: bodyLine}
	if f.tree, err = parser.ParseBytes([]byte(yamlText), 0); err != nil {
		return nil, yamlProblem(err)
	}
	if len(f.tree.Docs) != 1 || f.tree.Docs[0].Body == nil {
		return nil, Problems{{Line: 1, Message: "the head is empty: it needs at least title, slug, goal and letter"}}
	}
	if err := yaml.NodeToValue(f.tree.Docs[0].Body, &f.head, yaml.Strict()); err != nil {
		return nil, yamlProblem(err)
	}
	return f, nil
}

// yamlProblem turns the reader's error into a problem with its line.
func yamlProblem(err error) error {
	p := Problem{Line: 1, Message: err.Error()}
	var kind *yaml.TypeError
	if errors.As(err, &kind) && kind.DstType != nil {
		p.Message = fmt.Sprintf("must be a %s", plainKind(kind.DstType.Kind()))
		if kind.StructFieldName != nil {
			p.Message = strings.ToLower(path.Ext("." + strings.TrimPrefix(*kind.StructFieldName, "head"))[1:]) + " " + p.Message
		}
		p.Line = kind.Token.Position.Line
		return Problems{p}
	}
	var at yaml.Error
	if errors.As(err, &at) {
		p.Message = at.GetMessage()
		if tok := at.GetToken(); tok != nil && tok.Position != nil {
			p.Line = tok.Position.Line
		}
	}
	return Problems{p}
}

// plainKind names a kind of value in the author's words.
func plainKind(k reflect.Kind) string {
	switch k { //nolint:exhaustive // the head has no other kinds
	case reflect.Int:
		return "whole number"
	case reflect.Slice:
		return "list, one item a line, each after a dash"
	case reflect.Struct, reflect.Pointer:
		return "group of indented fields"
	default:
		return "text"
	}
}

// line returns the line on which the field stands, or that of the nearest field around
// it when it is missing.
func (f *file) line(field string) int {
	for field != "" {
		if path, err := yaml.PathString("$." + field); err == nil {
			if node, err := path.FilterFile(f.tree); err == nil && node.GetToken() != nil {
				return keyLine(node)
			}
		}
		cut := strings.LastIndexAny(field, ".[")
		field = field[:max(cut, 0)]
	}
	return 1
}

// keyLine returns the line of a value; a block text is pointed at by its "|".
func keyLine(node ast.Node) int {
	if lit, ok := node.(*ast.LiteralNode); ok && lit.Start != nil {
		return lit.Start.Position.Line
	}
	return node.GetToken().Position.Line
}
