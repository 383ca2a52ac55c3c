package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/db/query"
	"github.com/franklin-letters/franklin/internal/letter"
)

type letterCommand struct {
	config.Settings `embed:"" group:"settings"`

	List    letterList    `cmd:"" help:"List letters, the newest first. Shows where they stand, and nobody's data."`
	Show    letterShow    `cmd:"" help:"Show all that is known about one letter, to prove it. Every look is written into the log."`
	Hold    letterHold    `cmd:"" help:"Put letters aside that are in line."`
	Release letterRelease `cmd:"" help:"Let letters go that were put aside."`
	Refuse  letterRefuse  `cmd:"" help:"Refuse letters that were put aside. The supporter sees the reason."`
	Resolve letterResolve `cmd:"" help:"Record what became of letters of unknown fate. The supporter sees the reason."`
	Retry   letterRetry   `cmd:"" help:"Try letters now that wait for their next attempt."`
	Answers letterAnswers `cmd:"" help:"Tell how often each office answered, as the letters' writers say."`
}

type letterList struct {
	lettersFilter `embed:""`

	State  string `help:"Only letters in this state."`
	Limit  int    `help:"Letters at most." default:"50"`
	Before string `help:"Go on behind this letter, the last of the page before." placeholder:"ID"`
	JSON   bool   `help:"Print JSON." name:"json"`
}

// listedLetter is the stable JSON of `franklin letter list --json`.
type listedLetter struct {
	ID         string       `json:"id"`
	DeliveryID string       `json:"delivery_id"`
	Campaign   string       `json:"campaign"`
	Office     string       `json:"office"`
	Channel    string       `json:"channel"`
	State      letter.State `json:"state"`
	Reason     string       `json:"reason,omitempty"` // without what an office quoted
	Edited     bool         `json:"edited"`
	Attempts   int64        `json:"attempts"`
	Written    time.Time    `json:"written"`
	Since      time.Time    `json:"since"`
	Due        *time.Time   `json:"due,omitempty"`
}

func listed(r query.ListLettersRow) listedLetter {
	return listedLetter{
		ID: r.ID, DeliveryID: r.DeliveryID, Campaign: r.Slug, Office: r.Office, Channel: r.Channel, State: letter.State(r.State),
		Reason: letter.Unquoted(string(r.Reason)), Edited: r.Edited, Attempts: r.Attempts, Written: r.CreatedAt.Time(), Since: r.Since.Time(), Due: timeOrNil(r.DueAt),
	}
}

func (l listedLetter) print(con console) {
	con.print("%s  %s  %-11s %-6s %-24s %s\n", l.ID, l.Written.Format(moment), l.State, l.Office, l.Campaign, l.Reason)
}

// Run lists letters.
func (c letterList) Run(ctx context.Context, con console, group *letterCommand) error {
	if c.State != "" && !slices.Contains(letter.States(), letter.State(c.State)) {
		return fmt.Errorf("there is no state %q; the states are %v", c.State, letter.States())
	}
	if c.Limit < 1 {
		return errors.New("--limit must be 1 at least")
	}
	if c.Before != "" && !letter.IsID(c.Before) {
		return fmt.Errorf("--before wants the id of a letter, as the list shows it, not %q", c.Before)
	}
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	f, err := c.filter(ctx, b, letter.State(c.State))
	if err != nil {
		return err
	}
	f.Limit, f.Before = c.Limit, c.Before
	rows, err := b.Desk.List(ctx, f)
	if err != nil {
		return err
	}
	all := make([]listedLetter, len(rows))
	for i, r := range rows {
		all[i] = listed(r)
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, l := range all {
		l.print(con)
	}
	switch {
	case len(all) == 0:
		con.print("No letter is like that.\n")
	case len(all) == c.Limit:
		con.print("There may be more: --before %s\n", all[len(all)-1].ID)
	}
	return nil
}
