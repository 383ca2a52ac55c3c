package xmltree

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const (
	xmlSpace   = "http://www.w3.org/XML/1998/namespace"
	xmlnsSpace = "http://www.w3.org/2000/xmlns/"
)

// element reads one element. space is the default namespace outside of it.
func (p *parser) element(space string) (*Node, error) {
	if p.depth++; p.depth > p.limits.Depth {
		return nil, errors.New("its elements are nested too deep")
	}
	defer func() { p.depth-- }()
	n := &Node{Space: space, Line: p.line()}
	p.take("<")
	if n.Name = p.name(); n.Name == "" {
		return nil, errors.New("a < stands where no element begins; in text it is written &lt;")
	}
	closed, err := p.attributes(n)
	if err != nil || closed {
		return n, err
	}
	if err := p.content(n); err != nil {
		return nil, err
	}
	if !p.take("</") {
		return nil, fmt.Errorf("the element %s is not closed", short(n.Name))
	}
	if end := p.name(); end != n.Name {
		return nil, fmt.Errorf("the element %s is closed by %s", short(n.Name), short(end))
	}
	if p.space(); !p.take(">") {
		return nil, fmt.Errorf("the end of the element %s is malformed", short(n.Name))
	}
	return n, nil
}

// short keeps foreign names in messages readable.
func short(name string) string {
	if len(name) > 60 {
		return strings.ToValidUTF8(name[:60], "") + "…"
	}
	return name
}

// attributes reads the rest of a start tag and reports whether it closes the element too.
func (p *parser) attributes(n *Node) (closed bool, err error) {
	var seen map[string]bool
	for {
		spaced := p.space()
		switch {
		case p.take("/>"):
			return true, nil
		case p.take(">"):
			return false, nil
		case !spaced:
			return false, fmt.Errorf("the start of the element %s is malformed", short(n.Name))
		}
		name := p.name()
		if name == "" {
			return false, fmt.Errorf("the start of the element %s is malformed", short(n.Name))
		}
		if seen[name] {
			return false, fmt.Errorf("the attribute %s is given twice", short(name))
		}
		if seen == nil {
			seen = map[string]bool{}
		}
		seen[name] = true
		value, err := p.attributeValue()
		if err != nil {
			return false, err
		}
		n.attribute(name, value)
	}
}

// prefixForm is what libxml2 takes as the declaration of a prefix. More than one colon is
// an error of namespaces only.
var prefixForm = regexp.MustCompile(`^xmlns:[^:\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}\x{2040}]`)

// attribute sorts an attribute into declarations of namespaces and others. Declarations
// that the recommendation forbids are errors of namespaces and change nothing. A declared
// prefix need not be remembered: no element of a message has one.
func (n *Node) attribute(name, value string) {
	switch {
	case name == "xmlns":
		if value != xmlSpace && value != xmlnsSpace {
			n.Space = value
		}
	case prefixForm.MatchString(name):
	default:
		n.Attrs = append(n.Attrs, name)
	}
}

// attributeValue reads the equals sign and the quoted value.
func (p *parser) attributeValue() (string, error) {
	p.space()
	if !p.take("=") {
		return "", errors.New("an attribute has no value")
	}
	p.space()
	quoted, ok := p.quoted()
	if !ok {
		return "", errors.New("the value of an attribute is not in quotes")
	}
	return p.expandAttribute(quoted)
}

// quoted reads text in either kind of quotes.
func (p *parser) quoted() (string, bool) {
	switch {
	case p.take(`"`):
		return p.until(`"`)
	case p.take(`'`):
		return p.until(`'`)
	}
	return "", false
}

// expandAttribute replaces references in the value of an attribute and white space by blanks.
func (p *parser) expandAttribute(value string) (string, error) {
	if strings.Contains(value, "<") {
		return "", errors.New("a < stands in the value of an attribute")
	}
	var b strings.Builder
	sub := *p
	sub.text, sub.pos = value, 0
	for sub.pos < len(sub.text) {
		c := sub.text[sub.pos]
		if c != '&' {
			if isSpace(c) {
				c = ' '
			}
			b.WriteByte(c)
			sub.pos++
			continue
		}
		text, entity, err := sub.reference()
		if err != nil {
			return "", err
		}
		if entity != "" {
			inner, err := p.enter(entity)
			if err != nil {
				return "", err
			}
			if text, err = inner.expandAttribute(inner.text); err != nil {
				return "", err
			}
			p.grown = inner.grown
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

// content reads what stands between the tags of n, up to an end tag or the end of the text.
func (p *parser) content(n *Node) error {
	for p.pos < len(p.text) {
		var err error
		switch {
		case p.at("</"):
			return nil
		case p.at("<!--"):
			err = p.comment()
		case p.take("<![CDATA["):
			text, found := p.until("]]>")
			if !found {
				return errors.New("a CDATA section is not closed")
			}
			n.append(text)
		case p.at("<?"):
			err = p.instruction()
		case p.at("<"):
			var child *Node
			if child, err = p.element(n.Space); err == nil {
				n.Children = append(n.Children, child)
			}
		case p.at("&"):
			err = p.referenceInto(n)
		default:
			err = p.characters(n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) characters(n *Node) error {
	end := strings.IndexAny(p.rest(), "<&")
	if end < 0 {
		end = len(p.rest())
	}
	text := p.rest()[:end]
	if strings.Contains(text, "]]>") {
		return errors.New("the characters ]]> stand in text")
	}
	p.pos += end
	n.append(text)
	return nil
}

func (n *Node) append(text string) {
	n.Children = append(n.Children, &Node{Kind: Text, Text: text})
}
