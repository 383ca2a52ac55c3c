package cwc

import (
	"regexp"
	"slices"
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

// token takes values that have a form once white space is collapsed.
func token(rule, plain string, has func(value string) bool) datatype {
	return datatype{rule, plain, func(content string) bool { return has(collapse(content)) }}
}

// drawn returns the test for values that look like one of the pictures: in a picture 9 is
// any digit, A any capital letter, and x any letter or digit; the rest stands for itself.
func drawn(pictures ...string) func(value string) bool {
	return func(value string) bool {
		return slices.ContainsFunc(pictures, func(picture string) bool { return looksLike(value, picture) })
	}
}

var (
	isPhone = drawn("999-999-9999")
	isZip   = drawn("99999", "99999-9999")
)

func looksLike(value, picture string) bool {
	if len(value) != len(picture) {
		return false
	}
	for i := range len(picture) {
		if !fits(value[i], picture[i]) {
			return false
		}
	}
	return true
}

func fits(b, picture byte) bool {
	switch picture {
	case '9':
		return isDigit(b)
	case 'A':
		return 'A' <= b && b <= 'Z'
	case 'x':
		return isDigit(b) || isLetter(b)
	default:
		return b == picture
	}
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isLetter(b byte) bool { return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' }

// isStance takes the two words in any mixture of capitals and small letters.
func isStance(value string) bool {
	return strings.EqualFold(value, string(Pro)) || strings.EqualFold(value, string(Con))
}

// looksMailable is the schema's whole idea of an e-mail address: something before the
// first @, something before the first dot after it, and something after that dot.
func looksMailable(value string) bool {
	local, domain, _ := strings.Cut(value, "@")
	host, rest, _ := strings.Cut(domain, ".")
	return local != "" && host != "" && rest != ""
}

// length takes any text of so many characters; blanks count.
func length(least, most int, plain string) datatype {
	return datatype{"length", plain, func(content string) bool {
		if least*utf8.UTFMax <= len(content) && len(content) <= most {
			return true // whatever its characters are
		}
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
	return datatype{rule, plain, func(content string) bool { return set[content] || set[collapse(content)] }}
}

var (
	positiveInteger = datatype{"number", "write a whole number above 0", isPositive}
	anyURI          = datatype{"address", "write a web address like https://example.org/page", isURIReference}
)

// isPositive knows one bound: libxml2 takes no integer of more than 24 digits.
func isPositive(content string) bool {
	digits := strings.TrimLeft(strings.TrimPrefix(strings.TrimFunc(content, isXMLSpace), "+"), "0")
	return digits != "" && len(digits) <= 24 && only(digits, isDigit)
}

func only(text string, is func(byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

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
	if isPlainAddress(content) {
		return true
	}
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

// isPlainAddress recognises the most common of all references, without the whole grammar.
func isPlainAddress(content string) bool {
	rest, found := strings.CutPrefix(content, "https://")
	return found && only(rest, func(b byte) bool { return isLetter(b) || isDigit(b) || strings.IndexByte("-._~/?&=", b) >= 0 })
}
