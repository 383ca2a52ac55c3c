// Package table reads tables as people's programs write them: with commas, semicolons, tabs or
// bars, in UTF-8, UTF-16 or Latin-1, with a byte order mark or without, and with any ends of
// lines. A quote that does not belong where it stands spoils no row but its own. It holds no
// more than a row in memory, whatever it is given.
package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ByteOrderMark is what some programs put in front of a table.
const ByteOrderMark = "\ufeff"

const (
	// sniffBytes is how much of a table is looked at to find its first line.
	sniffBytes = 1 << 16
	// cellBytes is how far a cell may reach over the ends of lines. A quote that is open for
	// longer was never closed.
	cellBytes = 1 << 16
	// lineBytes is how long a line may be, and maxColumns how many names the first one has.
	lineBytes  = 1 << 20
	maxColumns = 2000
)

// Errors for what is no table.
var (
	ErrLongLine = errors.New("a line has more than a million characters: this is no table of people")
	ErrArchive  = errors.New("this is a compressed file or an archive: unpack it, and give the table in it")
	ErrBinary   = errors.New("this is no text: save the table as CSV in UTF-8")
	ErrColumns  = fmt.Errorf("the first line names more than %d columns", maxColumns)
)

// Reader reads a table.
type Reader struct {
	// Marked is true when the table began with a byte order mark.
	Marked bool
	// Comma parts the cells.
	Comma byte

	in      *bufio.Reader
	waiting []string // lines that were read while looking for the end of a cell
	err     error    // what ended the lines
	lines   int      // handed out
	began   int      // line in which the last row began

	splitter splitter
}

// New looks at the beginning of a table.
func New(in io.Reader) (*Reader, error) {
	text, marked, err := decoded(in)
	if err != nil {
		return nil, err
	}
	r := &Reader{in: text, Marked: marked}
	r.lines += skipEmptyLines(r.in)
	line, end, err := firstLine(r.in)
	if err != nil {
		return nil, fmt.Errorf("read the table: %w", err)
	}
	if strings.ContainsRune(line, 0) {
		return nil, ErrBinary
	}
	r.Comma = separator(line)
	if strings.Count(line, string(r.Comma)) >= maxColumns {
		return nil, ErrColumns
	}
	rest := io.MultiReader(strings.NewReader(line), r.in)
	if end == '\r' {
		rest = loneReturns{rest}
	}
	r.in = bufio.NewReaderSize(rest, sniffBytes)
	return r, nil
}

// Line is the number of the line in which the row began that Next returned last.
func (r *Reader) Line() int { return r.began }

// archives begin like this.
var archives = [][]byte{[]byte("PK\x03\x04"), []byte("PK\x05\x06"), {0x1f, 0x8b}, []byte("BZh"), {0xfd, '7', 'z', 'X', 'Z'}, {'7', 'z', 0xbc, 0xaf}, {0x28, 0xb5, 0x2f, 0xfd}, []byte("Rar!")}

// decoded returns the table as UTF-8, without a byte order mark.
func decoded(in io.Reader) (text *bufio.Reader, marked bool, err error) {
	raw := bufio.NewReaderSize(in, sniffBytes)
	begin, err := raw.Peek(4) // no more: who types the table waits for its answers
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, false, fmt.Errorf("read the table: %w", err)
	}
	for _, head := range archives {
		if bytes.HasPrefix(begin, head) {
			return nil, false, ErrArchive
		}
	}
	if endian, ok := utf16Of(begin); ok {
		decoder := textunicode.UTF16(endian, textunicode.UseBOM).NewDecoder()
		return bufio.NewReaderSize(transform.NewReader(raw, decoder), sniffBytes), true, nil
	}
	if bytes.HasPrefix(begin, []byte(ByteOrderMark)) {
		_, err = raw.Discard(len(ByteOrderMark))
		return raw, true, err
	}
	return raw, false, nil
}

// utf16Of recognises UTF-16 by its mark, or by the zeros of an ASCII beginning.
func utf16Of(begin []byte) (textunicode.Endianness, bool) {
	if len(begin) < 4 {
		return textunicode.LittleEndian, false
	}
	switch {
	case begin[0] == 0xff && begin[1] == 0xfe, begin[0] != 0 && begin[1] == 0 && begin[2] != 0 && begin[3] == 0:
		return textunicode.LittleEndian, true
	case begin[0] == 0xfe && begin[1] == 0xff, begin[0] == 0 && begin[1] != 0 && begin[2] == 0 && begin[3] != 0:
		return textunicode.BigEndian, true
	}
	return textunicode.LittleEndian, false
}

// valid returns a line in UTF-8: one that is not was written in Latin-1, or rather in Windows'
// form of it.
func valid(line string) string {
	if utf8.ValidString(line) {
		return line
	}
	text, err := charmap.Windows1252.NewDecoder().String(line)
	if err != nil {
		return strings.ToValidUTF8(line, "\ufffd")
	}
	return text
}

// PlainName leaves letters, digits and the plus of ZIP+4, whose four digits alone are no ZIP
// code, so that names of columns can be compared.
func PlainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r != '+' && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// skipEmptyLines goes to the first line that is not empty, and counts those before it.
func skipEmptyLines(in *bufio.Reader) (lines int) {
	for {
		next, err := in.Peek(1)
		if err != nil || next[0] != '\n' && next[0] != '\r' {
			return lines
		}
		if next[0] == '\n' {
			lines++
		}
		_, _ = in.Discard(1) // it is there
	}
}

// firstLine reads up to the first end of a line outside of quotes. The end is a return when
// no line feed follows it.
func firstLine(in *bufio.Reader) (line string, end byte, err error) {
	var text strings.Builder
	for quoted := false; text.Len() < sniffBytes; {
		c, err := in.ReadByte()
		if errors.Is(err, io.EOF) {
			return text.String(), 0, nil
		}
		if err != nil {
			return "", 0, err
		}
		text.WriteByte(c)
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			return text.String(), c, nil
		case c == '\r':
			if next, err := in.Peek(1); err == nil && next[0] == '\n' {
				continue
			}
			return text.String(), c, nil
		}
	}
	return text.String(), 0, nil
}

// separator returns what stands most often between the names of the first line.
func separator(line string) byte {
	best, most := byte(','), 0
	var s splitter
	for _, c := range []byte{',', ';', '\t', '|'} {
		if cells, ok := s.split(strings.TrimRight(line, "\r\n"), c); ok && len(cells) > most {
			best, most = c, len(cells)
		}
	}
	return best
}

// loneReturns turns the returns of old Macs into line feeds.
type loneReturns struct{ in io.Reader }

func (r loneReturns) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	for i, c := range p[:n] {
		if c == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// line returns the next line with its end. After the last one it is empty.
func (r *Reader) line() string {
	if len(r.waiting) > 0 {
		next := r.waiting[0]
		r.waiting = r.waiting[1:]
		return next
	}
	if r.err != nil {
		return ""
	}
	text, err := r.readLine()
	r.err = err
	return text
}

// readLine reads a line of bounded length.
func (r *Reader) readLine() (string, error) {
	var long []byte
	for {
		part, err := r.in.ReadSlice('\n')
		if long == nil && !errors.Is(err, bufio.ErrBufferFull) {
			return valid(string(part)), err
		}
		if long = append(long, part...); len(long) > lineBytes {
			return "", ErrLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return valid(string(long)), err
		}
	}
}

// Next returns the cells of the next row, none for an empty line. The error is io.EOF after
// the last one.
func (r *Reader) Next() ([]string, error) {
	first := r.line()
	if first == "" {
		return nil, r.err
	}
	r.lines++
	r.began = r.lines
	if strings.TrimRight(first, "\r\n") == "" {
		return []string{}, nil
	}
	return r.row(first), nil
}

// row reads a row that begins with the line. A cell goes on over the end of the line when
// its quote is closed later, just before a separator or the end of a line.
func (r *Reader) row(first string) []string {
	text := first
	var more []string
	for {
		open, strict := quotes(text, r.Comma)
		if !open && (strict || len(more) == 0) {
			if cells, ok := r.splitter.split(strings.TrimRight(text, "\r\n"), r.Comma); ok {
				r.lines += len(more)
				return cells
			}
			break
		}
		if !strict || len(text) > cellBytes {
			break
		}
		next := r.line()
		if next == "" {
			break
		}
		more = append(more, next)
		text += next
	}
	r.waiting = append(more, r.waiting...)
	return strings.Split(strings.TrimRight(first, "\r\n"), string(r.Comma))
}

// splitter parses the text of one row after the other. It keeps its parser, because making one
// takes longer than a row.
type splitter struct {
	text   strings.Reader
	parser *csv.Reader
}

func (s *splitter) split(text string, comma byte) ([]string, bool) {
	if !strings.Contains(text, `"`) {
		return strings.Split(text, string(comma)), true
	}
	if s.parser == nil {
		s.parser = csv.NewReader(&s.text)
		s.parser.LazyQuotes, s.parser.FieldsPerRecord = true, -1
	}
	s.text.Reset(text)
	s.parser.Comma = rune(comma)
	cells, err := s.parser.Read()
	if _, end := s.parser.Read(); !errors.Is(end, io.EOF) {
		s.parser = nil // what is left is no part of the next row
	}
	return cells, err == nil
}

// quotes reports whether the text ends within a quoted cell, and whether each quote inside
// a quoted cell is doubled or ends it.
func quotes(text string, comma byte) (open, strict bool) {
	strict = true
	begins := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case !open:
			open = begins && c == '"'
			begins = c == comma || c == '\n'
		case c != '"':
		case i+1 < len(text) && text[i+1] == '"':
			i++
		case i+1 == len(text) || text[i+1] == comma || text[i+1] == '\n' || text[i+1] == '\r':
			open = false
		default:
			strict = false
		}
	}
	return open, strict
}
