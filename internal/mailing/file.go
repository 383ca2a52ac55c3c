package mailing

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/locale"
	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/text"
)

// Kind is what a mailing is.
type Kind string

// The kinds.
const (
	Newsletter Kind = "newsletter" // to a list
	Alert      Kind = "alert"      // to those who can write on a campaign and have not
)

// Kinds returns all of them.
func Kinds() []Kind { return []Kind{Newsletter, Alert} }

// File is what an author wrote.
type File struct {
	Name     string // by which the mailing is known; a draft is replaced under it
	Kind     Kind
	List     supporter.List
	Campaign string // slug; of an alert always, of a newsletter for its link
	Audience string // words of a filter; "" for everybody on the list
	Lang     locale.Lang
	Words    map[locale.Lang]Words
	// Test tries two subjects; nil when there is one.
	Test *Test
	// Rate is how many messages leave a minute; 0 for no limit of its own.
	Rate int
	// Domains are limits a minute for single mail domains.
	Domains map[string]int
	// LocalTime sends by the clock of each person's state.
	LocalTime bool
}

// Words are what a mailing says in one language.
type Words struct {
	Subject string
	Second  string // the other subject of a test
	Body    string // Markdown
}

// Test tries two subjects on a part of the people; the others get the better one.
type Test struct {
	Share int           // percent of the people, both halves together
	After time.Duration // from the beginning to the choice
}

// FileKind is how problems speak of a mailing's file.
var FileKind = headed.Kind{Name: "mailing", Docs: "docs/mailings.md", Need: "name, kind and subject"}

// head is the YAML on top of a mailing's file.
type head struct {
	Name      string       `yaml:"name"`
	Kind      string       `yaml:"kind"`
	Campaign  string       `yaml:"campaign"`
	Audience  string       `yaml:"audience"`
	Language  string       `yaml:"language"`
	Subject   string       `yaml:"subject"`
	Second    string       `yaml:"second_subject"`
	Test      *headTest    `yaml:"test"`
	Rate      int          `yaml:"rate"`
	Domains   []headDomain `yaml:"domains"`
	LocalTime string       `yaml:"local_time"`
	Spanish   *headWords   `yaml:"es"`
	English   *headWords   `yaml:"en"`
}

type headTest struct {
	Share int    `yaml:"share"`
	After string `yaml:"after"`
}

type headDomain struct {
	Name string `yaml:"name"`
	Rate int    `yaml:"rate"`
}

type headWords struct {
	Subject string `yaml:"subject"`
	Second  string `yaml:"second_subject"`
	Text    string `yaml:"text"`
}

// Bounds of a mailing.
const (
	MaxSubject = 150    // characters
	MaxBody    = 40_000 // characters; the HTML must stay under 100 kB
	maxRate    = 1_000_000
	maxDepth   = 50 // quotes and lists inside of each other in one line
	TestShare  = 20
	TestAfter  = 4 * time.Hour
	longTest   = 7 * 24 * time.Hour
)

// The rules that a file can break.
const (
	RuleMissing   = "missing"
	RuleLong      = "long"
	RuleLine      = "line"
	RuleName      = "name"
	RuleKind      = "kind"
	RuleLanguage  = "language"
	RuleLink      = "link"   // the field link stands in a subject
	RuleSecond    = "second" // a second subject is missing in one of the languages
	RuleShare     = "share"
	RuleAfter     = "after"
	RuleRate      = "rate"
	RuleLocalTime = "local-time"
	RuleField     = "field"     // there is no such merge field
	RuleFallback  = "fallback"  // a merge field does not say what stands in its place
	RuleUnread    = "unread"    // something that looks like a merge field cannot be read
	RuleInvisible = "invisible" // a character without a meaning
	RuleDeep      = "deep"      // lists or quotes inside of each other without end
	RuleUnknown   = "unknown"   // the campaign that is named is not there
	RuleAudience  = "audience"  // the filter cannot be read or worked out
)

var nameForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// reading collects the file and its problems.
type reading struct {
	file     *headed.File
	head     head
	f        *File
	problems headed.Problems
}

// Parse reads a mailing's file. Its error is headed.Problems when the file is at fault.
func Parse(source []byte) (*File, error) {
	r, err := read(source)
	switch {
	case err != nil:
		return nil, err
	case len(r.problems) > 0:
		return nil, r.problems
	}
	return r.f, nil
}

// Stored reads the file of a mailing that is written down. A release that is stricter than the one
// that took it keeps nobody from looking at the mailing, changing it or giving it up.
func Stored(source []byte) (*File, error) {
	r, err := read(source)
	if err != nil {
		return nil, err
	}
	return r.f, nil
}

func read(source []byte) (*reading, error) {
	r := &reading{f: &File{List: supporter.Updates, Words: map[locale.Lang]Words{}, Domains: map[string]int{}}}
	var err error
	if r.file, err = headed.Read(source, FileKind, &r.head); err != nil {
		return nil, err
	}
	r.problems = r.file.Unfit()
	r.who()
	r.words()
	r.test()
	r.pace()
	sort.SliceStable(r.problems, func(i, j int) bool { return r.problems[i].Line < r.problems[j].Line })
	return r, nil
}

func (r *reading) fault(field, rule, message string, args ...any) {
	r.add(field, headed.Problem{Rule: rule, Message: fmt.Sprintf(message, args...)})
}

// add notes a problem with a field of the head.
func (r *reading) add(field string, p headed.Problem) {
	if r.file.Bad(field) {
		return
	}
	p.Line, p.Field = r.file.Line(field), field
	r.problems = append(r.problems, p)
}

func (r *reading) who() {
	h := r.head
	r.f.Name, r.f.Campaign, r.f.Audience = strings.TrimSpace(h.Name), strings.TrimSpace(h.Campaign), strings.TrimSpace(h.Audience)
	switch {
	case r.f.Name == "":
		r.fault("name", RuleMissing, "is missing: a short word by which you know the mailing, like december-news")
	case len(r.f.Name) > 60 || !nameForm.MatchString(r.f.Name) || !strings.ContainsFunc(r.f.Name, func(c rune) bool { return c >= 'a' }):
		r.fault("name", RuleName, "must be 1 to 60 small letters and digits, with single dashes between words, like december-news")
	}
	r.f.Kind = Kind(strings.TrimSpace(h.Kind))
	if !slices.Contains(Kinds(), r.f.Kind) {
		r.fault("kind", RuleKind, "must be newsletter or alert")
	}
	if r.f.Kind == Alert && r.f.Campaign == "" {
		r.fault("campaign", RuleMissing, "is missing: the slug of the campaign that the alert leads to")
	}
}

func (r *reading) words() {
	h := r.head
	r.f.Lang = locale.Lang(strings.ToLower(strings.TrimSpace(h.Language)))
	if r.f.Lang == "" {
		r.f.Lang = locale.English
	}
	other := map[locale.Lang]*headWords{locale.Spanish: h.Spanish, locale.English: h.English}
	if _, known := other[r.f.Lang]; !known {
		r.fault("language", RuleLanguage, "must be en or es")
	}
	if r.file.Body == "" {
		r.problems = append(r.problems, headed.Problem{Line: r.file.BodyLine, Rule: RuleMissing, Message: "the text of the mail is missing below the head"})
	}
	r.wordsIn(r.f.Lang, "", headWords{h.Subject, h.Second, r.file.Body})
	for _, lang := range locale.Languages() {
		switch t := other[lang]; {
		case t == nil:
		case lang == r.f.Lang:
			r.fault(string(lang), RuleLanguage, "repeats the file's own language: write these texts at the top level")
		default:
			r.wordsIn(lang, string(lang)+".", *t)
		}
	}
}

func (r *reading) wordsIn(lang locale.Lang, prefix string, h headWords) {
	w := Words{Subject: r.subject(prefix+"subject", h.Subject, true), Second: r.subject(prefix+"second_subject", h.Second, prefix == "" && r.head.Second != ""), Body: text.Block(h.Text)}
	if prefix != "" && w.Body == "" {
		r.fault(prefix+"text", RuleMissing, "is missing")
	}
	if n := text.Length(w.Body); n > MaxBody {
		r.fault(prefix+"text", RuleLong, "has %d characters, at most %d are possible", n, MaxBody)
	}
	begin, field := r.file.BodyLine, ""
	if prefix != "" {
		field = prefix + "text"
		begin = r.file.Line(field) + 1
	}
	for _, p := range append(checkFields(w.Body), checkDepth(w.Body)...) {
		p.Line, p.Field = p.Line+begin-1, field
		r.problems = append(r.problems, p)
	}
	r.f.Words[lang] = w
}

// nested is the beginning of a line whose quotes and lists stand inside of each other too deep.
var nested = regexp.MustCompile(fmt.Sprintf(`^(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t])){%d}`, maxDepth+1))

// checkDepth returns the lines that would take longer to lay out than anybody waits: the time grows
// with the square of the depth, and worse.
func checkDepth(source string) (problems headed.Problems) {
	for i, line := range strings.Split(source, "\n") {
		if nested.MatchString(line) {
			problems = append(problems, headed.Problem{Line: i + 1, Rule: RuleDeep, Message: fmt.Sprintf("has more than %d quotes or lists inside of each other", maxDepth)})
		}
	}
	return problems
}

func (r *reading) subject(field, value string, need bool) string {
	value = text.Block(value)
	switch n := text.Length(value); {
	case n == 0 && need:
		r.fault(field, RuleMissing, "is missing")
	case n > 0 && !need && r.head.Second == "":
		r.fault(field, RuleSecond, "needs a second_subject in the file's own language too")
	case n > MaxSubject:
		r.fault(field, RuleLong, "has %d characters, at most %d are possible", n, MaxSubject)
	case strings.Contains(value, "\n"):
		r.fault(field, RuleLine, "must be one line")
	}
	for _, p := range checkFields(value) {
		r.add(field, p)
	}
	if hasField(value, fieldLink) {
		r.fault(field, RuleLink, "has the field link, which belongs into the text")
	}
	return text.Line(value)
}

func (r *reading) test() {
	h := r.head.Test
	if r.head.Second == "" {
		if h != nil {
			r.fault("test", RuleSecond, "needs a second_subject to try")
		}
		return
	}
	t := Test{Share: TestShare, After: TestAfter}
	if h != nil {
		if h.Share != 0 {
			t.Share = h.Share
		}
		if h.After != "" {
			after, err := time.ParseDuration(strings.TrimSpace(h.After))
			if err != nil || after < 10*time.Minute || after > longTest {
				r.fault("test.after", RuleAfter, "must be a time like 4h or 90m, from 10m to 168h")
			}
			t.After = after
		}
	}
	if t.Share < 2 || t.Share > 100 {
		r.fault("test.share", RuleShare, "must be from 2 to 100 percent of the people")
	}
	r.f.Test = &t
}

func (r *reading) pace() {
	h := r.head
	if r.f.Rate = h.Rate; h.Rate < 0 || h.Rate > maxRate {
		r.fault("rate", RuleRate, "must be a number of messages a minute")
	}
	for i, d := range h.Domains {
		name := strings.ToLower(strings.TrimSpace(d.Name))
		if !strings.Contains(name, ".") || d.Rate < 1 || d.Rate > maxRate {
			r.fault(fmt.Sprintf("domains[%d]", i), RuleRate, "must name a domain and its rate, messages a minute, like name: gmail.com and rate: 300")
			continue
		}
		r.f.Domains[name] = d.Rate
	}
	local := strings.ToLower(strings.TrimSpace(h.LocalTime))
	if !slices.Contains([]string{"", "yes", "no"}, local) {
		r.fault("local_time", RuleLocalTime, "must be yes or no")
	}
	if r.f.LocalTime = local == "yes"; r.f.LocalTime && r.f.Test != nil {
		r.fault("local_time", RuleLocalTime, "cannot go with a second subject: the test would compare mornings with evenings")
	}
}
