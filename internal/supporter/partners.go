package supporter

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

// ExportPartner hands those people to write who agreed, confirmed and did not take back that
// a partner gets their data, in the order of their ids, and returns how many there were. Of
// each it hands on what the words beside the box name, and no more. Who exported is logged
// before the first person leaves.
func (p *People) ExportPartner(ctx context.Context, key, who string, write func([]peoplefile.Agreed) error) (n int64, err error) {
	if p.Keys.none() {
		return 0, ErrNoSecret
	}
	list := PartnerOf(key)
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.PeopleExport, Detail: string(list)})
	})
	if err != nil {
		return 0, fmt.Errorf("log who exports: %w", err)
	}
	for after := ""; ; {
		ids, err := p.DB.Read().ListAudience(ctx, query.ListAudienceParams{List: string(list), After: after, MaxRows: exportAtOnce})
		if err != nil {
			return n, fmt.Errorf("list the people of a partner: %w", db.Fault(err))
		}
		if len(ids) == 0 {
			return n, nil
		}
		after = ids[len(ids)-1]
		people, err := p.agreedOf(ctx, ids, list)
		if err != nil {
			return n, err
		}
		n += int64(len(people))
		if err := write(people); err != nil {
			return n, err
		}
	}
}

// agreedOf looks up to what people agreed for a partner: of each the newest line that holds.
func (p *People) agreedOf(ctx context.Context, ids []string, list List) ([]peoplefile.Agreed, error) {
	rows, err := p.DB.Read().ListAgreedOf(ctx, query.ListAgreedOfParams{People: ids, Purpose: string(list)})
	if err != nil {
		return nil, fmt.Errorf("look up to what people agreed: %w", db.Fault(err))
	}
	withheld, err := p.withheld(ctx, rows, list)
	if err != nil {
		return nil, err
	}
	var all []peoplefile.Agreed
	for i, r := range rows {
		if i+1 < len(rows) && rows[i+1].ID == r.ID || withheld[string(r.Email)] {
			continue
		}
		all = append(all, peoplefile.Agreed{
			Email: string(r.Email), First: string(r.FirstName), Last: string(r.LastName), ZIP: r.Zip,
			Words: r.Words, Lang: r.Lang, Page: r.Page, Given: r.GivenAt.Time(), Confirmed: r.ConfirmedAt.Time(),
		})
	}
	return all, nil
}

// withheld returns the addresses that no partner gets although the ledger would allow it: the
// mailbox is not theirs, does not exist, or an operator keeps it apart. Who wants no mail of
// ours may still agree to a partner's.
func (p *People) withheld(ctx context.Context, rows []query.ListAgreedOfRow, list List) (map[string]bool, error) {
	addresses := make([]string, len(rows))
	for i, r := range rows {
		addresses[i] = string(r.Email)
	}
	return p.among(ctx, p.DB.Read(), addresses, func(s Suppression) bool {
		return s.List == list || s.List == Everything && !reasons[s.Reason].undone
	})
}
