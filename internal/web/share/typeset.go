package share

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// typeface turns text into outlines. Widths are kept for a size of one, so that fitting a
// title needs no second look at the font.
type typeface struct {
	font   *sfnt.Font
	buffer sfnt.Buffer
	em     fixed.Int26_6 // the font's own units per size
	zero   sfnt.GlyphIndex
}

// plainZero is the name of the zero without a slash. The slash is for source code; in
// "3,000 letters" it would be in the way.
const plainZero = "zero.empty"

func parse(ttf []byte) (*typeface, error) {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, err
	}
	f := &typeface{font: parsed, em: fixed.I(int(parsed.UnitsPerEm()))}
	for i := range sfnt.GlyphIndex(parsed.NumGlyphs()) { //nolint:gosec // a font has at most 65,535
		if name, err := parsed.GlyphName(&f.buffer, i); err == nil && name == plainZero {
			f.zero = i
		}
	}
	return f, nil
}

// glyph returns the drawing for a sign, and false if the font has none.
func (f *typeface) glyph(r rune) (sfnt.GlyphIndex, bool) {
	if r == '0' && f.zero != 0 {
		return f.zero, true
	}
	i, err := f.font.GlyphIndex(&f.buffer, r)
	return i, err == nil && i != 0
}

// longest bounds the characters of a text that are looked at; no more fit.
const longest = 400

// known returns text as one line of the signs that the typeface has.
func (f *typeface) known(text string) string {
	var b strings.Builder
	n := 0
	for _, r := range norm.NFC.String(clean(text)) {
		if n++; n > longest {
			break
		}
		if _, ok := f.glyph(r); ok && unicode.IsGraphic(r) {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// each calls draw for every sign of text with the way from the beginning, in pixels, and
// returns the way to the end.
func (f *typeface) each(text string, size float64, draw func(sfnt.GlyphIndex, float64)) float64 {
	scale := size / float64(f.em)
	var way float64
	var before sfnt.GlyphIndex
	for _, r := range text {
		g, ok := f.glyph(r)
		if !ok {
			continue
		}
		if kern, err := f.font.Kern(&f.buffer, before, g, f.em, font.HintingNone); err == nil && before != 0 {
			way += float64(kern) * scale
		}
		draw(g, way)
		if advance, err := f.font.GlyphAdvance(&f.buffer, g, f.em, font.HintingNone); err == nil {
			way += float64(advance) * scale
		}
		before = g
	}
	return way
}

// width returns how far text goes at a size, in pixels.
func (f *typeface) width(text string, size float64) float64 {
	return f.each(text, size, func(sfnt.GlyphIndex, float64) {})
}

// outlines returns the letters of text on a baseline through zero.
func (f *typeface) outlines(text string, size float64) []outline {
	var shapes []outline
	scale := size / float64(f.em)
	f.each(text, size, func(g sfnt.GlyphIndex, way float64) {
		segments, err := f.font.LoadGlyph(&f.buffer, g, f.em, nil)
		if err != nil {
			return // a letter without a drawing leaves its room empty
		}
		at := func(p fixed.Point26_6) point { return point{way + float64(p.X)*scale, float64(p.Y) * scale} }
		for _, s := range segments {
			if s.Op == sfnt.SegmentOpMoveTo {
				shapes = append(shapes, outline{at(s.Args[0])})
				continue
			}
			last := &shapes[len(shapes)-1]
			switch s.Op {
			case sfnt.SegmentOpQuadTo:
				last.quad(at(s.Args[0]), at(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				last.cube(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			default:
				*last = append(*last, at(s.Args[0]))
			}
		}
	})
	return shapes
}

// curveSteps is how many lines stand for one curve of a letter.
const curveSteps = 8

func (o *outline) quad(b, c point) {
	a := (*o)[len(*o)-1]
	for i := 1; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		u := 1 - t
		*o = append(*o, point{u*u*a.x + 2*u*t*b.x + t*t*c.x, u*u*a.y + 2*u*t*b.y + t*t*c.y})
	}
}

func (o *outline) cube(b, c, d point) {
	a := (*o)[len(*o)-1]
	for i := 1; i <= curveSteps; i++ {
		t := float64(i) / curveSteps
		u := 1 - t
		*o = append(*o, point{
			u*u*u*a.x + 3*u*u*t*b.x + 3*u*t*t*c.x + t*t*t*d.x,
			u*u*u*a.y + 3*u*u*t*b.y + 3*u*t*t*c.y + t*t*t*d.y,
		})
	}
}

// How a title is set. Capitals of the Go fonts are 0.72 of the size.
const (
	largestTitle  = 96.0
	smallestTitle = 40.0
	titleStep     = 2.0
	leadingRatio  = 1.14
	capitals      = 0.72
	mostLines     = 4
)

// setting is a title broken into lines at a size.
type setting struct {
	size  float64
	lines []string
}

// fit finds the largest size at which text stands in the given space, and breaks it into
// lines of about the same length. What does not fit at the smallest size is cut off with
// an ellipsis.
func (f *typeface) fit(text string, wide, tall float64) setting {
	for size := largestTitle; ; size -= titleStep {
		room := min(mostLines, 1+int((tall-size*capitals)/(size*leadingRatio)))
		lines, widest := f.breakLines(text, size, wide)
		switch {
		case len(lines) <= room && widest <= wide:
			return setting{size, f.balance(text, lines, size, wide)}
		case size <= smallestTitle:
			return setting{size, f.cutLines(lines, room, size, wide)}
		}
	}
}

// breakLines fills lines with whole words and returns the width of the widest; a word
// wider than a line stands alone.
func (f *typeface) breakLines(text string, size, wide float64) (lines []string, widest float64) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := word
		if line != "" {
			longer = line + " " + word
		}
		if line != "" && f.width(longer, size) > wide {
			lines = append(lines, line)
			widest = max(widest, f.width(line, size))
			longer = word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
		widest = max(widest, f.width(line, size))
	}
	return lines, widest
}

// balance narrows the column as far as it goes without another line, so that no line is
// left with a single word.
func (f *typeface) balance(text string, lines []string, size, wide float64) []string {
	low, high := wide/2, wide
	for high-low > 4 {
		middle := (low + high) / 2
		if narrow, widest := f.breakLines(text, size, middle); len(narrow) == len(lines) && widest <= middle {
			lines, high = narrow, middle
		} else {
			low = middle
		}
	}
	return lines
}

// cutLines keeps what fits: whole lines, each cut to the width, the last one marked if
// anything was lost after it.
func (f *typeface) cutLines(lines []string, room int, size, wide float64) []string {
	kept := slices.Clone(lines[:min(room, len(lines))])
	for i, line := range kept {
		if i == len(kept)-1 && len(lines) > len(kept) {
			line = marked([]rune(line))
		}
		kept[i] = f.cut(line, size, wide)
	}
	return kept
}

// cut shortens text until it fits, and then marks the cut.
func (f *typeface) cut(text string, size, wide float64) string {
	if f.width(text, size) <= wide {
		return text
	}
	runes := []rune(strings.TrimSuffix(text, ellipsis))
	// The widest beginning that leaves room for the mark, found by halving.
	low, high := 0, len(runes)
	for low < high {
		middle := (low + high + 1) / 2
		if f.width(marked(runes[:middle]), size) <= wide {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return marked(wholeWords(runes, low))
}

// wholeWords returns the first n characters without the word that is cut in two, unless
// that would take more than half of them.
func wholeWords(runes []rune, n int) []rune {
	for i := n; n < len(runes) && i > n/2; i-- {
		if runes[i] == ' ' {
			return runes[:i]
		}
	}
	return runes[:n]
}

const ellipsis = "…"

func marked(runes []rune) string {
	return strings.TrimRight(string(runes), " ,.;:-–—…") + ellipsis
}
