package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/inbox"
)

type mailCommand struct {
	config.Settings `embed:"" group:"settings"`

	Feed  mailFeed  `cmd:"" help:"Take mails in from a file: failures, complaints, wishes to get no more, and what the offices' mail systems report."`
	List  mailList  `cmd:"" help:"List the mails that came in and wait for a person. Shows nobody's data."`
	Show  mailShow  `cmd:"" help:"Print one of them. Every look is written into the log."`
	Close mailClose `cmd:"" help:"Forget mails that a person has dealt with."`

	DKIMKey dkimKeyCommand `cmd:"" name:"dkim-key" help:"Make the key that signs mails, and print what to publish in the DNS."`
}

// open opens the inbox beside the server.
func (c *mailCommand) open(ctx context.Context, con console, o inbox.Offices) (*app.BackOffice, *inbox.Inbox, func(), error) {
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err != nil {
		return nil, nil, nil, err
	}
	if !b.KnowsMailboxes {
		done()
		return nil, nil, nil, errNoSecret
	}
	return b, b.Inbox(operator(), o), done, nil
}

type mailList struct {
	Limit int  `help:"Mails at most." default:"50"`
	JSON  bool `help:"Print JSON." name:"json"`
}

// heldMail is the stable JSON of one mail of `franklin mail list --json`.
type heldMail struct {
	ID   string     `json:"id"`
	Kind inbox.Kind `json:"kind"`
	Came time.Time  `json:"came"`
}

// Run lists what waits.
func (c mailList) Run(ctx context.Context, con console, group *mailCommand) error {
	b, _, done, err := group.open(ctx, con, inbox.Offices{})
	if err != nil {
		return err
	}
	defer done()
	held, err := inbox.List(ctx, b.DB, con.now(), c.Limit)
	if err != nil {
		return err
	}
	all := make([]heldMail, len(held))
	for i, h := range held {
		all[i] = heldMail{h.ID, h.Kind, h.Came}
		if !c.JSON {
			con.print("%s  %s  %s\n", h.ID, h.Came.Format(moment), h.Kind)
		}
	}
	switch {
	case c.JSON:
		return printJSON(con, all)
	case len(all) == 0:
		con.print("No mail waits for a person.\n")
	case len(all) == c.Limit:
		con.print("There may be more: --limit\n")
	}
	return nil
}

type mailShow struct {
	ID string `arg:"" help:"Its id, as mail list names it."`
}

// Run prints a mail.
func (c mailShow) Run(ctx context.Context, con console, group *mailCommand) error {
	_, box, done, err := group.open(ctx, con, inbox.Offices{})
	if err != nil {
		return err
	}
	defer done()
	raw, err := box.Show(ctx, c.ID)
	if fault.Is(err, fault.NotFound) {
		return errNoSuchMail
	}
	if err != nil {
		return err
	}
	con.print("%s\n", printable(raw))
	return nil
}

// printable keeps what a stranger wrote from steering the terminal.
func printable(raw []byte) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		if r == '\r' {
			return -1
		}
		return unicode.ReplacementChar
	}, string(raw))
}

type mailClose struct {
	IDs []string `arg:"" name:"id" help:"Their ids."`
}

// Run forgets mails.
func (c mailClose) Run(ctx context.Context, con console, group *mailCommand) error {
	_, box, done, err := group.open(ctx, con, inbox.Offices{})
	if err != nil {
		return err
	}
	defer done()
	for _, id := range c.IDs {
		closed, err := box.Close(ctx, id)
		if err != nil {
			return err
		}
		if !closed {
			return fmt.Errorf("%s: %w", id, errNoSuchMail)
		}
	}
	con.print("%d mails are forgotten.\n", len(c.IDs))
	return nil
}

var errNoSuchMail = errors.New("there is no such mail that waits for a person")
