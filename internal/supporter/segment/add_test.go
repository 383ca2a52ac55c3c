package segment_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/dbtest"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// drawn makes up new people who did not act yet.
func (w *world) drawn(n int) []*one {
	people := make([]*one, n)
	for i := range people {
		people[i] = w.draw(uuid.Must(uuid.NewV7()).String())
		people[i].acts = nil
	}
	return people
}

// bring writes new people as an import does.
func (w *world) bring(people []*one) {
	w.Helper()
	w.write(people, func(ctx context.Context, tx *db.Tx) error { return segment.Add(ctx, tx, newcomers(people)) })
}

func newcomers(people []*one) []segment.Newcomer {
	var all []segment.Newcomer
	for _, p := range people {
		n := segment.Newcomer{ID: p.id, State: p.state, Seat: p.seat, ZIP: p.zip, Lang: p.lang, Source: p.source, Tags: p.tags}
		if !p.joined.IsZero() {
			n.List, n.Since = "updates", stamp.Of(p.joined)
		}
		all = append(all, n)
	}
	return all
}

// waiting is how many changes wait to be folded in.
func (w *world) waiting() int64 {
	w.Helper()
	n, err := w.people.Waiting(w.Context(), 1000)
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// Many new people count without being folded in. When others stand among them in a block
// already, or when they are few, they wait, and count all the same.
func TestNewPeopleNeedNoFolding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		check := func(when string) {
			t.Helper()
			for _, f := range filters() {
				w.check(when, f)
			}
		}
		bring := func(when string, people []*one, waiting int64) {
			t.Helper()
			w.bring(people)
			w.know(people)
			if n := w.waiting(); n != waiting {
				t.Errorf("%s: %d wait, not %d", when, n, waiting)
			}
			check(when)
		}
		bring("the first", w.drawn(20), 0)
		w.put(w.draw(w.anybody()))
		check("one of them changed")
		w.fold()
		bring("more", w.drawn(9), 0)
		early := w.drawn(12)
		w.put(early[3], early[7])
		bring("others wait among them", slices.Concat(early[:3], early[4:7], early[8:]), 2)
		w.fold()
		check("folded")
		early, late := w.drawn(12), w.drawn(12)
		bring("the later ones first", late, 0)
		bring("then the earlier ones", early, 0)
		early = w.drawn(12)
		w.put(early[3], early[7])
		w.fold()
		bring("others are folded in among them", slices.Concat(early[:3], early[4:7], early[8:]), 10)
		bring("too few", w.drawn(1), 11)
		w.fold()
		check("folded again")
		for range 10 {
			w.put(w.draw(w.anybody()))
			w.forget(w.anybody())
		}
		check("some changed")
		w.fold()
		check("and were folded in")
	})
}

// People whose ids lie among each other's may be new in transactions that run at once.
func TestNewPeopleOfTransactionsAtOnce(t *testing.T) {
	w := newWorld(t, dbtest.Postgres(t))
	w.add(10)
	w.fold()
	const together = 4
	people := w.drawn(together * 20)
	var written, wg sync.WaitGroup
	written.Add(together)
	for turn := range together {
		wg.Go(func() {
			var own []*one
			for i := turn; i < len(people); i += together {
				own = append(own, people[i])
			}
			w.write(own, func(ctx context.Context, tx *db.Tx) error {
				written.Done()
				written.Wait()
				return segment.Add(ctx, tx, newcomers(own))
			})
		})
	}
	wg.Wait()
	w.know(people)
	if n := w.waiting(); n != (together-1)*20 {
		t.Errorf("%d people wait, not those of all transactions but the first", n)
	}
	for _, f := range filters() {
		w.check("at once", f)
	}
	w.fold()
	for _, f := range filters() {
		w.check("folded", f)
	}
}
