package main

import (
	"context"
	"fmt"
	"time"

	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/privacy"
)

type privacyCommand struct {
	config.Settings `embed:"" group:"settings"`

	Inventory privacyInventory `cmd:"" help:"List what is held about whom, since when and until when."`
}

type privacyInventory struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// heldThing is the stable JSON of `franklin privacy inventory --json`.
type heldThing struct {
	Name    string     `json:"name"`
	Whose   string     `json:"whose"`
	What    string     `json:"what"`
	Columns []string   `json:"columns"`
	Rows    int64      `json:"rows"`
	Oldest  *time.Time `json:"oldest,omitempty"`
	Days    int        `json:"days,omitempty"` // kept so long after what until names
	Until   string     `json:"until"`
}

// Run lists what is held.
func (c privacyInventory) Run(ctx context.Context, con console, group *privacyCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	inventory, err := privacy.Inventory(ctx, b.DB)
	if err != nil {
		return err
	}
	all := make([]heldThing, len(inventory))
	for i, h := range inventory {
		all[i] = heldThing{h.Name, h.Whose, h.What, h.Columns, h.Rows, momentOrNil(h.Oldest), h.Days, h.Until}
	}
	if c.JSON {
		return printJSON(con, all)
	}
	for _, h := range all {
		con.print("%s: %d rows%s\n  of %s\n  %s\n  %s\n", h.Name, h.Rows, h.since(), h.Whose, h.What, h.rule())
	}
	return nil
}

func (h heldThing) since() string {
	if h.Oldest == nil {
		return ""
	}
	return ", the oldest of " + h.Oldest.Format(moment)
}

func (h heldThing) rule() string {
	if h.Days == 0 {
		return h.Until
	}
	return fmt.Sprintf("erased %d days after %s", h.Days, h.Until)
}
