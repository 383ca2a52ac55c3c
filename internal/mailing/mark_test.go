package mailing_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/mailing"
)

var otherNews = strings.Replace(news, "Hello", "Goodbye", 1)

// TestNothingStartsThatWasChanged: neither now nor at a moment, however short ago it was changed.
func TestNothingStartsThatWasChanged(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(1, nil)
		old := w.draft(news)
		now := w.draft(otherNews)
		if err := w.store.Start(w.Context(), old, "ada"); !errors.Is(err, mailing.ErrMoved) {
			w.Errorf("start: %v", err)
		}
		if err := w.store.Schedule(w.Context(), old, w.clock.now().Add(time.Hour), "ada"); !errors.Is(err, mailing.ErrMoved) {
			w.Errorf("schedule: %v", err)
		}
		w.state(old, mailing.Draft)
		if err := w.store.Start(w.Context(), now, "ada"); err != nil {
			w.Error(err)
		}
	})
}

// TestChangesWhileItStarts: what begins says what its sender saw, whoever is quicker.
func TestChangesWhileItStarts(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(1, nil)
		for n := range 10 {
			name := "name: news-" + string(rune('a'+n))
			m := w.draft(strings.Replace(news, "name: news", name, 1))
			var both sync.WaitGroup
			both.Go(func() {
				_, _, err := w.store.Apply(w.Context(), []byte(strings.Replace(otherNews, "name: news", name, 1)), "bob")
				if err != nil && !errors.Is(err, mailing.ErrState) {
					w.Error(err)
				}
			})
			both.Go(func() {
				if err := w.store.Start(w.Context(), m, "ada"); err != nil && !errors.Is(err, mailing.ErrMoved) {
					w.Error(err)
				}
			})
			both.Wait()
			after, err := w.store.Find(w.Context(), m.Name)
			if err != nil || after.State == string(mailing.Sending) && after.Source != m.Source {
				w.Errorf("%s is %s, %v:\n%s", m.Name, after.State, err, after.Source)
			}
		}
	})
}

// named is an audience whose words change, as a saved segment's do.
type named struct{ words string }

func (n *named) Page(context.Context, string, int) ([]string, error) { return nil, nil }
func (n *named) Count(context.Context) (int64, error)                { return 0, nil }
func (n *named) String() string                                      { return n.words }

// TestMarks: one mailing has the same as long as its text and the meaning of its audience are.
func TestMarks(t *testing.T) {
	onBoth(t, func(w *world) {
		people := &named{"language = en"}
		w.store.Filter = func(context.Context, string) (mailing.Audience, error) { return people, nil }
		mark := func(m mailing.Mailing) string {
			found, err := w.store.Mark(w.Context(), m)
			if err != nil {
				w.Fatal(err)
			}
			return found
		}
		of := func(text string) mailing.Mailing {
			return w.draft(strings.Replace(text, "kind: newsletter", "kind: newsletter\naudience: readers", 1))
		}
		first := mark(of(news))
		if other := mark(of(otherNews)); other == first {
			w.Error("another text has the same mark")
		}
		if again := mark(of(news)); again != first {
			w.Error("the same text has another mark")
		}
		people.words = "language = es"
		if other := mark(of(news)); other == first {
			w.Error("another meaning of the audience has the same mark")
		}
	})
}

// TestCountingKeepsNobodyWaiting: it only reads, so it goes on beside whoever writes.
func TestCountingKeepsNobodyWaiting(t *testing.T) {
	onBoth(t, func(w *world) {
		w.people(3, nil)
		m := w.draft(news)
		w.tx(func(ctx context.Context, _ *db.Tx) error {
			n, err := w.store.Count(ctx, m)
			if n.People != 3 {
				w.Errorf("%+v", n)
			}
			return err
		})
	})
}
