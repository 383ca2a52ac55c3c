package xmltree

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits bound what Parse takes.
type Limits struct {
	Size    int  // bytes of the document
	Depth   int  // elements within elements; entities within entities
	Grown   int  // bytes of all expanded entities together
	Doctype bool // whether a document type may stand in the document at all
}

// SyntaxError says where and why a document cannot be read.
type SyntaxError struct {
	Line int // from 1; 0 if the trouble is the document as a whole
	Text string
}

// Error returns the reason, with the line.
func (e *SyntaxError) Error() string {
	if e.Line == 0 {
		return e.Text
	}
	return fmt.Sprintf("line %d: %s", e.Line, e.Text)
}

// Parse reads a document and returns its root element. The error is a *SyntaxError.
func Parse(data []byte, limits Limits) (*Node, error) {
	if len(data) > limits.Size {
		return nil, &SyntaxError{Text: fmt.Sprintf("it is longer than %d bytes", limits.Size)}
	}
	text, line, err := decode(data)
	if err != nil {
		return nil, &SyntaxError{Text: err.Error()}
	}
	p := &parser{text: text, startLine: line + 1, limits: limits, entities: map[string]string{}}
	root, err := p.document()
	if err != nil {
		return nil, &SyntaxError{Line: p.line(), Text: err.Error()}
	}
	return root, nil
}

// parser walks over text. The replacement text of an entity is walked over by a parser of
// its own, which shares entities and grown with its parent.
type parser struct {
	text      string
	pos       int
	startLine int
	counted   int // newlines in text[:countedTo]
	countedTo int
	limits    Limits
	depth     int

	entities map[string]string // replacement texts by name
	open     []string          // entities being expanded
	grown    int
}

// line returns the number of the line, counting only what it has not counted before.
func (p *parser) line() int {
	p.counted += strings.Count(p.text[p.countedTo:p.pos], "\n")
	p.countedTo = p.pos
	return p.startLine + p.counted
}

func (p *parser) rest() string { return p.text[p.pos:] }

func (p *parser) at(token string) bool { return strings.HasPrefix(p.rest(), token) }

// take moves past token if it stands here.
func (p *parser) take(token string) bool {
	if !p.at(token) {
		return false
	}
	p.pos += len(token)
	return true
}

// space moves past white space and reports whether there was any.
func (p *parser) space() bool {
	start := p.pos
	for p.pos < len(p.text) && isSpace(p.text[p.pos]) {
		p.pos++
	}
	return p.pos > start
}

// until returns the text up to token and moves past both.
func (p *parser) until(token string) (string, bool) {
	body, _, found := strings.Cut(p.rest(), token)
	if found {
		p.pos += len(body) + len(token)
	}
	return body, found
}

// name reads a name; it returns "" if none stands here.
func (p *parser) name() string {
	start := p.pos
	for p.pos < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.rest())
		if p.pos == start && !isNameStart(r) || !isNameChar(r) {
			break
		}
		p.pos += size
	}
	return p.text[start:p.pos]
}

// document reads the whole: prolog, root, and what may follow.
func (p *parser) document() (*Node, error) {
	if err := p.misc(); err != nil {
		return nil, err
	}
	if p.at("<!DOCTYPE") {
		if err := p.doctype(); err != nil {
			return nil, err
		}
		if err := p.misc(); err != nil {
			return nil, err
		}
	}
	if !p.at("<") {
		return nil, errors.New("an element was expected")
	}
	root, err := p.element("")
	if err != nil {
		return nil, err
	}
	if err := p.misc(); err != nil {
		return nil, err
	}
	if p.pos < len(p.text) {
		return nil, errors.New("something follows after the end of the message")
	}
	return root, nil
}

// misc moves past white space, comments and processing instructions.
func (p *parser) misc() error {
	for {
		p.space()
		switch {
		case p.at("<!--"):
			if err := p.comment(); err != nil {
				return err
			}
		case p.at("<?"):
			if err := p.instruction(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

func (p *parser) comment() error {
	p.take("<!--")
	if _, found := p.until("--"); !found {
		return errors.New("a comment is not closed")
	}
	if !p.take(">") {
		return errors.New("a comment contains two hyphens")
	}
	return nil
}

func (p *parser) instruction() error {
	p.take("<?")
	target := p.name()
	if target == "" || strings.EqualFold(target, "xml") {
		return errors.New("a processing instruction has no name, or the XML declaration stands in the wrong place")
	}
	if p.take("?>") {
		return nil
	}
	if !p.space() {
		return errors.New("a processing instruction is malformed")
	}
	if _, found := p.until("?>"); !found {
		return errors.New("a processing instruction is not closed")
	}
	return nil
}
