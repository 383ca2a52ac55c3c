package main

import (
	"context"
	"path/filepath"

	"github.com/franklin-letters/franklin/internal/databuild"
	"github.com/franklin-letters/franklin/internal/databuild/rosterdata"
)

type dataCommand struct {
	Build dataBuild `cmd:"" help:"Compile raw files into the data folders of this program's source."`
}

type dataBuild struct {
	From string `help:"Folder with the raw files, as docs/districts.md describes it." required:"" placeholder:"DIR"`
	Into string `help:"Root of the program's source." default:"." placeholder:"DIR"`
}

// Run compiles the roster and the districts.
func (c dataBuild) Run(ctx context.Context, con console) error {
	if err := rosterdata.Build(ctx, c.From, filepath.Join(c.Into, "congress", "roster", "data"), con.err); err != nil {
		return err
	}
	return databuild.Districts(ctx, c.From, filepath.Join(c.Into, "congress", "district", "data"), con.err)
}
