package main

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

type letterAnswers struct {
	Campaign string `arg:"" help:"The campaign's slug."`
	JSON     bool   `help:"Print JSON." name:"json"`
}

// answeredOffice is the stable JSON of one office of `franklin letter answers --json`.
type answeredOffice struct {
	Seat   string `json:"seat"`
	People int    `json:"people"`
	Real   int    `json:"real"`
	Form   int    `json:"form"`
	None   int    `json:"none"`
}

// Run tells how often the offices answered.
func (c letterAnswers) Run(ctx context.Context, con console, group *letterCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	campaign, err := b.Campaigns.Live(ctx, c.Campaign)
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no campaign %q", c.Campaign)
	}
	if err != nil {
		return err
	}
	rates, err := letter.Rates(ctx, b.DB, campaign.ID)
	if err != nil {
		return err
	}
	all := make([]answeredOffice, len(rates))
	for i, r := range rates {
		all[i] = answeredOffice{r.Seat.String(), r.People(), r.Real, r.Form, r.None}
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, r := range all {
		con.print("%-6s %5d people: %d a real answer, %d a form letter, %d no answer yet\n", r.Seat, r.People, r.Real, r.Form, r.None)
	}
	con.print("Offices about which fewer than %d people have spoken are not shown.\n", letter.FewestAnswers)
	return nil
}
