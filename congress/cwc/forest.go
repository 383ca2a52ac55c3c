package cwc

import (
	"sync"

	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// forest is the memory in which messages are laid out, checked and written, and which is used
// again: it would be a third of what a delivery asks for.
type forest struct {
	nodes    []xmltree.Node
	children []*xmltree.Node
	text     []byte
}

// mostNodes is more than the elements and texts of most messages.
const mostNodes = 128

var forests = sync.Pool{New: func() any {
	return &forest{nodes: make([]xmltree.Node, 0, mostNodes), children: make([]*xmltree.Node, 0, mostNodes)}
}}

func newForest() *forest { return forests.Get().(*forest) } //nolint:forcetypeassert // nothing else is put there

// clear gives the memory back, with nothing of the message in it.
func (f *forest) clear() {
	clear(f.nodes)
	clear(f.children)
	clear(f.text)
	f.nodes, f.children, f.text = f.nodes[:0], f.children[:0], f.text[:0]
	forests.Put(f)
}

// node returns a node. One that finds no room is made beside the others.
func (f *forest) node(n xmltree.Node) *xmltree.Node {
	if len(f.nodes) == cap(f.nodes) {
		beside := n
		return &beside
	}
	f.nodes = append(f.nodes, n)
	return &f.nodes[len(f.nodes)-1]
}

// group returns an element with the given children, leaving out those that are nil.
func (f *forest) group(name string, children ...*xmltree.Node) *xmltree.Node {
	begin := len(f.children)
	for _, c := range children {
		if c != nil {
			f.children = append(f.children, c)
		}
	}
	there := f.children[begin:len(f.children):len(f.children)]
	return f.node(xmltree.Node{Name: name, Children: there})
}

// leaf returns an element with text, or nil for no text: an empty element is never right.
func (f *forest) leaf(name, text string) *xmltree.Node {
	if text == "" {
		return nil
	}
	return f.group(name, f.node(xmltree.Node{Kind: xmltree.Text, Text: text}))
}
