package peoplefile

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/congress"
)

// Record is a person as they are written into a file.
type Record struct {
	Person

	ID       string
	District string    // House seat, as "TX-07"
	Joined   time.Time // zero for who is not on the list
	Created  time.Time
}

// Writer writes people. Close ends the file.
type Writer interface {
	Write(people []Record) error
	Close() error
}

// subscribed is the status of who is on the list.
const subscribed = "subscribed"

func (r Record) status() string {
	if r.Status == Fine {
		return subscribed
	}
	return string(r.Status)
}

// NewCSV writes a table with a column for each of the organisation's own fields. No cell of it
// is taken for a formula by a spreadsheet.
func NewCSV(out io.Writer, custom []string) Writer {
	return &csvWriter{csv.NewWriter(out), custom, false}
}

type csvWriter struct {
	*csv.Writer

	custom []string
	begun  bool
}

// Write writes people, and the names of the columns before the first.
func (w *csvWriter) Write(people []Record) error {
	if err := w.begin(); err != nil {
		return err
	}
	for _, p := range people {
		row := []string{
			p.Email, p.First, p.Last, p.State, p.District, p.ZIP, p.Lang, p.Source, strings.Join(p.Tags, ";"), p.status(), date(p.Joined), date(p.Created), p.ID,
		}
		for _, name := range w.custom {
			row = append(row, p.Custom[name])
		}
		for i := range row {
			row[i] = Guarded(row[i])
		}
		if err := w.Writer.Write(row); err != nil {
			return fmt.Errorf("write the table: %w", err)
		}
	}
	return nil
}

func (w *csvWriter) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	header := []string{"email", "first_name", "last_name", "state", "district", "zip", "language", "source", "tags", "status", "joined", "created", "id"}
	for _, name := range w.custom {
		header = append(header, Guarded(name))
	}
	return w.Writer.Write(header)
}

// Close writes what waits. A table without people has its columns' names.
func (w *csvWriter) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	w.Flush()
	return w.Error()
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// NewJSON writes a list of people as OSDI writes them.
func NewJSON(out io.Writer) Writer { return &jsonWriter{out: out} }

type jsonWriter struct {
	out io.Writer
	n   int
}

// osdiRecord is a person as OSDI writes them.
type osdiRecord struct {
	Identifiers []string          `json:"identifiers"`
	Created     string            `json:"created_date"`
	Given       string            `json:"given_name,omitempty"`
	Family      string            `json:"family_name,omitempty"`
	Language    string            `json:"preferred_language,omitempty"`
	Source      string            `json:"source,omitempty"`
	Custom      map[string]string `json:"custom_fields,omitempty"`
	Emails      []osdiEmail       `json:"email_addresses"`
	Postal      []osdiPostal      `json:"postal_addresses,omitempty"`
	Divisions   []osdiDivisions   `json:"division_info,omitempty"`
	Tags        []string          `json:"tags,omitempty"`
}

type osdiDivisions struct {
	Name      string         `json:"name"`
	Divisions []osdiDivision `json:"divisions"`
}

type osdiDivision struct {
	Name string `json:"name"`
	OCD  string `json:"ocd_id"`
}

// statuses in OSDI's words.
var osdiStatuses = map[Status]string{Fine: subscribed, Unsubscribed: "unsubscribed", Bounced: "bouncing", Complained: "spam complaints", Outside: string(Outside)}

// Write writes people.
func (w *jsonWriter) Write(people []Record) error {
	for _, p := range people {
		text, err := json.Marshal(osdiOf(p))
		if err != nil {
			return fmt.Errorf("write a person: %w", err)
		}
		between := ",\n"
		if w.n == 0 {
			between = "[\n"
		}
		w.n++
		if _, err := fmt.Fprintf(w.out, "%s%s", between, text); err != nil {
			return fmt.Errorf("write a person: %w", err)
		}
	}
	return nil
}

// Close ends the list.
func (w *jsonWriter) Close() error {
	end := "\n]\n"
	if w.n == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(w.out, end)
	return err
}

func osdiOf(p Record) osdiRecord {
	r := osdiRecord{
		Identifiers: []string{"franklin:" + p.ID}, Created: p.Created.UTC().Format(time.RFC3339),
		Given: p.First, Family: p.Last, Language: p.Lang, Source: p.Source, Custom: p.Custom, Tags: p.Tags,
		Emails: []osdiEmail{{true, p.Email, osdiStatuses[p.Status]}},
	}
	if p.State != "" || p.ZIP != "" {
		r.Postal = []osdiPostal{{true, p.State, p.ZIP, "US"}}
	}
	if seat, err := congress.ParseSeat(p.District); err == nil {
		state := "ocd-division/country:us/state:" + strings.ToLower(string(seat.State))
		if seat.District > 0 {
			state += fmt.Sprintf("/cd:%d", seat.District)
		}
		r.Divisions = []osdiDivisions{{"Congress", []osdiDivision{{p.District, state}}}}
	}
	return r
}
