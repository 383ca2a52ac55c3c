package postal_test

import (
	"testing"

	"github.com/franklin-letters/franklin/congress/postal"
)

func TestParseReadsAStreetWithItsNumber(t *testing.T) {
	t.Parallel()
	got := postal.Parse("123 N. Main St")
	if got.Kind != postal.KindStreet || !got.HasNumber || got.Number.Value != 123 || got.Street != postal.ParseStreet("N Main St") {
		t.Errorf("Parse = %+v", got)
	}
	if got.Street.String() != "N MAIN ST" {
		t.Errorf("String = %q", got.Street)
	}
}
