package shapefile

import (
	"encoding/binary"
	"errors"
	"fmt"
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

// Rows reads the contents of a .dbf file. A deleted row is an error: the rows would no
// longer match the shapes.
func Rows(dbf []byte) ([]Row, error) {
	if len(dbf) < dbfHeader || dbf[0] != dbfVersion {
		return nil, errors.New("not a dBASE III table")
	}
	count := uint64(binary.LittleEndian.Uint32(dbf[4:]))
	head := int(binary.LittleEndian.Uint16(dbf[8:]))
	size := int(binary.LittleEndian.Uint16(dbf[10:]))
	if head > len(dbf) {
		return nil, errors.New("the header is cut off")
	}
	columns, err := columns(dbf[:head], size)
	if err != nil {
		return nil, err
	}
	body := dbf[head:]
	want := count * uint64(size) // #nosec G115 -- 16 bits
	if rest := uint64(len(body)) - want; want > uint64(len(body)) || rest > 1 || (rest == 1 && body[want] != dbfEnd) {
		return nil, fmt.Errorf("%d rows of %d bytes do not make %d bytes", count, size, len(body))
	}
	rows := make([]Row, 0, count)
	for i := range int(count) { // #nosec G115 -- at most the length of the file
		record := body[i*size : (i+1)*size]
		if record[0] == dbfDeleted {
			return nil, fmt.Errorf("row %d is deleted", i+1)
		}
		row := make(Row, len(columns))
		for _, c := range columns {
			row[c.name] = strings.Trim(string(record[c.start:c.end]), " \x00")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func columns(head []byte, size int) ([]column, error) {
	var list []column
	end := 1 // the first byte of a record says whether it is deleted
	seen := map[string]bool{}
	for rest := head[min(dbfHeader, len(head)):]; ; rest = rest[dbfField:] {
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
