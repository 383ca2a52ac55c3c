package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
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

// spreadsheetZIP is what a spreadsheet makes of a ZIP code: ="02138", '02138, 02138.0.
var spreadsheetZIP = regexp.MustCompile(`^(?:="|')?([0-9-]+?)(?:\.0+)?"?$`)

// csvColumns says where the columns we read stand; -1 where there is none.
type csvColumns struct{ street, city, state, zip, lat, lon int }

// streamCSV copies a table row by row with the answers behind each row. A row that cannot
// be answered says why in its note; only a failed read or write ends the table. Cells
// beyond the header's width stay at the end of their row.
func (f finder) streamCSV(in io.Reader, con console) error {
	rows, err := newRowReader(in)
	if err != nil {
		return err
	}
	header, err := rows.next()
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
	fmt.Fprintln(con.err, "franklin:", columns)
	if rows.bom {
		con.print("%s", byteOrderMark)
	}
	writer := csv.NewWriter(con.out)
	writer.Comma = rune(rows.comma)
	return f.copyRows(rows, writer, header, columns)
}

// copyRows writes what was answered before an error, too.
func (f finder) copyRows(rows *rowReader, writer *csv.Writer, header []string, columns csvColumns) error {
	err := writer.Write(slices.Concat(header, csvAnswers))
	for n := 1; err == nil; n++ {
		var row []string
		if row, err = rows.next(); err != nil {
			break
		}
		err = writer.Write(f.fullRow(row, len(header), columns))
		if n%csvFlushRows == 0 {
			writer.Flush()
		}
	}
	writer.Flush()
	if failed := writer.Error(); failed != nil {
		return fmt.Errorf("write the table: %w", failed)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the table: %w", err)
	}
	return nil
}

// fullRow returns the row's cells, the answers, and the cells that no column has.
func (f finder) fullRow(row []string, width int, c csvColumns) []string {
	var extra []string
	if len(row) > width {
		row, extra = row[:width:width], row[width:]
	}
	full := slices.Concat(row, make([]string, width-len(row)))
	if slices.ContainsFunc(extra, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		refused := make([]string, len(csvAnswers))
		refused[len(refused)-1] = "this row has more cells than the header: a comma inside a cell needs quotes"
		return slices.Concat(full, refused, extra)
	}
	return slices.Concat(full, f.csvRow(full, c), extra)
}

// findColumns finds the columns by their usual names, the surest name first.
func findColumns(header []string) (csvColumns, error) {
	plain := strings.NewReplacer(" ", "", "_", "", "-", "", ".", "")
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = plain.Replace(strings.ToLower(strings.TrimSpace(h)))
	}
	find := func(known ...string) int {
		for _, name := range known {
			if i := slices.Index(names, name); i >= 0 {
				return i
			}
		}
		return -1
	}
	c := csvColumns{
		street: find("street", "streetaddress", "address", "address1", "addressline1", "line1", "street1", "mailingaddress"),
		city:   find("city", "town"), state: find("state", "st", "province"),
		zip: find("zip", "zip5", "zipcode", "postalcode", "postcode"),
		lat: find("lat", "latitude"), lon: find("lon", "lng", "long", "longitude"),
	}
	if c.lat < 0 || c.lon < 0 {
		c.lat, c.lon = -1, -1
	}
	if c.zip < 0 && c.lat < 0 {
		return c, errors.New("the table needs a column zip, or the columns lat and lon; its first line must name the columns")
	}
	return c, nil
}

// String says which columns are read: "read street, zip; no city, state".
func (c csvColumns) String() string {
	var read, missing []string
	for _, column := range []struct {
		name string
		at   int
	}{{"street", c.street}, {"city", c.city}, {"state", c.state}, {"zip", c.zip}, {"lat", c.lat}, {"lon", c.lon}} {
		switch {
		case column.at >= 0:
			read = append(read, column.name)
		case column.name != "lat" && column.name != "lon":
			missing = append(missing, column.name)
		}
	}
	text := "read " + strings.Join(read, ", ")
	if len(missing) > 0 {
		text += "; no " + strings.Join(missing, ", ")
	}
	return text
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
	notes = append(notes, noteTexts(result)...)
	return []string{district, string(result.Basis), seatList(result), result.Plan.String(), bioguide, strings.Join(notes, " | ")}
}

// locate answers by the point where there is a good one, and else by the address.
func (f finder) locate(cell func(int) string, c csvColumns) (district.Result, []string) {
	lat, lon := cell(c.lat), cell(c.lon)
	if lat == "" && lon == "" {
		return f.cellAddress(cell, c)
	}
	result, err := f.cellPoint(lat, lon)
	if err == nil && len(result.Candidates) > 0 {
		return result, nil
	}
	if cell(c.zip) == "" {
		return result, withError(nil, err)
	}
	why := "no congressional district is within 2 km of it"
	if err != nil {
		why = err.Error()
	}
	result, notes := f.cellAddress(cell, c)
	return result, append([]string{"the point was not used: " + why}, notes...)
}

func (f finder) cellPoint(latText, lonText string) (district.Result, error) {
	lat, errLat := strconv.ParseFloat(latText, 64)
	lon, errLon := strconv.ParseFloat(lonText, 64)
	if errLat != nil || errLon != nil || math.IsNaN(lat) || math.IsNaN(lon) {
		return district.Result{}, errors.New("lat and lon must be numbers of degrees")
	}
	return f.byPoint(lat, lon)
}

func (f finder) cellAddress(cell func(int) string, c csvColumns) (district.Result, []string) {
	state, errState := stateOf(cell(c.state))
	zip, notes, err := f.cellZIP(cell(c.zip), state)
	if err == nil {
		err = errState
	}
	if err != nil {
		return district.Result{}, []string{err.Error()}
	}
	result, err := f.lines.ByAddress(district.Address{Street: cell(c.street), City: cell(c.city), State: state, ZIP: zip}, f.at)
	notes = withError(notes, err)
	if err == nil && len(result.Candidates) == 0 {
		notes = append(notes, noDistrict(result))
	}
	return result, notes
}

// cellZIP reads a ZIP code that a spreadsheet may have taken for a number. Zeros that are
// missing in front are put back only when that gives a ZIP code of the row's state.
func (f finder) cellZIP(text string, state congress.State) (zip string, notes []string, err error) {
	if text == "" {
		return "", nil, errors.New("no ZIP code was found in this row")
	}
	zip = text
	if m := spreadsheetZIP.FindStringSubmatch(text); m != nil {
		zip = strings.TrimSuffix(m[1], "-")
	}
	padded, short := padZIP(zip)
	if !short {
		if m := canadianCode.FindStringSubmatch(text); m != nil {
			return "", nil, noZIP(text)
		}
		if _, err := district.ParseZIP(zip); err != nil {
			zip = text // the complaint is about what was typed
		}
		return zip, nil, nil
	}
	r, err := f.lines.ByZIP(padded, state, f.at)
	var mismatch *district.StateMismatchError
	if state != "" && r.Class != district.ClassUnknown && !errors.As(err, &mismatch) {
		return padded, []string{"read as " + padded}, nil
	}
	return "", nil, fmt.Errorf("%q is not a ZIP code: a leading zero may be missing: %s?", text, padded)
}

// stateOf reads a code or a name, also of what has mail but is no state.
func stateOf(text string) (congress.State, error) {
	if code := congress.State(strings.ToUpper(strings.ReplaceAll(text, ".", ""))); text == "" || otherRegion(code) {
		return code, nil
	}
	s, err := congress.ParseState(text)
	if err != nil {
		return "", fmt.Errorf("%q is no state: write its two letters, such as AZ, or its full name", text)
	}
	return s, nil
}

func withError(notes []string, err error) []string {
	if err != nil {
		return append(notes, err.Error())
	}
	return notes
}
