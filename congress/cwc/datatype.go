package cwc

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// datatype is what an element may hold, in the sense of the House's schema.
type datatype struct {
	rule  string // the word for Problem.Rule
	plain string // what to write, in plain words
	holds func(content string) bool
}

// collapse is what the schema does to values of type token before it looks at them.
func collapse(content string) string {
	if !strings.ContainsFunc(content, isXMLSpace) {
		return content
	}
	return strings.Join(strings.FieldsFunc(content, isXMLSpace), " ")
}

func isXMLSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// token takes values that match a pattern once white space is collapsed.
func token(rule, pattern, plain string) datatype {
	form := regexp.MustCompile(`^(?:` + pattern + `)$`)
	return datatype{rule, plain, func(content string) bool { return form.MatchString(collapse(content)) }}
}

// exact takes values that match a pattern as they stand.
func exact(rule, pattern, plain string) datatype {
	form := regexp.MustCompile(`^(?:` + pattern + `)$`)
	return datatype{rule, plain, form.MatchString}
}

// length takes any text of so many characters; blanks count.
func length(least, most int, plain string) datatype {
	return datatype{"length", plain, func(content string) bool {
		n := utf8.RuneCountInString(content)
		return n >= least && n <= most
	}}
}

// oneOf takes the given values, with white space collapsed.
func oneOf(rule, plain string, values ...string) datatype {
	set := make(map[string]bool, len(values))
	for _, v := range values {
		set[v] = true
	}
	return datatype{rule, plain, func(content string) bool { return set[collapse(content)] }}
}

var (
	// libxml2 takes no integer of more than 24 digits, and the schema sets no other bound.
	positiveForm = regexp.MustCompile(`^\+?0*[1-9][0-9]{0,23}$`)

	positiveInteger = datatype{"number", "write a whole number above 0", func(content string) bool {
		return positiveForm.MatchString(strings.TrimFunc(content, isXMLSpace))
	}}
	anyURI = datatype{"address", "write a web address like https://example.org/page", isURIReference}
)

// uriForm is the grammar of a URI reference in RFC 3986 as libxml2 reads it: a path may
// have empty segments, brackets hold anything, and a fragment may contain brackets.
var uriForm = func() *regexp.Regexp {
	const (
		escaped   = `%[0-9A-Fa-f]{2}`
		plain     = `A-Za-z0-9\-._~!$&'()*+,;=`
		pchar     = `(?:[` + plain + `:@]|` + escaped + `)`
		pcharNC   = `(?:[` + plain + `@]|` + escaped + `)`
		userinfo  = `(?:(?:[` + plain + `:]|` + escaped + `)*@)?`
		host      = `(?:\[[^\]]*\]|(?:[` + plain + `]|` + escaped + `)*)`
		authority = `//` + userinfo + host + `(?::([0-9]+))?(?:/` + pchar + `*)*`
		absolute  = `/(?:` + pchar + `+(?:/` + pchar + `*)*)?`
		rootless  = pchar + `+(?:/` + pchar + `*)*`
		noscheme  = pcharNC + `+(?:/` + pchar + `*)*`
		query     = `(?:\?(?:` + pchar + `|[/?])*)?`
		fragment  = `(?:#(?:` + pchar + `|[/?\[\]])*)?`
		scheme    = `[A-Za-z][A-Za-z0-9+.\-]*:`
	)
	return regexp.MustCompile(`^(?:` +
		scheme + `(?:` + authority + `|` + absolute + `|` + rootless + `)?|` +
		`(?:` + authority + `|` + absolute + `|` + noscheme + `)?` +
		`)` + query + fragment + `$`)
}()

// isURIReference follows XML Schema in letting characters stand that a URI would have to
// escape: only what cannot be mended by escaping is refused.
func isURIReference(content string) bool {
	escaped := strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7F || strings.ContainsRune("<>\"{}|\\^`", r) {
			return '_'
		}
		return r
	}, collapse(content))
	m := uriForm.FindStringSubmatch(escaped)
	if m == nil {
		return false
	}
	port := m[1] + m[2] // of an absolute or a relative reference; libxml2 keeps it in an int
	_, err := strconv.ParseInt(port, 10, 32)
	return port == "" || err == nil
}
