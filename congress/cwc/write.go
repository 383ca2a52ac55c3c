package cwc

import (
	"bytes"

	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// write writes the tree of a cleaned message.
func (f *forest) write(root *xmltree.Node) []byte {
	f.text = append(f.text, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"...)
	f.text = appendNode(f.text, root, 0)
	return bytes.Clone(f.text)
}

func appendNode(b []byte, n *xmltree.Node, depth int) []byte {
	b = appendTag(appendIndent(b, depth), "<", n.Name)
	if len(n.Children) == 1 && n.Children[0].Kind == xmltree.Text {
		b = appendText(b, n.Children[0].Text)
	} else {
		b = append(b, '\n')
		for _, c := range n.Children {
			b = appendNode(b, c, depth+1)
		}
		b = appendIndent(b, depth)
	}
	return append(appendTag(b, "</", n.Name), '\n')
}

func appendIndent(b []byte, depth int) []byte {
	for range depth {
		b = append(b, "  "...)
	}
	return b
}

func appendTag(b []byte, open, name string) []byte {
	return append(append(append(b, open...), name...), '>')
}

// appendText escapes the five characters with a meaning in XML. Text is cleaned before, so
// nothing else needs care; newlines and tabs stand as they are, because offices look at
// the raw XML.
func appendText(b []byte, text string) []byte {
	plain := 0
	for i := range len(text) {
		if escaped := escapes[text[i]]; escaped != "" {
			b = append(append(b, text[plain:i]...), escaped...)
			plain = i + 1
		}
	}
	return append(b, text[plain:]...)
}

var escapes = [256]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&apos;"}
