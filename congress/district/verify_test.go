//go:build verify

package district

import (
	"math/rand/v2"
	"testing"
)

// TestVerifyIndex is the full comparison with brute force, which takes a quarter of an
// hour or more:
//
//	go test -tags verify -run Verify -timeout 3h ./congress/district
//
// A million points 2 to 50 m beside district lines are asked of orb, and five million,
// half of them beside lines, of rays over all edges. None may differ.
func TestVerifyIndex(t *testing.T) {
	ls := embeddedLines(t)
	index := newAtlas(ls)
	locator, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("5,000,000 points by rays", func(t *testing.T) {
		random := rand.New(rand.NewPCG(119, 3))
		bruteForce := newRays(t, ls).at
		for range 10 {
			compare(t, index, bruteForce, nearLines(ls, 250_000, random))
			compare(t, index, bruteForce, populated(locator, 125_000, random))
			compare(t, index, bruteForce, uniform(125_000, random))
		}
	})
	t.Run("1,000,000 points near lines by orb", func(t *testing.T) {
		random := rand.New(rand.NewPCG(119, 4))
		compare(t, index, newOracle(t, ls).at, nearLines(ls, 1_000_000, random))
	})
}
