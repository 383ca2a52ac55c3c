package segment

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/franklin-letters/franklin/congress/roster"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// People answers who is in a segment.
type People struct {
	DB        *db.DB
	Campaigns *campaign.Store
	// Roster says who holds which seat, for parties.
	Roster func() (*roster.Roster, error)
	Clock  func() time.Time
}

// last stands behind every id, which begins with a hexadecimal digit.
const last = "g"

// blocksAtOnce is how many blocks are read at once: a few megabytes.
const blocksAtOnce = 64

// Count returns how many people are in the segment now.
func (p *People) Count(ctx context.Context, s Segment) (int64, error) {
	t, err := p.bind(ctx, s.expr)
	if err != nil {
		return 0, err
	}
	var n int64
	err = p.DB.Snapshot(ctx, func(ctx context.Context, q *query.Queries) error {
		w := walk{q: q, test: t}
		n = 0
		return w.from(ctx, "", func(f found) (bool, error) {
			n += int64(f.count())
			return true, nil
		})
	})
	if err != nil {
		return 0, fmt.Errorf("count the people of a segment: %w", err)
	}
	return n, nil
}

// Page returns the ids of the next people of the segment behind an id, in order, at most so
// many. It returns none behind the last. Whoever goes on page by page meets everybody who is
// in the segment all along exactly once.
func (p *People) Page(ctx context.Context, s Segment, after string, most int) ([]string, error) {
	t, err := p.bind(ctx, s.expr)
	if err != nil {
		return nil, err
	}
	return p.page(ctx, t, after, most)
}

// Each calls f with all people of the segment, by pages of at most so many, in the order of
// their ids. Nothing is held open between two pages.
func (p *People) Each(ctx context.Context, s Segment, most int, f func(ids []string) error) error {
	t, err := p.bind(ctx, s.expr)
	if err != nil {
		return err
	}
	for after := ""; ; {
		ids, err := p.page(ctx, t, after, most)
		if err != nil || len(ids) == 0 {
			return err
		}
		if err := f(ids); err != nil {
			return err
		}
		after = ids[len(ids)-1]
	}
}

func (p *People) page(ctx context.Context, t test, after string, most int) (ids []string, err error) {
	err = p.DB.Snapshot(ctx, func(ctx context.Context, q *query.Queries) error {
		ids = nil
		w := walk{q: q, test: t, ids: true, atOnce: 1}
		return w.from(ctx, after, func(f found) (bool, error) {
			ids = append(ids, f.behind(after)...)
			return len(ids) < most, nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("list the people of a segment: %w", err)
	}
	return ids[:min(most, len(ids))], nil
}

// found is what a block and the changes in its range gave.
type found struct {
	members set
	ids     []byte   // of the block's people; only when asked for
	changed []string // who has changed and passes, in order
}

func (f found) count() int { return f.members.count() + len(f.changed) }

// behind returns the ids behind one, in order.
func (f found) behind(after string) []string {
	ids := make([]string, 0, f.count())
	f.members.each(func(i int) bool {
		if id := idAt(f.ids, i); id > after {
			ids = append(ids, id)
		}
		return true
	})
	sorted := len(f.changed) == 0
	for _, id := range f.changed {
		if id > after {
			ids = append(ids, id)
		}
	}
	if !sorted {
		slices.Sort(ids)
	}
	return ids
}

// walk goes over the blocks.
type walk struct {
	q      *query.Queries
	test   test
	ids    bool // the caller wants ids
	atOnce int64
}

// from calls f for each block, beginning with the one in whose range the id lies.
func (w *walk) from(ctx context.Context, id string, f func(found) (bool, error)) error {
	if w.atOnce == 0 {
		w.atOnce = blocksAtOnce
	}
	first, err := w.q.BlockBefore(ctx, id)
	if err != nil {
		return db.Fault(err)
	}
	start := ""
	if len(first) > 0 {
		start = first[0].Start
	}
	for start != last {
		if start, err = w.some(ctx, start, f); err != nil {
			return db.Fault(err)
		}
	}
	return nil
}

// some does the next blocks and returns where to go on.
func (w *walk) some(ctx context.Context, start string, f func(found) (bool, error)) (next string, err error) {
	heads, err := w.q.ListBlocks(ctx, query.ListBlocksParams{After: start, MaxRows: w.atOnce + 1})
	if err != nil {
		return "", err
	}
	next = last
	if int64(len(heads)) > w.atOnce {
		next = heads[w.atOnce].Start
		heads = heads[:w.atOnce]
	}
	if len(heads) == 0 || heads[0].Start != start {
		heads = slices.Insert(heads, 0, query.ListBlocksRow{Start: start}) // what lies before the first block
	}
	facets, err := w.read(ctx, start, next)
	if err != nil {
		return "", err
	}
	now, err := w.changed(ctx, start, next)
	if err != nil {
		return "", err
	}
	ids, err := w.pieces(ctx, start, next, now.all)
	if err != nil {
		return "", err
	}
	for i, h := range heads {
		b := block{int(h.People), map[string][]byte{}}
		for name, of := range facets {
			b.facets[name] = of[h.Start]
		}
		until := end(heads, i, next)
		got, err := w.look(b, ids.in(h.Start, until), now.in(h.Start, until))
		if err != nil {
			return "", err
		}
		if more, err := f(got); err != nil || !more {
			return last, err
		}
	}
	return next, nil
}

// end is where the range of a block ends.
func end(heads []query.ListBlocksRow, i int, next string) string {
	if i+1 < len(heads) {
		return heads[i+1].Start
	}
	return next
}

// needed are the facets that the test reads.
func (w *walk) needed() map[string]bool {
	needed := map[string]bool{}
	w.test.facets(needed)
	return needed
}

// read reads what the test needs of the blocks in a range.
func (w *walk) read(ctx context.Context, start, until string) (map[string]map[string][]byte, error) {
	read := map[string]map[string][]byte{}
	for name := range w.needed() {
		rows, err := w.q.ListFacet(ctx, query.ListFacetParams{Facet: name, FromStart: start, Until: until})
		if err != nil {
			return nil, err
		}
		read[name] = make(map[string][]byte, len(rows))
		for _, r := range rows {
			read[name][r.Start] = r.Data
		}
	}
	return read, nil
}

// changes are the people of a range who changed, in order: all of them, and who of them passes.
type changes struct{ all, pass []string }

// in returns the changes that lie in a range.
func (c changes) in(start, until string) changes {
	part := func(ids []string) []string {
		return ids[sort.SearchStrings(ids, start):sort.SearchStrings(ids, until)]
	}
	return changes{part(c.all), part(c.pass)}
}

// changed looks at those who changed as they are now.
func (w *walk) changed(ctx context.Context, start, until string) (c changes, err error) {
	c.all, err = w.q.ListChanged(ctx, query.ListChangedParams{FromID: start, Until: until})
	for ids := range slices.Chunk(c.all, idsAtOnce) {
		now, err := facesOf(ctx, w.q, ids, w.needed())
		if err != nil {
			return c, err
		}
		pass, err := w.test.of(now.block())
		if err != nil {
			return c, err
		}
		pass.each(func(i int) bool {
			c.pass = append(c.pass, idAt(now.ids, i))
			return true
		})
	}
	return c, err
}

// pieces reads the ids of the people in a range: all when the caller wants them, or else as
// far as it takes them to find who has changed and does not count as their block says.
func (w *walk) pieces(ctx context.Context, start, until string, changed []string) (pieces, error) {
	if w.ids {
		return piecesIn(ctx, w.q, start, until)
	}
	return piecesOf(ctx, w.q, changed...)
}

// look works out who of one block passes, and of those who changed in its range.
func (w *walk) look(b block, ids pieces, now changes) (found, error) {
	members, err := w.test.of(b)
	if err != nil {
		return found{}, err
	}
	f := found{members: members, changed: now.pass}
	if w.ids {
		if f.ids = ids.ids(); len(f.ids) != 16*b.people {
			return found{}, errDamaged
		}
	}
	for _, id := range now.all {
		rest := ids.find(id)
		if rest > b.people {
			return found{}, errDamaged
		}
		if rest > 0 {
			members.drop(b.people - rest)
		}
	}
	return f, nil
}
