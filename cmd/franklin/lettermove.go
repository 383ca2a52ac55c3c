package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/letter"
)

// chosenLetters are the letters that an operation is for: those named, or all that the
// filter chooses. Without --yes nothing is done.
type chosenLetters struct {
	lettersFilter `embed:""`

	IDs  []string `arg:"" name:"id" optional:"" help:"Letters, by their ids. Without any, the filter chooses."`
	All  bool     `help:"All letters that stand where the command finds them, without a filter."`
	Why  string   `help:"The reason, in a sentence."`
	Yes  bool     `help:"Do it. Without this the letters are only listed."`
	JSON bool     `help:"Print JSON." name:"json"`
}

type letterHold struct {
	chosenLetters `embed:""`
}

// Run puts letters aside.
func (c letterHold) Run(ctx context.Context, con console, group *letterCommand) error {
	return c.run(ctx, con, group, letter.Hold)
}

type letterRelease struct {
	chosenLetters `embed:""`
}

// Run lets letters go.
func (c letterRelease) Run(ctx context.Context, con console, group *letterCommand) error {
	return c.run(ctx, con, group, letter.Release)
}

type letterRefuse struct {
	chosenLetters `embed:""`
}

// Run refuses letters.
func (c letterRefuse) Run(ctx context.Context, con console, group *letterCommand) error {
	return c.run(ctx, con, group, letter.Refuse)
}

type letterResolve struct {
	chosenLetters `embed:""`

	As string `help:"What became of them: accepted or refused." enum:"accepted,refused" required:""`
}

// Run records what became of letters.
func (c letterResolve) Run(ctx context.Context, con console, group *letterCommand) error {
	return c.run(ctx, con, group, letter.Operation("resolve-"+c.As))
}

type letterRetry struct {
	chosenLetters `embed:""`
}

// Run makes letters due now.
func (c letterRetry) Run(ctx context.Context, con console, group *letterCommand) error {
	return c.run(ctx, con, group, letter.Retry)
}

// operated is the stable JSON of the operations with --json.
type operated struct {
	Operation letter.Operation `json:"operation"`
	Done      bool             `json:"done"` // false for a preview
	Letters   []operatedLetter `json:"letters"`
	Moved     int              `json:"moved"`
	Failed    int              `json:"failed"` // in a preview: would fail
}

type operatedLetter struct {
	ID     string `json:"id"`
	Office string `json:"office,omitempty"`
	Reason string `json:"reason,omitempty"`
	Error  string `json:"error,omitempty"`
}

func (c chosenLetters) run(ctx context.Context, con console, group *letterCommand, op letter.Operation) error {
	if c.Yes && op.NeedsReason() && c.Why == "" {
		return errors.New("--why is missing: say the reason in a sentence")
	}
	b, done, err := backOffice(ctx, &group.Settings, con)
	if err != nil {
		return err
	}
	defer done()
	chosen, err := c.choose(ctx, b, op)
	if err != nil {
		return err
	}
	o := operated{Operation: op, Done: c.Yes, Letters: chosen}
	switch {
	case c.Yes:
		err = o.operate(ctx, b, c.Why)
	case len(c.IDs) > 0: // the filter finds only letters that can be moved
		err = o.preview(ctx, b)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(con, o)
	} else {
		o.print(con)
	}
	if err == nil && o.Failed > 0 {
		return exitError{1}
	}
	return err
}

// choose returns the letters. Those that are named need not stand where the operation
// finds them; it says so of each.
func (c chosenLetters) choose(ctx context.Context, b *app.BackOffice, op letter.Operation) ([]operatedLetter, error) {
	chosen := []operatedLetter{}
	switch {
	case len(c.IDs) > 0 && (c.All || !c.empty()):
		return nil, errors.New("name letters or give a filter, not both")
	case len(c.IDs) > 0:
		for i, id := range c.IDs {
			if !slices.Contains(c.IDs[:i], id) { // a letter that is named twice is moved once
				chosen = append(chosen, operatedLetter{ID: id})
			}
		}
		return chosen, nil
	case c.empty() && !c.All:
		return nil, errors.New("name letters by their ids, or choose them with --campaign, --office, --reason or --since, or say --all")
	}
	f, err := c.filter(ctx, b, op.From())
	if err != nil {
		return nil, err
	}
	rows, err := b.Desk.List(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if op == letter.Retry && (r.Channel == letter.ChannelHandoff || r.Channel == letter.ChannelPrint) {
			continue // people have to carry it
		}
		chosen = append(chosen, operatedLetter{ID: r.ID, Office: r.Office, Reason: letter.Unquoted(string(r.Reason))})
	}
	return chosen, nil
}

// operate does it, letter by letter.
func (o *operated) operate(ctx context.Context, b *app.BackOffice, why string) error {
	moved, failed, err := b.Desk.OperateAll(ctx, o.Operation, o.ids(), operator(), why)
	if err != nil {
		return fmt.Errorf("after %d letters: %w", moved, plain(err))
	}
	o.Moved = moved
	o.fail(failed)
	return nil
}

// preview finds out which letters would not be moved.
func (o *operated) preview(ctx context.Context, b *app.BackOffice) error {
	failed, err := b.Desk.Unmovable(ctx, o.Operation, o.ids())
	if err != nil {
		return plain(err)
	}
	o.fail(failed)
	return nil
}

func (o *operated) ids() []string {
	ids := make([]string, len(o.Letters))
	for i, l := range o.Letters {
		ids[i] = l.ID
	}
	return ids
}

// fail notes why letters are not moved.
func (o *operated) fail(why map[string]string) {
	o.Failed = len(why)
	for i := range o.Letters {
		o.Letters[i].Error = why[o.Letters[i].ID]
	}
}

// previewed is how many letters of a preview are shown one by one.
const previewed = 20

func (o *operated) print(con console) {
	movable, shown := len(o.Letters)-o.Failed, 0
	for _, l := range o.Letters {
		switch {
		case l.Error != "":
			con.print("%s: %s\n", l.ID, l.Error)
		case !o.Done && shown < previewed:
			con.print("%s  %-6s %s\n", l.ID, l.Office, l.Reason)
			shown++
		}
	}
	if !o.Done && movable > shown {
		con.print("... and %d more\n", movable-shown)
	}
	switch {
	case len(o.Letters) == 0:
		con.print("No letter is like that.\n")
	case o.Done:
		con.print("%s: %d of %d letters\n", o.Operation, o.Moved, len(o.Letters))
	case movable == 0:
		con.print("%s: 0 letters. Nothing was changed.\n", o.Operation)
	default:
		con.print("%s: %d letters. Nothing was changed; add --yes to do it.\n", o.Operation, movable)
	}
}
