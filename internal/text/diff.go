package text

import (
	"regexp"
	"slices"
	"strings"
)

// Change is a run of words that two texts share or that only one of them has.
type Change struct {
	Kind Kind
	Text string // with the white space that followed its words
}

// Kind says which of two texts a run of words stands in.
type Kind string

// The kinds of a run.
const (
	Same    Kind = "same"
	Removed Kind = "removed" // only in the first text
	Added   Kind = "added"   // only in the second
)

// word is a run of other characters than white space with the white space behind it.
var word = regexp.MustCompile(`\S+\s*|^\s+`)

// maxDiff bounds the table of Diff: two letters of the greatest length have about 2,000
// words each. Beyond it the texts count as wholly different.
const maxDiff = 25_000_000

// Diff returns the runs of words that turn one text into the other, by the longest common
// run of words. Words are equal when they differ in the white space behind them only.
// Joining the texts of all but the Added runs gives the words of the first text, of all
// but the Removed ones the second.
func Diff(before, after string) []Change {
	a, b := word.FindAllString(before, -1), word.FindAllString(after, -1)
	head := 0
	for head < len(a) && head < len(b) && same(a[head], b[head]) {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && same(a[len(a)-1-tail], b[len(b)-1-tail]) {
		tail++
	}
	var d differ
	d.add(Same, b[:head]...)
	d.middle(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(Same, b[len(b)-tail:]...)
	return d.changes
}

func same(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

type differ struct{ changes []Change }

func (d *differ) add(kind Kind, words ...string) {
	for _, w := range words {
		if n := len(d.changes); n > 0 && d.changes[n-1].Kind == kind {
			d.changes[n-1].Text += w
			continue
		}
		d.changes = append(d.changes, Change{kind, w})
	}
}

// middle finds the longest common run of what differs at both ends.
func (d *differ) middle(a, b []string) {
	if len(a)*len(b) > maxDiff {
		d.add(Removed, a...)
		d.add(Added, b...)
		return
	}
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width) // of a[i:] and b[j:]
	for i, mine := range slices.Backward(a) {
		for j, yours := range slices.Backward(b) {
			if same(mine, yours) {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case same(a[i], b[j]):
			d.add(Same, b[j])
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			d.add(Removed, a[i])
			i++
		default:
			d.add(Added, b[j])
			j++
		}
	}
	d.add(Removed, a[i:]...)
	d.add(Added, b[j:]...)
}
