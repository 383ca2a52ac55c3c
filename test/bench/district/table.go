package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// layout writes rows of cells, the first of which are headings.
type layout func(out io.Writer, rows [][]string) error

// aligned is for a screen.
func aligned(out io.Writer, rows [][]string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range rows {
		if _, err := fmt.Fprintln(w, strings.Join(row, "\t")+"\t"); err != nil {
			return err
		}
	}
	return w.Flush()
}

// markdown is for a document.
func markdown(out io.Writer, rows [][]string) error {
	for i, row := range rows {
		if _, err := fmt.Fprintf(out, "| %s |\n", strings.Join(row, " | ")); err != nil {
			return err
		}
		if i > 0 {
			continue
		}
		if _, err := fmt.Fprintln(out, "|---"+strings.Repeat("|---:", len(row)-1)+"|"); err != nil {
			return err
		}
	}
	return nil
}

// report is what one run measured.
type report struct {
	Points  *contest       `json:"points,omitempty"`
	Streets *streetContest `json:"streets,omitempty"`
}

// print writes the tables and the notes under them.
func (r *report) print(out io.Writer, write layout) error {
	if c := r.Points; c != nil {
		if err := c.print(out, write); err != nil {
			return err
		}
	}
	if s := r.Streets; s != nil {
		return s.print(out, write)
	}
	return nil
}

// print writes the part about points.
func (c *contest) print(out io.Writer, write layout) error {
	return section(out, write, fmt.Sprintf("Points in districts: %s populated places with 2 km of jitter, as many points 2 to 50 m beside lines, as many anywhere.", thousands(float64(c.Points))),
		rowsOf(kinds[:], c.Results), append([]string{
			"Everybody gets the same points. Few points asked again and again stay in the caches of the processor, hence the second line; the bars of rate and p99 apply to that one.",
			fmt.Sprintf("Franklin is ready after %s of processor time.", short(c.Results[0].ReadyCPU)),
		}, c.Notes...))
}

// print writes the part about addresses.
func (s *streetContest) print(out io.Writer, write layout) error {
	return section(out, write, fmt.Sprintf("\nAddresses on an invented table of %s rows: %s of each kind, as people type them; databases are given the key, and the first %s.",
		thousands(float64(s.Rows)), thousands(float64(s.Addresses)), thousands(fewAddresses)),
		rowsOf(streetKinds[:], s.Results), []string{fmt.Sprintf("Compiling took %s of processor time; the files have %.1f MB.", short(s.Results[0].ReadyCPU), s.Megabytes)})
}

// section writes a table between a heading and notes.
func section(out io.Writer, write layout, heading string, rows [][]string, notes []string) error {
	if _, err := fmt.Fprintf(out, "%s\n\n", heading); err != nil {
		return err
	}
	if err := write(out, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%s\n", strings.Join(notes, "\n"))
	return err
}

// rowsOf are the cells of a table.
func rowsOf(kinds []string, results []*result) [][]string {
	head := []string{""}
	for _, kind := range kinds {
		head = append(head, kind+"/s")
	}
	rows := [][]string{append(head, kinds[0]+"/CPU s", "p50", "p99", "ready", "MB", "different", "Franklin is", "by CPU time")}
	for _, r := range results {
		row := []string{r.Name}
		for _, rate := range r.PerSecond {
			row = append(row, thousands(rate))
		}
		wrong := strings.Trim(strings.ReplaceAll(fmt.Sprint(r.Different), " ", " / "), "[]")
		row = append(row, thousands(r.PerCPUSecond), short(r.P50), short(r.P99), short(r.Ready), fmt.Sprintf("%.0f", r.Megabytes), wrong)
		if r.Ratio == 0 {
			row = append(row, "", "")
		} else {
			row = append(row, times(r.Ratio), times(r.CPURatio))
		}
		rows = append(rows, row)
	}
	return rows
}

// thousands writes a rate with commas, and none for one that was not measured.
func thousands(rate float64) string {
	if rate == 0 {
		return "-"
	}
	digits := fmt.Sprintf("%.0f", rate)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// times writes a ratio.
func times(ratio float64) string {
	if ratio < 10 {
		return fmt.Sprintf("%.1f x", ratio)
	}
	return thousands(ratio) + " x"
}

// short writes a time with three digits at most.
func short(d time.Duration) string {
	switch {
	case d == 0:
		return "-"
	case d < 10*time.Microsecond:
		return d.String()
	case d < 10*time.Millisecond:
		return d.Round(time.Microsecond).String()
	case d > 10*time.Second:
		return d.Round(100 * time.Millisecond).String()
	default:
		return d.Round(time.Millisecond).String()
	}
}
