package shapefile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const (
	dbfHeader    = 32
	dbfField     = 32
	dbfVersion   = 0x03
	dbfHeaderEnd = 0x0D
	dbfDeleted   = '*'
	dbfEnd       = 0x1A
)

// Row is the attributes of one record by field name, without the padding.
type Row map[string]string

type column struct {
	name       string
	start, end int // within a record
}

// of returns the field of a record without its padding.
func (c column) of(record []byte) []byte { return bytes.Trim(record[c.start:c.end], " \x00") }

// table reads a .dbf file row by row.
type table struct {
	r       io.Reader
	columns []column
	count   int64 // rows in the file
	read    int64 // rows read
	length  int64 // of the file after its header, in bytes
	record  []byte
}

// newTable reads the header of a .dbf file of so many bytes.
func newTable(r io.Reader, size int64) (*table, error) {
	start := make([]byte, dbfHeader)
	if _, err := io.ReadFull(r, start); err != nil && !cut(err) {
		return nil, err
	} else if err != nil || start[0] != dbfVersion {
		return nil, errors.New("not a dBASE III table")
	}
	count := int64(binary.LittleEndian.Uint32(start[4:]))
	head := int64(binary.LittleEndian.Uint16(start[8:]))
	width := int(binary.LittleEndian.Uint16(start[10:]))
	if head > size {
		return nil, errors.New("the header is cut off")
	}
	fields := make([]byte, max(head-dbfHeader, 0))
	if _, err := io.ReadFull(r, fields); err != nil {
		return nil, cutOff(err, "the header is cut off")
	}
	columns, err := columns(fields, width)
	if err != nil {
		return nil, err
	}
	t := &table{r: r, columns: columns, count: count, length: size - head, record: make([]byte, width)}
	if rest := t.length - count*int64(width); rest < 0 || rest > 1 {
		return nil, t.wrongLength()
	}
	return t, nil
}

func (t *table) wrongLength() error {
	return fmt.Errorf("%d rows of %d bytes do not make %d bytes", t.count, len(t.record), t.length)
}

// next returns the next row, which holds until the call after, or io.EOF when the file
// ended as it should. A deleted row is an error: the rows would no longer match the
// shapes.
func (t *table) next() ([]byte, error) {
	if t.read == t.count {
		return nil, t.end()
	}
	t.read++
	if _, err := io.ReadFull(t.r, t.record); err != nil {
		return nil, cutOff(err, fmt.Sprintf("row %d is cut off", t.read))
	}
	if t.record[0] == dbfDeleted {
		return nil, fmt.Errorf("row %d is deleted", t.read)
	}
	return t.record, nil
}

// end returns io.EOF when nothing but an end mark follows the last row.
func (t *table) end() error {
	rest, err := io.ReadAll(io.LimitReader(t.r, 2))
	if err != nil {
		return err
	}
	if len(rest) > 1 || (len(rest) == 1 && rest[0] != dbfEnd) {
		return t.wrongLength()
	}
	return io.EOF
}

// Rows reads the contents of a .dbf file. A deleted row is an error: the rows would no
// longer match the shapes.
func Rows(dbf []byte) ([]Row, error) {
	t, err := newTable(bytes.NewReader(dbf), int64(len(dbf)))
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, t.count)
	for {
		record, err := t.next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		row := make(Row, len(t.columns))
		for _, c := range t.columns {
			row[c.name] = string(c.of(record))
		}
		rows = append(rows, row)
	}
}

// columns reads the list of fields, which together make a record of so many bytes.
func columns(fields []byte, size int) ([]column, error) {
	var list []column
	end := 1 // the first byte of a record says whether it is deleted
	seen := map[string]bool{}
	for rest := fields; ; rest = rest[dbfField:] {
		if len(rest) > 0 && rest[0] == dbfHeaderEnd {
			break
		}
		if len(rest) < dbfField {
			return nil, errors.New("the list of fields has no end")
		}
		name, _, _ := strings.Cut(string(rest[:11]), "\x00")
		if kind := rest[11]; kind != 'C' && kind != 'N' {
			return nil, fmt.Errorf("field %q is of kind %q, only C and N are read", name, kind)
		}
		if name == "" || seen[name] {
			return nil, fmt.Errorf("field name %q is empty or not the only one", name)
		}
		seen[name] = true
		c := column{name: name, start: end, end: end + int(rest[16])}
		end = c.end
		list = append(list, c)
	}
	if end != size || len(list) == 0 {
		return nil, fmt.Errorf("the fields make %d bytes, a row has %d", end, size)
	}
	return list, nil
}

// choose returns the columns of the names asked for, in their order. One that is absent
// is an error among the required names and a column of nothing among the optional.
func (t *table) choose(required, optional []string) ([]column, error) {
	chosen := make([]column, 0, len(required)+len(optional))
	var missing []string
	for i, name := range slices.Concat(required, optional) {
		c := column{}
		for _, have := range t.columns {
			if have.name == name {
				c = have
			}
		}
		if c.name == "" && i < len(required) {
			missing = append(missing, name)
		}
		chosen = append(chosen, c)
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("no column %s", strings.Join(missing, ", "))
	}
	return chosen, nil
}

// cut reports whether reading ended before it should.
func cut(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// cutOff says in words that reading ended too early; other errors stay themselves.
func cutOff(err error, words string) error {
	if cut(err) {
		return errors.New(words)
	}
	return err
}
