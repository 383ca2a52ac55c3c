package text_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/text"
)

func TestDiff(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		want          []text.Change
	}{
		"nothing":       {"", "", nil},
		"equal":         {"Please vote yes.", "Please vote yes.", []text.Change{{text.Same, "Please vote yes."}}},
		"another blank": {"Please  vote\nyes.", "Please vote yes.", []text.Change{{text.Same, "Please vote yes."}}},
		"a word more":   {"Please vote yes.", "Please do vote yes.", []text.Change{{text.Same, "Please "}, {text.Added, "do "}, {text.Same, "vote yes."}}},
		"a word less":   {"Please vote yes.", "Please yes.", []text.Change{{text.Same, "Please "}, {text.Removed, "vote "}, {text.Same, "yes."}}},
		"another word":  {"Please vote yes.", "Please vote no.", []text.Change{{text.Same, "Please vote "}, {text.Removed, "yes."}, {text.Added, "no."}}},
		"from nothing":  {"", "All mine.", []text.Change{{text.Added, "All mine."}}},
		"to nothing":    {"All yours.", "", []text.Change{{text.Removed, "All yours."}}},
		"two places": {
			"One two three four five.", "One 2 three four 5.",
			[]text.Change{{text.Same, "One "}, {text.Removed, "two "}, {text.Added, "2 "}, {text.Same, "three four "}, {text.Removed, "five."}, {text.Added, "5."}},
		},
	} {
		if diff := cmp.Diff(c.want, text.Diff(c.before, c.after)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestDiffLosesNothing: whatever the texts are, the runs give both of them back.
func TestDiffLosesNothing(t *testing.T) {
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "é", "\n", " "}), 0, 40)
	rapid.Check(t, func(t *rapid.T) {
		before, after := strings.Join(words.Draw(t, "before"), " "), strings.Join(words.Draw(t, "after"), " ")
		givesBack(t, before, after)
	})
}

func FuzzDiff(f *testing.F) {
	f.Add("Please vote yes.", "Please do vote.")
	f.Add("\n \n", "")
	f.Add("a b c", "c b a")
	f.Fuzz(func(t *testing.T, before, after string) { givesBack(t, before, after) })
}

func givesBack(t interface{ Errorf(string, ...any) }, before, after string) {
	var first, second strings.Builder
	for _, c := range text.Diff(before, after) {
		if c.Kind != text.Added {
			first.WriteString(c.Text + " ")
		}
		if c.Kind != text.Removed {
			second.WriteString(c.Text)
		}
	}
	if second.String() != after {
		t.Errorf("the second text %q came back as %q", after, second.String())
	}
	if got := strings.Join(strings.Fields(first.String()), " "); got != strings.Join(strings.Fields(before), " ") {
		t.Errorf("the first text %q came back as %q", before, got)
	}
}

func TestDiffOfTwoWholeLetters(t *testing.T) {
	before, after := strings.Repeat("one two ", 1250), strings.Repeat("two three ", 1000)
	givesBack(t, before, after)
	huge := strings.Repeat("word ", 6000)
	if got := text.Diff("x "+huge+"y", "z "+huge+"w"); len(got) != 2 || got[0].Kind != text.Removed {
		t.Errorf("texts beyond the bound are compared: %d runs", len(got))
	}
}
