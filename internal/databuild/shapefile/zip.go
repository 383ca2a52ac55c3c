package shapefile

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// maxWhole bounds one file that is unpacked into memory, in bytes; the largest state's
	// districts take 8 MB.
	maxWhole = 256 << 20
	// maxStream bounds one file that is read record by record. The largest county's lines
	// take about 300 MB.
	maxStream = 1 << 30
)

// Record is one polygon with its attributes.
type Record struct {
	Row     Row
	Polygon Polygon
}

// ReadZip reads the one shapefile of polygons in a Census zip file: its shapes and
// attributes.
func ReadZip(raw []byte) ([]Record, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	shp, err := unpack(z, ".shp")
	if err != nil {
		return nil, err
	}
	dbf, err := unpack(z, ".dbf")
	if err != nil {
		return nil, err
	}
	polygons, err := Polygons(shp)
	if err != nil {
		return nil, fmt.Errorf(".shp: %w", err)
	}
	rows, err := Rows(dbf)
	if err != nil {
		return nil, fmt.Errorf(".dbf: %w", err)
	}
	if len(rows) != len(polygons) {
		return nil, fmt.Errorf("%d shapes and %d rows of attributes", len(polygons), len(rows))
	}
	records := make([]Record, len(rows))
	for i := range records {
		records[i] = Record{Row: rows[i], Polygon: polygons[i]}
	}
	return records, nil
}

// unpack returns the contents of the only file whose name ends so.
func unpack(z *zip.Reader, ending string) ([]byte, error) {
	m, err := open(z, ending, maxWhole)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(m)
	if err := errors.Join(err, m.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", ending, err)
	}
	return content, nil
}

// member is one file of a zip file while it is being unpacked. It gives no more than the
// bytes that the zip file's directory says it has; archive/zip compares the checksum when
// the reader comes to the end.
type member struct {
	*bufio.Reader
	io.Closer

	size int64
}

// open opens the only file whose name ends so, unless it claims more bytes than the limit.
func open(z *zip.Reader, ending string, limit uint64) (*member, error) {
	var found *zip.File
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ending) {
			continue
		}
		if found != nil {
			return nil, fmt.Errorf("more than one %s in the zip file", ending)
		}
		found = f
	}
	if found == nil {
		return nil, fmt.Errorf("no %s in the zip file", ending)
	}
	if found.UncompressedSize64 > limit {
		return nil, fmt.Errorf("%s: unpacks to more than %d bytes", ending, limit)
	}
	r, err := found.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ending, err)
	}
	size := int64(found.UncompressedSize64) // #nosec G115 -- within the limit
	// One byte more than it claims shows that it lies; no more is ever unpacked.
	return &member{Reader: bufio.NewReaderSize(io.LimitReader(r, size+1), 1<<16), Closer: r, size: size}, nil
}
