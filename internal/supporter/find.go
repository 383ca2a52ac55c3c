package supporter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/stamp"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

// Found returns the first people of a segment, masked: enough to see whom it holds, and
// nobody's data. It needs no log.
func (p *People) Found(ctx context.Context, segments *segment.People, s segment.Segment, after string, most int) ([]peoplefile.Record, error) {
	ids, err := segments.Page(ctx, s, after, most)
	if err != nil {
		return nil, err
	}
	return p.records(ctx, ids)
}

// Records returns people by their ids, in the order of the ids; who was forgotten is left out.
func (p *People) Records(ctx context.Context, ids ...string) ([]peoplefile.Record, error) {
	return p.records(ctx, ids)
}

// Act is one letter form that a person sent.
type Act struct {
	Submission string
	Campaign   string // slug
	Seat       string
	Source     string
	At         stamp.Time
}

// Whole is a person with everything that is known of them.
type Whole struct {
	peoplefile.Record

	Lists        []List
	Consents     []Consent
	Suppressions []Suppression
	Acts         []Act
}

// Show returns a person by id or address. Who looked is logged.
func (p *People) Show(ctx context.Context, campaigns *campaign.Store, idOrAddress, who string) (w Whole, err error) {
	if p.Keys.none() {
		return w, ErrNoSecret
	}
	one, ok, err := p.ByAddress(ctx, idOrAddress)
	if err == nil && !ok {
		one, ok, err = p.ByID(ctx, idOrAddress)
	}
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "nobody with this address or id is on record")
	}
	if err != nil {
		return w, err
	}
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.PersonView, Subject: one.ID})
	})
	if err != nil {
		return w, fmt.Errorf("log who looked: %w", err)
	}
	records, err := p.records(ctx, []string{one.ID})
	if err != nil {
		return w, err
	}
	if len(records) == 1 { // else they were forgotten this moment
		w.Record = records[0]
	}
	m, err := p.Membership(ctx, one.ID)
	if err != nil {
		return w, err
	}
	w.Lists = m.Lists
	if w.Consents, err = p.Consents(ctx, campaigns, one.ID); err != nil {
		return w, err
	}
	if w.Suppressions, err = p.Suppressions(ctx, one.Email); err != nil {
		return w, err
	}
	w.Acts, err = p.acts(ctx, campaigns, one.ID)
	return w, err
}

func (p *People) acts(ctx context.Context, campaigns *campaign.Store, id string) ([]Act, error) {
	rows, err := p.DB.Read().ListSubmissionsOfSupporter(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("find what a person sent: %w", db.Fault(err))
	}
	all := make([]Act, len(rows))
	for i, r := range rows {
		c, err := campaigns.Version(ctx, r.CampaignID, r.CampaignVersion)
		if err != nil {
			return nil, err
		}
		all[i] = Act{r.ID, c.Slug, r.Seat, r.Source, r.CreatedAt}
	}
	return all, nil
}
