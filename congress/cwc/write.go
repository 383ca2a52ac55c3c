package cwc

import (
	"bytes"
	"strings"

	"github.com/franklin-letters/franklin/congress/cwc/internal/xmltree"
)

// escaper covers the five characters with a meaning in XML. Text is cleaned before, so
// nothing else needs care; newlines and tabs stand as they are, because offices look at
// the raw XML.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&apos;")

// write writes the tree of a cleaned message.
func write(root *xmltree.Node) []byte {
	var b bytes.Buffer
	b.Grow(8 << 10) // longer than most
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	writeNode(&b, root, "")
	return b.Bytes()
}

func writeNode(b *bytes.Buffer, n *xmltree.Node, indent string) {
	b.WriteString(indent + "<" + n.Name + ">")
	if len(n.Children) == 1 && n.Children[0].Kind == xmltree.Text {
		_, _ = escaper.WriteString(b, n.Children[0].Text) // a buffer takes everything
	} else {
		b.WriteByte('\n')
		for _, c := range n.Children {
			writeNode(b, c, indent+"  ")
		}
		b.WriteString(indent)
	}
	b.WriteString("</" + n.Name + ">\n")
}
