package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/journey"
)

type journeyCommand struct {
	config.Settings `embed:"" group:"settings"`

	Status journeyStatus `cmd:"" help:"Show which mails wait, since when and why, and which are paused by whom."`
	Pause  journeyPause  `cmd:"" help:"Stop the mails about a campaign's goal or outcome: no further one begins."`
	Resume journeyResume `cmd:"" help:"Let paused mails go on where they stopped."`
}

type journeyStatus struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// Run shows the lines.
func (c journeyStatus) Run(ctx context.Context, con console, group *journeyCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	lines, err := b.Journeys.Lines(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(con, lines)
	}
	for _, l := range lines {
		con.print("%s\n", strings.Join(wordsOf(l, con.now()), "\n  "))
	}
	if len(lines) == 0 {
		con.print("No mail that follows by itself waits.\n")
	}
	return nil
}

// wordsOf tells how the mails of a line stand.
func wordsOf(l journey.Line, now time.Time) []string {
	words := []string{strings.TrimSpace(string(l.Journey)+" "+l.Campaign) + fmt.Sprintf(": %d waiting", l.Waiting)}
	if !l.Paused.IsZero() {
		words = append(words, "PAUSED since "+l.Paused.Format(moment)+" by "+l.PausedBy+": "+l.PausedWhy)
	}
	if l.Waiting > 0 {
		since := "the first is due since "
		if l.Due.After(now) {
			since = "put off, the first until "
		}
		words = append(words, since+l.Due.Format(moment)+": "+strings.Join(l.Why, "; "))
	}
	if l.People > 0 {
		words = append(words, fmt.Sprintf("%d of %d have left; %d came back, %d were called spam", l.Sent, l.People, l.Returned, l.Complained))
	}
	return words
}

// theRun names the mails about one campaign on the command line.
type theRun struct {
	Journey  journey.Name `arg:"" help:"What they tell: ${enum}." enum:"goal,outcome"`
	Campaign string       `arg:"" help:"The campaign, by its slug."`
}

type journeyPause struct {
	theRun

	Why string `help:"The reason, in a sentence. The operator's page shows it." required:""`
}

// Run stops mails.
func (c journeyPause) Run(ctx context.Context, con console, group *journeyCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	if err := b.Journeys.Pause(ctx, c.Journey, c.Campaign, operator(), c.Why); err != nil {
		return plain(err)
	}
	con.print("The mails about the %s of %s are paused. One that is on the line arrives.\n", c.Journey, c.Campaign)
	return nil
}

type journeyResume struct {
	theRun

	Why string `help:"The reason, in a sentence."`
}

// Run lets mails go on. It refuses while mail in bulk must not leave.
func (c journeyResume) Run(ctx context.Context, con console, group *journeyCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	if err := b.Journeys.Resume(ctx, c.Journey, c.Campaign, operator(), c.Why); err != nil {
		return plain(err)
	}
	con.print("The mails about the %s of %s go on.\n", c.Journey, c.Campaign)
	return nil
}
