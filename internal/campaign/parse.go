package campaign

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/text"
	"github.com/franklin-letters/franklin/internal/washington"
)

// Bounds of the texts. Those of the letter are the House's (6 to 500 and 6 to 10,000
// characters); the others keep pages readable.
const (
	minLetterText    = 6
	maxLetterText    = 10_000
	maxLetterSubject = 500
	maxTitle         = 120
	maxSummary       = 300
	maxOptIn         = 600
	maxGoal          = 100_000_000
)

var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// MaxFileSize is the most bytes a campaign file may have.
const MaxFileSize = headed.MaxFileSize

// fileKind is how problems speak of a campaign's file.
var fileKind = headed.Kind{Name: "campaign", Docs: "docs/campaigns.md", Need: "title, slug, goal and letter"}

// Problem is one thing wrong with a campaign file.
type Problem = headed.Problem

// Problems is the error that Parse returns: everything wrong with the file at once, in
// the order of its lines.
type Problems = headed.Problems

// reading collects the campaign and the problems on the way through a file.
type reading struct {
	file     *headed.File
	head     head
	html     *renderer
	c        *Campaign
	problems Problems
}

// Parse reads a campaign file. Its error is Problems when the file is at fault. A bill
// without "congress:" belongs to the Congress given by now.
func Parse(source []byte, now time.Time) (*Campaign, error) {
	r, err := read(source, now)
	if err != nil {
		return nil, err
	}
	if len(r.problems) > 0 {
		sort.SliceStable(r.problems, func(i, j int) bool { return r.problems[i].Line < r.problems[j].Line })
		return nil, r.problems
	}
	return r.c, nil
}

// parseStored reads a file that was once applied. The rules may have grown since; what was
// good then is shown as it is.
func parseStored(source string, applied time.Time) (*Campaign, error) {
	r, err := read([]byte(source), applied)
	if err != nil {
		return nil, err
	}
	return r.c, nil
}

func read(source []byte, now time.Time) (*reading, error) {
	r := &reading{html: newRenderer(), c: &Campaign{words: map[string]Words{}}, head: head{Mails: asWritten}}
	var err error
	if r.file, err = headed.Read(source, fileKind, &r.head); err != nil {
		return nil, err
	}
	r.problems = r.file.Unfit()
	r.address()
	r.life()
	r.demand(congress.CongressAt(now))
	r.goal()
	r.letter()
	r.texts()
	r.partners()
	return r, nil
}

// fault notes a problem of a field, unless the field has one already: its value never
// arrived here.
func (r *reading) fault(field, message string, args ...any) {
	if r.file.Bad(field) {
		return
	}
	r.problems = append(r.problems, Problem{Line: r.file.Line(field), Field: field, Message: fmt.Sprintf(message, args...)})
}

// text cleans a text and checks its length; low 0 makes it optional.
func (r *reading) text(field, value string, low, high int) string {
	value = text.Block(value)
	switch n := text.Length(value); { // strict readers disagree on how many characters an emoji is
	case n == 0 && low > 0:
		r.fault(field, "is missing")
	case n > 0 && utf8.RuneCountInString(value) < low:
		r.fault(field, "must have at least %d characters", low)
	case n > high:
		r.fault(field, "has %d characters, at most %d are possible", n, high)
	}
	return value
}

// oneLine is text for what stands in one line everywhere.
func (r *reading) oneLine(field, value string, low, high int) string {
	value = r.text(field, value, low, high)
	if strings.Contains(value, "\n") {
		r.fault(field, "must be one line")
	}
	return text.Line(value)
}

func (r *reading) address() {
	h := r.head
	r.c.Slug = strings.TrimSpace(h.Slug)
	for _, slug := range h.Formerly {
		r.c.Formerly = append(r.c.Formerly, strings.TrimSpace(slug))
	}
	for i, slug := range append([]string{r.c.Slug}, r.c.Formerly...) {
		field := "slug"
		if i > 0 {
			field = fmt.Sprintf("formerly[%d]", i-1)
		}
		switch {
		case slug == "":
			r.fault(field, "is missing")
		case len(slug) > 60 || !slugForm.MatchString(slug):
			r.fault(field, "must be 1 to 60 small letters and digits, with single dashes between words, like close-the-loophole")
		}
	}
	if slices.Contains(r.c.Formerly, r.c.Slug) {
		r.fault("formerly", "names the slug that the campaign has now")
	}
}

func (r *reading) life() {
	h := r.head
	switch h.Status {
	case "published":
		r.c.Published = true
	case "draft", "":
	default:
		r.fault("status", "must be draft or published")
	}
	r.c.Opens, r.c.Closes = r.date("opens", h.Opens), r.date("closes", h.Closes)
	if !r.c.Opens.IsZero() && !r.c.Closes.IsZero() && !r.c.Closes.After(r.c.Opens) {
		r.fault("closes", "must be after opens")
	}
	switch strings.TrimSpace(h.Confirm) {
	case "email":
		r.c.Confirm = true
	case "work":
		r.c.Confirm, r.c.Work = true, true
	case "":
	default:
		r.fault("confirm", "must be email or work, or be left out")
	}
	if text := strings.TrimSpace(h.Drip); text != "" {
		var err error
		if r.c.Drip, err = ParseSpan(text); err != nil {
			r.fault("drip", "must be a part of the day like 09:00-17:00, in Washington's time, the earlier time first")
		}
	}
	r.c.Mails, r.c.Neutral = Mails(h.Mails), h.Neutral
	if h.Outcome != nil {
		r.c.Outcome = &Outcome{Date: r.date("outcome.date", h.Outcome.Date)}
		if h.Outcome.Date == "" {
			r.fault("outcome.date", "is missing")
		}
	}
}

// date reads a day or a moment; a day begins at midnight in Washington.
func (r *reading) date(field, value string) time.Time {
	value = strings.TrimSpace(value)
	if value == "" {
		return time.Time{}
	}
	for _, form := range []string{"2006-01-02", "2006-01-02 15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(form, value, washington.Zone()); err == nil {
			return t
		}
	}
	r.fault(field, "must be a date like 2026-03-31, or with a time like 2026-03-31 09:00 (in Washington)")
	return time.Time{}
}

func (r *reading) demand(now congress.Number) {
	h := r.head
	if h.Bill != "" {
		r.bill(now)
		r.c.BillTitle = r.oneLine("bill_title", h.BillTitle, 3, 200)
		r.stance(h.Stance)
	} else {
		for _, field := range []string{"congress", "bill_title", "stance"} {
			if r.file.Given(field) {
				r.fault(field, "needs a bill: say which one")
			}
		}
	}
	if len(h.Topics) == 0 {
		r.fault("topics", "is missing: name at least one of the topics of the Library of Congress, such as Crime and Law Enforcement")
	}
	for i, name := range h.Topics {
		topic, ok := congress.ParseTopic(name)
		if !ok {
			r.fault(fmt.Sprintf("topics[%d]", i), "%q is not a topic of the Library of Congress (docs/campaigns.md has the 32 names)", name)
		}
		r.c.Topics = append(r.c.Topics, topic)
	}
	r.targets(h.Targets)
	r.channels(h.Channels)
}

// bill reads the bill. One of a Congress yet to be elected is a slip of the pen, and so is
// one that says two.
func (r *reading) bill(now congress.Number) {
	h := r.head
	own := now
	if h.Congress != 0 {
		own = congress.Number(h.Congress)
	}
	bill, err := congress.ParseBill(h.Bill, own)
	switch {
	case err != nil:
		r.fault("bill", "%s", err)
	case own < 1 || own > now+1:
		r.fault("congress", "must be the number of a Congress, such as %d", int(now))
	case bill.Congress < 1 || bill.Congress > now+1:
		r.fault("bill", "names no Congress that can be: the %s sits now", now)
	case h.Congress != 0 && bill.Congress != own:
		r.fault("bill", "names the %s Congress, and congress: names the %s", bill.Congress, own)
	}
	r.c.Bill = bill
}

func (r *reading) stance(text string) {
	r.c.Stance = Stance(strings.ToLower(strings.TrimSpace(text)))
	if r.c.Stance != Pro && r.c.Stance != Con {
		r.fault("stance", "must be pro or con when there is a bill")
	}
}

func (r *reading) goal() {
	h := r.head
	r.c.Goal, r.c.Steps = h.Goal, h.Steps
	if !r.file.Given("goal") {
		r.fault("goal", "is missing: how many letters are to be reached?")
		return
	}
	if h.Goal < 1 || h.Goal > maxGoal {
		r.fault("goal", "must be a number of letters from 1 to %d", maxGoal)
		return
	}
	for i, step := range h.Steps {
		if step < 1 || step >= h.Goal || i > 0 && step <= h.Steps[i-1] {
			r.fault(fmt.Sprintf("steps[%d]", i), "must be above the step before it and below the goal")
			return
		}
	}
}

func (r *reading) letter() {
	l := r.head.Letter
	r.c.Letter = Letter{
		Subject: r.oneLine("letter.subject", l.Subject, minLetterText, maxLetterSubject),
		Text:    r.text("letter.text", l.Text, minLetterText, maxLetterText),
	}
	for _, part := range []struct{ field, value string }{{"letter.subject", l.Subject}, {"letter.text", l.Text}} {
		if strings.Contains(part.value, "{{") {
			r.fault(part.field, "has a merge field; letters have none, because every office must get the same words")
		}
	}
}
