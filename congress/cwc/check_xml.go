package cwc

import (
	"fmt"
	"io"
	"strconv"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

const (
	// maxMessage bounds a message in bytes. The longest one the schema takes, with each
	// character written as a numeric reference, stays below half of it.
	maxMessage = 512 << 10
	maxDepth   = 64
	// maxProblems bounds a list of problems about one message.
	maxProblems = 100
)

// CheckXML says whether a message is one that the House's published schema takes, and if
// not, why. No problems means taken. The error is that of reading r; a document that is too
// long or is no XML at all is a problem, not an error. docs/cwc.md names the few documents
// that the schema would take and CheckXML does not.
func CheckXML(r io.Reader) ([]Problem, error) {
	root, problems, err := readTree(r, xmltree.Limits{Size: maxMessage, Depth: maxDepth, Grown: maxMessage, Doctype: true})
	if root == nil {
		return problems, err
	}
	return checkTree(root, congress.House), nil
}

// readTree reads a document. It returns a root, or problems, or an error.
func readTree(r io.Reader, limits xmltree.Limits) (*xmltree.Node, []Problem, error) {
	data, err := io.ReadAll(io.LimitReader(r, int64(limits.Size)+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read the message: %w", err)
	}
	root, err := xmltree.Parse(data, limits)
	if err != nil {
		return nil, []Problem{{Rule: "xml", Level: Schema, Message: "this is not a readable XML document: " + err.Error()}}, nil //nolint:nilerr // a bad document is a finding about it, not a failure to check.
	}
	return root, nil, nil
}

// checkTree compares a tree with the chamber's schema.
func checkTree(root *xmltree.Node, chamber congress.Chamber) []Problem {
	c := &checker{}
	spec := schemaOf(chamber)
	path := pathOf(spec.name)
	if root.Name != spec.name || root.Space != "" {
		c.add(path, "root", "the message must begin with the element CWC, in no namespace")
		return c.problems
	}
	c.element(spec, root, path)
	return c.problems
}

// pathOf returns the path of the root, with room for the longest below it.
func pathOf(root string) []byte { return append(make([]byte, 0, 128), root...) }

// below returns the path of a child. It stands in the same memory as its parent's and, before
// it, its elder siblings': a path is only kept, as a string, where there is a problem.
func below(path []byte, name string) []byte { return append(append(path, '/'), name...) }

type checker struct{ problems []Problem }

func (c *checker) add(path []byte, rule, message string) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, Problem{Path: string(path), Rule: rule, Level: Schema, Message: message})
	}
}

func (c *checker) element(spec *element, n *xmltree.Node, path []byte) {
	if len(n.Attrs) > 0 {
		c.add(path, "attribute", "it must have no attributes")
	}
	if spec.holds.holds == nil {
		c.group(spec, n, path)
		return
	}
	for _, child := range n.Children {
		if child.Kind == xmltree.Element {
			c.add(path, "text", "it must hold text, not other elements")
			return
		}
	}
	if !spec.holds.holds(n.Content()) {
		c.add(path, spec.holds.rule, spec.holds.plain)
	}
}

// group checks an element that holds elements.
func (c *checker) group(spec *element, n *xmltree.Node, path []byte) {
	counts := make([]int, len(spec.children), mostChildren)
	last := 0
	for _, child := range n.Children {
		if child.Kind == xmltree.Text {
			if !child.Blank() {
				c.add(path, "stray-text", "text stands between its elements")
			}
			continue
		}
		i := find(spec.children, child)
		if i < 0 {
			c.add(path, "unknown", "it contains an element that does not belong there")
			continue
		}
		if spec.sequence && i < last {
			c.add(path, "order", "its elements stand in the wrong order")
		}
		last = i
		counts[i]++
		c.child(&spec.children[i], child, path, counts[i])
	}
	for i := range spec.children {
		if s := &spec.children[i]; s.required && counts[i] == 0 {
			c.add(below(path, s.name), "required", "it is missing")
		}
	}
	if spec.name == "Message" {
		c.texts(n, path)
	}
}

func (c *checker) child(spec *element, n *xmltree.Node, path []byte, count int) {
	if count > 1 && !spec.many {
		c.add(below(path, spec.name), "repeated", "it stands there more than once")
		return
	}
	c.element(spec, n, below(path, numbered(spec.name, count)))
}

// numbered writes the second and later elements of a name as "Bill[2]".
func numbered(name string, count int) string {
	if count == 1 {
		return name
	}
	return name + "[" + strconv.Itoa(count) + "]"
}

// texts holds the one rule that is not about one element: at least one text, and the
// statement first.
func (c *checker) texts(n *xmltree.Node, path []byte) {
	statement, message := position(n, statementName), position(n, messageName)
	switch {
	case statement < 0 && message < 0:
		c.add(below(path, messageName), "required", "the letter has no text: neither the campaign's statement nor the person's own")
	case statement >= 0 && message >= 0 && message < statement:
		c.add(below(path, statementName), "order", "it must stand before "+messageName)
	}
}

func position(n *xmltree.Node, name string) int {
	for i, child := range n.Children {
		if child.Kind == xmltree.Element && child.Name == name {
			return i
		}
	}
	return -1
}

func find(specs []element, n *xmltree.Node) int {
	for i := range specs {
		if specs[i].name == n.Name && n.Space == "" {
			return i
		}
	}
	return -1
}
