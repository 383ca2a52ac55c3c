package cwctest

import (
	"bytes"
	"encoding/xml"
	"path"
	"strings"

	"github.com/franklin-letters/franklin/congress/cwc"
)

// schemaErrors words the problems of a message in the style of the options.
func (c *Capitol) schemaErrors(problems []cwc.Problem) []byte {
	var lines []string
	for _, p := range problems {
		switch c.options.Style {
		case StyleXSD:
			lines = append(lines, xsdError(p), xsdError(p))
		case StyleRNG, StyleText:
			lines = append(lines, rngErrors(p)...)
		}
	}
	if c.options.Style == StyleText {
		return []byte(strings.Join(lines, "\n"))
	}
	return errorList(lines...)
}

// rngErrors follows the wording of RELAX NG validators.
func rngErrors(p cwc.Problem) []string {
	parent, name := path.Split(p.Path)
	parent = path.Base(parent)
	switch p.Rule {
	case "xml":
		return []string{p.Message}
	case "required":
		return []string{"Expecting an element " + name + ", got nothing", "Invalid sequence in interleave", "Element " + parent + " failed to validate content"}
	case "unknown", "repeated", "order":
		return []string{"Did not expect element " + name + " there", "Element " + parent + " failed to validate content"}
	default:
		return []string{"Element " + name + " failed to validate content", "Invalid sequence in interleave", "Element " + parent + " failed to validate content"}
	}
}

// xsdError follows the wording of XSD validators on .NET.
func xsdError(p cwc.Problem) string {
	parent, name := path.Split(p.Path)
	switch p.Rule {
	case "xml":
		return p.Message
	case "required":
		return "The element '" + path.Base(parent) + "' has incomplete content. List of possible elements expected: '" + name + "'."
	case "unknown", "repeated", "order":
		return "The element '" + path.Base(parent) + "' has invalid child element '" + name + "'."
	case "length":
		return "The '" + name + "' element is invalid - The value is invalid according to its datatype 'String' - The actual length is less than the MinLength value or greater than the MaxLength value."
	default:
		return "The '" + name + "' element is invalid - The value is invalid according to its datatype '" + p.Rule + "_type' - The Pattern constraint failed."
	}
}

// errorList writes <Errors><Error>..</Error></Errors>.
func errorList(lines ...string) []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Errors>\n")
	for _, l := range lines {
		b.WriteString("  <Error>")
		_ = xml.EscapeText(&b, []byte(l)) // a buffer takes everything
		b.WriteString("</Error>\n")
	}
	b.WriteString("</Errors>\n")
	return b.Bytes()
}
