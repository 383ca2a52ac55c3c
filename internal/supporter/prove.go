package supporter

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/campaign"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/db/query"
)

// Consent is one line of the ledger.
type Consent struct {
	ID        string
	List      List
	Words     string
	Hash      string // SHA-256 of the words, in hexadecimal
	Lang      string
	Slug      string           // of the campaign; "" for a line of an import
	Partner   campaign.Partner // who gets the person's data by it; zero for our own lists
	Version   int64            // of the campaign
	Page      string
	Method    string
	Given     time.Time
	Confirmed time.Time // zero: never by the mailbox
	Withdrawn time.Time // zero: it holds
	Way       Way       // in which it was withdrawn
	Source    string    // from where the person came
	Network   string    // from which the form was posted, cut short; "" after 30 days
	Agent     string    // the kind of program it was posted with
	// Import is the import that wrote the line, ImportedBy who ran it, File its file.
	Import, ImportedBy, File string
	// Rebuilt are the words beside the box in the stored version of the campaign.
	Rebuilt string
	// Proved says that the words, the rebuilt ones and the hash agree.
	Proved bool
}

// Consents returns a person's part of the ledger, the oldest line first. Each line is
// checked against the campaign's version that was shown.
func (p *People) Consents(ctx context.Context, campaigns *campaign.Store, supporterID string) ([]Consent, error) {
	rows, err := p.DB.Read().ListConsents(ctx, supporterID)
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", db.Fault(err))
	}
	all := make([]Consent, len(rows))
	for i, r := range rows {
		if r.ImportID != "" {
			if all[i], err = p.imported(ctx, r); err != nil {
				return nil, err
			}
			continue
		}
		c, err := campaigns.Version(ctx, r.CampaignID, r.CampaignVersion)
		if err != nil {
			return nil, err
		}
		all[i] = consentOf(r, wordsOf(List(r.Purpose), c, r.Lang))
		all[i].Slug = c.Slug
		if key, ok := all[i].List.Partner(); ok {
			all[i].Partner, _ = c.Partner(key)
		}
	}
	return all, nil
}

// imported is a line that an import wrote: the words are the basis that was declared with it.
func (p *People) imported(ctx context.Context, r query.Consent) (Consent, error) {
	from, err := p.DB.Read().ImportByID(ctx, r.ImportID)
	if err != nil {
		return Consent{}, fmt.Errorf("find an import: %w", db.Fault(err))
	}
	c := consentOf(r, from.Basis)
	c.Import, c.ImportedBy, c.File = from.ID, from.Who, from.File
	return c, nil
}

// consentOf checks a line against the words that were stored apart from it.
func consentOf(r query.Consent, rebuilt string) Consent {
	return Consent{
		ID: r.ID, List: List(r.Purpose), Words: r.Words, Hash: r.WordsHash, Lang: r.Lang, Version: r.CampaignVersion, Page: r.Page,
		Method: r.Method, Given: r.GivenAt.Time(), Confirmed: r.ConfirmedAt.Time(), Withdrawn: r.WithdrawnAt.Time(), Way: Way(r.WithdrawnWay),
		Source: r.Source, Network: r.Network, Agent: r.Agent,
		Rebuilt: rebuilt, Proved: rebuilt == r.Words && digest(r.Words) == r.WordsHash,
	}
}

// Proof is everything about one address's consents.
type Proof struct {
	Known        bool // a person with the address is on record
	Consents     []Consent
	Lists        []List // on which the person is, confirmed
	Suppressions []Suppression
}

// Prove returns everything about one address's consents. Who looked is logged.
func (p *People) Prove(ctx context.Context, campaigns *campaign.Store, address, who string) (Proof, error) {
	var proof Proof
	someone, known, err := p.ByAddress(ctx, address)
	if err != nil {
		return proof, err
	}
	if proof.Suppressions, err = p.Suppressions(ctx, address); err != nil {
		return proof, err
	}
	if proof.Known = known; known {
		if proof.Consents, err = p.Consents(ctx, campaigns, someone.ID); err != nil {
			return proof, err
		}
		m, err := p.Membership(ctx, someone.ID)
		if err != nil {
			return proof, err
		}
		proof.Lists = m.Lists
	}
	err = p.DB.Tx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, audit.Entry{At: p.Clock(), Who: who, Action: audit.ConsentProved, Subject: p.Keys.Mailbox(address)})
	})
	if err != nil {
		return Proof{}, fmt.Errorf("log who looked: %w", err)
	}
	return proof, nil
}
