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

// print writes the one table and the notes under it.
func (c *contest) print(out io.Writer, write layout) error {
	if _, err := fmt.Fprintf(out, "Points in districts: %d populated places with 2 km of jitter, %d points 2 to 50 m beside lines, %d anywhere.\n\n", c.Points, c.Points, c.Points); err != nil {
		return err
	}
	if err := write(out, c.rows()); err != nil {
		return err
	}
	notes := append([]string{
		"Everybody gets the same points. Few points asked again and again stay in the caches of the processor, hence the second line; the bars of rate and p99 apply to that one.",
		fmt.Sprintf("Franklin is ready after %s of processor time.", short(c.Results[0].ReadyCPU)),
	}, c.Notes...)
	_, err := fmt.Fprintf(out, "\n%s\n", strings.Join(notes, "\n"))
	return err
}

// rows are the cells of the table.
func (c *contest) rows() [][]string {
	head := []string{""}
	for _, kind := range kinds {
		head = append(head, kind+"/s")
	}
	rows := [][]string{append(head, "populated/CPU s", "p50", "p99", "ready", "MB", "different", "Franklin is", "by CPU time")}
	for _, r := range c.Results {
		row := []string{r.Name}
		for _, rate := range r.PerSecond {
			row = append(row, thousands(rate))
		}
		wrong := strings.Trim(strings.ReplaceAll(fmt.Sprint(r.Different), " ", " / "), "[]")
		row = append(row, thousands(r.PerCPUSecond), short(r.P50), short(r.P99), short(r.Ready), fmt.Sprintf("%.0f", r.Megabytes), wrong)
		if r.Ratio == 0 {
			row = append(row, "", "")
		} else {
			row = append(row, fmt.Sprintf("%.0f x", r.Ratio), fmt.Sprintf("%.0f x", r.CPURatio))
		}
		rows = append(rows, row)
	}
	return rows
}

// thousands writes a rate with commas.
func thousands(rate float64) string {
	digits := fmt.Sprintf("%.0f", rate)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
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
	default:
		return d.Round(time.Millisecond).String()
	}
}
