package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/mail"
	"github.com/franklin-letters/franklin/internal/supporter"
)

type blockCommand struct {
	config.Settings `embed:"" group:"settings"`

	Check  blockCheck  `cmd:"" help:"Say what must not go to an address, and why. Exits with 1 when nothing is kept from it."`
	Add    blockAdd    `cmd:"" help:"Keep mail from an address."`
	Remove blockRemove `cmd:"" help:"Let mail go to an address again, and letters be written with it, when its owner has asked for it."`
}

var errNoSecret = errors.New("the installation's secret is missing, without which no address can be found; name the server's with --secret-file")

func (c *blockCommand) open(ctx context.Context, con console) (*app.BackOffice, func(), error) {
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err == nil && !b.KnowsMailboxes {
		done()
		return nil, nil, errNoSecret
	}
	return b, done, err
}

type blockCheck struct {
	Address string `arg:"" help:"E-mail address, in any spelling."`
}

// Run looks for a block.
func (c blockCheck) Run(ctx context.Context, con console, group *blockCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	all, err := b.Desk.People.Suppressions(ctx, c.Address)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		con.print("%s is not blocked.\n", c.Address)
		return exitError{1}
	}
	for _, s := range all {
		con.print("%s is blocked for %s since %s: %s.\n", c.Address, listWords(s.List), s.Since.Time().Format(moment), s.Reason)
	}
	return nil
}

// listWords names what a suppression is about.
func listWords(l supporter.List) string {
	if l == supporter.Everything {
		return "all mail"
	}
	return "the list " + string(l)
}

type blockAdd struct {
	Address string `arg:"" help:"E-mail address, in any spelling."`
	Reason  string `help:"Why: manual, hard-bounce, not-me (no letters in their name either), or legal (the same)." enum:"manual,hard-bounce,not-me,legal" default:"manual"`
	List    string `help:"Only mail of this list, such as updates."`
}

// Run blocks an address.
func (c blockAdd) Run(ctx context.Context, con console, group *blockCommand) error {
	if _, err := mail.ValidAddress(c.Address); err != nil {
		return fmt.Errorf("%q is not an e-mail address", c.Address)
	}
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	list := supporter.List(c.List)
	if err := b.Desk.People.Suppress(ctx, c.Address, list, supporter.Reason(c.Reason), operator()); err != nil {
		return err
	}
	con.print("%s is blocked for %s.\n", c.Address, listWords(list))
	return nil
}

type blockRemove struct {
	Address string `arg:"" help:"E-mail address, in any spelling."`
}

// Run ends a block.
func (c blockRemove) Run(ctx context.Context, con console, group *blockCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	found, err := b.Desk.People.Release(ctx, c.Address, operator())
	if err != nil {
		return err
	}
	if !found {
		con.print("Nothing was lifted for %s. Who has left a list, or wants no mail, can only come back by joining anew.\n", c.Address)
		return exitError{1}
	}
	con.print("%s may take part again.\n", c.Address)
	return nil
}
