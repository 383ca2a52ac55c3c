package segment

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxText bounds a filter, maxDepth its parentheses.
const (
	maxText  = 8000
	maxDepth = 50
)

// Parse reads a filter. An error is a *SyntaxError.
func Parse(text string) (Segment, error) {
	if utf8.RuneCountInString(text) > maxText {
		return Segment{}, &SyntaxError{maxText, fmt.Sprintf("a filter may have %d characters", maxText)}
	}
	tokens, err := lex(text)
	if err != nil {
		return Segment{}, err
	}
	if len(tokens) == 2 && tokens[0].is(Everyone) {
		return Segment{}, nil
	}
	p := &parser{tokens: tokens}
	e, err := p.or()
	if err != nil {
		return Segment{}, err
	}
	if t := p.peek(); !t.end {
		return Segment{}, &SyntaxError{t.at, fmt.Sprintf("expected and, or, or the end, not %s", t.shown())}
	}
	return Segment{e}, nil
}

type parser struct {
	tokens []token
	depth  int
}

func (p *parser) peek() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if !t.end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token when it is the word.
func (p *parser) accept(word string) bool {
	if !p.peek().is(word) {
		return false
	}
	p.take()
	return true
}

func (p *parser) expect(sign, where string) error {
	if t := p.peek(); !p.accept(sign) {
		return &SyntaxError{t.at, fmt.Sprintf("expected %s %s, not %s", sign, where, t.shown())}
	}
	return nil
}

func (p *parser) or() (expr, error) { return p.chain("or", p.and, anyOf) }

func (p *parser) and() (expr, error) { return p.chain("and", p.unary, allOf) }

func (p *parser) chain(word string, part func() (expr, error), join func([]expr) expr) (expr, error) {
	var parts []expr
	for {
		e, err := part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, e)
		if !p.accept(word) {
			return join(parts), nil
		}
	}
}

func (p *parser) unary() (expr, error) {
	t := p.peek()
	if p.depth++; p.depth > maxDepth {
		return nil, &SyntaxError{t.at, "too many parentheses inside of each other"}
	}
	defer func() { p.depth-- }()
	switch {
	case p.accept("not"):
		e, err := p.unary()
		if err != nil {
			return nil, err
		}
		return notOf(e), nil
	case p.accept("("):
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		return e, p.expect(")", "to close the parenthesis")
	}
	return p.condition()
}

// condition reads one comparison.
func (p *parser) condition() (expr, error) {
	name := p.take()
	switch {
	case name.is("acted"):
		return p.acted()
	case name.is(string(fieldJoined)):
		return p.joined()
	case name.is("committee"):
		return nil, &SyntaxError{name.at, "the list of members has no committees, so people cannot be chosen by them; name the districts instead"}
	case name.is(Everyone):
		return nil, &SyntaxError{name.at, "everyone stands alone, without other conditions"}
	}
	f, ok := fields[strings.ToLower(name.text)]
	if !ok || name.value || name.end {
		return nil, &SyntaxError{name.at, fmt.Sprintf("expected %s, not %s", fieldWords, name.shown())}
	}
	switch t := p.take(); {
	case t.is("="), t.is("!="):
		v, err := p.value(f)
		if err != nil {
			return nil, err
		}
		e := expr(isAnyOf(f, []string{v}))
		if t.is("!=") {
			e = notOf(e)
		}
		return e, nil
	case t.is("in"):
		return p.in(f)
	default:
		return nil, &SyntaxError{t.at, fmt.Sprintf("expected =, != or in behind %s, not %s", f, t.shown())}
	}
}

func (p *parser) in(f field) (expr, error) {
	if err := p.expect("(", "before the values"); err != nil {
		return nil, err
	}
	var values []string
	for {
		v, err := p.value(f)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if !p.accept(",") {
			return isAnyOf(f, values), p.expect(")", "behind the values")
		}
	}
}

// value reads one value of a field.
func (p *parser) value(f field) (string, error) {
	t := p.take()
	if t.end || !t.value && (!inWord([]rune(t.text)[0]) || keyword(t.text)) {
		return "", &SyntaxError{t.at, fmt.Sprintf("expected %s, not %s", values[f].what, t.shown())}
	}
	v, err := values[f].read(t.text)
	if err != nil {
		return "", &SyntaxError{t.at, err.Error()}
	}
	return v, nil
}

func (p *parser) acted() (expr, error) {
	if err := p.expect("(", "and the campaign behind acted"); err != nil {
		return nil, err
	}
	slug, err := p.value(fieldActed)
	if err != nil {
		return nil, err
	}
	return acted{slug}, p.expect(")", "behind the campaign")
}

func (p *parser) joined() (expr, error) {
	compare := p.take()
	if !compare.is("<") && !compare.is("<=") && !compare.is(">") && !compare.is(">=") {
		return nil, &SyntaxError{compare.at, fmt.Sprintf("expected <, <=, > or >= behind joined, not %s", compare.shown())}
	}
	t := p.take()
	d, err := parseDay(t.text)
	if t.end || err != nil {
		return nil, &SyntaxError{t.at, fmt.Sprintf("expected a day, such as 2026-01-31, not %s", t.shown())}
	}
	return joined{compare.text, d}, nil
}
