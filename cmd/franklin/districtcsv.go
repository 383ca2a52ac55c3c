package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress/district"
	"github.com/franklin-letters/franklin/internal/table"
)

// csvAnswers are the columns added to a table.
var csvAnswers = []string{"district", "basis", "candidates", "plan", "member_bioguide", "note", "plan_from", "plan_to"}

// csvNote is where the note stands among them.
const csvNote = 5

// csvBetween stands between several notes or plans in one cell.
const csvBetween = " | "

// csvFlushRows is how often a reader at the other end sees rows while we work.
const csvFlushRows = 256

// streamCSV copies a table row by row with the answers behind each row. A row that cannot
// be answered says why in its note; only a failed read or write ends the table. Cells
// beyond the header's width stay at the end of their row.
func (f finder) streamCSV(in io.Reader, con console) error {
	rows, err := table.New(in)
	if err != nil {
		return err
	}
	header, err := rows.Next()
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
	columns.decimalComma = rows.Comma != ','
	fmt.Fprintln(con.err, "franklin:", columns)
	if rows.Marked {
		con.print("%s", table.ByteOrderMark)
	}
	writer := csv.NewWriter(con.out)
	writer.Comma = rune(rows.Comma)
	return f.copyRows(rows, writer, header, columns)
}

// copyRows writes what was answered before an error, too.
func (f finder) copyRows(rows *table.Reader, writer *csv.Writer, header []string, columns csvColumns) error {
	err := writer.Write(slices.Concat(header, csvAnswers))
	for n := 1; err == nil; n++ {
		var row []string
		if row, err = rows.Next(); err != nil {
			break
		}
		if len(row) > 0 { // else the line is empty, and stays so
			row = f.fullRow(row, len(header), columns)
		}
		err = writer.Write(row)
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
		refused[csvNote] = "this row has more cells than the header: a comma inside a cell needs quotes"
		return slices.Concat(full, refused, extra)
	}
	return slices.Concat(full, f.csvRow(full, c), extra)
}

// csvRow returns the answers for a row.
func (f finder) csvRow(row []string, c csvColumns) []string {
	cell := func(i int) string {
		if i < 0 || i >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[i])
	}
	result, notes := f.locate(cell, c)
	seat, bioguide := "", ""
	if result.Unique() {
		seat = result.Seat.String()
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
	if result.Split() && len(result.Notes) == 0 {
		notes = append(notes, whySplit(result))
	}
	notes = append(notes, noteTexts(result)...)
	plans := f.plansOf(result)
	notes = append(notes, planNotes(plans, unusual)...)
	name, from, to := describePlans(plans)
	return []string{seat, reachedBy(result), seatList(result), name, bioguide, strings.Join(notes, csvBetween), from, to}
}

// reachedBy names what told the district, and where several are left what they were told by.
func reachedBy(r district.Result) string {
	switch {
	case r.Basis != "" || len(r.Candidates) == 0:
		return string(r.Basis)
	case r.Street != "" || r.Has(district.NoteStreetSplit) || r.Has(district.NoteStreetAmbiguous):
		return string(district.BasisStreet)
	case r.ZIP != "":
		return string(district.BasisZIP)
	}
	return string(district.BasisPoint)
}

// describePlans names the plans, and the span in which all of them are in force.
func describePlans(plans []district.Plan) (names, from, to string) {
	if len(plans) == 0 {
		return "", "", ""
	}
	all, first, last := make([]string, len(plans)), plans[0].From, plans[0].To
	for i, p := range plans {
		all[i] = p.String()
		if p.From.After(first) {
			first = p.From
		}
		if p.To.Before(last) {
			last = p.To
		}
	}
	return strings.Join(all, csvBetween), first.Format(time.RFC3339), last.Format(time.RFC3339)
}
