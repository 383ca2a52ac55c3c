package xmltree

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var errDoctype = errors.New("its document type is malformed")

var publicForm = regexp.MustCompile(`^[ \nA-Za-z0-9\-'()+,./:=?;!*#@$_%]*$`)

// doctype reads a document type. What it names outside the document is never fetched.
func (p *parser) doctype() error {
	if !p.limits.Doctype {
		return errors.New("it has a document type, which a message does not need")
	}
	p.take("<!DOCTYPE")
	if !p.space() || p.name() == "" {
		return errDoctype
	}
	if p.space() && !p.externalID() {
		return errDoctype
	}
	if p.space(); p.take("[") {
		if err := p.subset(); err != nil {
			return err
		}
		p.space()
	}
	if !p.take(">") {
		return errDoctype
	}
	return nil
}

// externalID reads SYSTEM "..." or PUBLIC "..." "...", or nothing.
func (p *parser) externalID() bool {
	switch {
	case p.take("SYSTEM"):
	case p.take("PUBLIC"):
		if !p.space() {
			return false
		}
		if id, ok := p.quoted(); !ok || !publicForm.MatchString(id) {
			return false
		}
	default:
		return true
	}
	if !p.space() {
		return false
	}
	address, ok := p.quoted()
	return ok && address != ""
}

// subset reads the declarations inside a document type: entities with a text of their own,
// comments and processing instructions. Nothing else is understood, on purpose.
func (p *parser) subset() error {
	for {
		if err := p.misc(); err != nil {
			return err
		}
		switch {
		case p.take("]"):
			return nil
		case p.take("<!ENTITY"):
			if err := p.entity(); err != nil {
				return err
			}
		default:
			return errors.New("its document type contains more than simple entities")
		}
	}
}

// entity reads the declaration of an entity with a text. The first declaration of a name counts.
func (p *parser) entity() error {
	if !p.space() {
		return errDoctype
	}
	name := p.name()
	if name == "" || !p.space() {
		return errors.New("its document type contains more than simple entities")
	}
	value, ok := p.quoted()
	if !ok {
		return errors.New("its document type contains more than simple entities")
	}
	text, err := p.entityText(value)
	if err != nil {
		return err
	}
	if p.space(); !p.take(">") {
		return errDoctype
	}
	if _, declared := p.entities[name]; !declared {
		p.entities[name] = text
	}
	return nil
}

// entityText replaces references to characters, and leaves those to entities for later.
func (p *parser) entityText(value string) (string, error) {
	if strings.Contains(value, "%") {
		return "", errDoctype
	}
	var b strings.Builder
	sub := parser{text: value}
	for sub.pos < len(value) {
		before, _, found := strings.Cut(sub.rest(), "&")
		b.WriteString(before)
		sub.pos += len(before)
		if !found {
			break
		}
		start := sub.pos
		if strings.HasPrefix(sub.rest(), "&#") {
			text, _, err := sub.reference()
			if err != nil {
				return "", err
			}
			b.WriteString(text)
			continue
		}
		sub.take("&")
		if sub.name() == "" || !sub.take(";") {
			return "", errDoctype
		}
		b.WriteString(value[start:sub.pos])
	}
	return newlines(b.String()), nil
}

// predefined are the five entities of XML itself.
var predefined = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

// reference reads "&#65;", "&#x41;" or "&amp;" and returns its text, or the name of an
// entity of the document's own.
func (p *parser) reference() (text, entity string, err error) {
	p.take("&")
	if p.take("#") {
		text, err = p.characterReference()
		return text, "", err
	}
	name := p.name()
	if name == "" || !p.take(";") {
		return "", "", errors.New("an & stands in text; it is written &amp;")
	}
	if text, ok := predefined[name]; ok {
		return text, "", nil
	}
	return "", name, nil
}

func (p *parser) characterReference() (string, error) {
	base := 10
	if p.take("x") {
		base = 16
	}
	digits, found := p.until(";")
	digits = strings.TrimLeft(digits, "0")
	if !found || len(digits) > 8 {
		return "", errors.New("a reference to a character is malformed")
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || !isChar(rune(n)) { //nolint:gosec // eight digits and the check of isChar keep it in range.
		return "", errors.New("a reference names no character that XML can carry")
	}
	return string(rune(n)), nil //nolint:gosec // as above.
}

// referenceInto reads a reference in content. The text of an entity is read as content too.
func (p *parser) referenceInto(n *Node) error {
	text, entity, err := p.reference()
	if err != nil {
		return err
	}
	if entity == "" {
		n.append(text)
		return nil
	}
	inner, err := p.enter(entity)
	if err != nil {
		return err
	}
	if err := inner.content(n); err != nil {
		return err
	}
	if inner.pos < len(inner.text) {
		return fmt.Errorf("the entity %s closes an element that it did not open", short(entity))
	}
	p.grown = inner.grown
	return nil
}

// enter returns a parser for the text of an entity. It refuses unknown entities, those that
// contain themselves, and more text in all than the limits allow.
func (p *parser) enter(entity string) (*parser, error) {
	text, ok := p.entities[entity]
	switch {
	case !ok:
		return nil, fmt.Errorf("the entity %s is not declared", short(entity))
	case slices.Contains(p.open, entity), len(p.open) >= p.limits.Depth:
		return nil, fmt.Errorf("the entity %s contains itself", short(entity))
	}
	inner := *p
	inner.text, inner.pos, inner.startLine = text, 0, p.line()
	inner.counted, inner.countedTo = 0, 0
	inner.open = append(slices.Clone(p.open), entity)
	// Each expansion counts for some bytes even if it is empty, so that their number is bounded too.
	if inner.grown += len(text) + 16; inner.grown > p.limits.Grown {
		return nil, errors.New("its entities grow too large")
	}
	return &inner, nil
}
