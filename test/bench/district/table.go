package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// print writes the one table.
func (c *contest) print(out io.Writer) error {
	if _, err := fmt.Fprintf(out, "Points in districts: %d populated places with 2 km of jitter, %d points 2 to 50 m beside lines, %d anywhere.\n\n", c.Points, c.Points, c.Points); err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	lines := []string{"\t" + strings.Join(kinds[:], "/s\t") + "/s\tpopulated/CPU s\tp50\tp99\tready\tMB\tdifferent\tFranklin is\tby CPU time\t"}
	for _, r := range c.Results {
		line := fmt.Sprintf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%.0f\t%d\t", r.Name,
			thousands(r.PerSecond[0]), thousands(r.PerSecond[1]), thousands(r.PerSecond[2]), thousands(r.PerCPUSecond),
			short(r.P50), short(r.P99), short(r.Ready), r.Megabytes, r.Different)
		if r != c.Results[0] {
			line += fmt.Sprintf("%.0f x\t%.0f x", r.Ratio, r.CPURatio)
		} else {
			line += "\t"
		}
		lines = append(lines, line+"\t")
	}
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return w.Flush()
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
