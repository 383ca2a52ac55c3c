package main

import (
	"context"
	"errors"
	"strings"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/doctor"
	"github.com/franklin-letters/franklin/internal/obs"
)

type doctorCommand struct {
	All  doctorAllCommand  `cmd:"" default:"withargs" help:"Check settings, files, database, data and what has to be reached."`
	Mail doctorMailCommand `cmd:"" help:"Check that the world's mailboxes will take mail from here: SPF, DKIM, DMARC, PTR, the relay."`
}

type doctorAllCommand struct {
	config.Settings `embed:""`

	Offline bool `help:"Leave out what needs the network: the House's offices, the mail relay, the clock."`
	JSON    bool `help:"Print JSON." name:"json"`
}

// Run examines the installation. It exits with 1 when something is wrong that keeps
// letters from being sent, or would make them wrong.
func (c *doctorAllCommand) Run(ctx context.Context, con console) error {
	if err := c.Load(); err != nil {
		return err
	}
	return tell(con, doctor.Doctor{Settings: c.Settings, Clock: con.now, Offline: c.Offline}.Examine(ctx), c.JSON)
}

type doctorMailCommand struct {
	config.Settings `embed:""`

	JSON bool `help:"Print JSON." name:"json"`
}

// Run examines how mail is sent. It exits with 1 when mail in bulk must not leave.
func (c *doctorMailCommand) Run(ctx context.Context, con console) error {
	if err := c.Load(); err != nil {
		return err
	}
	found := doctor.Doctor{Settings: c.Settings, Clock: con.now}.Mail(ctx)
	if err := tell(con, found, c.JSON); err != nil {
		return err
	}
	if doctor.FitForBulk(found) != nil {
		return exitError{1}
	}
	return nil
}

// tell prints findings, and exits with 1 when one fails.
func tell(con console, found []obs.Finding, asJSON bool) error {
	if asJSON {
		if err := printJSON(con, found); err != nil {
			return err
		}
	} else {
		for _, f := range found {
			con.print("%-4s  %-14s  %s\n", f.Level, f.Check, f.Words())
		}
	}
	if len(doctor.Failed(found)) > 0 {
		return exitError{1}
	}
	return nil
}

// fitToServe refuses to start a server that would send wrong letters.
func fitToServe(ctx context.Context, d doctor.Doctor) error {
	var words []string
	for _, f := range doctor.Failed(d.BeforeStart(ctx)) {
		words = append(words, f.Check+": "+f.Words())
	}
	if len(words) == 0 {
		return nil
	}
	return errors.New("this installation must not send letters yet:\n" + strings.Join(words, "\n"))
}
