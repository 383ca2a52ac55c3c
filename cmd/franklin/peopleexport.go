package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
)

type peopleExport struct {
	Segment string `help:"${filter}" default:"everyone"`
	Format  string `help:"csv, for spreadsheets, or json, as OSDI writes people." enum:"csv,json" default:"csv"`
	Out     string `help:"File to write; it must not be there yet. Standard output unless told." placeholder:"FILE"`
}

// Run writes people out.
func (c peopleExport) Run(ctx context.Context, con console, group *peopleCommand) error {
	b, done, err := group.open(ctx, con)
	if err != nil {
		return err
	}
	defer done()
	s, err := b.Segments().Find(ctx, c.Segment)
	if err != nil {
		return plain(err)
	}
	out, closeFile := con.out, func() error { return nil }
	if c.Out != "" {
		file, err := os.OpenFile(c.Out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		out, closeFile = file, file.Close
	}
	n, err := c.write(out, func(write func([]peoplefile.Record) error) (int64, error) {
		return b.Desk.People.Export(ctx, b.Segments(), s, operator(), write)
	}, b.CustomFields())
	if err = errors.Join(err, closeFile()); err != nil {
		return plain(err)
	}
	fmt.Fprintf(con.err, "franklin: %s\n", people(n))
	return nil
}

func (c peopleExport) write(out io.Writer, export func(func([]peoplefile.Record) error) (int64, error), custom []string) (int64, error) {
	buffered := bufio.NewWriterSize(out, 1<<18)
	writer := peoplefile.NewJSON(buffered)
	if c.Format == "csv" {
		writer = peoplefile.NewCSV(buffered, custom)
	}
	n, err := export(writer.Write)
	if err == nil {
		err = errors.Join(writer.Close(), buffered.Flush())
	}
	return n, err
}
