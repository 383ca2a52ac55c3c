package supporter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
)

// SourceCount is what came from one source.
type SourceCount struct {
	Source  string `json:"source"` // "" for who came without one
	Letters int64  `json:"letters"`
	Joined  int64  `json:"joined"` // ticked the box of the list beside their letter
}

// Sources counts the letters of a campaign, or ("") of all, by the sources that their pages
// were opened with.
func (p *People) Sources(ctx context.Context, campaignID string) ([]SourceCount, error) {
	rows, err := p.DB.Read().CountSources(ctx, campaignID)
	if err != nil {
		return nil, fmt.Errorf("count sources: %w", db.Fault(err))
	}
	all := make([]SourceCount, len(rows))
	for i, r := range rows {
		all[i] = SourceCount{r.Source, r.Submitted, r.Joined}
	}
	return all, nil
}
