package mailing

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/text"
)

// Merge fields are written {{first_name}}, or {{first_name|friend}} with what stands there
// for whom it is not known.
const (
	fieldFirst    = "first_name"
	fieldLast     = "last_name"
	fieldState    = "state"
	fieldDistrict = "district"
	fieldMember   = "member"
	fieldCampaign = "campaign"
	fieldLetters  = "letters"
	fieldGoal     = "goal"
	fieldOrg      = "organization"
	fieldLink     = "link"
)

// Fields returns the merge fields there are.
func Fields() []string {
	return []string{fieldFirst, fieldLast, fieldState, fieldDistrict, fieldMember, fieldCampaign, fieldLetters, fieldGoal, fieldOrg, fieldLink}
}

// Personal reports whether a field is not known of everybody.
func Personal(name string) bool { return slices.Contains(personal, name) }

var personal = []string{fieldFirst, fieldLast, fieldState, fieldDistrict, fieldMember}

var fieldForm = regexp.MustCompile(`\{\{\s*([a-z_]+)\s*(?:\|([^{}|\n]{0,60}))?\}\}`)

// hasField reports whether a text has the field.
func hasField(source, name string) bool {
	return slices.ContainsFunc(fieldForm.FindAllStringSubmatch(source, -1), func(m []string) bool { return m[1] == name })
}

// Marks stand for merge fields while the text is laid out: characters of Unicode's private
// use, which no text of an author has.
const (
	markBegin = '\ue000'
	markEnd   = '\ue001'
)

// checkFields returns what is wrong with the merge fields of a text, by its lines.
func checkFields(source string) (problems headed.Problems) {
	for i, line := range strings.Split(source, "\n") {
		fault := func(rule, value, message string, args ...any) {
			problems = append(problems, headed.Problem{Line: i + 1, Rule: rule, Value: value, Message: fmt.Sprintf(message, args...)})
		}
		if strings.ContainsAny(line, string([]rune{markBegin, markEnd})) {
			fault(RuleInvisible, "", "has a character without a meaning: delete it")
		}
		for _, m := range fieldForm.FindAllStringSubmatch(line, -1) {
			switch name := m[1]; {
			case !slices.Contains(Fields(), name):
				fault(RuleField, name, "there is no field {{%s}}; there are %s", name, strings.Join(Fields(), ", "))
			case Personal(name) && !strings.Contains(m[0], "|"):
				fault(RuleFallback, name, "{{%s}} is not known of everybody: say what stands there instead, like {{%s|friend}}", name, name)
			}
		}
		if rest := fieldForm.ReplaceAllString(line, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
			fault(RuleUnread, text.Short(rest[max(0, strings.IndexAny(rest, "{}")):], 40), "has a field that cannot be read: write it like {{first_name|friend}}")
		}
	}
	return problems
}

// piece is a part of a template: fixed words, or a field with what stands there instead.
type piece struct {
	words    string
	field    string
	fallback string
}

// template is a text with merge fields, taken apart once.
type template []piece

// marked puts marks in the place of the fields of a text and notes which they are.
func marked(source string, fields *[]piece) string {
	return fieldForm.ReplaceAllStringFunc(source, func(found string) string {
		m := fieldForm.FindStringSubmatch(found)
		return mark(fields, piece{field: m[1], fallback: strings.TrimSpace(m[2])})
	})
}

// mark notes a field and returns what stands for it.
func mark(fields *[]piece, p piece) string {
	*fields = append(*fields, p)
	return fmt.Sprintf("%c%d%c", markBegin, len(*fields)-1, markEnd)
}

// cut takes a text with marks apart.
func cut(source string, fields []piece) template {
	var t template
	for source != "" {
		begin := strings.IndexRune(source, markBegin)
		if begin < 0 {
			return append(t, piece{words: source})
		}
		if begin > 0 {
			t = append(t, piece{words: source[:begin]})
		}
		rest := source[begin+len(string(markBegin)):]
		number, behind, _ := strings.Cut(rest, string(markEnd))
		n := 0
		for _, digit := range number {
			n = n*10 + int(digit-'0')
		}
		t = append(t, fields[n])
		source = behind
	}
	return t
}

// fill writes the text for one person. escape, if given, makes a value fit for where it stands.
func (t template) fill(values map[string]string, escape func(string) string) string {
	var b strings.Builder
	for _, p := range t {
		if p.field == "" {
			b.WriteString(p.words)
			continue
		}
		value := values[p.field]
		if value == "" {
			value = p.fallback
		}
		if escape != nil {
			value = escape(value)
		}
		b.WriteString(value)
	}
	return b.String()
}

// has reports whether the text has one of the fields.
func (t template) has(names ...string) bool {
	return slices.ContainsFunc(t, func(p piece) bool { return slices.Contains(names, p.field) })
}
