package segment

import (
	"context"
	"slices"
	"sort"

	"github.com/franklin-letters/franklin/internal/db/query"
)

// pieceIDs is how many ids of a block one piece holds: with so many a row has just less than
// the two kilobytes beyond which PostgreSQL packs it and puts it elsewhere, and two of them
// fill a page of SQLite's.
var pieceIDs = 120

// piece is a part of the ids of a block. It begins with its first id, the first piece of a
// block where the block begins. People counts from here to the end of the block, so that a
// block of an older release is one piece.
type piece query.ListPiecesRow

// pieces are pieces of blocks, in order.
type pieces []piece

// piecesIn returns the pieces in a range.
func piecesIn(ctx context.Context, q *query.Queries, start, until string) (pieces, error) {
	rows, err := q.ListFacet(ctx, query.ListFacetParams{Facet: facetIDs, FromStart: start, Until: until})
	all := make(pieces, len(rows))
	for i, r := range rows {
		all[i] = piece(r)
	}
	return all, err
}

// piecesOf returns the pieces in which people are whose ids are given in order, when they are
// in any.
func piecesOf(ctx context.Context, q *query.Queries, ids ...string) (pieces, error) {
	var all pieces
	for some := range slices.Chunk(ids, idsAtOnce) {
		rows, err := q.ListPieces(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if len(all) == 0 || all[len(all)-1].Start < r.Start {
				all = append(all, piece(r))
			}
		}
	}
	return all, nil
}

// in returns the pieces that begin in a range.
func (p pieces) in(start, until string) pieces {
	from := func(id string) int { return sort.Search(len(p), func(i int) bool { return p[i].Start >= id }) }
	return p[from(start):from(until)]
}

// ids returns all ids, 16 bytes each.
func (p pieces) ids() []byte {
	var ids []byte
	for _, one := range p {
		ids = append(ids, one.Data...)
	}
	return ids
}

// find returns how many people of its block stand from the one of an id to the end; 0 when it
// is in none of the pieces.
func (p pieces) find(id string) int {
	i := sort.Search(len(p), func(i int) bool { return p[i].Start > id }) - 1
	if i < 0 {
		return 0
	}
	at, ok := placeIn(p[i].Data, id)
	if !ok {
		return 0
	}
	return int(p[i].People) - at
}

// pieceRows are the rows of the ids of a block.
func pieceRows(start string, ids []byte) [][]any {
	people := len(ids) / 16
	rows := make([][]any, 0, people/pieceIDs+1)
	for i := 0; i < people; i += pieceIDs {
		if i > 0 {
			start = idAt(ids, i)
		}
		rows = append(rows, []any{facetIDs, start, int64(people - i), ids[16*i : 16*min(i+pieceIDs, people)]})
	}
	return rows
}
