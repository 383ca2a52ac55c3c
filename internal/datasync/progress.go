package datasync

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Progress is told how the work goes on.
type Progress interface {
	// Say tells one thing, in a line.
	Say(line string)
	// Begin starts a file of so many bytes, -1 when unknown, of which some are there.
	Begin(name string, total, have int64)
	// Add tells of bytes that came.
	Add(n int64)
	// End tells that the file has come, or why not.
	End(err error)
}

// Lines tells in plain lines, one a file, for logs.
type Lines struct {
	Out io.Writer

	name string
	have int64
}

// Say writes the line.
func (l *Lines) Say(line string) { _, _ = fmt.Fprintln(l.Out, line) }

// Begin remembers the name.
func (l *Lines) Begin(name string, _, have int64) { l.name, l.have = name, have }

// Add counts.
func (l *Lines) Add(n int64) { l.have += n }

// End writes the line of the file. Why a file did not come is told by whoever decides
// what to do about it.
func (l *Lines) End(err error) {
	if err == nil {
		l.Say(fmt.Sprintf("fetched %s, %s", l.name, size(l.have)))
	}
}

// Bars draws a bar for the file that is coming, for terminals.
type Bars struct {
	Out   io.Writer
	Clock func() time.Time

	name        string
	total, have int64
	drawn       time.Time
}

// barWidth fits, with the name and the numbers, on a line of 80 characters.
const barWidth = 24

// Say writes the line above the bar.
func (b *Bars) Say(line string) { _, _ = fmt.Fprintf(b.Out, "\r\x1b[K%s\n", line) }

// Begin draws the bar.
func (b *Bars) Begin(name string, total, have int64) {
	b.name, b.total, b.have = name, total, have
	b.draw()
}

// Add draws the bar anew, ten times a second at most.
func (b *Bars) Add(n int64) {
	b.have += n
	if now := b.Clock(); now.Sub(b.drawn) >= 100*time.Millisecond {
		b.drawn = now
		b.draw()
	}
}

// End leaves a line for the file, or wipes the bar.
func (b *Bars) End(err error) {
	if err != nil {
		_, _ = fmt.Fprint(b.Out, "\r\x1b[K")
		return
	}
	b.total = b.have
	b.draw()
	_, _ = fmt.Fprintln(b.Out)
}

func (b *Bars) draw() {
	full := 0
	if b.total > 0 {
		full = int(min(b.have*barWidth/b.total, barWidth))
	}
	numbers := size(b.have)
	if b.total > b.have {
		numbers += " of " + size(b.total)
	}
	_, _ = fmt.Fprintf(b.Out, "\r\x1b[K%-30.30s [%s%s] %s", b.name, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), numbers)
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1_000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1_000_000_000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
