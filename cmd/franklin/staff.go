package main

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/account"
	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/locale"
)

type staffCommand struct {
	config.Settings `embed:"" group:"settings"`

	Invite  staffInvite  `cmd:"" help:"Make somebody a member of the staff, and give them the link by which they first sign in."`
	Link    staffLink    `cmd:"" help:"Print a link to sign in, for a member whom no mail reaches."`
	List    staffList    `cmd:"" help:"List the members."`
	Role    staffRole    `cmd:"" help:"Give a member another role."`
	Disable staffDisable `cmd:"" help:"End a membership. Whoever is signed in is out at once."`
	Enable  staffEnable  `cmd:"" help:"Let a disabled member sign in again."`
}

// with opens the desk for one act on a member.
func (c *staffCommand) with(ctx context.Context, con console, act func(*app.BackOffice) error) error {
	b, done, err := backOffice(ctx, &c.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	if err := act(b); err != nil {
		return plain(err)
	}
	return nil
}

type staffInvite struct {
	Address string       `arg:"" help:"The e-mail address."`
	Role    account.Role `help:"What they are: owner, campaigner, moderator or viewer." required:""`
	Name    string       `help:"How the log calls them. Without it, what stands before the @."`
	Lang    locale.Lang  `help:"Language of the mail: en or es." enum:"en,es" default:"en"`
}

// Run invites somebody.
func (c staffInvite) Run(ctx context.Context, con console, group *staffCommand) error {
	return group.with(ctx, con, func(b *app.BackOffice) error {
		m, link, err := b.Staff.Invite(ctx, c.Address, c.Name, c.Role, operator())
		if err != nil {
			return err
		}
		con.print("%s is a member of the staff now, as %s.\n", m.Name, m.Role)
		printLink(con, link)
		mailed, err := b.Invited(ctx, m, link, c.Lang)
		switch {
		case err != nil:
			con.print("The mail with the link could not be sent, so hand the link over yourself: %s\n", plain(err))
		case mailed:
			con.print("It was mailed to %s, too.\n", m.Email)
		}
		return nil
	})
}

func printLink(con console, link account.Link) {
	con.print("%s\nThe link works once, until %s. Whoever has it signs in by it.\n", link.URL, link.Expires.UTC().Format(moment))
}

type staffLink struct {
	Address string `arg:"" help:"The member's e-mail address."`
}

// Run prints a link.
func (c staffLink) Run(ctx context.Context, con console, group *staffCommand) error {
	return group.with(ctx, con, func(b *app.BackOffice) error {
		link, err := b.Staff.ConsoleLink(ctx, c.Address, operator())
		if err == nil {
			printLink(con, link)
		}
		return err
	})
}

type staffList struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// listedMember is the stable JSON of `franklin staff list --json`.
type listedMember struct {
	Email    string       `json:"email"`
	Name     string       `json:"name"`
	Role     account.Role `json:"role"`
	Since    time.Time    `json:"since"`
	SignedIn *time.Time   `json:"signed_in,omitempty"` // the last time
	Disabled *time.Time   `json:"disabled,omitempty"`
}

// Run lists the members.
func (c staffList) Run(ctx context.Context, con console, group *staffCommand) error {
	return group.with(ctx, con, func(b *app.BackOffice) error {
		members, err := b.Staff.List(ctx)
		if err != nil {
			return err
		}
		all := make([]listedMember, len(members))
		for i, m := range members {
			all[i] = listedMember{m.Email, m.Name, m.Role, m.Since, momentOrNil(m.SignedIn), momentOrNil(m.Disabled)}
		}
		if c.JSON {
			return printJSON(con, all)
		}
		for _, m := range all {
			con.print("%-32s %-20s %-10s %s\n", m.Email, m.Name, m.Role, m.words())
		}
		if len(all) == 0 {
			con.print("Nobody is a member yet: franklin staff invite ADDRESS --role owner\n")
		}
		return nil
	})
}

func (m listedMember) words() string {
	switch {
	case m.Disabled != nil:
		return "disabled since " + m.Disabled.Format(moment)
	case m.SignedIn != nil:
		return "signed in " + m.SignedIn.Format(moment)
	}
	return "has not signed in yet"
}

type staffRole struct {
	Address string       `arg:"" help:"The member's e-mail address."`
	Role    account.Role `arg:"" help:"What they are from now on: owner, campaigner, moderator or viewer."`
}

// Run gives a member another role.
func (c staffRole) Run(ctx context.Context, con console, group *staffCommand) error {
	return group.with(ctx, con, func(b *app.BackOffice) error { return b.Staff.SetRole(ctx, c.Address, c.Role, operator()) })
}

type staffDisable struct {
	Address string `arg:"" help:"The member's e-mail address."`
}

// Run ends a membership.
func (c staffDisable) Run(ctx context.Context, con console, group *staffCommand) error {
	return group.with(ctx, con, func(b *app.BackOffice) error { return b.Staff.Disable(ctx, c.Address, operator()) })
}

type staffEnable struct {
	Address string `arg:"" help:"The member's e-mail address."`
}

// Run lets a member in again.
func (c staffEnable) Run(ctx context.Context, con console, group *staffCommand) error {
	return group.with(ctx, con, func(b *app.BackOffice) error { return b.Staff.Enable(ctx, c.Address, operator()) })
}
