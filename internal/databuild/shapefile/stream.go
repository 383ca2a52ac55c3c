package shapefile

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/franklin-letters/franklin/internal/databuild/planar"
)

// Want says what Read is to give.
type Want struct {
	Kind     Kind     // of the shapes; NoShapes leaves the .shp file unread
	Columns  []string // without which the file is refused
	Optional []string // whose values are empty when the file lacks them
}

// Feature is one record of a shapefile. The values are those of the columns wanted, then
// of the optional ones, without padding; they hold only until the next feature. Parts
// may be kept.
type Feature struct {
	Values [][]byte
	Parts  [][]planar.Point
}

// Read gives the records of the one shapefile in a Census zip file of so many bytes, one
// after the other, until yield returns an error, which it passes on.
func Read(file io.ReaderAt, size int64, want Want, yield func(Feature) error) (err error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return err
	}
	dbf, err := open(z, ".dbf", maxStream)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dbf.Close()) }()
	rows, err := newTable(dbf, dbf.size)
	if err != nil {
		return fmt.Errorf(".dbf: %w", err)
	}
	columns, err := rows.choose(want.Columns, want.Optional)
	if err != nil {
		return fmt.Errorf(".dbf: %w", err)
	}
	f := Feature{Values: make([][]byte, len(columns))}
	if want.Kind == NoShapes {
		return readRows(rows, columns, f, yield)
	}
	shp, err := open(z, ".shp", maxStream)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, shp.Close()) }()
	s, err := newShapes(shp, shp.size, want.Kind)
	if err != nil {
		return fmt.Errorf(".shp: %w", err)
	}
	// At the end of the table the shapes must end too, which is checked below.
	err = readRows(rows, columns, f, func(f Feature) error {
		if f.Parts, err = s.next(); errors.Is(err, io.EOF) {
			return fmt.Errorf("%d shapes and %d rows of attributes", s.number, rows.count)
		} else if err != nil {
			return fmt.Errorf(".shp: %w", err)
		}
		return yield(f)
	})
	if err != nil {
		return err
	}
	if _, err := s.next(); err == nil {
		return fmt.Errorf("more shapes than the %d rows of attributes", rows.count)
	} else if !errors.Is(err, io.EOF) {
		return fmt.Errorf(".shp: %w", err)
	}
	return nil
}

func readRows(rows *table, columns []column, f Feature, yield func(Feature) error) error {
	for {
		record, err := rows.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf(".dbf: %w", err)
		}
		for i, c := range columns {
			f.Values[i] = c.of(record)
		}
		if err := yield(f); err != nil {
			return err
		}
	}
}

// Columns returns the names of the attributes in a Census zip file of so many bytes.
func Columns(file io.ReaderAt, size int64) (names []string, err error) {
	z, err := zip.NewReader(file, size)
	if err != nil {
		return nil, err
	}
	dbf, err := open(z, ".dbf", maxStream)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dbf.Close()) }()
	rows, err := newTable(dbf, dbf.size)
	if err != nil {
		return nil, fmt.Errorf(".dbf: %w", err)
	}
	for _, c := range rows.columns {
		names = append(names, c.name)
	}
	return names, nil
}
