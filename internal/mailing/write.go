package mailing

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/internal/locale"
)

// Source writes the file as an author would. Parse reads the same from it, or names what is
// wrong with it.
func (f *File) Source() []byte {
	w := &writing{}
	w.line("", "---")
	w.field("", "name", f.Name)
	w.field("", "kind", string(f.Kind))
	w.field("", "campaign", f.Campaign)
	w.field("", "audience", f.Audience)
	w.field("", "language", string(f.Lang))
	own := f.Words[f.Lang]
	w.field("", "subject", own.Subject)
	w.field("", "second_subject", own.Second)
	if f.Test != nil {
		w.line("", "test:")
		w.line("  ", "share: "+strconv.Itoa(f.Test.Share))
		w.field("  ", "after", f.Test.Delay())
	}
	w.pace(f)
	for _, lang := range locale.Languages() {
		if words, given := f.Words[lang]; given && lang != f.Lang {
			w.translation(lang, words)
		}
	}
	w.line("", "---")
	w.line("", own.Body)
	return []byte(w.String())
}

// Delay writes After as authors do: "4h" or "1h30m".
func (t Test) Delay() string {
	words := t.After.String()
	for _, none := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(words, none) {
			words = words[:len(words)-2]
		}
	}
	return words
}

// writing is a file as far as it is written.
type writing struct{ strings.Builder }

func (w *writing) line(indent, text string) { w.WriteString(indent + text + "\n") }

// field writes a field that has a value, in quotes, so that YAML takes it for nothing but text.
func (w *writing) field(indent, name, value string) {
	if value != "" {
		w.line(indent, name+": "+strconv.Quote(value))
	}
}

func (w *writing) pace(f *File) {
	if f.Rate != 0 {
		w.line("", "rate: "+strconv.Itoa(f.Rate))
	}
	if len(f.Domains) > 0 {
		w.line("", "domains:")
	}
	for _, name := range slices.Sorted(maps.Keys(f.Domains)) {
		w.line("  ", fmt.Sprintf("- {name: %s, rate: %d}", strconv.Quote(name), f.Domains[name]))
	}
	if f.LocalTime {
		w.line("", "local_time: yes")
	}
}

func (w *writing) translation(lang locale.Lang, words Words) {
	w.line("", string(lang)+":")
	w.field("  ", "subject", words.Subject)
	w.field("  ", "second_subject", words.Second)
	if words.Body == "" {
		return
	}
	w.line("  ", "text: |")
	for text := range strings.SplitSeq(words.Body, "\n") {
		if text == "" {
			w.line("", "")
		} else {
			w.line("    ", text)
		}
	}
}
