package letter_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/letter"
)

// TestAnyPaceIsKept, also one whose tokens do not fall with the beats.
func TestAnyPaceIsKept(t *testing.T) {
	t.Parallel()
	const letters = 2000
	for _, rate := range []float64{0.01, 1, 1.9, 3, 4.9, 4.99, 5, 5.2, 7, 33.333333, 49.7, 50, 60, 399, 400, 5000} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			take, begin := letter.NewPace(rate), time.Unix(0, 0)
			now, looks := begin, 0
			for left := letters; left > 0; looks++ {
				if wait := take(now); wait > 0 {
					now = now.Add(wait)
				} else {
					left--
				}
			}
			want := (letters - 1) / rate
			if took := now.Sub(begin).Seconds(); math.Abs(took-want) > want/1000+0.02 {
				t.Errorf("%d letters took %.3f s instead of %.3f", letters, took, want)
			}
			if looks > 2*letters {
				t.Errorf("it was asked %d times for %d letters", looks, letters)
			}
		})
	}
}

// TestAPauseIsNotMadeUpFor by more than a fifth of a second's letters, or one.
func TestAPauseIsNotMadeUpFor(t *testing.T) {
	t.Parallel()
	for rate, most := range map[float64]int{0.5: 1, 5: 1, 50: 11, 400: 88} {
		take, now := letter.NewPace(rate), time.Unix(0, 0)
		take(now)
		now = now.Add(time.Hour)
		n := 0
		for take(now) == 0 {
			n++
		}
		if n > most {
			t.Errorf("at %v a second %d left at once after a pause, %d may", rate, n, most)
		}
	}
}
