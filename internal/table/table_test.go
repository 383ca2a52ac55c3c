package table_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/franklin-letters/franklin/internal/table"
)

// TestRowsDoNotTouchEachOther: all rows go through one parser, and each comes out as it does
// when it stands alone, also behind one with stray quotes.
func TestRowsDoNotTouchEachOther(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Each ends all the cells that it begins with a quote, so none reaches into the next line.
		lines := rapid.SliceOfN(rapid.StringMatching(`("[a,]{0,3}"|"a""a"|a"?a|a""|)(,("[a,]{0,3}"|a"a))*`), 1, 6).Draw(t, "lines")
		var alone [][]string
		for _, line := range lines {
			alone = append(alone, rows(t, line)...)
		}
		if got := rows(t, lines...); !slices.EqualFunc(got, alone, slices.Equal) {
			t.Fatalf("%q are read as %q, alone as %q", lines, got, alone)
		}
	})
}

// rows reads lines of a table of two columns.
func rows(t *rapid.T, lines ...string) (all [][]string) {
	r, err := table.New(strings.NewReader("a,b\n" + strings.Join(lines, "\n") + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	for {
		cells, err := r.Next()
		if errors.Is(err, io.EOF) && cells == nil {
			return all[1:]
		}
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		all = append(all, cells)
	}
}
