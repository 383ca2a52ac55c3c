package postal_test

import (
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

func BenchmarkParse(b *testing.B) {
	for name, line := range map[string]string{
		"plain":   "123 Main St",
		"usual":   "1498 N. Maple Grove Avenue, Apt 4",
		"highway": "5310 US Highway 89 N",
		"box":     "P.O. Box 401",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				postal.Parse(line)
			}
		})
	}
}

func BenchmarkParseStreet(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		postal.ParseStreet("N Maple Grove Ave")
	}
}

func BenchmarkParseNumber(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		postal.ParseNumber("117-01")
	}
}
