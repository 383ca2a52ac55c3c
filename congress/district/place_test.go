package district_test

import (
	"math"
	"testing"

	"github.com/franklin-letters/franklin/congress/district"
)

func TestPlace(t *testing.T) {
	l, err := district.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	p, ok := l.Place("85281-1234")
	if !ok || p.Name != "Tempe" || !p.Area || !p.HasPoint || math.Abs(p.Lat-33.43) > 0.1 || math.Abs(p.Lon+111.93) > 0.1 {
		t.Errorf("85281: %+v, %t", p, ok)
	}
	for _, zip := range []string{"00000", "99999", "8528", "", "x"} {
		if p, ok := l.Place(zip); ok || p.HasPoint {
			t.Errorf("%q: %+v", zip, p)
		}
	}
}
