package cwc_test

import (
	"strings"
	"testing"

	"github.com/franklin-letters/franklin/congress"
	"github.com/franklin-letters/franklin/congress/cwc"
)

// BenchmarkBuild builds a letter as most are: two pages of plain text under every element.
func BenchmarkBuild(b *testing.B) {
	m := sample()
	m.Letter.OrganizationStatement = strings.Repeat("Please support H.R. 2172. It's time; nobody in custody can consent.\n\n", 20)
	m.Letter.ConstituentMessage = strings.Repeat("I am a nurse in Mesa, and I ask you to support \"H.R. 2172\" & to speak for it.\n", 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cwc.Build(m, congress.House); err != nil {
			b.Fatal(err)
		}
	}
}
