package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/rosterdata"
	"github.com/franklin-letters/franklin/internal/datasync/inuse"
)

type dataCommand struct {
	Sync   dataSync   `cmd:"" help:"Fetch newer district lines and the roster, try them, and put them into use."`
	Status dataStatus `cmd:"" help:"Say what district lines and roster are in use, and whether something needs to be done."`
	Build  dataBuild  `cmd:"" help:"Compile raw files into the data folders of this program's source."`
}

// dataFolder is the flag of every command that answers from lines or the roster.
type dataFolder struct {
	DataDir string `help:"Folder of synced district lines and roster. Without it, or while it is empty, the built-in ones answer." default:"data/congress" env:"FRANKLIN_DATA_DIR" placeholder:"DIR"`
}

// open opens the data to answer from, and says on standard error when they are not those
// that the folder should hold.
func (d dataFolder) open(con console) (*inuse.Data, error) {
	data, err := inuse.Open(d.DataDir)
	if err != nil {
		return nil, err
	}
	if why := data.Complaint(); why != "" {
		fmt.Fprintf(con.err, "franklin: %s\n", why)
	}
	return data, nil
}

type dataStatus struct {
	dataFolder `embed:""`

	At   dateFlag `help:"Day or moment to judge for, such as 2027-01-03. Default: now."`
	JSON bool     `help:"Print JSON." name:"json"`
}

// Run tells what is in use. It exits with 1 when something needs to be done.
func (c dataStatus) Run(con console) error {
	data, err := inuse.Open(c.DataDir)
	if err != nil {
		return err
	}
	if why := data.Complaint(); why != "" {
		fmt.Fprintf(con.err, "franklin: %s\n", why)
	}
	report := data.Report(c.DataDir, c.At.or(con.now()))
	if c.JSON {
		err = printJSON(con, report)
	} else {
		report.Print(con.out)
	}
	if err == nil && report.NeedsAction() {
		return exitError{1}
	}
	return err
}

type dataBuild struct {
	From    string   `help:"Folder with the raw files, as docs/districts.md describes it." required:"" placeholder:"DIR"`
	Into    string   `help:"Root of the program's source." default:"." placeholder:"DIR"`
	Streets []string `help:"States whose streets to compile too, such as AZ,TX, or all of which there are files." placeholder:"STATES"`
	Cache   string   `help:"Folder that keeps what was read of counties, so that new district lines need no county read again." placeholder:"DIR"`
}

// Run compiles the roster, the districts and, where asked for, the streets.
func (c dataBuild) Run(ctx context.Context, con console) error {
	streets, err := parseStates(c.Streets)
	if err == nil {
		err = c.isSource()
	}
	if err != nil {
		return err
	}
	if err := rosterdata.Build(ctx, c.From, filepath.Join(c.Into, "congress", "roster", "data"), con.err); err != nil {
		return err
	}
	into := filepath.Join(c.Into, "congress", "district", "data")
	if err := databuild.Districts(ctx, c.From, into, con.err); err != nil || len(streets) == 0 {
		return err
	}
	coverage, err := databuild.Streets(ctx, databuild.StreetOptions{Raw: c.From, Out: into, Cache: c.Cache, States: streets, Progress: con.err})
	if err == nil && len(coverage.States) == 0 {
		err = fmt.Errorf("there are no street files in %s", c.From)
	}
	return err
}

// isSource refuses a folder into which the data would be of no use.
func (c dataBuild) isSource() error {
	for _, name := range []string{"roster", "district"} {
		folder := filepath.Join("congress", name)
		if info, err := os.Stat(filepath.Join(c.Into, folder)); err != nil || !info.IsDir() {
			return fmt.Errorf("%s is not the source of this program: it has no folder %s. Name its root with --into; nothing was written", c.Into, folder)
		}
	}
	return nil
}
