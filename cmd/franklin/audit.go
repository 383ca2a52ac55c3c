package main

import (
	"context"
	"errors"
	"time"

	"github.com/franklin-letters/franklin/internal/audit"
	"github.com/franklin-letters/franklin/internal/config"
)

type auditCommand struct {
	config.Settings `embed:"" group:"settings"`

	Subject string   `help:"Only acts on this letter, submission or channel." placeholder:"ID"`
	Since   dateFlag `help:"Only acts since this day or moment." placeholder:"DATE"`
	Limit   int      `help:"Acts at most." default:"50"`
	Before  string   `help:"Go on behind this act, the last of the page before." placeholder:"ID"`
	JSON    bool     `help:"Print JSON." name:"json"`
}

// loggedAct is the stable JSON of `franklin audit --json`.
type loggedAct struct {
	ID      string       `json:"id"`
	At      time.Time    `json:"at"`
	Who     string       `json:"who"`
	Action  audit.Action `json:"action"`
	Subject string       `json:"subject,omitempty"`
	Detail  string       `json:"detail,omitempty"`
}

// Run prints the log of acts, the newest first.
func (c *auditCommand) Run(ctx context.Context, con console) error {
	if c.Limit < 1 {
		return errors.New("--limit must be 1 at least")
	}
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	entries, err := audit.List(ctx, b.DB, audit.Page{Subject: c.Subject, Since: c.Since.Time, Before: c.Before, Limit: c.Limit})
	if err != nil {
		return err
	}
	all := make([]loggedAct, len(entries))
	for i, e := range entries {
		all[i] = loggedAct(e)
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, a := range all {
		con.print("%s  %-24s %-16s %s  %s\n", a.At.Format("2006-01-02 15:04:05 MST"), a.Who, a.Action, a.Subject, a.Detail)
	}
	switch {
	case len(all) == 0:
		con.print("Nothing is in the log.\n")
	case len(all) == c.Limit:
		con.print("There may be more: --before %s\n", all[len(all)-1].ID)
	}
	return nil
}
