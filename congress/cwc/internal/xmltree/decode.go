package xmltree

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	errEncoding    = errors.New("its encoding is not one of UTF-8, UTF-16, ISO-8859-1, US-ASCII and windows-1252")
	errMislabelled = errors.New("it is not written in the encoding that it declares")
	errBytes       = errors.New("it contains bytes that are not characters of its encoding")
	errChar        = errors.New("it contains a character that XML cannot carry")
)

// decode turns a document into text with \n newlines, and removes its XML declaration.
// A NUL ends the document, as it does for libxml2.
func decode(data []byte) (text string, lines int, err error) {
	var d declaration
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xFE")):
		text, d, err = decodeWide(data[2:], false)
	case bytes.HasPrefix(data, []byte("\xFE\xFF")):
		text, d, err = decodeWide(data[2:], true)
	case bytes.HasPrefix(data, []byte("<\x00?\x00")):
		text, d, err = decodeWide(data, false)
	case bytes.HasPrefix(data, []byte("\x00<\x00?")):
		text, d, err = decodeWide(data, true)
	default:
		text, d, err = decodeNarrow(data)
	}
	if err != nil {
		return "", 0, err
	}
	lines = strings.Count(text[:d.length], "\n")
	text = newlines(text[d.length:])
	for _, r := range text {
		if !isChar(r) {
			return "", 0, errChar
		}
	}
	return text, lines, nil
}

// newlines turns CRLF and CR into LF (XML 1.0, section 2.11).
func newlines(text string) string {
	if !strings.Contains(text, "\r") {
		return text
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

// decodeNarrow reads encodings whose ASCII is ASCII.
func decodeNarrow(data []byte) (string, declaration, error) {
	if end := bytes.IndexByte(data, 0); end >= 0 {
		data = data[:end]
	}
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	d, err := parseDeclaration(string(data))
	if err != nil {
		return "", d, err
	}
	table, known := narrowEncodings[strings.ToUpper(d.encoding)]
	switch {
	case strings.HasPrefix(strings.ToUpper(d.encoding), "UTF-16"):
		return "", d, errMislabelled
	case !known:
		return "", d, errEncoding
	case table == nil:
		if !utf8.Valid(data) {
			return "", d, errBytes
		}
		return string(data), d, nil
	}
	var b strings.Builder
	for _, c := range data {
		r := table(c)
		if r < 0 {
			return "", d, errBytes
		}
		b.WriteRune(r)
	}
	return b.String(), d, nil
}

// narrowEncodings maps the names under which libxml2 knows them; nil is UTF-8.
var narrowEncodings = map[string]func(byte) rune{
	"": nil, "UTF-8": nil, "UTF8": nil,
	"US-ASCII": ascii, "ASCII": ascii,
	"ISO-8859-1": latin1, "ISO8859-1": latin1, "ISO_8859-1": latin1, "LATIN1": latin1, "ISO-LATIN-1": latin1, "L1": latin1,
	"WINDOWS-1252": windows1252, "CP1252": windows1252,
}

func ascii(c byte) rune {
	if c >= utf8.RuneSelf {
		return -1
	}
	return rune(c)
}

func latin1(c byte) rune { return rune(c) }

// upper1252 is where Windows-1252 differs from Latin 1: 0x80 to 0x9F, with five empty places.
var upper1252 = []rune("€\x00‚ƒ„…†‡ˆ‰Š‹Œ\x00Ž\x00\x00‘’“”•–—˜™š›œ\x00žŸ")

func windows1252(c byte) rune {
	if c < 0x80 || c > 0x9F {
		return rune(c)
	}
	if r := upper1252[c-0x80]; r != 0 {
		return r
	}
	return -1
}

// decodeWide reads UTF-16. A last odd byte is dropped.
func decodeWide(data []byte, bigEndian bool) (string, declaration, error) {
	var b strings.Builder
	for i := 0; i+1 < len(data); i += 2 {
		unit := unitAt(data, i, bigEndian)
		if unit == 0 {
			break
		}
		if !utf16.IsSurrogate(unit) {
			b.WriteRune(unit)
			continue
		}
		if i += 2; i+1 >= len(data) {
			return "", declaration{}, errBytes
		}
		r := utf16.DecodeRune(unit, unitAt(data, i, bigEndian))
		if r == utf8.RuneError {
			return "", declaration{}, errBytes
		}
		b.WriteRune(r)
	}
	text := b.String()
	d, err := parseDeclaration(text)
	if err != nil {
		return "", d, err
	}
	switch name := strings.ToUpper(d.encoding); {
	case name == "", name == "UTF-16", name == "UTF-8", name == "UTF8":
	case name == "UTF-16LE" && !bigEndian, name == "UTF-16BE" && bigEndian:
	default:
		return "", d, errMislabelled
	}
	return text, d, nil
}

func unitAt(data []byte, i int, bigEndian bool) rune {
	if bigEndian {
		return rune(data[i])<<8 | rune(data[i+1])
	}
	return rune(data[i+1])<<8 | rune(data[i])
}
