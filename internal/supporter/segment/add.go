package segment

import (
	"context"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
)

// Newcomer is somebody new, with all that people are chosen by.
type Newcomer struct {
	ID, State, Seat, ZIP, Lang, Source string
	// List is the one on which they are since a moment; none when it is empty.
	List  string
	Since stamp.Time
	Tags  []string
}

// Add makes a block of people in the transaction in which they are new: nobody need read them
// again to fold them in. Few people, or some among whom others stand in a block already, are
// noted as changed instead. Call it last, because others who add or fold wait from then on
// until the transaction ends.
func Add(ctx context.Context, tx *db.Tx, people []Newcomer) error {
	slices.SortFunc(people, func(a, b Newcomer) int { return strings.Compare(a.ID, b.ID) })
	if len(people) < blockPeople/3 {
		return note(ctx, tx, people)
	}
	if err := tx.HoldSetting(ctx, foldLock); err != nil {
		return err
	}
	start := people[0].ID
	free, err := between(ctx, tx.Queries, start, people[len(people)-1].ID)
	if err != nil {
		return err
	}
	if !free {
		return note(ctx, tx, people)
	}
	p := newPacked()
	for _, one := range people {
		if err := p.join(one); err != nil {
			return err
		}
	}
	return store(ctx, tx, p.rows(start))
}

// note notes people as changed.
func note(ctx context.Context, tx *db.Tx, people []Newcomer) error {
	ids := make([]string, len(people))
	for i, one := range people {
		ids[i] = one.ID
	}
	return Changed(ctx, tx, ids...)
}

// between reports whether the ids from one to another lie between two blocks: none begins among
// them, and the one before holds nobody from there on.
func between(ctx context.Context, q *query.Queries, from, to string) (bool, error) {
	start, until, err := around(ctx, q, to)
	if err != nil || start >= from {
		return false, err
	}
	behind, err := piecesIn(ctx, q, from, until)
	if err != nil || len(behind) > 0 {
		return false, err
	}
	before, err := piecesOf(ctx, q, from)
	if err != nil {
		return false, err
	}
	ids := before.ids()
	return len(ids) == 0 || idAt(ids, len(ids)/16-1) < from, nil
}

// join adds somebody new behind all others.
func (p *packed) join(one Newcomer) error {
	err := p.add(face{ID: one.ID, State: one.State, Seat: one.Seat, Zip: one.ZIP, Lang: one.Lang, Source: one.Source})
	if err != nil {
		return err
	}
	if one.List != "" {
		p.list(one.ID, one.List, one.Since)
	}
	for _, tag := range one.Tags {
		p.mark(one.ID, facetTag+tag)
	}
	return nil
}
