package locale

import (
	"slices"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name, header string
		wishes       []string
		want         Lang
		chosen       bool
	}{
		{"nothing", "", nil, English, false},
		{"a Spanish browser", "es-MX,es;q=0.9,en;q=0.8", nil, Spanish, false},
		{"weights out of order", "en;q=0.4, es-US;q=0.9", nil, Spanish, false},
		{"no language of ours", "ca, fr;q=0.8", nil, English, false},
		{"Catalan before English", "ca, en;q=0.5, es;q=0.2", nil, English, false},
		{"the wish beats the browser", "es", []string{"en"}, English, true},
		{"the form beats the address", "en", []string{"es", "en"}, Spanish, true},
		{"an empty wish", "es", []string{"", ""}, Spanish, false},
		{"a wish that we do not speak", "en", []string{"fr", "es"}, Spanish, true},
		{"a header that is none", ";;;q=?", nil, English, false},
		{"a header without end", strings.Repeat("es,", 10000), nil, English, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			lang, chosen := Choose(c.header, c.wishes...)
			if lang != c.want || chosen != c.chosen {
				t.Errorf("%s, %t", lang, chosen)
			}
		})
	}
}

func FuzzChoose(f *testing.F) {
	for _, header := range []string{"", "es-MX,es;q=0.9", "en;q=0", "x-y-z", "*", "es-", "a,,b;q=1e9"} {
		f.Add(header, "es")
	}
	f.Fuzz(func(t *testing.T, header, wish string) {
		lang, chosen := Choose(header, wish)
		if !slices.Contains(Languages(), lang) {
			t.Errorf("%q is not a language of ours", lang)
		}
		if chosen != (wish == "en" || wish == "es") || chosen && string(lang) != wish {
			t.Errorf("wish %q gave %s, chosen %t", wish, lang, chosen)
		}
	})
}
