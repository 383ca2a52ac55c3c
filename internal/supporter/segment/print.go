package segment

import (
	"regexp"
	"strings"
)

// String prints the segment in its canonical form, which parses to the same segment.
func (s Segment) String() string {
	if s.expr == nil {
		return Everyone
	}
	var b strings.Builder
	s.expr.write(&b, loose)
	return b.String()
}

func (e all) write(b *strings.Builder, inside binding)    { writeParts(b, e, " and ", byAnd, inside) }
func (e either) write(b *strings.Builder, inside binding) { writeParts(b, e, " or ", byOr, inside) }

func writeParts(b *strings.Builder, parts []expr, word string, own, inside binding) {
	if inside > own {
		b.WriteByte('(')
		defer b.WriteByte(')')
	}
	for i, p := range parts {
		if i > 0 {
			b.WriteString(word)
		}
		p.write(b, own)
	}
}

func (e not) write(b *strings.Builder, inside binding) {
	if one, ok := e.of.(is); ok && len(one.values) == 1 {
		b.WriteString(string(one.field) + " != " + quoted(one.values[0]))
		return
	}
	b.WriteString("not ")
	e.of.write(b, byNot)
}

func (e is) write(b *strings.Builder, _ binding) {
	if len(e.values) == 1 {
		b.WriteString(string(e.field) + " = " + quoted(e.values[0]))
		return
	}
	b.WriteString(string(e.field) + " in (")
	for i, v := range e.values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quoted(v))
	}
	b.WriteByte(')')
}

func (e joined) write(b *strings.Builder, _ binding) {
	b.WriteString(string(fieldJoined) + " " + e.compare + " " + e.day.String())
}

func (e acted) write(b *strings.Builder, _ binding) { b.WriteString("acted(" + quoted(e.slug) + ")") }

// bare is a value that needs no quotes.
var bare = regexp.MustCompile(`^[\pL\pN_][\pL\pN_.\-/:@+*#]*$`)

func quoted(value string) string {
	if bare.MatchString(value) && !keyword(value) {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// keyword reports whether a word has a meaning of its own.
func keyword(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "not", "in", Everyone:
		return true
	}
	return false
}
