package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// result is one line of the report: a rate, or a ratio of two rates of the same run.
type result struct {
	Name   string    `json:"name"`
	Value  float64   `json:"value"`
	Unit   string    `json:"unit"` // "/s" or "x"
	Rounds []float64 `json:"rounds,omitempty"`
	P50    float64   `json:"p50_ms,omitempty"`
	P99    float64   `json:"p99_ms,omitempty"`
	// Busy is the processor time of the serving process for each answer, which other work on
	// the machine hardly changes.
	Busy   float64 `json:"cpu_us,omitempty"`
	Target float64 `json:"target,omitempty"` // the least a ratio must be
	Met    *bool   `json:"met,omitempty"`
}

// series collects the rounds of one measurement.
type series struct {
	name  string
	rates []float64
	p50   []float64
	p99   []float64
	all   int     // answers, with those of the warm-ups
	busy  float64 // processor time each, in microseconds
}

func (s *series) add(r loadResult) {
	s.rates = append(s.rates, r.perSecond())
	s.p50 = append(s.p50, milliseconds(r.P50))
	s.p99 = append(s.p99, milliseconds(r.P99))
	s.all += r.All
}

func (s *series) result() result {
	return result{Name: s.name, Value: median(s.rates), Unit: "/s", Rounds: s.rates, P50: median(s.p50), P99: median(s.p99), Busy: s.busy}
}

// ratio compares a series with the slower of its references, round by round, and returns
// the median of the rounds.
func ratio(name string, target float64, measured *series, references ...*series) result {
	r := result{Name: name, Unit: "x", Target: target, Rounds: make([]float64, len(measured.rates))}
	for i, rate := range measured.rates {
		slower := references[0].rates[i]
		for _, other := range references[1:] {
			slower = min(slower, other.rates[i])
		}
		r.Rounds[i] = rate / slower
	}
	r.Value = median(r.Rounds)
	met := r.Value >= target
	r.Met = &met
	return r
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// median is the middle value, or the mean of the two in the middle; 0 for none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[middle-1] + sorted[middle]) / 2
	}
	return sorted[middle]
}

// section is a heading with its lines.
type section struct {
	Title string   `json:"title"`
	Lines []result `json:"lines"`
}

func (s section) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", s.Title)
	for _, l := range s.Lines {
		fmt.Fprintf(w, "  %-58s %s\n", l.Name, l.text())
	}
}

// missed names the targets that were not met.
func (s section) missed() []string {
	var names []string
	for _, l := range s.Lines {
		if l.Met != nil && !*l.Met {
			names = append(names, l.Name)
		}
	}
	return names
}

func (l result) text() string {
	if l.Unit == "x" {
		verdict := ""
		if l.Met != nil {
			verdict = map[bool]string{true: "met", false: "MISSED"}[*l.Met]
		}
		return fmt.Sprintf("%9.2f x   target %.2f  %s  (rounds %.2f to %.2f)", l.Value, l.Target, verdict, slices.Min(l.Rounds), slices.Max(l.Rounds))
	}
	text := fmt.Sprintf("%9.0f %s", l.Value, l.Unit)
	if l.Busy > 0 {
		text += fmt.Sprintf("  cpu %4.0f us", l.Busy)
	}
	if l.P99 > 0 {
		text += fmt.Sprintf("  p50 %6.2f ms  p99 %6.2f ms", l.P50, l.P99)
	}
	return text
}
