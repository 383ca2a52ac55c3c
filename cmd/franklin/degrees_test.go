package main

import (
	"math"
	"testing"
)

func TestDegrees(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, sides string
		want        float64
		ok          bool
	}{
		{"33.4255", "NS", 33.4255, true},
		{"-111.94", "EW", -111.94, true},
		{"+33.4255", "NS", 33.4255, true},
		{"\u2212111.94", "EW", -111.94, true},
		{"33.4255°", "NS", 33.4255, true},
		{"33.4255° N", "NS", 33.4255, true},
		{"111.94 W", "EW", -111.94, true},
		{"-111.94°", "EW", -111.94, true},
		{"33°25'31.8\"N", "NS", 33.4255, true},
		{"111° 56\u2032 24\u2033 w", "EW", -111.94, true},
		{"33°25.53'N", "NS", 33.4255, true},
		{"-111.94 W", "EW", 0, false}, // is it east?
		{"33.4 E", "NS", 0, false},
		{"33°60'0\"N", "NS", 0, false},
		{"33,4255", "NS", 0, false},
		{"NaN", "NS", 0, false},
		{"", "NS", 0, false},
		{"north", "NS", 0, false},
	} {
		got, ok := degrees(c.text, c.sides)
		if ok != c.ok || ok && math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%q: %g, %t", c.text, got, ok)
		}
	}
}
