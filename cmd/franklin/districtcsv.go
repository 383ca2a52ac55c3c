package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/district"
)

// csvAnswers are the columns added to a table.
var csvAnswers = []string{"district", "basis", "candidates", "plan", "member_bioguide", "note"}

// csvFlushRows is how often a reader at the other end sees rows while we work.
const csvFlushRows = 256

// csvColumns says where the columns we read stand; -1 where there is none.
type csvColumns struct{ street, city, state, zip, lat, lon int }

// streamCSV copies a table row by row with the answers behind each row. A row that cannot
// be answered says why in its note; only a broken table or a failed write ends it.
func (f finder) streamCSV(in io.Reader, out io.Writer) error {
	reader := csv.NewReader(in)
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	writer := csv.NewWriter(out)
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the table is empty: its first line must name the columns")
	}
	if err != nil {
		return fmt.Errorf("read the table: %w", err)
	}
	columns, err := findColumns(header)
	if err != nil {
		return err
	}
	width := len(header)
	if err := writer.Write(append(slices.Clone(header), csvAnswers...)); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	for n := 1; ; n++ {
		row, err := reader.Read()
		if errors.Is(err, io.EOF) {
			writer.Flush()
			return writer.Error()
		}
		if err != nil {
			return fmt.Errorf("read the table: %w", err)
		}
		full := slices.Grow(slices.Clone(row), width+len(csvAnswers))
		for len(full) < width {
			full = append(full, "")
		}
		if err := writer.Write(append(full[:width], f.csvRow(row, columns)...)); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
		if n%csvFlushRows == 0 {
			writer.Flush()
		}
	}
}

func findColumns(header []string) (csvColumns, error) {
	find := func(names ...string) int {
		return slices.IndexFunc(header, func(h string) bool {
			return slices.Contains(names, strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff"))))
		})
	}
	c := csvColumns{
		street: find("street", "address", "address1"), city: find("city"), state: find("state"),
		zip: find("zip", "zip5", "zipcode", "zip_code", "postal_code"),
		lat: find("lat", "latitude"), lon: find("lon", "lng", "long", "longitude"),
	}
	if c.zip < 0 && (c.lat < 0 || c.lon < 0) {
		return c, errors.New("the table needs a column zip, or the columns lat and lon; its first line must name the columns")
	}
	return c, nil
}

// csvRow returns the six answers for a row.
func (f finder) csvRow(row []string, c csvColumns) []string {
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	result, notes := f.locate(cell, c)
	district, bioguide := "", ""
	if result.Unique() {
		district = result.Seat.String()
		holder, err := f.people.Holder(result.Seat, f.at)
		switch {
		case err != nil:
			notes = append(notes, err.Error())
		case holder.Seated():
			bioguide = holder.Member.Bioguide
		default:
			notes = append(notes, "the seat is vacant")
		}
	}
	for _, n := range result.Notes {
		notes = append(notes, n.Text())
	}
	if result.Next != nil {
		notes = append(notes, result.Next.Text())
	}
	return []string{district, string(result.Basis), seatList(result), result.Plan.String(), bioguide, strings.Join(notes, " | ")}
}

// locate answers by the point where there is one, and else by the address.
func (f finder) locate(cell func(int) string, c csvColumns) (district.Result, []string) {
	address := district.Address{
		Street: cell(c.street), City: cell(c.city), ZIP: cell(c.zip), State: stateOf(cell(c.state)),
	}
	if latText, lonText := cell(c.lat), cell(c.lon); latText != "" && lonText != "" {
		lat, errLat := strconv.ParseFloat(latText, 64)
		lon, errLon := strconv.ParseFloat(lonText, 64)
		if errLat != nil || errLon != nil {
			return district.Result{}, []string{"lat and lon must be numbers of degrees"}
		}
		result, err := f.lines.ByPoint(lat, lon, 0, f.at)
		return result, withError(nil, err)
	}
	result, err := f.lines.ByAddress(address, f.at)
	notes := withError(nil, err)
	if err == nil && len(result.Candidates) == 0 {
		notes = append(notes, "no district: "+string(result.Class))
	}
	return result, notes
}

// stateOf reads a code or a name; what is neither stays, for the answer to complain of.
func stateOf(text string) congress.State {
	if s, err := congress.ParseState(text); err == nil {
		return s
	}
	return congress.State(strings.ToUpper(text))
}

func withError(notes []string, err error) []string {
	if err != nil {
		return append(notes, err.Error())
	}
	return notes
}
