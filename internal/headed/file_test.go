package headed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/internal/headed"
)

var kind = headed.Kind{Name: "test", Docs: "docs/test.md", Need: "a title"}

type head struct {
	Title string   `yaml:"title"`
	Goal  int      `yaml:"goal"`
	On    bool     `yaml:"on"`
	Tags  []string `yaml:"tags"`
	Inner *struct {
		Subject string `yaml:"subject"`
	} `yaml:"inner"`
}

func TestRead(t *testing.T) {
	t.Parallel()
	var h head
	f, err := headed.Read([]byte("---\r\ntitle: Water\ngoal: \"3000\"\non: yes\ntags:\n  - a\n  - b\ninner:\n  subject: Hello\n---\n\nThe text.\n"), kind, &h)
	if err != nil || len(f.Unfit()) > 0 {
		t.Fatal(err, f.Unfit())
	}
	if h.Title != "Water" || h.Goal != 3000 || !h.On || strings.Join(h.Tags, " ") != "a b" || h.Inner == nil || h.Inner.Subject != "Hello" {
		t.Errorf("%+v", h)
	}
	if f.Body != "The text." || f.BodyLine != 11 || f.Line("inner.subject") != 9 || f.Line("tags[1]") != 7 || f.Line("inner.text") != 8 {
		t.Errorf("%q in line %d; fields in %d, %d, %d", f.Body, f.BodyLine, f.Line("inner.subject"), f.Line("tags[1]"), f.Line("inner.text"))
	}
	if !f.Given("goal") || f.Given("inner.text") {
		t.Error("it mistakes what is given")
	}
}

// TestProblems: all that does not fit is told at once, with its line.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"no head":        {"The text.", "line 1: the first line must be"},
		"no end":         {"---\ntitle: Water\n", "line 1: the head has no end"},
		"empty":          {"---\n---\n", "it needs at least a title"},
		"control":        {"---\ntitle: a\x01\n---\n", "line 2: has an invisible control character"},
		"encoding":       {"---\ntitle: \xe9\n---\n", "line 2: has letters in another encoding"},
		"too large":      {strings.Repeat("a", headed.MaxFileSize+1), "larger than 256 KiB"},
		"head too large": {"---\ntitle: " + strings.Repeat("a", 65<<10) + "\n---\n", "the head is larger"},
		"brackets":       {"---\ntitle: " + strings.Repeat("[", 1001) + "\n---\n", "brackets"},
		"a quote":        {"---\ntitle: \"a\n---\n", "line 2: has a quote that is never closed"},
		"unknown":        {"---\ntitle: a\nname: b\n---\n", "line 3: name: is no field of a test file; docs/test.md has the list"},
		"no number":      {"---\ntitle: a\ngoal: many\n---\n", "line 3: goal: must be a whole number"},
		"no choice":      {"---\ntitle: a\non: perhaps\n---\n", "line 3: on: must be on or off"},
		"no list":        {"---\ntitle: a\ntags: b\n---\n", "line 3: tags: must be a list"},
		"no group":       {"---\ntitle: a\ninner: b\n---\n", "inner: must be a group"},
		"no text":        {"---\ntitle: {a: b}\n---\n", "line 2: title: must be text"},
	} {
		var h head
		f, err := headed.Read([]byte(c.source), kind, &h)
		problems, _ := errors.AsType[headed.Problems](err)
		if err == nil {
			problems = f.Unfit()
		}
		if !strings.Contains(problems.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, problems, c.want)
		}
	}
	var h head
	f, err := headed.Read([]byte("---\ngoal: many\nname: b\n---\n"), kind, &h)
	if err != nil || len(f.Unfit()) != 2 || !f.Bad("goal") || f.Bad("title") {
		t.Errorf("%v, %v", f.Unfit(), err)
	}
}

func TestComments(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		"---\nname: news\n---\n# A heading":                false,
		"---\nname: news # of December\n---\ntext":         true,
		"---\r\n# of December\r\nname: news\r\n---\r\n.":   true,
		"---\nname: \"vote # 5\"\nes: {x: 'a # b'}\n---\n": false,
		"---\ntext: |\n  # A heading\n---\n":               false,
		"---\nname: news":                                  false,
	} {
		if got := headed.Comments([]byte(source)); got != want {
			t.Errorf("%q has comments: %t", source, got)
		}
	}
}
