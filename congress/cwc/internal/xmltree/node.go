// Package xmltree reads one XML 1.0 document into a small tree, within bounds, and without
// ever fetching or loading anything.
//
// It exists because encoding/xml is deliberately more lenient than XML: it takes documents
// with two roots, text after the root, or a broken document type. The verdict on a message
// must be that of a conforming parser, and libxml2 is the one the House's documentation
// shows; where conforming parsers differ, this one sides with libxml2. Errors of
// namespaces alone do not make a document malformed, as they do not there.
//
// Character data of internal entities is expanded, up to a bound. Declarations of other
// kinds in a document type, and encodings besides UTF-8, UTF-16, ISO 8859-1, US-ASCII
// and Windows-1252, are refused.
package xmltree

import "strings"

// Kind tells what a Node is.
type Kind uint8

// The kinds of nodes. Comments, processing instructions and the document type are read and
// checked but leave no node.
const (
	Element Kind = iota
	Text         // character data, in or out of a CDATA section
)

// Node is one piece of a document.
type Node struct {
	Kind     Kind
	Name     string   // Element: its name as written, with a prefix if it has one
	Space    string   // Element: the default namespace in force, "" for none
	Attrs    []string // Element: names of attributes but for declarations of namespaces
	Text     string   // Text: the characters, with newlines as \n
	Children []*Node
	Line     int // where an element begins, from 1; 0 in a tree that was not parsed
}

// Blank reports whether n is character data made of white space alone.
func (n *Node) Blank() bool {
	return n.Kind == Text && strings.Trim(n.Text, " \t\r\n") == ""
}

// Content joins the node's own character data.
func (n *Node) Content() string {
	if len(n.Children) == 1 {
		return n.Children[0].Text
	}
	var all strings.Builder
	for _, c := range n.Children {
		all.WriteString(c.Text)
	}
	return all.String()
}
