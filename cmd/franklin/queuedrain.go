package main

import (
	"context"
	"time"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/letter"
)

type queueDrain struct {
	Channel string        `arg:"" help:"The channel. Without one, all of them." optional:""`
	Why     string        `help:"The reason, in a sentence. The operator's page shows it." required:""`
	Within  time.Duration `help:"How long to wait for what is on its way." default:"2m"`
	JSON    bool          `help:"Print JSON." name:"json"`
}

// drained is the stable JSON of `franklin queue drain --json`, one for each channel.
type drained struct {
	Channel string `json:"channel"`
	Ended   int    `json:"ended"`     // letters that were on their way and have arrived somewhere
	Left    int    `json:"under_way"` // letters still on their way when the time was over
	InLine  int    `json:"in_line"`   // letters that wait until the channel is open again
}

// Run pauses channels and waits for what is on its way. It exits with 1 when something
// still is when the time is over.
func (c queueDrain) Run(ctx context.Context, con console, group *queueCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	channels := letter.Channels()
	if c.Channel != "" {
		channels = []string{c.Channel}
	}
	for _, name := range channels {
		if err := b.Desk.Pause(ctx, name, operator(), c.Why); err != nil {
			return plain(err)
		}
	}
	all := make([]drained, 0, len(channels))
	left := 0
	deadline := con.now().Add(c.Within)
	for _, name := range channels {
		one, err := c.wait(ctx, con, b, name, deadline)
		if err != nil {
			return err
		}
		all, left = append(all, one), left+one.Left
		if !c.JSON {
			con.print("%s is paused on all nodes: %d letters on their way have ended, %d still are, %d wait in line.\n", name, one.Ended, one.Left, one.InLine)
		}
	}
	if c.JSON {
		if err := printJSON(con, all); err != nil {
			return err
		}
	}
	if left > 0 {
		return exitError{1}
	}
	if !c.JSON {
		con.print("Letters are taken in as before. Run franklin queue resume to send again.\n")
	}
	return nil
}

// drainLook is how often the letters under way are counted.
const drainLook = 250 * time.Millisecond

// wait watches a paused channel until nothing is on its way or the deadline has come. A
// node that looked before the pause may still begin one attempt, so nothing under way
// counts only when it is seen twice.
func (c queueDrain) wait(ctx context.Context, con console, b *app.BackOffice, channel string, deadline time.Time) (drained, error) {
	d := drained{Channel: channel}
	most := 0
	for quiet := 0; quiet < 2; {
		n, err := b.Desk.UnderWay(ctx, channel)
		if err != nil {
			return d, err
		}
		d.Left, most = n, max(most, n)
		if quiet++; n > 0 {
			quiet = 0
		}
		if quiet == 2 || n > 0 && !con.now().Before(deadline) {
			break
		}
		if err := sleep(ctx, drainLook); err != nil {
			return d, err
		}
	}
	d.Ended = most - d.Left
	line, err := b.Desk.InLine(ctx, channel)
	d.InLine = line
	return d, err
}
