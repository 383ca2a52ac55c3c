package main

import (
	"context"
	"fmt"

	"github.com/franklin-letters/franklin/internal/db"
	"github.com/franklin-letters/franklin/internal/fault"
	"github.com/franklin-letters/franklin/internal/letter"
)

type campaignResume struct {
	Slug string `arg:"" help:"Slug of the campaign."`
	Why  string `help:"What was found out; it stands in the log." required:""`
}

// Run lets a stopped campaign go on.
func (c campaignResume) Run(ctx context.Context, con console, group *campaignCommand) error {
	if err := databaseThere(group.DB); err != nil {
		return err
	}
	d, err := openBeside(ctx, group.DB)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }() // the act is committed
	found, err := d.Read().CampaignBySlug(ctx, c.Slug)
	if fault.Is(db.Fault(err), fault.NotFound) {
		return fmt.Errorf("there is no campaign %s", c.Slug)
	}
	if err != nil {
		return fmt.Errorf("find the campaign: %w", db.Fault(err))
	}
	if err := letter.ResumeCampaign(ctx, d, found.ID, operator(), c.Why, con.now()); err != nil {
		return plain(err)
	}
	con.print("%s goes on. Its letters that were put aside stay so: franklin letter release --campaign %s\n", found.Slug, found.Slug)
	return nil
}
