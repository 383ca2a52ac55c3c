package segment

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/google/uuid"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// blockPeople is how many people a block has when it is cut anew. It may grow to twice as many.
// Tests have smaller ones.
var blockPeople = 8192

// foldLock is the row that makes two nodes fold one after the other, and tells when one did.
const foldLock = "people-fold"

// Changed notes, in the caller's transaction, that what people are chosen by has changed:
// they are new, gone, or have another place, language, source, list, tag or act.
func Changed(ctx context.Context, tx *db.Tx, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	change := uuid.Must(uuid.NewV7()).String()
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	rows := make([][]any, len(ids))
	for i, id := range ids {
		rows[i] = []any{id}
	}
	_, err := tx.InsertRows(ctx, db.Insert{Table: "people_changes", Columns: []string{"supporter_id", "change"}, Same: []any{change}}, rows)
	return err
}

// Waiting returns how many changes wait to be folded in, counted up to a bound.
func (p *People) Waiting(ctx context.Context, bound int64) (int64, error) {
	n, err := p.DB.Read().CountChanges(ctx, bound)
	if err != nil {
		return 0, fmt.Errorf("count who has changed: %w", db.Fault(err))
	}
	return n, nil
}

// Fold makes the blocks anew in which people have changed, each in a transaction of its own.
// Answers are the same before and after it; they are only quicker.
func (p *People) Fold(ctx context.Context) error {
	return p.foldAll(ctx, func(time.Duration) {})
}

// foldAll is Fold, and calls rest after each block with the time that it took.
func (p *People) foldAll(ctx context.Context, rest func(took time.Duration)) error {
	for after := ""; after != last; {
		began := p.Clock()
		next, err := p.DB.Read().NextChange(ctx, after)
		if err != nil {
			return fmt.Errorf("look who has changed: %w", db.Fault(err))
		}
		if len(next) == 0 {
			return nil
		}
		err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
			after, err = fold(ctx, tx, next[0], began)
			return err
		})
		if err != nil {
			return fmt.Errorf("fold in who has changed: %w", err)
		}
		rest(p.Clock().Sub(began))
	}
	return nil
}

// fold makes the block anew in whose range an id lies, and returns where its range ends. Of a
// block that has grown too large the rest becomes a block without people: they count as changed
// until its turn comes.
func fold(ctx context.Context, tx *db.Tx, id string, now time.Time) (end string, err error) {
	err = tx.PutSetting(ctx, query.PutSettingParams{Name: foldLock, Value: now.UTC().Format(time.RFC3339)})
	if err != nil {
		return "", err
	}
	start, until, err := around(ctx, tx.Queries, id)
	if err != nil {
		return "", err
	}
	end, err = cut(ctx, tx.Queries, start, until)
	if err != nil {
		return "", err
	}
	if end != until {
		if err := keepBehind(ctx, tx, start, until, end); err != nil {
			return "", err
		}
	}
	// The changes go first: who changes from now on is noted anew.
	if _, err := tx.DropChanges(ctx, query.DropChangesParams{FromID: start, Until: end}); err != nil {
		return "", err
	}
	people, err := faces(ctx, tx.Queries, start, end)
	if err != nil {
		return "", err
	}
	if _, err := tx.DropBlocks(ctx, query.DropBlocksParams{FromStart: start, Until: until}); err != nil {
		return "", err
	}
	rows := people.rows(start)
	if end != until {
		rows = append(rows, []any{facetPlace, end, int64(0), []byte{}})
	}
	return end, store(ctx, tx, rows)
}

// cut returns where a block ends whose people lie in a range: there, unless they are too many.
func cut(ctx context.Context, q *query.Queries, start, until string) (string, error) {
	tooMany, err := q.FaceAt(ctx, query.FaceAtParams{FromID: start, Until: until, Place: int64(2 * blockPeople)})
	if err != nil || len(tooMany) == 0 {
		return until, err
	}
	behind, err := q.FaceAt(ctx, query.FaceAtParams{FromID: start, Until: until, Place: int64(blockPeople)})
	if err != nil || len(behind) == 0 {
		return until, err
	}
	return behind[0], nil
}

// around returns the range of the block in which an id lies.
func around(ctx context.Context, q *query.Queries, id string) (start, until string, err error) {
	until = last
	before, err := q.BlockBefore(ctx, id)
	if err != nil {
		return "", "", err
	}
	if len(before) > 0 {
		start = before[0].Start
	}
	behind, err := q.ListBlocks(ctx, query.ListBlocksParams{After: start, MaxRows: 2})
	if err != nil {
		return "", "", err
	}
	for _, b := range behind {
		if b.Start > start {
			return start, b.Start, nil
		}
	}
	return start, until, nil
}

// keepBehind notes those people of a block as changed who stand behind a cut, so that they
// count until their turn comes.
func keepBehind(ctx context.Context, tx *db.Tx, start, until, cut string) error {
	all, err := piecesIn(ctx, tx.Queries, start, until)
	if err != nil {
		return err
	}
	var behind []string
	ids := all.ids()
	for i := range len(ids) / 16 {
		if id := idAt(ids, i); id >= cut {
			behind = append(behind, id)
		}
	}
	return Changed(ctx, tx, behind...)
}

// rows are those of a block: one for each facet that somebody has, and those of the ids.
func (p *packed) rows(start string) [][]any {
	b := p.block()
	rows := pieceRows(start, p.ids)
	for _, facet := range slices.Sorted(maps.Keys(b.facets)) {
		if data := b.facets[facet]; len(data) > 0 {
			rows = append(rows, []any{facet, start, int64(b.people), data})
		}
	}
	return rows
}

func store(ctx context.Context, tx *db.Tx, rows [][]any) error {
	_, err := tx.InsertRows(ctx, db.Insert{Table: "people_blocks", Columns: []string{"facet", "start", "people", "data"}}, rows)
	return err
}

// placeIn finds an id among those of a block.
func placeIn(ids []byte, id string) (int, bool) {
	raw, err := rawID(id)
	if err != nil {
		return 0, false // it is in no block
	}
	n := len(ids) / 16
	i := sort.Search(n, func(i int) bool { return bytes.Compare(ids[16*i:16*i+16], raw[:]) >= 0 })
	return i, i < n && bytes.Equal(ids[16*i:16*i+16], raw[:])
}

// Rebuild makes all blocks anew.
func (p *People) Rebuild(ctx context.Context) error {
	for start := ""; start != last; {
		err := p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			start, err = fold(ctx, tx, start, p.Clock())
			return err
		})
		if err != nil {
			return fmt.Errorf("make the copy of people anew: %w", err)
		}
	}
	return nil
}
