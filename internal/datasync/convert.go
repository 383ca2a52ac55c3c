package datasync

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// packed compresses a file as the compiler reads it. The same bytes give the same bytes.
func packed(published []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(published); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// relation reads a relationship file and gives the cells of some columns, row by row.
func relation(raw []byte, columns []string, row func([]string) error) error {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	r.Comma = '|'
	r.LazyQuotes = true
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("its first line: %w", err)
	}
	at := make([]int, len(columns))
	for i, c := range columns {
		if at[i] = slices.Index(header, c); at[i] < 0 {
			return fmt.Errorf("it has no column %s", c)
		}
	}
	cells := make([]string, len(columns))
	for {
		line, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for i, c := range at {
			cells[i] = strings.TrimSpace(line[c])
		}
		if err := row(cells); err != nil {
			return err
		}
	}
}
