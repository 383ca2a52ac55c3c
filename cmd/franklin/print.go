package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/config"
	"github.com/franklin-letters/franklin/internal/paper"
)

type printCommand struct {
	config.Settings `embed:"" group:"settings"`

	List      printList      `cmd:"" help:"List the batches of printed letters, the newest first."`
	Make      printMake      `cmd:"" help:"Write the letters that wait for paper, one PDF for each campaign and office."`
	Write     printWrite     `cmd:"" help:"Write the PDF of a batch again."`
	Delivered printDelivered `cmd:"" help:"Record that a batch was handed to its office."`
}

type printList struct {
	JSON bool `help:"Print JSON." name:"json"`
}

// printedBatch is the stable JSON of `franklin print list --json`.
type printedBatch struct {
	ID         string `json:"id"`
	Campaign   string `json:"campaign"`
	Office     string `json:"office"`
	Made       string `json:"made"`
	MadeBy     string `json:"made_by"`
	Letters    int64  `json:"letters"`
	Waiting    int64  `json:"waiting"`
	HandedOver int64  `json:"handed_over"`
	Gone       int64  `json:"gone"` // taken back or given up since
	Delivered  string `json:"delivered,omitempty"`
}

// Run lists batches.
func (c printList) Run(ctx context.Context, con console, group *printCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	rows, err := b.Desk.PrintBatches(ctx)
	if err != nil {
		return plain(err)
	}
	list := make([]printedBatch, 0, len(rows))
	for _, r := range rows {
		one := printedBatch{
			ID: r.ID, Campaign: r.Slug, Office: r.Office, Made: r.MadeAt.Time().UTC().Format(moment), MadeBy: r.MadeBy,
			Letters: r.Letters, Waiting: r.Waiting, HandedOver: r.HandedOver, Gone: r.Letters - r.Waiting - r.HandedOver,
		}
		if !r.HandedOverAt.IsZero() {
			one.Delivered = r.HandedOverAt.Time().UTC().Format(moment)
		}
		list = append(list, one)
	}
	if c.JSON {
		return printJSON(con, list)
	}
	for _, one := range list {
		con.print("%s  %s  %s  %d letters, printed %s", one.ID, one.Office, one.Campaign, one.Letters, one.Made)
		if one.Gone > 0 {
			con.print(", %d taken back or given up since", one.Gone)
		}
		if one.Delivered != "" {
			con.print(", handed over %s", one.Delivered)
		}
		con.print("\n")
	}
	return nil
}

type printMake struct {
	Campaign string `help:"Only letters of this campaign, by its slug."`
	Office   string `help:"Only letters to this office, as HAZ04."`
	Out      string `help:"Folder for the files. It is made if it is not there." default:"print" placeholder:"DIR"`
}

// Run makes batches and writes their files.
func (c printMake) Run(ctx context.Context, con console, group *printCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return fmt.Errorf("make a folder for the letters: %w", err)
	}
	chosen, err := lettersFilter{Campaign: c.Campaign, Office: c.Office}.filter(ctx, b, "")
	if err != nil {
		return err
	}
	made, err := b.Desk.MakePrintBatches(ctx, chosen.CampaignID, chosen.Office, operator())
	if err != nil {
		return plain(err)
	}
	for _, id := range made {
		if err := writeBatch(ctx, con, b, id, c.Out); err != nil {
			return err
		}
	}
	if len(made) == 0 {
		con.print("No letter waits for paper.\n")
	}
	return nil
}

type printWrite struct {
	Batch string `arg:"" help:"Id of the batch, as franklin print list shows it."`
	Out   string `help:"Folder for the file." default:"." placeholder:"DIR"`
}

// Run writes one batch again.
func (c printWrite) Run(ctx context.Context, con console, group *printCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	return writeBatch(ctx, con, b, c.Batch, c.Out)
}

// writeBatch writes a whole file or none, and names the way to try again.
func writeBatch(ctx context.Context, con console, b *app.BackOffice, id, folder string) error {
	batch, err := b.PrintedBatch(ctx, id, operator())
	if err != nil {
		return plain(err)
	}
	if len(batch.Letters) == 0 {
		con.print("%s holds no letter that still waits.\n", id)
		return nil
	}
	var content bytes.Buffer
	if err := paper.Write(&content, batch); err != nil {
		return err
	}
	file := filepath.Join(folder, strings.ToLower(batch.Code)+"-"+id+".pdf")
	if err := writeWhole(file, content.Bytes()); err != nil {
		return fmt.Errorf("batch %s is on record, but its file was not written (franklin print write %s tries again): %w", id, id, err)
	}
	con.print("%s: %d letters to %s\n", file, len(batch.Letters), batch.Office)
	return nil
}

// writeWhole writes a file that holds names and addresses, so only its owner may read it. A
// name that is there holds all of it.
func writeWhole(name string, content []byte) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".letters-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name()) // it is of no use to anybody
		}
	}()
	_, err = file.Write(content)
	if err = firstError(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

type printDelivered struct {
	Batch string `arg:"" help:"Id of the batch, as its cover sheet shows it."`
	Note  string `help:"To whom and where, for the log of acts."`
}

// Run records that the letters were handed over.
func (c printDelivered) Run(ctx context.Context, con console, group *printCommand) error {
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	moved, gone, err := b.Desk.HandOver(ctx, c.Batch, operator(), c.Note)
	if err != nil {
		return plain(err)
	}
	con.print("%d letters are handed over.\n", moved)
	if gone > 0 {
		con.print("%d were taken back or given up after printing; they stay as they are.\n", gone)
	}
	return nil
}
