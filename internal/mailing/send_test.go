package mailing_test

import (
	"testing"

	"github.com/franklin-letters/franklin/internal/mailing"
)

// TestEverybodyGetsItOnce from the draft to the end, each in their language.
func TestEverybodyGetsItOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(1200, func(i int, p *person) {
			if i == 7 {
				p.lang, p.first = "es", "José"
			}
		})
		w.run(nil)
		m := w.start(news)
		w.state(m, mailing.Done)
		got := w.got()
		if len(got) != 1200 {
			w.Errorf("%d people got it", len(got))
		}
		for to, n := range got {
			if n != 1 {
				w.Errorf("%s got it %d times", to, n)
			}
		}
		if n := w.numbers(m); n.Queued != 1200 || n.Sent != 1200 || n.Delivered != 1200 || n.InLine != 0 {
			w.Errorf("%+v", n)
		}
	})
}
