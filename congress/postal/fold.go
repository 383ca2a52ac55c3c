package postal

import "unicode/utf8"

// Limits on what is read. No American address comes near them; what lies beyond is cut off.
const (
	maxInput  = 1024 // bytes of the text
	maxFolded = 256  // bytes after folding
	maxTokens = 32
)

// token is one word of a text: letters and digits in upper-case ASCII, or "#". Before
// is the strongest separator between it and the word before: a comma (also for line ends and brackets),
// a slash, a hyphen or a space.
type token struct {
	text   string
	word   *word // what the lexicon knows of it, never nil
	before byte
	form   form
}

// form tells tokens apart by their characters.
type form uint8

const (
	letters form = iota
	digits
	mixed // letters and digits
	hash  // #
)

// phrase is a text cut into tokens.
type phrase struct {
	list [maxTokens]token
	n    int
	lex  map[string]*word
}

// folder writes upper-case ASCII words, a space after each.
type folder struct {
	buf    [maxFolded]byte
	n      int
	start  int // of the word being written, -1 between words
	before byte
	ends   [maxTokens]span
	words  int
}

// span is where a word stands in the folded text.
type span struct {
	start, end uint16
	before     byte
}

// capitals gives letters and digits in upper case, and 0 for all other ASCII.
const capitals = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + "0123456789\x00\x00\x00\x00\x00\x00\x00" +
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ\x00\x00\x00\x00\x00\x00" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ\x00\x00\x00\x00\x00"

// fold cuts a text into tokens. Diacritics, apostrophes and most periods vanish, so that
// "St. Mary’s", "ST MARYS" and "Saint Mary's" begin alike.
func (p *phrase) fold(text string) {
	f := folder{start: -1, before: ' '}
	if len(text) > maxInput {
		text = text[:maxInput]
	}
	for i := 0; i < len(text) && f.words < maxTokens && f.n < maxFolded-4; {
		if c := text[i]; c < utf8.RuneSelf {
			i++
			if capital := capitals[c]; capital != 0 {
				f.put(capital)
			} else {
				f.ascii(c, text[i:])
			}
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
	p.lex = lexicon()
	all := string(f.buf[:f.n])
	for _, w := range f.ends[:f.words] {
		p.add(all[w.start:w.end], w.before)
	}
}

// add appends a word, and as two words one that carries its number: "APT4", "HC5", "US89".
func (p *phrase) add(text string, before byte) {
	kind := formOf(text)
	if kind == mixed {
		n := 0
		for n < len(text) && text[n] > '9' {
			n++
		}
		if w := p.lex[text[:n]]; n > 0 && w != nil && w.carries && p.n < maxTokens-1 {
			p.push(token{text: text[:n], word: w, before: before})
			text, before, kind = text[n:], ' ', formOf(text[n:])
		}
	}
	t := token{text: text, word: &unknown, before: before, form: kind}
	if kind == letters {
		if w := p.lex[text]; w != nil {
			t.word = w
		}
	}
	p.push(t)
}

func (p *phrase) push(t token) {
	if p.n < maxTokens {
		p.list[p.n] = t
		p.n++
	}
}

func formOf(text string) form {
	if text == "#" {
		return hash
	}
	var digit, letter bool
	for i := range len(text) {
		if text[i] <= '9' {
			digit = true
		} else {
			letter = true
		}
	}
	switch {
	case digit && letter:
		return mixed
	case digit:
		return digits
	}
	return letters
}

// ascii folds one byte that is ASCII; rest is the text after it.
func (f *folder) ascii(c byte, rest string) {
	switch {
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
	if f.start < 0 || rest == "" || rest[0] >= utf8.RuneSelf || !alphanumeric(rest[0]) {
		return false
	}
	if '0' <= rest[0] && rest[0] <= '9' {
		return true
	}
	return len(rest) > 1 && alphanumeric(rest[1])
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func (f *folder) put(c byte) {
	if f.start < 0 {
		f.start = f.n
	}
	if f.n < maxFolded-1 {
		f.buf[f.n] = c
		f.n++
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
	f.ends[f.words] = span{start: uint16(f.start), end: uint16(f.n), before: f.before} // #nosec G115 -- at most maxFolded
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
