package mailing_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/headed"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// TestFileProblems: each mistake is named with its line, all at once.
func TestFileProblems(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"unknown field":       {"Hello **", "Hello {{nickname|x}}\n**", "line 11: there is no field {{nickname}}; there are first_name"},
		"no fallback":         {"{{district|your district}}", "{{district}}", "line 11: {{district}} is not known of everybody"},
		"broken field":        {"{{district|your district}}", "{{District}}", "line 11: has a field that cannot be read"},
		"unclosed field":      {"{{district|your district}}", "{{district|x}", "line 11: has a field that cannot be read"},
		"in a translation":    {"Hola {{first_name|amiga}}", "Hola {{apodo|x}}", "line 9: es.text: there is no field {{apodo}}"},
		"link in the subject": {"subject: News for {{first_name|you}}", `subject: "{{link}}"`, "line 5: subject: has the field link"},
		"link with a gap":     {"subject: News for {{first_name|you}}", `subject: "{{ link }}"`, "line 5: subject: has the field link"},
		"link with a bar":     {"subject: News for {{first_name|you}}", `subject: "{{link|here}}"`, "line 5: subject: has the field link"},
		"deep quotes":         {"Hello **", strings.Repeat(">", 51) + "Hello **", "line 11: has more than 50 quotes or lists"},
		"deep lists":          {"Hola {{first_name|amiga}}", strings.Repeat("- 1. ", 26) + "Hola", "line 9: es.text: has more than 50 quotes or lists"},
		"unknown head":        {"kind: newsletter", "kind: newsletter\nsender: me", "line 4: sender: is no field of a mailing file; docs/mailings.md has the list"},
		"kind":                {"kind: newsletter", "kind: spam", "line 3: kind: must be newsletter or alert"},
		"no campaign":         {"kind: newsletter\ncampaign: water", "kind: alert", "line 1: campaign: is missing"},
		"name":                {"name: news", `name: "12"`, "line 2: name: must be 1 to 60 small letters"},
		"test without second": {"subject: News", "test: {share: 10}\nsubject: News", "line 5: test: needs a second_subject"},
		"rate":                {"subject: News", "rate: -1\nsubject: News", "line 5: rate: must be a number"},
		"local and test":      {"subject: News", "local_time: yes\nsecond_subject: B\nsubject: News", "line 5: local_time: cannot go with a second subject"},
		"no text":             {news[strings.Index(news, "Hello"):], "", "line 11: the text of the mail is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			file := strings.Replace(news, c.old, c.new, 1)
			if file == news {
				t.Fatal("the case changes nothing")
			}
			_, err := mailing.Parse([]byte(file))
			problems, ok := errors.AsType[headed.Problems](err)
			if !ok || !slices.ContainsFunc(problems, func(p headed.Problem) bool { return strings.HasPrefix(p.String(), c.want) }) {
				t.Errorf("%v; want %s", err, c.want)
			}
		})
	}
	if f, err := mailing.Parse([]byte(news)); err != nil || f.Kind != mailing.Newsletter || len(f.Words) != 2 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestMoves: each state is left as the table says, ends stay, and every move has its words.
func TestMoves(t *testing.T) {
	for _, m := range mailing.Moves() {
		if !mailing.May(m.From, m.To, m.By) || m.When == "" || m.From == mailing.Done || m.From == mailing.Cancelled {
			t.Errorf("%+v", m)
		}
	}
	for _, s := range mailing.States() {
		if mailing.May(s, mailing.Sending, mailing.ByBrake) || mailing.May(mailing.Done, s, mailing.ByStaff) {
			t.Errorf("%s", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(news)
	f.Add(alert)
	f.Fuzz(func(t *testing.T, source string) {
		file, err := mailing.Parse([]byte(source))
		if err == nil && file.Name == "" {
			t.Error("a file without a name is good")
		}
		if _, ok := errors.AsType[headed.Problems](err); err != nil && !ok {
			t.Errorf("%T: %v", err, err)
		}
		_ = fmt.Sprint(err)
	})
}

// TestDocsHaveTheMoves holds the page for authors to the table.
func TestDocsHaveTheMoves(t *testing.T) {
	page, err := os.ReadFile("../../docs/mailings.md")
	if err != nil {
		t.Fatal(err)
	}
	_, life, _ := strings.Cut(string(page), "## A mailing's life\n")
	life, _, _ = strings.Cut(life, "\n## ")
	var want strings.Builder
	for _, m := range mailing.Moves() {
		fmt.Fprintf(&want, "| %s | %s | %s | %s |\n", m.From, m.To, m.By, m.When)
	}
	if !strings.Contains(life, want.String()) {
		t.Errorf("docs/mailings.md has not the moves:\n%s", want.String())
	}
	for _, field := range mailing.Fields() {
		if !strings.Contains(string(page), "`"+field+"`") {
			t.Errorf("docs/mailings.md does not tell of {{%s}}", field)
		}
	}
}
