package xmltree

import (
	"errors"
	"regexp"
)

// declaration is what "<?xml ...?>" says.
type declaration struct {
	encoding string
	length   int // bytes of it, 0 if there is none
}

var (
	declarationForm = regexp.MustCompile(`^<\?xml` +
		`[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]*"|'1\.[0-9]*')` +
		`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
		`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?` +
		`[ \t\r\n]*\?>`)
	declarationStart = regexp.MustCompile(`^<\?xml[ \t\r\n]`)

	errDeclaration = errors.New("its XML declaration is malformed")
)

// parseDeclaration reads the XML declaration at the very start of a document, if there is one.
func parseDeclaration(text string) (declaration, error) {
	if !declarationStart.MatchString(text) {
		return declaration{}, nil
	}
	m := declarationForm.FindStringSubmatch(text)
	if m == nil {
		return declaration{}, errDeclaration
	}
	return declaration{encoding: m[1] + m[2], length: len(m[0])}, nil
}
