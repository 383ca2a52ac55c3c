package segment

import (
	"context"
	"strings"

	"github.com/franklin-letters/franklin/internal/db/query"
)

// facesAtOnce is how many people are read at once, with one more to see where the next ones
// begin. They take some hundred kilobytes, and thirty bytes each when they are packed. A slice
// that has grown to a power of two left the least garbage on its way.
var facesAtOnce = 511

// faces packs the people of a range.
func faces(ctx context.Context, q *query.Queries, start, until string) (*packed, error) {
	p := newPacked()
	for from := start; from != until; {
		next, err := p.read(ctx, q, from, until)
		if err != nil {
			return nil, err
		}
		from = next
	}
	return p, nil
}

// read packs the first people of a range and returns where to go on.
func (p *packed) read(ctx context.Context, q *query.Queries, from, until string) (next string, err error) {
	rows, err := q.ListFaces(ctx, query.ListFacesParams{FromID: from, Until: until, MaxRows: int64(facesAtOnce + 1)})
	if err != nil {
		return "", err
	}
	if len(rows) > facesAtOnce {
		until, rows = rows[facesAtOnce].ID, rows[:facesAtOnce]
	}
	for _, r := range rows {
		if err := p.add(face(r)); err != nil {
			return "", err
		}
	}
	tags, err := q.ListFaceTags(ctx, query.ListFaceTagsParams{FromID: from, Until: until})
	if err != nil {
		return "", err
	}
	for _, t := range tags {
		p.mark(t.SupporterID, facetTag+t.Tag)
	}
	lists, err := q.ListFaceLists(ctx, query.ListFaceListsParams{FromID: from, Until: until})
	if err != nil {
		return "", err
	}
	for _, l := range lists {
		p.list(l.SupporterID, l.List, l.ConfirmedAt)
	}
	acts, err := q.ListFaceActs(ctx, query.ListFaceActsParams{FromID: from, Until: until})
	for _, a := range acts {
		p.mark(a.SupporterID, facetActed+a.CampaignID)
	}
	return until, err
}

// idsAtOnce bounds how many people one query looks up.
const idsAtOnce = 2000

// facesOf packs people whose ids are given in order, as far as some facets need it.
func facesOf(ctx context.Context, q *query.Queries, ids []string, needed map[string]bool) (*packed, error) {
	p := newPacked()
	rows, err := q.ListFacesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if err := p.add(face(r)); err != nil {
			return nil, err
		}
	}
	if some(needed, facetTag) {
		tags, err := q.ListFaceTagsOf(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, t := range tags {
			p.mark(t.SupporterID, facetTag+t.Tag)
		}
	}
	if some(needed, facetList) {
		lists, err := q.ListFaceListsOf(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, l := range lists {
			p.list(l.SupporterID, l.List, l.ConfirmedAt)
		}
	}
	if some(needed, facetActed) {
		acts, err := q.ListFaceActsOf(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, a := range acts {
			p.mark(a.SupporterID, facetActed+a.CampaignID)
		}
	}
	return p, nil
}

// some reports whether facets of a kind are among those.
func some(facets map[string]bool, kind string) bool {
	for name := range facets {
		if strings.HasPrefix(name, kind) {
			return true
		}
	}
	return false
}
