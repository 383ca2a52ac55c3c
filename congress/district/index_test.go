package district

import (
	"math/rand/v2"
	"testing"
)

func TestIndexEqualsBruteForce(t *testing.T) {
	ls := embeddedLines(t)
	index := newAtlas(ls)
	locator, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("rays", func(t *testing.T) {
		random := rand.New(rand.NewPCG(119, 1))
		bruteForce := newRays(t, ls).at
		compare(t, index, bruteForce, nearLines(ls, 30_000, random))
		compare(t, index, bruteForce, uniform(10_000, random))
		compare(t, index, bruteForce, populated(locator, 10_000, random))
	})
	t.Run("orb", func(t *testing.T) {
		random := rand.New(rand.NewPCG(119, 2))
		points := append(nearLines(ls, 400, random), uniform(400, random)...)
		compare(t, index, newOracle(t, ls).at, points)
	})
}
