package app_test

import (
	"context"
	"testing"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/supporter"
)

// TestFromViewToLetterToList: what came from a source is counted from the look at the page to
// the tick of the list, and what was counted is written down when the program ends.
func TestFromViewToLetterToList(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, database string) {
		w := build(t, database)
		p := w.start()
		for range 3 {
			p.read(p.URL() + "/c/loophole?utm_source=facebook")
		}
		p.read(p.URL() + "/c/loophole")
		form := typed("join", "on")
		form.Set("key", form.Get("key")+"~facebook")
		p.send(form)
		if err := p.stop(); err != nil {
			t.Fatal(err)
		}
		office, err := app.OpenBackOffice(t.Context(), w.settings, w.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = office.Close(context.WithoutCancel(t.Context())) }()
		sources, err := office.Desk.People.Sources(t.Context(), "")
		want := []supporter.SourceCount{{Source: "facebook", Views: 3, Letters: 1, Joined: 1}, {Views: 1}}
		if err != nil || len(sources) != 2 || sources[0] != want[0] || sources[1] != want[1] {
			t.Errorf("%+v, %v", sources, err)
		}
	})
}
