package shapefile

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxFile bounds one unpacked file, in bytes; the largest state's shapes take 8 MB.
const maxFile = 256 << 20

// Record is one polygon with its attributes.
type Record struct {
	Row     Row
	Polygon Polygon
}

// ReadZip reads the one shapefile in a Census zip file: its shapes and attributes.
func ReadZip(raw []byte) ([]Record, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	shp, err := member(z, ".shp")
	if err != nil {
		return nil, err
	}
	dbf, err := member(z, ".dbf")
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

// member returns the contents of the only file whose name ends so.
func member(z *zip.Reader, ending string) (content []byte, err error) {
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
	r, err := found.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ending, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	content, err = io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(content) > maxFile {
		err = fmt.Errorf("unpacks to more than %d bytes", maxFile)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ending, err)
	}
	return content, nil
}
