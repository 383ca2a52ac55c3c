package postal

import (
	"slices"
	"strings"
)

// Suffixes is how many codes there are, 0 included.
const Suffixes = len(suffixes)

// Spellings returns every spelling of a suffix, the abbreviation first, and of these the
// ones that mean the same word inside a name.
func (s Suffix) Spellings() (all, same []string) {
	row := suffixes[s]
	same = strings.Fields(row.short + " " + row.word + " " + row.spellings)
	return append(slices.Clip(same), strings.Fields(row.own)...), same
}
