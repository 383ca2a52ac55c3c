package segment

import (
	"context"
	"slices"
	"strings"

	"github.com/franklin-letters/franklin/internal/db/query"
)

// folding are people of a range with what they are chosen by.
type folding struct {
	faces []face
	tags  []query.ListFaceTagsRow
	lists []query.ListFaceListsRow
	acts  []query.ListFaceActsRow
}

// pack packs some of the people.
func (f *folding) pack(first, until int) (*packed, error) {
	p, err := pack(f.faces[first:until])
	if err != nil {
		return nil, err
	}
	for _, t := range f.tags {
		p.mark(t.SupporterID, facetTag+t.Tag)
	}
	for _, l := range f.lists {
		p.list(l.SupporterID, l.List, l.ConfirmedAt)
	}
	for _, a := range f.acts {
		p.mark(a.SupporterID, facetActed+a.CampaignID)
	}
	return p, nil
}

// faces reads the people of a range.
func faces(ctx context.Context, q *query.Queries, start, until string) (f *folding, err error) {
	f = &folding{}
	rows, err := q.ListFaces(ctx, query.ListFacesParams{FromID: start, Until: until})
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		f.faces = append(f.faces, face(r))
	}
	if f.tags, err = q.ListFaceTags(ctx, query.ListFaceTagsParams{FromID: start, Until: until}); err != nil {
		return nil, err
	}
	if f.lists, err = q.ListFaceLists(ctx, query.ListFaceListsParams{FromID: start, Until: until}); err != nil {
		return nil, err
	}
	f.acts, err = q.ListFaceActs(ctx, query.ListFaceActsParams{FromID: start, Until: until})
	return f, err
}

// idsAtOnce bounds how many people one query looks up.
const idsAtOnce = 2000

// facesOf reads people whose ids are given in order, as far as some facets need it.
func facesOf(ctx context.Context, q *query.Queries, ids []string, needed map[string]bool) (*packed, error) {
	f := &folding{}
	for part := range slices.Chunk(ids, idsAtOnce) {
		if err := f.look(ctx, q, part, needed); err != nil {
			return nil, err
		}
	}
	return f.pack(0, len(f.faces))
}

// look adds some people.
func (f *folding) look(ctx context.Context, q *query.Queries, ids []string, needed map[string]bool) error {
	rows, err := q.ListFacesOf(ctx, ids)
	for _, r := range rows {
		f.faces = append(f.faces, face(r))
	}
	if err == nil && some(needed, facetTag) {
		var tags []query.ListFaceTagsOfRow
		tags, err = q.ListFaceTagsOf(ctx, ids)
		for _, t := range tags {
			f.tags = append(f.tags, query.ListFaceTagsRow(t))
		}
	}
	if err == nil && some(needed, facetList) {
		var lists []query.ListFaceListsOfRow
		lists, err = q.ListFaceListsOf(ctx, ids)
		for _, l := range lists {
			f.lists = append(f.lists, query.ListFaceListsRow(l))
		}
	}
	if err == nil && some(needed, facetActed) {
		var acts []query.ListFaceActsOfRow
		acts, err = q.ListFaceActsOf(ctx, ids)
		for _, a := range acts {
			f.acts = append(f.acts, query.ListFaceActsRow(a))
		}
	}
	return err
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
