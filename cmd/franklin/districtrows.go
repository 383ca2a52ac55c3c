package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	byteOrderMark = "\ufeff"
	// csvSniffBytes is how much of a table is looked at to find its first line.
	csvSniffBytes = 1 << 16
	// csvCellBytes is how far a cell may reach over the ends of lines. A quote that is open
	// for longer was never closed.
	csvCellBytes = 1 << 16
)

// rowReader reads a table as people's programs write it: with commas, semicolons, tabs
// or bars,// a byte order mark, and any ends of lines. A quote that does not belong where it stands
// spoils no row but its own.
type rowReader struct {
	in      *bufio.Reader
	bom     bool
	comma   byte
	waiting []string // lines that were read while looking for the end of a cell
	err     error    // what ended the lines
}

func newRowReader(in io.Reader) (*rowReader, error) {
	r := &rowReader{in: bufio.NewReaderSize(in, csvSniffBytes)}
	if mark, err := r.in.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		r.bom = true
		_, _ = r.in.Discard(len(byteOrderMark)) // it is there
	}
	if mark, err := r.in.Peek(2); err == nil && (string(mark) == "\xff\xfe" || string(mark) == "\xfe\xff") {
		return nil, errors.New("the table is written in UTF-16: save it as CSV in UTF-8")
	}
	skipEmptyLines(r.in)
	line, end, err := firstLine(r.in)
	if err != nil {
		return nil, fmt.Errorf("read the table: %w", err)
	}
	r.comma = separator(line)
	rest := io.MultiReader(strings.NewReader(line), r.in)
	if end == '\r' {
		rest = loneReturns{rest}
	}
	r.in = bufio.NewReader(rest)
	return r, nil
}

// skipEmptyLines goes to the first line that is not empty.
func skipEmptyLines(in *bufio.Reader) {
	for {
		next, err := in.Peek(1)
		if err != nil || next[0] != '\n' && next[0] != '\r' {
			return
		}
		_, _ = in.Discard(1) // it is there
	}
}

// firstLine reads up to the first end of a line outside of quotes. The end is a return when
// no line feed follows it.
func firstLine(in *bufio.Reader) (line string, end byte, err error) {
	var text strings.Builder
	for quoted := false; text.Len() < csvSniffBytes; {
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
	for _, c := range []byte{',', ';', '\t', '|'} {
		if cells, ok := splitRow(strings.TrimRight(line, "\r\n"), c); ok && len(cells) > most {
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
func (r *rowReader) line() string {
	if len(r.waiting) > 0 {
		next := r.waiting[0]
		r.waiting = r.waiting[1:]
		return next
	}
	if r.err != nil {
		return ""
	}
	text, err := r.in.ReadString('\n')
	r.err = err
	return text
}

// next returns the cells of the next row, none for an empty line. The error is io.EOF after
// the last one.
func (r *rowReader) next() ([]string, error) {
	first := r.line()
	if first == "" {
		return nil, r.err
	}
	if strings.TrimRight(first, "\r\n") == "" {
		return []string{}, nil
	}
	return r.row(first), nil
}

// row reads a row that begins with the line. A cell goes on over the end of the line when
// its quote is closed later, just before a separator or the end of a line.
func (r *rowReader) row(first string) []string {
	text := first
	var more []string
	for {
		open, strict := quotes(text, r.comma)
		if !open && (strict || len(more) == 0) {
			if cells, ok := splitRow(strings.TrimRight(text, "\r\n"), r.comma); ok {
				return cells
			}
			break
		}
		if !strict || len(text) > csvCellBytes {
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
	return strings.Split(strings.TrimRight(first, "\r\n"), string(r.comma))
}

// splitRow parses the text of one row.
func splitRow(text string, comma byte) ([]string, bool) {
	if !strings.Contains(text, `"`) {
		return strings.Split(text, string(comma)), true
	}
	parser := csv.NewReader(strings.NewReader(text))
	parser.Comma, parser.LazyQuotes = rune(comma), true
	cells, err := parser.Read()
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
