package public

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/franklin-letters/franklin/internal/locale"
)

func TestLanguagesChooseAsLocaleDoes(t *testing.T) {
	t.Parallel()
	var l languages
	tests := []struct{ header, wish string }{
		{"", ""},
		{"es", ""},
		{"en-US,en;q=0.9,es;q=0.8", ""},
		{"es-MX,es;q=0.9,en;q=0.8", ""},
		{"ca,en", ""},
		{"%%", ""},
		{"en", "es"},
		{"es", "en"},
		{"es", "xx"},
		{"", "es"},
		{strings.Repeat("x", 300), ""},
		{"es," + strings.Repeat("de,", 100) + "en", ""},
	}
	for range 2 { // the second time from memory
		for _, test := range tests {
			lang, chosen := l.choose(test.header, test.wish)
			wantLang, wantChosen := locale.Choose(test.header, test.wish)
			if lang != wantLang || chosen != wantChosen {
				t.Errorf("choose(%.20q, %q) = %s, %t; want %s, %t", test.header, test.wish, lang, chosen, wantLang, wantChosen)
			}
		}
	}
}

// TestLanguagesForget floods the memory from several sides.
func TestLanguagesForget(t *testing.T) {
	t.Parallel()
	var l languages
	var wait sync.WaitGroup
	for side := range 4 {
		wait.Go(func() {
			for i := range 3 * maxLanguages {
				if lang, _ := l.choose("es;q=0."+strconv.Itoa(side*10_000+i+1), ""); lang != locale.Spanish {
					t.Errorf("side %d, header %d: %s", side, i, lang)
					return
				}
			}
		})
	}
	wait.Wait()
	kept := 0
	l.known.Range(func(any, any) bool { kept++; return true })
	if kept > 2*maxLanguages {
		t.Errorf("%d headers are remembered", kept)
	}
	if lang, _ := l.choose("es-MX", ""); lang != locale.Spanish {
		t.Errorf("es-MX is %s after the flood", lang)
	}
}
