package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/mailing"
)

// moved opens the back office, moves a mailing and says so.
func (c *mailingCommand) moved(ctx context.Context, con console, ref, words string, move func(*app.BackOffice, mailing.Mailing) error) error {
	b, m, done, err := c.open(ctx, con, ref)
	if err != nil {
		return err
	}
	defer done()
	if err := move(b, m); err != nil {
		return plain(err)
	}
	con.print("Mailing %d, %s, %s\n", m.Number, m.Name, words)
	return nil
}

type mailingSchedule struct {
	theMailing

	At dateFlag `help:"The moment, as 2026-12-01 09:00 (in Washington)." required:"" placeholder:"MOMENT"`
}

// Run schedules a mailing. It refuses while mail in bulk must not leave.
func (c mailingSchedule) Run(ctx context.Context, con console, group *mailingCommand) error {
	return group.moved(ctx, con, c.ID, "leaves "+c.At.UTC().Format(moment)+".", func(b *app.BackOffice, m mailing.Mailing) error {
		return b.Mailings.Schedule(ctx, m, c.At.Time, operator())
	})
}

type mailingUnschedule struct{ theMailing }

// Run makes a mailing a draft again.
func (c mailingUnschedule) Run(ctx context.Context, con console, group *mailingCommand) error {
	return group.moved(ctx, con, c.ID, "is a draft again.", func(b *app.BackOffice, m mailing.Mailing) error {
		return b.Mailings.Unschedule(ctx, m, operator())
	})
}

type mailingStart struct{ theMailing }

// Run starts a mailing. It refuses while mail in bulk must not leave, and when nobody would get
// it.
func (c mailingStart) Run(ctx context.Context, con console, group *mailingCommand) error {
	words := "leaves now: the server sends it. See how far it is with: franklin mailing numbers " + c.ID
	return group.moved(ctx, con, c.ID, words, func(b *app.BackOffice, m mailing.Mailing) error {
		err := b.Mailings.Start(ctx, m, operator())
		if errors.Is(err, mailing.ErrNobody) {
			return fmt.Errorf("nobody would get it now. Who is left out, and why: franklin mailing count %s", c.ID)
		}
		return err
	})
}

type mailingPause struct {
	theMailing

	Why string `help:"The reason, in a sentence." required:""`
}

// Run pauses a mailing.
func (c mailingPause) Run(ctx context.Context, con console, group *mailingCommand) error {
	return group.moved(ctx, con, c.ID, "is paused. Messages that are on the line arrive.", func(b *app.BackOffice, m mailing.Mailing) error {
		return b.Mailings.Pause(ctx, m, operator(), c.Why)
	})
}

type mailingResume struct {
	theMailing

	Why string `help:"The reason, in a sentence."`
}

// Run lets a mailing go on.
func (c mailingResume) Run(ctx context.Context, con console, group *mailingCommand) error {
	return group.moved(ctx, con, c.ID, "goes on.", func(b *app.BackOffice, m mailing.Mailing) error {
		return b.Mailings.Resume(ctx, m, operator(), c.Why)
	})
}

type mailingCancel struct {
	theMailing

	Why string `help:"The reason, in a sentence." required:""`
}

// Run gives a mailing up.
func (c mailingCancel) Run(ctx context.Context, con console, group *mailingCommand) error {
	return group.moved(ctx, con, c.ID, "is cancelled.", func(b *app.BackOffice, m mailing.Mailing) error {
		return b.Mailings.Cancel(ctx, m, operator(), c.Why)
	})
}

type mailingNumbers struct {
	theMailing

	JSON bool `help:"Print JSON." name:"json"`
}

// mailingFigures is the stable JSON of `franklin mailing numbers --json`.
type mailingFigures struct {
	People       int64 `json:"people"`
	InLine       int64 `json:"in_line"`
	Sent         int64 `json:"sent"`
	Delivered    int64 `json:"delivered"`
	Refused      int64 `json:"refused"`
	Unknown      int64 `json:"unknown"`
	Skipped      int64 `json:"skipped"`
	BouncedHard  int64 `json:"bounced_hard"`
	BouncedSoft  int64 `json:"bounced_soft"`
	Complained   int64 `json:"complained"`
	Unsubscribed int64 `json:"unsubscribed"`
	Acted        int64 `json:"acted"`
	Joined       int64 `json:"joined"`
}

// Run shows what became of a mailing.
func (c mailingNumbers) Run(ctx context.Context, con console, group *mailingCommand) error {
	b, m, done, err := group.open(ctx, con, c.ID)
	if err != nil {
		return err
	}
	defer done()
	n, err := b.Mailings.Numbers(ctx, m)
	if err != nil {
		return err
	}
	f := mailingFigures{
		n.Queued, n.InLine, n.Sent, n.Delivered, n.Failed, n.Unknown, n.Skipped, n.Hard, n.Soft, n.Complained, n.Unsubscribed, n.Acted, n.Joined,
	}
	if c.JSON {
		return printJSON(con, f)
	}
	for _, line := range []struct {
		n     int64
		words string
	}{
		{f.People, "people to whom it goes"},
		{f.InLine, "in line"},
		{f.Sent, "taken by the relay"},
		{f.Delivered, "delivered: taken and not sent back"},
		{f.Refused, "refused at once"},
		{f.Unknown, "of unknown fate, not sent again"},
		{f.Skipped, "left out at the last moment"},
		{f.BouncedHard, "sent back: no such mailbox"},
		{f.BouncedSoft, "sent back for another reason"},
		{f.Complained, "called it spam"},
		{f.Unsubscribed, "left by its link"},
		{f.Acted, "letters written by its link"},
		{f.Joined, "of these writers asked to join the list"},
	} {
		con.print("%8d  %s\n", line.n, line.words)
	}
	return nil
}
