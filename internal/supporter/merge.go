package supporter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Merge makes one person of two, who turned out to be the same: letters, consents, lists and
// tags of the one who goes become those of the one who stays, and who they were is forgotten.
// What keeps mail from either mailbox holds for the one that stays, and who leaves by a link in
// an old mail to the other one leaves with it. It cannot be undone.
func (p *People) Merge(ctx context.Context, kept, gone, who string) error {
	if p.Keys.none() {
		return ErrNoSecret
	}
	if kept == gone {
		return fault.New(fault.Invalid, "these are the same person already")
	}
	err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error { return p.mergeIn(ctx, tx, kept, gone, who) })
	if err != nil {
		return fmt.Errorf("merge two people: %w", err)
	}
	return nil
}

func (p *People) mergeIn(ctx context.Context, tx *db.Tx, kept, gone, who string) error {
	for _, id := range []string{min(kept, gone), max(kept, gone)} { // one order on all nodes
		if _, err := tx.LockSupporter(ctx, id); err != nil {
			return err
		}
	}
	stays, ok, err := person(ctx, tx.Queries, kept)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "there is no person "+kept)
	}
	if err != nil {
		return err
	}
	goes, ok, err := person(ctx, tx.Queries, gone)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "there is no person "+gone)
	}
	if err != nil {
		return err
	}
	if _, err := tx.MoveSubmissions(ctx, query.MoveSubmissionsParams{Kept: kept, Gone: gone}); err != nil {
		return err
	}
	if _, err := tx.MoveConsents(ctx, query.MoveConsentsParams{Kept: kept, Gone: gone}); err != nil {
		return err
	}
	if _, err := tx.MoveSubscriptions(ctx, query.MoveSubscriptionsParams{Kept: kept, Gone: gone}); err != nil {
		return err
	}
	if _, err := tx.MoveTags(ctx, query.MoveTagsParams{Kept: kept, Gone: gone}); err != nil {
		return err
	}
	if _, err := tx.DropSubscriptions(ctx, query.DropSubscriptionsParams{SupporterID: gone, List: string(Everything)}); err != nil {
		return err
	}
	if err := p.inherit(ctx, tx, stays, goes); err != nil {
		return err
	}
	if _, err := tx.MergeSupporter(ctx, query.MergeSupporterParams{Kept: kept, Gone: gone}); err != nil {
		return err
	}
	if _, err := tx.EraseSupporter(ctx, query.EraseSupporterParams{ID: gone, UpdatedAt: stamp.Of(p.Clock())}); err != nil {
		return err
	}
	if _, err := tx.DropTagsOfForgotten(ctx, gone); err != nil {
		return err
	}
	if err := segment.Changed(ctx, tx, kept, gone); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.PersonMerge, Subject: kept, Detail: gone})
}

// Present returns the id that a person has now: since they were merged, that of the one who
// stayed.
func (p *People) Present(ctx context.Context, id string) (string, error) {
	id, err := present(ctx, p.DB.Read(), id)
	if err != nil {
		return "", fmt.Errorf("find who somebody is now: %w", err)
	}
	return id, nil
}

// present is Present in a transaction. Who stayed may have gone later.
func present(ctx context.Context, q *query.Queries, id string) (string, error) {
	for {
		into, err := q.SupporterMergedInto(ctx, id)
		if err = db.Fault(err); fault.Is(err, fault.NotFound) || err == nil && into == "" {
			return id, nil
		}
		if err != nil {
			return "", err
		}
		id = into
	}
}

// inherit keeps from the mailbox that stays what was kept from the other one, and takes the
// person off the lists that either of them left.
func (p *People) inherit(ctx context.Context, tx *db.Tx, stays, goes query.Supporter) error {
	for _, from := range []query.Supporter{stays, goes} {
		for _, hash := range p.Keys.mailboxes(string(from.Email)) {
			rows, err := tx.ListSuppressions(ctx, hash)
			if err != nil {
				return err
			}
			for _, s := range rows {
				who := Link{Supporter: stays.ID, Mailbox: p.Keys.Mailbox(string(stays.Email)), List: List(s.List)}
				if err := p.SuppressIn(ctx, tx, who, Reason(s.Reason), Way(s.Reason)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
