package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/text"
)

func TestLine(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"nothing":                                {"", ""},
		"blanks":                                 {" \t Jane \u00a0\u2003 Doe\r\n", "Jane Doe"},
		"accents stay":                           {"Núñez-Ōta", "Núñez-Ōta"},
		"accents compose":                        {"Nu\u0301n\u0303ez", "Núñez"},
		"apostrophes stay":                       {"O'Brien O’Neill", "O'Brien O’Neill"},
		"other scripts stay":                     {"李 Ольга नमस्ते", "李 Ольга नमस्ते"},
		"joiners stay":                           {"👩\u200d🚀 क्\u200dष", "👩\u200d🚀 क्\u200dष"},
		"direction overrides":                    {"abc\u202egpj.exe\u2066\u2069", "abcgpj.exe"},
		"direction marks":                        {"a\u200e\u200f\u061cb", "ab"},
		"zero width":                             {"a\u200bb\ufeffc\u2060d", "abcd"},
		"controls":                               {"a\x00b\x07c\x1bd\x7fe\u0085f", "abcdef"},
		"tags":                                   {"a\U000E0041\U000E007Fb", "ab"},
		"noncharacters":                          {"a\ufffeb\uffff\U0001FFFEc", "abc"},
		"broken UTF-8":                           {"a\xffb\xc3", "ab"},
		"hidden between a letter and its accent": {"e\u200b\u0301", "é"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := text.Line(c.in); got != c.want {
				t.Errorf("got %+q, want %+q", got, c.want)
			}
		})
	}
}

func TestBlockKeepsItsLines(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"Windows":   {"a\r\nb\r\n\r\nc\r\n", "a\nb\n\nc"},
		"old Mac":   {"a\rb", "a\nb"},
		"indents":   {"a\n\tb\n  c", "a\n\tb\n  c"},
		"ends":      {" \n\u00a0a\u2028\n", "a"},
		"invisible": {"a\u200b\nb\x00", "a\nb"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := text.Block(c.in); got != c.want {
				t.Errorf("got %+q, want %+q", got, c.want)
			}
		})
	}
}

func TestLengthIsInUTF16(t *testing.T) {
	for in, want := range map[string]int{"": 0, "abc": 3, "é": 1, "€": 1, "😀": 2, "a😀b": 4, "\xff": 1} {
		if got := text.Length(in); got != want {
			t.Errorf("%q: %d, want %d", in, got, want)
		}
	}
}

// nasty makes texts of what breaks cleaners: halves of composed letters, and things that
// vanish from between them.
func nasty() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			" ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u2028", "a", "e", "A", "\u0301", "\u0308", "\u0345", "\u200b", "\u200d", "\ufeff",
			"\u202e", "\u1100", "\u1161", "\u11a8", "\u212b", "\u0344", "\ufb1d", "\ud7a4", "\x00", "\xff", "\xc3", "\U000E0041", "😀", "\u0f73",
		}),
		rapid.Map(rapid.Rune(), func(r rune) string { return string(r) }),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 12), func(pieces []string) string { return strings.Join(pieces, "") })
}

func TestShort(t *testing.T) {
	for s, want := range map[string]string{"": "", "añb": "añb", "añbc": "añ…", "ññññ": "ññ…"} {
		if got := text.Short(s, 3); got != want {
			t.Errorf("%q is cut to %q, want %q", s, got, want)
		}
	}
}

func TestCleaningTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { stable(t, nasty().Draw(t, "text")) })
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "e\u200b\u0301", "\u1100\u1161\u200b\u11a8", "a\r\u0301\n", " \xff ", "\u0345\u200b\u0308"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) { stable(t, s) })
}

type failer interface {
	Errorf(format string, args ...any)
}

func stable(t failer, s string) {
	for name, clean := range map[string]func(string) string{"line": text.Line, "block": text.Block} {
		once := clean(s)
		if twice := clean(once); twice != once {
			t.Errorf("%s of %+q: %+q, and again %+q", name, s, once, twice)
		}
		if !utf8.ValidString(once) || !norm.NFC.IsNormalString(once) {
			t.Errorf("%s of %+q: %+q is not composed UTF-8", name, s, once)
		}
	}
}
