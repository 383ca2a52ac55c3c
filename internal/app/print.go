package app

import (
	"context"

	"github.com/franklin-letters/franklin/internal/datasync/inuse"
	"github.com/franklin-letters/franklin/internal/paper"
)

// PrintedBatch returns a batch of printed letters with the office that the roster in use
// knows; see Desk.PrintedBatch.
func (b *BackOffice) PrintedBatch(ctx context.Context, id, who string) (paper.Batch, error) {
	data, err := inuse.OpenLive(b.app.settings.DataDir, b.Desk.Log)
	if err != nil {
		return paper.Batch{}, err
	}
	return b.Desk.PrintedBatch(ctx, id, who, b.app.settings.Org.Name, data.Data().Roster.Holder)
}
