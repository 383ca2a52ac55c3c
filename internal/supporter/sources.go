package supporter

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/internal/db"
)

// SourceCount is what came from one source.
type SourceCount struct {
	Source  string `json:"source"` // "" for who came without one
	Views   int64  `json:"views"`  // of the form; somebody may look several times
	Letters int64  `json:"letters"`
	Joined  int64  `json:"joined"` // ticked the box of the list beside their letter
}

// Sources counts the views and letters of a campaign, or ("") of all, by the sources that
// their pages were opened with, those with the most letters first.
func (p *People) Sources(ctx context.Context, campaignID string) ([]SourceCount, error) {
	letters, err := p.DB.Read().CountSources(ctx, campaignID)
	if err != nil {
		return nil, fmt.Errorf("count sources: %w", db.Fault(err))
	}
	views, err := p.DB.Read().CountViews(ctx, campaignID)
	if err != nil {
		return nil, fmt.Errorf("count views: %w", db.Fault(err))
	}
	of := map[string]*SourceCount{}
	for _, r := range letters {
		of[r.Source] = &SourceCount{Source: r.Source, Letters: r.Submitted, Joined: r.Joined}
	}
	for _, r := range views {
		if of[r.Source] == nil {
			of[r.Source] = &SourceCount{Source: r.Source}
		}
		of[r.Source].Views = r.Views
	}
	all := make([]SourceCount, 0, len(of))
	for _, s := range of {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b SourceCount) int {
		return cmp.Or(cmp.Compare(b.Letters, a.Letters), cmp.Compare(b.Views, a.Views), cmp.Compare(a.Source, b.Source))
	})
	return all, nil
}
