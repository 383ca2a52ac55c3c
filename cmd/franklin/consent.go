package main

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/supporter"
)

type consentCommand struct {
	config.Settings `embed:"" group:"settings"`

	Prove consentProve `cmd:"" help:"Show everything about one address's consents, with the words of the forms rebuilt from the stored campaigns. Exits with 1 when a line of the ledger does not prove itself."`
}

func (c *consentCommand) open(ctx context.Context, con console) (*app.BackOffice, func(), error) {
	return (&blockCommand{Settings: c.Settings}).open(ctx, con)
}

type consentProve struct {
	Address string `arg:"" help:"E-mail address, in any spelling."`
	JSON    bool   `help:"Print JSON." name:"json"`
}

// provenConsent is the stable JSON of a line of `franklin consent prove --json`.
type provenConsent struct {
	ID        string         `json:"id"`
	List      supporter.List `json:"list"`
	Words     string         `json:"words"`
	SHA256    string         `json:"sha256"`
	Rebuilt   string         `json:"rebuilt"` // from the stored version of the campaign
	Proved    bool           `json:"proved"`  // words, rebuilt words and hash agree
	Lang      string         `json:"lang"`
	Campaign  dossierSource  `json:"campaign"`         // empty in a line of an import
	Import    string         `json:"import,omitempty"` // the import that wrote the line
	By        string         `json:"imported_by,omitempty"`
	File      string         `json:"file,omitempty"`
	Source    string         `json:"source,omitempty"`  // from where the person came
	Network   string         `json:"network,omitempty"` // cut short; for 30 days
	Agent     string         `json:"agent,omitempty"`   // phone, tablet, computer, other
	Page      string         `json:"page"`
	Method    string         `json:"method"`
	Given     time.Time      `json:"given"`
	Confirmed *time.Time     `json:"confirmed,omitempty"`
	Withdrawn *time.Time     `json:"withdrawn,omitempty"`
	Way       supporter.Way  `json:"withdrawn_way,omitempty"`
}

// provenAddress is the stable JSON of `franklin consent prove --json`.
type provenAddress struct {
	Known    bool             `json:"known"` // a person with the address is on record
	Lists    []supporter.List `json:"lists"` // on which they are, confirmed
	Consents []provenConsent  `json:"consents"`
	Blocked  []provenBlock    `json:"blocked"`
}

type provenBlock struct {
	List   supporter.List   `json:"list"` // "" for all mail
	Reason supporter.Reason `json:"reason"`
	Since  time.Time        `json:"since"`
}

// Run shows the consents of one address.
func (c consentProve) Run(ctx context.Context, con console, group *consentCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	proof, err := b.Desk.People.Prove(ctx, b.Campaigns, c.Address, operator())
	if err != nil {
		return err
	}
	all := provenOf(proof)
	if c.JSON {
		err = printJSON(con, all)
	} else {
		all.print(con, c.Address)
	}
	for _, one := range all.Consents {
		if err == nil && !one.Proved {
			err = exitError{1}
		}
	}
	return err
}

func provenOf(p supporter.Proof) provenAddress {
	all := provenAddress{Known: p.Known, Lists: append([]supporter.List{}, p.Lists...), Consents: []provenConsent{}, Blocked: []provenBlock{}}
	for _, c := range p.Consents {
		all.Consents = append(all.Consents, provenConsent{
			c.ID, c.List, c.Words, c.Hash, c.Rebuilt, c.Proved, c.Lang,
			dossierSource{c.Slug, c.Version},
			c.Import, c.ImportedBy, c.File, c.Source, c.Network, c.Agent,
			c.Page, c.Method, c.Given,
			momentOrNil(c.Confirmed), momentOrNil(c.Withdrawn), c.Way,
		})
	}
	for _, s := range p.Suppressions {
		all.Blocked = append(all.Blocked, provenBlock{s.List, s.Reason, s.Since.Time()})
	}
	return all
}

func (p provenAddress) print(con console, address string) {
	if !p.Known {
		con.print("Nobody with the address %s is on record.\n", address)
	}
	for _, c := range p.Consents {
		if c.Import != "" {
			con.print("Consent to %s by import %s on %s, by %s from %s\n", listOrRecord(c.List), c.Import, c.Given.Format(moment), c.By, c.File)
		} else {
			con.print("Consent to %s by %s on %s, form in %q at %s, campaign %s version %d\n", c.List, c.Method, c.Given.Format(moment), c.Lang, c.Page, c.Campaign.Slug, c.Campaign.Version)
		}
		switch {
		case c.Import != "": // nobody was asked
		case c.Confirmed != nil:
			con.print("  confirmed by the mailbox on %s\n", c.Confirmed.Format(moment))
		default:
			con.print("  never confirmed by the mailbox\n")
		}
		if c.Source != "" || c.Network != "" {
			con.print("  from source %s, network %s, by %s\n", orDash(c.Source), orDash(c.Network), orDash(c.Agent))
		}
		if c.Withdrawn != nil {
			con.print("  withdrawn on %s by %s\n", c.Withdrawn.Format(moment), c.Way)
		}
		con.print("  in these words (SHA-256 %s):\n%s\n", c.SHA256, indented(c.Words))
		switch {
		case c.Proved && c.Import != "":
			con.print("  The stored import declared these words, and they have this hash.\n")
		case c.Proved:
			con.print("  The stored campaign's form had these words, and they have this hash.\n")
		default:
			con.print("  THIS DOES NOT PROVE ITSELF. The stored campaign's form had:\n%s\n", indented(c.Rebuilt))
		}
	}
	for _, l := range p.Lists {
		con.print("Is on the list %s.\n", l)
	}
	for _, b := range p.Blocked {
		con.print("Blocked for %s since %s: %s.\n", listWords(b.List), b.Since.Format(moment), b.Reason)
	}
}

// listOrRecord names what a consent is for.
func listOrRecord(l supporter.List) string {
	if l == supporter.Record {
		return "be on record"
	}
	return string(l)
}
