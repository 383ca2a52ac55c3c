package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/franklin-letters/franklin/internal/app"
	"github.com/franklin-letters/franklin/internal/supporter/peoplefile"
	"github.com/franklin-letters/franklin/internal/supporter/segment"
)

type peopleExport struct {
	Segment string `help:"Name of a saved segment, or a filter such as: state = TX and not acted(stop-abuse). Everyone unless told." xor:"whom"`
	Partner string `help:"Only the people of this partner, by its key in the campaigns' files: who ticked its box, confirmed that and did not take it back. A table of name, address, ZIP code and consent." xor:"whom" placeholder:"KEY"`
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
	export, err := c.chosen(ctx, b)
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
	n, err := export(out)
	if err = errors.Join(err, closeFile()); err != nil {
		return plain(err)
	}
	fmt.Fprintf(con.err, "franklin: %s\n", people(n))
	return nil
}

// chosen returns what writes the people of the partner or the segment.
func (c peopleExport) chosen(ctx context.Context, b *app.BackOffice) (func(io.Writer) (int64, error), error) {
	if c.Partner != "" {
		if c.Format != "csv" {
			return nil, errors.New("the people of a partner are written as a table only (csv)")
		}
		return func(out io.Writer) (int64, error) { return c.partner(ctx, b, out) }, c.named(ctx, b)
	}
	s, err := b.Segments().Find(ctx, cmp.Or(c.Segment, segment.Everyone))
	return func(out io.Writer) (int64, error) {
		return c.write(out, func(write func([]peoplefile.Record) error) (int64, error) {
			return b.Desk.People.Export(ctx, b.Segments(), s, operator(), write)
		}, b.CustomFields())
	}, err
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

// named returns an error where no campaign has the partner: a slip of the pen would pass for a
// partner without people.
func (c peopleExport) named(ctx context.Context, b *app.BackOffice) error {
	all, err := b.Campaigns.List(ctx)
	for _, one := range all {
		if _, ok := one.Partner(c.Partner); ok {
			return nil
		}
	}
	return cmp.Or(err, fmt.Errorf("no campaign names a partner %q; the keys stand in the campaigns' files, under partners", c.Partner))
}

// partner writes the people of a partner.
func (c peopleExport) partner(ctx context.Context, b *app.BackOffice, out io.Writer) (int64, error) {
	writer, err := peoplefile.NewAgreedCSV(out)
	if err != nil {
		return 0, err
	}
	n, err := b.Desk.People.ExportPartner(ctx, c.Partner, operator(), writer.Write)
	return n, errors.Join(err, writer.Close())
}
