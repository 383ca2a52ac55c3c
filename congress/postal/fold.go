package postal

import "unicode/utf8"

// Limits on what is read. No American address comes near them; what lies beyond is cut off.
const (
	maxInput  = 1024 // bytes of the text
	maxFolded = 256  // bytes after folding
	maxTokens = 32

	fullFolded = maxFolded - 4 // no further character is folded, for which there might not be room
)

// token is one word of a text: letters and digits in upper-case ASCII, or "#". Before
// is the strongest separator between it and the word before: a comma (also for line ends and brackets),
// a slash, a hyphen or a space.
type token struct {
	text   string
	word   *word  // what the lexicon knows of it, never nil
	start  uint16 // where it stands in the text of the phrase, if it does
	before byte
	form   form
}

// form tells tokens apart by their characters.
type form uint8

const (
	letters form = 1 << iota
	digits
	hash  // #
	mixed = letters | digits
)

// phrase is a text cut into tokens.
type phrase struct {
	list   [maxTokens]token
	n      int
	folded string // the words as they stand in the text, a space after each
	lex    *vocabulary
}

// folder writes upper-case ASCII words, a space after each.
type folder struct {
	buf    [maxFolded + maxSpelling]byte // the vocabulary reads ahead
	n      int
	start  int  // of the word being written, -1 between words
	seen   form // digits, letters or mixed, as far as it is written
	before byte
	ends   [maxTokens]span
	words  int
}

// span is where a word stands in the folded text.
type span struct {
	start, end uint16
	before     byte
	form       form
}

// capitals gives the letters and digits of ASCII in upper case, and 0 for all other bytes;
// forms gives the form of each of them, and of a "#".
var capitals, forms = alphanumerics()

func alphanumerics() (upper [256]byte, kinds [256]form) {
	kinds['#'] = hash
	for c := byte('0'); c <= '9'; c++ {
		upper[c], kinds[c] = c, digits
	}
	for c := byte('A'); c <= 'Z'; c++ {
		upper[c], kinds[c] = c, letters
		upper[c-'A'+'a'], kinds[c-'A'+'a'] = c, letters
	}
	return upper, kinds
}

// fold cuts a text into tokens. Diacritics, apostrophes and most periods vanish, so that
// "St. Mary’s", "ST MARYS" and "Saint Mary's" begin alike.
func (p *phrase) fold(text string) {
	f := folder{start: -1, before: ' '}
	if len(text) > maxInput {
		text = text[:maxInput]
	}
	for i := 0; i < len(text) && f.words < maxTokens && f.n < fullFolded; {
		switch c := text[i]; {
		case capitals[c] != 0:
			i += f.plain(text[i:])
			continue
		case c < utf8.RuneSelf:
			i++
			f.ascii(c, text[i:])
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			r = windows1252(text[i])
		}
		f.rune(r, text[i+size:])
		i += size
	}
	f.end()
	p.lex, p.folded = lexicon(), string(f.buf[:f.n])
	for _, w := range f.ends[:f.words] {
		p.add(&f, w)
	}
}

// plain folds the letters and digits of ASCII that the text begins with, which most of a
// text is, and returns how many.
func (f *folder) plain(text string) int {
	f.begin()
	i, seen := 0, f.seen
	for buf := f.buf[f.n:fullFolded]; i < min(len(text), len(buf)); i++ {
		c := capitals[text[i]]
		if c == 0 {
			break
		}
		buf[i] = c
		seen |= forms[text[i]]
	}
	f.n, f.seen = f.n+i, seen
	return i
}

// add appends a word, and as two words one that carries its number: "APT4", "HC5", "US89".
func (p *phrase) add(f *folder, w span) {
	if w.form == mixed {
		end := w.start
		for end < w.end && p.folded[end] > '9' {
			end++
		}
		if p.lex.of(p.folded[w.start:end]).carries && p.n < maxTokens-1 {
			p.push(f, span{w.start, end, w.before, letters})
			w.start, w.before, w.form = end, ' ', formOf(p.folded[end:w.end])
		}
	}
	p.push(f, w)
}

func (p *phrase) push(f *folder, w span) {
	if p.n == maxTokens {
		return
	}
	t := &p.list[p.n]
	t.text, t.word, t.start, t.before, t.form = p.folded[w.start:w.end], &unknown, w.start, w.before, w.form
	if w.form == letters {
		t.word = p.lex.first(f.buf[w.start:], len(t.text))
	}
	p.n++
}

// formOf returns the form of a folded word, letters for an empty one.
func formOf(text string) (f form) {
	for i := range len(text) {
		f |= forms[text[i]]
	}
	return max(f, letters)
}

// ascii folds one byte that is ASCII; rest is the text after it.
func (f *folder) ascii(c byte, rest string) {
	switch {
	case c == ' ':
		f.end()
	case capitals[c] != 0:
		f.put(capitals[c])
	case c == '\'' || c == '`' || c == '"':
		// O'Brien is OBRIEN, "B" Street is B STREET.
	case c == '.':
		if f.periodSeparates(rest) {
			f.separate(' ')
		}
	case c == '-' || c == '/' || c == ',':
		f.separate(c)
	case c == ';' || c == '(' || c == ')' || c == '\n' || c == '\r' || c == '|':
		f.separate(',')
	case c == '#':
		f.whole("#")
	case c == '&' || c == '+':
		f.whole("AND")
	default:
		f.separate(' ')
	}
}

// periodSeparates tells "St.Marys" and "No.5" from "N.W." and "P.O.": a period between
// two characters joins only initials.
func (f *folder) periodSeparates(rest string) bool {
	if f.start < 0 || rest == "" || capitals[rest[0]] == 0 {
		return false
	}
	if '0' <= rest[0] && rest[0] <= '9' {
		return true
	}
	return len(rest) > 1 && capitals[rest[1]] != 0
}

func (f *folder) put(c byte) {
	f.begin()
	if f.n < maxFolded-1 {
		f.buf[f.n] = c
		f.seen |= forms[c]
		f.n++
	}
}

// begin begins a word, unless one is being written.
func (f *folder) begin() {
	if f.start < 0 {
		f.start, f.seen = f.n, 0
	}
}

// end closes the word being written, if any.
func (f *folder) end() {
	if f.start < 0 || f.words == maxTokens {
		return
	}
	if f.words == 0 {
		f.before = ' ' // nothing stands before the first word
	}
	f.ends[f.words] = span{start: uint16(f.start), end: uint16(f.n), before: f.before, form: max(f.seen, letters)} // #nosec G115 -- at most maxFolded
	f.words++
	f.start, f.before = -1, ' '
	if f.n < maxFolded {
		f.buf[f.n] = ' '
		f.n++
	}
}

func (f *folder) separate(c byte) {
	f.end()
	if strength(c) > strength(f.before) {
		f.before = c
	}
}

func strength(separator byte) int {
	switch separator {
	case ',':
		return 3
	case '/':
		return 2
	case '-':
		return 1
	}
	return 0
}

// whole writes a word of its own.
func (f *folder) whole(word string) {
	f.end()
	for i := range len(word) {
		f.put(word[i])
	}
	f.end()
}
