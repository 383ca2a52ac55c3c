package paper

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/go-fonts/dejavu/dejavuserif"
	"golang.org/x/image/font/sfnt"
)

// missing stands for a character that cannot be printed.
const missing = '\u25a1'

// typeface knows what the type can show.
type typeface struct {
	font   *sfnt.Font
	buffer *sfnt.Buffer
}

func newTypeface() (typeface, error) {
	font, err := sfnt.Parse(dejavuserif.TTF)
	if err != nil {
		return typeface{}, fmt.Errorf("read the type: %w", err)
	}
	return typeface{font, &sfnt.Buffer{}}, nil
}

// shows reports whether a character comes out right: the type has it, and it needs no
// joining, reordering or turning round, which this way of setting text cannot do.
func (f typeface) shows(r rune) bool {
	if r > 0xFFFF || unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
		return false
	}
	n, err := f.font.GlyphIndex(f.buffer, r)
	return err == nil && n != 0
}

// printable puts a box in place of each character that the type cannot show. Controls and
// characters without a shape of their own are left out.
func (f typeface) printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Variation_Selector):
			return -1
		case f.shows(r):
			return r
		}
		return missing
	}, text)
}

// spoils reports whether a letter has characters that cannot be printed.
func (f typeface) spoils(l Letter) bool {
	all := append(slices.Clone(l.From), l.Subject, l.Text, l.Name)
	return slices.ContainsFunc(all, func(s string) bool {
		return strings.ContainsRune(f.printable(s), missing) && !strings.ContainsRune(s, missing)
	})
}
