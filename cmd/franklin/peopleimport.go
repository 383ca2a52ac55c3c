package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/franklin-letters/franklin/internal/supporter"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

type peopleImport struct {
	File   string   `arg:"" help:"A table as other programs write it (commas, semicolons or tabs; UTF-8, UTF-16 or Latin-1), or OSDI JSON; - is standard input."`
	Basis  string   `required:"" help:"Why you may hold these people, and write to them: where they agreed, to what, and when. It stands in the ledger of each of them."`
	List   string   `help:"The list on which they come: updates, or none." enum:"updates,none" default:"none"`
	Tag    []string `help:"A tag for all of them."`
	DryRun bool     `help:"Only say what would happen."`
	Errors string   `help:"File for the lines that were refused, with the reason of each. Without it they are printed." placeholder:"FILE"`
	JSON   bool     `help:"Print JSON." name:"json"`
}

// progressEvery is after how many people the progress is told.
const progressEvery = 100_000

// Run brings people in.
func (c peopleImport) Run(ctx context.Context, con console, group *peopleCommand) (err error) {
	in, closeFile, err := c.open(con)
	if err != nil {
		return err
	}
	defer closeFile()
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	file, err := peoplefile.Open(in, b.CustomFields())
	if err != nil {
		return err
	}
	fmt.Fprintln(con.err, "franklin:", file.Columns())
	o := supporter.Import{Basis: c.Basis, List: supporter.Record, File: filepath.Base(c.File), Who: operator(), DryRun: c.DryRun}
	if c.List != "none" {
		o.List = supporter.List(c.List)
	}
	for _, t := range c.Tag {
		tag, err := segment.Tag(t)
		if err != nil {
			return err
		}
		o.Tags = append(o.Tags, tag)
	}
	if o.Place, err = b.Places(); err != nil {
		return err
	}
	closeErrors, err := c.collect(con, &o)
	if err != nil {
		return err
	}
	told := int64(0)
	o.Progress = func(i supporter.Imported) {
		if i.People/progressEvery > told {
			told = i.People / progressEvery
			fmt.Fprintf(con.err, "franklin: %d people read, %d new, %d refused\n", i.People, i.New, i.Refused)
		}
	}
	imported, err := b.Desk.People.Import(ctx, file, o)
	err = errors.Join(err, closeErrors())
	if err == nil && !c.DryRun {
		err = b.Segments().Fold(ctx)
	}
	if err != nil {
		return plain(err)
	}
	return c.print(con, imported)
}

func (c peopleImport) open(con console) (io.Reader, func(), error) {
	if c.File == "-" {
		return con.in, func() {}, nil
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder: name the file in it", c.File)
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, func() { _ = file.Close() }, nil // it was only read
}

// collect has the refused lines written into the file of --errors, or printed.
func (c peopleImport) collect(con console, o *supporter.Import) (done func() error, err error) {
	if c.Errors == "" {
		o.Refused = func(line int, why string) error {
			fmt.Fprintf(con.err, "franklin: line %d: %s\n", line, why)
			return nil
		}
		return func() error { return nil }, nil
	}
	file, err := os.OpenFile(c.Errors, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	table := csv.NewWriter(file)
	o.Refused = func(line int, why string) error { return table.Write([]string{strconv.Itoa(line), why}) }
	return func() error {
		table.Flush()
		return errors.Join(table.Error(), file.Close())
	}, table.Write([]string{"line", "why"})
}

func (c peopleImport) print(con console, i supporter.Imported) error {
	if c.JSON {
		if err := printJSON(con, i); err != nil {
			return err
		}
	} else {
		if c.DryRun {
			con.print("Nothing was changed. This would happen:\n")
		} else {
			con.print("Import %s\n", i.ID)
		}
		con.print("%10d people in the file\n%10d new\n%10d known before\n%10d twice in the file\n%10d came on the list by this import\n%10d of these had ticked its box and not confirmed it: your basis does\n"+
			"%10d on the list before\n%10d kept off the list, because they left, bounced or complained, or are not on it in the file\n%10d refused\n",
			i.People, i.New, i.Known, i.Twice, i.Joined, i.Ticked, i.Already, i.KeptOff, i.Refused)
	}
	if i.Refused > 0 {
		return exitError{1}
	}
	return nil
}
