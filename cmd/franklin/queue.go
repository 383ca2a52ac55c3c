package main

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/letter"
)

type queueCommand struct {
	config.Settings `embed:"" group:"settings"`

	Status queueStatus `cmd:"" help:"Show for each channel whether it is paused, and how its letters stand."`
	Pause  queuePause  `cmd:"" help:"Stop sending on a channel, on all nodes. Letters stay where they stand."`
	Drain  queueDrain  `cmd:"" help:"Stop sending on a channel as pause does, and wait until nothing is on its way: before maintenance."`
	Resume queueResume `cmd:"" help:"Send again on a channel."`
	Retry  queueRetry  `cmd:"" help:"Try all letters now that wait for their next attempt."`
}

type queueStatus struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// channelStatus is the stable JSON of `franklin queue status --json`.
type channelStatus struct {
	Channel string                 `json:"channel"`
	Paused  *letter.Pause          `json:"paused,omitempty"`
	Letters map[letter.State]int64 `json:"letters"`
}

// Run shows the channels.
func (c queueStatus) Run(ctx context.Context, con console, group *queueCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	all, err := channels(ctx, b)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, s := range all {
		con.print("%s: %s\n", s.Channel, s.words())
		for _, state := range letter.States() {
			if n := s.Letters[state]; n > 0 {
				con.print("  %7d %s\n", n, state)
			}
		}
	}
	return nil
}

func channels(ctx context.Context, b *app.BackOffice) ([]channelStatus, error) {
	counts, err := b.DB.Read().CountLettersByState(ctx)
	if err != nil {
		return nil, db.Fault(err)
	}
	var all []channelStatus
	for _, name := range append(letter.Channels(), letter.ChannelPrint, letter.ChannelHandoff) {
		s := channelStatus{Channel: name, Letters: map[letter.State]int64{}}
		for _, n := range counts {
			if n.Channel == name {
				s.Letters[letter.State(n.State)] += n.Letters
			}
		}
		pause, paused, err := letter.PauseOf(ctx, b.DB, name)
		if err != nil {
			return nil, err
		}
		if paused {
			s.Paused = &pause
		}
		all = append(all, s)
	}
	return all, nil
}

func (s channelStatus) words() string {
	switch {
	case s.Paused != nil:
		return "PAUSED since " + s.Paused.At.Format(moment) + " by " + s.Paused.Who + ": " + s.Paused.Why
	case s.Channel == letter.ChannelPrint:
		return "on paper, by franklin print"
	case s.Channel == letter.ChannelHandoff:
		return "in the supporters' own hands"
	}
	return "open"
}

type queuePause struct {
	Channel string `arg:"" help:"The channel." default:"cwc-house" optional:""`
	Why     string `help:"The reason, in a sentence. The operator's page shows it." required:""`
}

// Run pauses a channel.
func (c queuePause) Run(ctx context.Context, con console, group *queueCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	if err := b.Desk.Pause(ctx, c.Channel, operator(), c.Why); err != nil {
		return plain(err)
	}
	con.print("%s is paused on all nodes from now on. Attempts under way end within %s.\n", c.Channel, (group.CWC.Timeout + 5*time.Second).String())
	return nil
}

type queueResume struct {
	Channel string `arg:"" help:"The channel." default:"cwc-house" optional:""`
}

// Run opens a channel again.
func (c queueResume) Run(ctx context.Context, con console, group *queueCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	n, err := b.Desk.Resume(ctx, c.Channel, operator())
	if err != nil {
		return plain(err)
	}
	con.print("%s is open. %d letters whose time has come are in line.\n", c.Channel, n)
	return nil
}

type queueRetry struct {
	Yes  bool   `help:"Do it. Without this the letters are only listed."`
	Why  string `help:"The reason, in a sentence."`
	JSON bool   `help:"Print JSON." name:"json"`
}

// Run makes all waiting letters due.
func (c queueRetry) Run(ctx context.Context, con console, group *queueCommand) error {
	all := chosenLetters{All: true, Yes: c.Yes, Why: c.Why, JSON: c.JSON}
	return all.run(ctx, con, &letterCommand{Settings: group.Settings}, letter.Retry)
}
