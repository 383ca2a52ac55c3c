package peoplefile

import (
	"encoding/csv"
	"fmt"
	"io"
	"time"
)

// Agreed is a person as they are handed on to a partner: what they agreed that it gets, and
// the consent by which it does.
type Agreed struct {
	Email, First, Last, ZIP string

	Words     string // beside the box
	Lang      string // of the page
	Page      string
	Given     time.Time
	Confirmed time.Time
}

// AgreedCSV writes people for a partner, as a table without formulas.
type AgreedCSV struct{ out *csv.Writer }

// NewAgreedCSV begins a table with the names of its columns.
func NewAgreedCSV(out io.Writer) (AgreedCSV, error) {
	w := AgreedCSV{csv.NewWriter(out)}
	return w, w.row("email", "first_name", "last_name", "zip", "consent_words", "consent_language", "consent_page", "consent_given", "consent_confirmed")
}

// Write writes people.
func (w AgreedCSV) Write(people []Agreed) error {
	for _, p := range people {
		err := w.row(p.Email, p.First, p.Last, p.ZIP, p.Words, p.Lang, p.Page, p.Given.UTC().Format(time.RFC3339), p.Confirmed.UTC().Format(time.RFC3339))
		if err != nil {
			return err
		}
	}
	return nil
}

func (w AgreedCSV) row(cells ...string) error {
	for i := range cells {
		cells[i] = Guarded(cells[i])
	}
	if err := w.out.Write(cells); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// Close writes what waits.
func (w AgreedCSV) Close() error {
	w.out.Flush()
	return w.out.Error()
}
