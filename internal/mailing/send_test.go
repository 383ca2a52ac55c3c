package mailing_test

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/mailing"
)

// TestEverybodyGetsItOnce from the draft to the end, each in their language.
func TestEverybodyGetsItOnce(t *testing.T) {
	people := 1200
	if testing.Short() {
		people = 550 // more than are written down at once
	}
	onBoth(t, func(w *world) {
		w.people(people, func(i int, p *person) {
			if i == 7 {
				p.lang, p.first = "es", "José"
			}
		})
		w.run(nil)
		m := w.start(news)
		w.state(m, mailing.Done)
		got := w.got()
		if len(got) != people {
			w.Errorf("%d people got it", len(got))
		}
		for to, n := range got {
			if n != 1 {
				w.Errorf("%s got it %d times", to, n)
			}
		}
		if n := w.numbers(m); n.Queued != int64(people) || n.Sent != int64(people) || n.Delivered != int64(people) || n.InLine != 0 {
			w.Errorf("%+v", n)
		}
	})
}
