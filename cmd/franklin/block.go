package main

import (
	"context"
	"errors"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
)

type blockCommand struct {
	config.Settings `embed:""`

	Check  blockCheck  `cmd:"" help:"Say whether an address is blocked. Exits with 1 when it is not."`
	Remove blockRemove `cmd:"" help:"End the block of an address, when its owner has asked for it."`
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
	blocked, err := b.Desk.Blocked(ctx, c.Address)
	if err != nil {
		return err
	}
	if !blocked {
		con.print("%s is not blocked.\n", c.Address)
		return exitError{1}
	}
	con.print("%s is blocked: its owner reported a letter that was not theirs.\n", c.Address)
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
	found, err := b.Desk.Unblock(ctx, c.Address, operator())
	if err != nil {
		return err
	}
	if !found {
		con.print("%s was not blocked.\n", c.Address)
		return exitError{1}
	}
	con.print("%s may take part again.\n", c.Address)
	return nil
}
